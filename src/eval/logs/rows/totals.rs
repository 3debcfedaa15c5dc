//! `addtotals`: sums of rows and of columns.

use super::{Row, cell, set};
use crate::values::Total;
use crate::values::Value;

/// Those of the columns that hold numbers and nothing but numbers: what is added up where a query names no columns.
pub(crate) fn numeric_columns(rows: &[Row], columns: &[usize]) -> Vec<usize> {
    let is_numeric = |column: usize| {
        let mut present =
            rows.iter().map(|row| cell(row, column)).filter(|value| !value.is_missing()).peekable();
        present.peek().is_some() && present.all(|value| summand(value).is_some())
    };
    columns.iter().copied().filter(|&column| is_numeric(column)).collect()
}

/// Writes to the column `row_total` the sum of each row over these columns, and appends a row of the columns' sums.
/// What is no number, or a time, adds nothing.
pub(crate) fn add_totals(
    rows: &mut Vec<Row>,
    columns: &[usize],
    row_total: Option<usize>,
    column_totals: bool,
) {
    let sums = column_totals.then(|| {
        let width = rows.iter().map(Vec::len).max()?;
        let mut sums = vec![Value::Missing; width];
        for &column in columns {
            set(&mut sums, column, sum(rows.iter().map(|row| cell(row, column))));
        }
        Some(sums)
    });
    if let Some(total) = row_total {
        for row in &mut *rows {
            let sum = sum(columns.iter().map(|&column| cell(row, column)));
            set(row, total, sum);
        }
    }
    if let Some(mut sums) = sums.flatten() {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        sums.resize(width.max(sums.len()), Value::Missing);
        rows.push(sums);
    }
}

fn sum<'v>(values: impl Iterator<Item = &'v Value<'static>>) -> Value<'static> {
    let mut total = Total::default();
    values.filter_map(summand).for_each(|number| total.add(number));
    total.sum()
}

fn summand(value: &Value<'static>) -> Option<f64> {
    match value {
        Value::Time(_) => None,
        other => other.number().filter(|number| number.is_finite()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lines, table};
    use super::*;

    #[test]
    fn rows_and_columns_are_summed() {
        let mut rows = table("1 2 x\n 0.1 0.2 y\n - - z");
        add_totals(&mut rows, &[0, 1, 2], Some(3), true);
        assert_eq!(lines(&rows), ["1 2 x 3", "0.1 0.2 y 0.3", "- - z -", "1.1 2.2 - -"]);
    }

    #[test]
    fn no_row_has_no_summary() {
        let mut rows = Vec::new();
        add_totals(&mut rows, &[0], Some(1), true);
        assert!(rows.is_empty());
    }

    #[test]
    fn only_columns_of_numbers_are_numeric() {
        let rows = table("1 2 @5 -\n x - @6 -");
        assert_eq!(numeric_columns(&rows, &[0, 1, 2, 3]), [1]);
    }
}
