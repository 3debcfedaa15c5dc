//! `accum`, `autoregress`, `filldown`: what a row takes from the rows before it.

use super::{Row, cell, set};
use crate::values::Total;
use crate::values::Value;

/// Writes to each row the sum of a column down to it. Before the first number there is none.
pub(crate) fn accum(rows: &mut [Row], from: usize, to: usize) {
    let mut total = Total::default();
    for row in rows {
        if let Some(number) = cell(row, from).number().filter(|number| number.is_finite()) {
            total.add(number);
        }
        set(row, to, total.sum());
    }
}

/// Copies to each row what a column has so many rows earlier: pairs of the column of the copy and the lag.
pub(crate) fn autoregress(rows: &mut [Row], from: usize, to: &[(usize, usize)]) {
    // From the end, since a copy may take the place of what is copied.
    for at in (0..rows.len()).rev() {
        let copies: Vec<Value<'static>> = to
            .iter()
            .map(|&(_, lag)| at.checked_sub(lag).and_then(|earlier| rows.get(earlier)))
            .map(|row| row.map_or(Value::Missing, |row| cell(row, from).clone()))
            .collect();
        if let Some(row) = rows.get_mut(at) {
            for (&(column, _), copy) in to.iter().zip(copies) {
                set(row, column, copy);
            }
        }
    }
}

/// Gives to each cell of these columns that has nothing the last value above it.
pub(crate) fn fill_down(rows: &mut [Row], columns: &[usize]) {
    for &column in columns {
        let mut last = Value::Missing;
        for row in &mut *rows {
            if cell(row, column).is_missing() {
                set(row, column, last.clone());
            } else {
                last = cell(row, column).clone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lines, table};
    use super::*;

    #[test]
    fn accum_sums_down_and_passes_what_is_no_number() {
        let mut rows = table("x\n 1\n 2\n -\n 3");
        accum(&mut rows, 0, 1);
        assert_eq!(lines(&rows), ["x -", "1 1", "2 3", "- 3", "3 6"]);
        accum(&mut rows, 0, 0);
        assert_eq!(lines(&rows), ["- -", "1 1", "3 3", "3 3", "6 6"]);
    }

    #[test]
    fn autoregress_copies_by_lag_also_onto_the_source() {
        let mut rows = table("a -\n b -\n c -");
        autoregress(&mut rows, 0, &[(1, 1), (2, 2)]);
        assert_eq!(lines(&rows), ["a - -", "b a -", "c b a"]);
        autoregress(&mut rows, 0, &[(0, 1)]);
        assert_eq!(lines(&rows), ["- - -", "a a -", "b b a"]);
        autoregress(&mut rows, 0, &[(0, usize::MAX)]);
        assert_eq!(lines(&rows), ["- - -", "- a -", "- b a"]);
    }

    #[test]
    fn filldown_carries_the_last_value() {
        let mut rows = table("- 1\n a -\n - 2\n b -");
        fill_down(&mut rows, &[0]);
        assert_eq!(lines(&rows), ["- 1", "a -", "a 2", "b -"]);
        fill_down(&mut rows, &[0, 1]);
        assert_eq!(lines(&rows), ["- 1", "a 1", "a 2", "b 2"]);
    }
}
