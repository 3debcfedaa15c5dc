//! `outlier`: numbers far from the middle half of their column.

use super::{Row, cell, set};
use crate::syntax::logs::OutlierAction;
use crate::values::Value;

/// Removes the rows in which a column has an outlier, or brings outliers back to the fence: `param` interquartile ranges
/// above the upper quartile and, with `use_lower`, below the lower one. Column by column, `mark` says where 1 or 0 is
/// written for whether the value was an outlier.
pub(crate) fn outlier(
    rows: &mut Vec<Row>,
    columns: &[usize],
    action: OutlierAction,
    param: f64,
    use_lower: bool,
    mark: Option<&[usize]>,
) {
    let mut outlying = vec![false; rows.len()];
    for (at, &column) in columns.iter().enumerate() {
        let fences = Fences::of(rows, column, param, use_lower);
        let mark = mark.and_then(|marks| marks.get(at));
        for (row, outlying) in rows.iter_mut().zip(&mut outlying) {
            let beyond = cell(row, column).number().and_then(|number| fences.as_ref()?.passed_by(number));
            if let (Some(fence), OutlierAction::Transform) = (beyond, action) {
                set(row, column, Value::number_of(fence));
            }
            if let Some(&mark) = mark {
                set(row, mark, Value::bool(beyond.is_some()));
            }
            *outlying |= beyond.is_some();
        }
    }
    if action == OutlierAction::Remove {
        let mut outlying = outlying.into_iter();
        rows.retain(|_| outlying.next() != Some(true));
    }
}

struct Fences {
    lower: Option<f64>,
    upper: f64,
}

impl Fences {
    /// The fences of a column; `None` if it has no number.
    fn of(rows: &[Row], column: usize, param: f64, use_lower: bool) -> Option<Self> {
        let mut numbers: Vec<f64> = rows.iter().filter_map(|row| cell(row, column).number()).collect();
        numbers.sort_unstable_by(f64::total_cmp);
        let (first, third) = (quantile(&numbers, 0.25)?, quantile(&numbers, 0.75)?);
        let reach = param * (third - first);
        Some(Fences { lower: use_lower.then_some(first - reach), upper: third + reach })
    }

    /// The fence beyond which a number is.
    fn passed_by(&self, number: f64) -> Option<f64> {
        let lower = self.lower.filter(|&lower| number < lower);
        lower.or((number > self.upper).then_some(self.upper))
    }
}

/// The value at a share of sorted numbers, between two of them in proportion.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let lower = *sorted.get(place.floor() as usize)?;
    let upper = *sorted.get(place.ceil() as usize)?;
    Some(lower + (upper - lower) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lines, table};
    use super::*;

    /// Quartiles 2 and 4.
    const COLUMN: &str = "1 a\n 2 b\n 3 c\n 4 d\n 100 e";

    #[test]
    fn remove_drops_what_is_beyond_the_fence() {
        let mut rows = table(COLUMN);
        outlier(&mut rows, &[0], OutlierAction::Remove, 3.0, true, Some(&[2]));
        assert_eq!(lines(&rows), ["1 a 0", "2 b 0", "3 c 0", "4 d 0"]);
    }

    #[test]
    fn transform_clamps_to_the_fence_and_marks() {
        let mut rows = table("1 a\n 2 b\n 3 c\n 4 d\n 100 e\n - f\n x g");
        outlier(&mut rows, &[0], OutlierAction::Transform, 2.5, false, Some(&[2]));
        assert_eq!(lines(&rows), ["1 a 0", "2 b 0", "3 c 0", "4 d 0", "9 e 1", "- f 0", "x g 0"]);
    }

    #[test]
    fn small_values_count_on_demand_only() {
        // Quartiles 11 and 13 of -50, 11, 12, 13, 14; the fences at one range are 9 and 15.
        let column = "-50\n 11\n 12\n 13\n 14";
        let mut rows = table(column);
        outlier(&mut rows, &[0], OutlierAction::Transform, 1.0, false, None);
        assert_eq!(lines(&rows), lines(&table(column)));
        outlier(&mut rows, &[0], OutlierAction::Transform, 1.0, true, None);
        assert_eq!(lines(&rows), ["9", "11", "12", "13", "14"]);
    }

    #[test]
    fn quartiles_are_interpolated() {
        // numpy.quantile([1, 2, 3, 4], [0.25, 0.75]) is 1.75, 3.25.
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.25), Some(1.75));
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.75), Some(3.25));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn one_outlier_of_several_columns_removes_the_row() {
        let mut rows = table("1 1\n 2 2\n 3 3\n 4 4\n 100 5\n 3 100");
        outlier(&mut rows, &[0, 1], OutlierAction::Remove, 3.0, false, None);
        assert_eq!(lines(&rows), ["1 1", "2 2", "3 3", "4 4"]);
    }
}
