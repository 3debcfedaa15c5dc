//! `fillmissing`: rows for the bins in which nothing happened.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::{Row, cell, key, set};
use crate::EpochMillis;
use crate::values::Value;

/// How many rows `fillmissing` may end with beyond those it is given.
pub(super) const MAX_BINS: usize = 1_000_000;

/// More than a million rows would be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`fillmissing` finds more than {MAX_BINS} bins; take a longer period for `bin` or a shorter time range"
)]
pub(crate) struct TooManyBins;

/// Adds a row for each bin that is missing between the first and the last bin present, or in `window`: from its first
/// bin on, while bins start no later than its end. There is one series for each combination of `keys`, in first-seen
/// order, and each ascends by bin. Added rows have their bin, their keys and the values of `fills`. `next` gives the
/// start of the bin that follows a bin. On an error the rows are as they were.
pub(crate) fn fill_missing(
    rows: &mut Vec<Row>,
    bin: usize,
    keys: &[usize],
    fills: &[(usize, Value<'static>)],
    window: Option<(EpochMillis, EpochMillis)>,
    next: impl Fn(EpochMillis) -> EpochMillis,
) -> Result<(), TooManyBins> {
    let present = || rows.iter().filter_map(|row| cell(row, bin).time());
    let Some((first, last)) = window.or_else(|| Some((present().min()?, present().max()?))) else {
        return Ok(());
    };
    let bins = bins(first, last, next)?;
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut places: HashMap<Box<[u8]>, usize> = HashMap::new();
    for row in rows.iter() {
        let place = places.len();
        places.entry(key(row, keys)).or_insert(place);
    }
    if bins.len().saturating_mul(places.len()) > MAX_BINS {
        return Err(TooManyBins);
    }
    let mut series: Vec<Vec<Row>> = Vec::new();
    series.resize_with(places.len(), Vec::new);
    for row in rows.drain(..) {
        let place = places.get(&key(&row, keys));
        if let Some(series) = place.and_then(|&place| series.get_mut(place)) {
            series.push(row);
        }
    }
    for series in series {
        fill(series, rows, bin, &bins, |bin_start, like| {
            let mut row = vec![Value::Missing; width];
            keys.iter().for_each(|&column| set(&mut row, column, cell(like, column).clone()));
            fills.iter().for_each(|(column, value)| set(&mut row, *column, value.clone()));
            set(&mut row, bin, Value::Time(bin_start));
            row
        });
    }
    Ok(())
}

/// The starts of all bins from the first on that are no later than `last`.
fn bins(
    first: EpochMillis,
    last: EpochMillis,
    next: impl Fn(EpochMillis) -> EpochMillis,
) -> Result<Vec<EpochMillis>, TooManyBins> {
    let mut bins = Vec::new();
    let mut at = first;
    while at <= last {
        if bins.len() >= MAX_BINS {
            return Err(TooManyBins);
        }
        bins.push(at);
        let following = next(at);
        // At the end of time there is no next bin.
        if following <= at {
            break;
        }
        at = following;
    }
    Ok(bins)
}

/// Moves the rows of one series to `out`, ascending by bin, with an added row wherever none has a bin.
fn fill(
    mut series: Vec<Row>,
    out: &mut Vec<Row>,
    bin: usize,
    bins: &[EpochMillis],
    added: impl Fn(EpochMillis, &Row) -> Row,
) {
    series.sort_by_key(|row| cell(row, bin).time());
    let Some(like) = series.first().cloned() else { return };
    let mut bins = bins.iter().copied().peekable();
    for row in series {
        let start = cell(&row, bin).time();
        while let Some(empty) = bins.next_if(|&empty| Some(empty) < start) {
            out.push(added(empty, &like));
        }
        bins.next_if(|&own| Some(own).cmp(&start) == Ordering::Equal);
        out.push(row);
    }
    out.extend(bins.map(|empty| added(empty, &like)));
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lines, table};
    use super::*;

    fn by_ten(start: EpochMillis) -> EpochMillis {
        EpochMillis(start.0.saturating_add(10))
    }

    fn zero(column: usize) -> [(usize, Value<'static>); 1] {
        [(column, Value::text_of("0"))]
    }

    #[test]
    fn a_gap_between_bins_is_filled() {
        let mut rows = table("@30 5 a\n @10 4 b");
        fill_missing(&mut rows, 0, &[], &zero(1), None, by_ten).unwrap();
        assert_eq!(lines(&rows), ["@10 4 b", "@20 0 -", "@30 5 a"]);
    }

    #[test]
    fn the_window_is_filled_to_its_end() {
        let mut rows = table("@20 5");
        let window = Some((EpochMillis(0), EpochMillis(40)));
        fill_missing(&mut rows, 0, &[], &zero(1), window, by_ten).unwrap();
        assert_eq!(lines(&rows), ["@0 0", "@10 0", "@20 5", "@30 0", "@40 0"]);
    }

    #[test]
    fn each_combination_of_keys_is_a_series() {
        let mut rows = table("b @20 1\n a @0 2\n b @0 3\n - @10 4");
        fill_missing(&mut rows, 1, &[0], &[], None, by_ten).unwrap();
        let expected =
            ["b @0 3", "b @10 -", "b @20 1", "a @0 2", "a @10 -", "a @20 -", "- @0 -", "- @10 4", "- @20 -"];
        assert_eq!(lines(&rows), expected);
    }

    #[test]
    fn rows_beside_the_bins_are_kept() {
        let mut rows = table("@25 1\n - 2\n @99 3\n @10 4\n @10 5");
        let window = Some((EpochMillis(10), EpochMillis(30)));
        fill_missing(&mut rows, 0, &[], &[], window, by_ten).unwrap();
        assert_eq!(lines(&rows), ["- 2", "@10 4", "@10 5", "@20 -", "@25 1", "@30 -", "@99 3"]);
    }

    #[test]
    fn without_rows_or_bins_nothing_is_added() {
        let mut rows = Vec::new();
        let window = Some((EpochMillis(0), EpochMillis(40)));
        fill_missing(&mut rows, 0, &[], &[], window, by_ten).unwrap();
        assert!(rows.is_empty());
        let mut rows = table("- 1");
        fill_missing(&mut rows, 0, &[], &[], None, by_ten).unwrap();
        assert_eq!(lines(&rows), ["- 1"]);
    }

    #[test]
    fn too_many_bins_leave_the_rows_alone() {
        let mut rows = table("a @0\n b @0");
        let window = Some((EpochMillis(0), EpochMillis(10 * MAX_BINS as i64 / 2)));
        assert_eq!(fill_missing(&mut rows, 1, &[0], &[], window, by_ten), Err(TooManyBins));
        let everything = Some((EpochMillis(i64::MIN), EpochMillis(i64::MAX)));
        assert_eq!(fill_missing(&mut rows, 1, &[], &[], everything, by_ten), Err(TooManyBins));
        assert_eq!(lines(&rows), ["a @0", "b @0"]);
    }

    #[test]
    fn the_end_of_time_ends_the_bins() {
        let mut rows = table("@0");
        let window = Some((EpochMillis(i64::MAX - 5), EpochMillis(i64::MAX)));
        fill_missing(&mut rows, 0, &[], &[], window, by_ten).unwrap();
        assert_eq!(lines(&rows), ["@0", "@9223372036854775802", "@9223372036854775807"]);
    }
}
