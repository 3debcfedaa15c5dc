//! `tail` and `dedup`: which rows stay.

use std::collections::HashSet;

use super::{Row, cell, key};
use crate::values::Value;

/// Keeps the last `count` rows.
pub(crate) fn tail(rows: &mut Vec<Row>, count: usize) {
    rows.drain(..rows.len().saturating_sub(count));
}

/// Keeps the first row of each combination of these columns' values, and all rows in which one of them is missing, or
/// a map or list.
pub(crate) fn dedup(rows: &mut Vec<Row>, columns: &[usize]) {
    let mut seen = HashSet::new();
    rows.retain(|row| {
        let is_nothing = |value: &Value<'_>| value.is_missing() || value.is_container();
        columns.iter().any(|&column| is_nothing(cell(row, column))) || seen.insert(key(row, columns))
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lines, table};
    use super::*;

    #[test]
    fn tail_keeps_the_last_rows() {
        let mut rows = table("a\n b\n c");
        tail(&mut rows, 5);
        assert_eq!(rows.len(), 3);
        tail(&mut rows, 2);
        assert_eq!(lines(&rows), ["b", "c"]);
        tail(&mut rows, 0);
        assert!(rows.is_empty());
    }

    #[test]
    fn dedup_keeps_the_first_and_all_without_a_key() {
        let mut rows = table("a x 1\n a y 2\n a x 3\n - x 4\n - x 5\n ax - 6\n ax - 7");
        dedup(&mut rows, &[0, 1]);
        assert_eq!(lines(&rows), ["a x 1", "a y 2", "- x 4", "- x 5", "ax - 6", "ax - 7"]);
    }

    #[test]
    fn texts_of_one_tuple_do_not_run_together() {
        let mut rows = table("ab c\n a bc");
        dedup(&mut rows, &[0, 1]);
        assert_eq!(rows.len(), 2);
    }
}
