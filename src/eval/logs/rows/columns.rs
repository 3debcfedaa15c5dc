//! `appendcols`: another table's columns, pasted row by row.

use super::{Row, set};

/// Pastes columns of `right` to the rows by position: pairs of the right column and the one it is written to. A pair
/// whose target has values already is for `override=true`; what the right side has no value for is left as it is. Right
/// rows beyond the last left one, or beyond `max`, are dropped.
pub(crate) fn append_columns(rows: &mut [Row], right: Vec<Row>, pairs: &[(usize, usize)], max: usize) {
    for (row, mut right) in rows.iter_mut().zip(right.into_iter().take(max)) {
        for &(from, to) in pairs {
            let value = right.get_mut(from).map(std::mem::take).unwrap_or_default();
            if !value.is_missing() || row.len() <= to {
                set(row, to, value);
            }
        }
    }
    let width = pairs.iter().map(|&(_, to)| to + 1).max().unwrap_or(0);
    for row in rows {
        if row.len() < width {
            row.resize_with(width, Default::default);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lines, table};
    use super::*;

    #[test]
    fn columns_are_pasted_by_position() {
        let mut rows = table("a 1\n b 2\n c 3");
        append_columns(&mut rows, table("x 10\n y -"), &[(0, 2), (1, 1)], 10_000);
        assert_eq!(lines(&rows), ["a 10 x", "b 2 y", "c 3 -"]);
    }

    #[test]
    fn no_more_than_max_and_no_more_than_there_are() {
        let mut rows = table("a\n b");
        append_columns(&mut rows, table("x\n y\n z"), &[(0, 1)], 1);
        assert_eq!(lines(&rows), ["a x", "b -"]);
        append_columns(&mut rows, table("x\n y\n z"), &[(0, 2)], 3);
        assert_eq!(lines(&rows), ["a x x", "b - y"]);
    }
}
