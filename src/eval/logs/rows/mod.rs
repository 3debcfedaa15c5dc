//! Commands on rows that are in memory (`spec/logs-insights.md` 2.1 and 2.4).

pub(crate) mod bins;
pub(crate) mod columns;
pub(crate) mod elements;
pub(crate) mod join;
pub(crate) mod outliers;
pub(crate) mod partners;
pub(crate) mod running;
pub(crate) mod select;
pub(crate) mod sessions;
pub(crate) mod totals;

use super::groups::write_key;
use crate::values::Value;

/// A row: its values by column. All rows of a table are equally long.
pub(crate) type Row = Vec<Value<'static>>;

static NOTHING: Value<'static> = Value::Missing;

/// About how many bytes a row keeps in memory.
pub(crate) fn footprint(row: &Row) -> usize {
    size_of::<Row>() + row.iter().map(Value::footprint).sum::<usize>()
}

/// The value of a column; missing where the row ends before it.
fn cell(row: &Row, column: usize) -> &Value<'static> {
    row.get(column).unwrap_or(&NOTHING)
}

/// Sets the value of a column, which a row that ends before it gets.
fn set(row: &mut Row, column: usize, value: Value<'static>) {
    if row.len() <= column {
        row.resize(column + 1, Value::Missing);
    }
    if let Some(cell) = row.get_mut(column) {
        *cell = value;
    }
}

/// What tells the values of some columns apart from those of other rows: their texts, and which of them are missing.
fn key(row: &Row, columns: &[usize]) -> Box<[u8]> {
    let mut key = Vec::new();
    for &column in columns {
        match cell(row, column) {
            container if container.is_container() => {
                write_key(&Value::Text(container.render().unwrap_or_default()), &mut key);
            }
            value => write_key(value, &mut key),
        }
    }
    key.into()
}

#[cfg(test)]
mod testing {
    use super::*;
    use crate::EpochMillis;

    /// A table from one line per row: cells apart by blanks, `-` for nothing, `@1` for a time in milliseconds.
    pub(super) fn table(text: &str) -> Vec<Row> {
        let cell = |word: &str| match word.strip_prefix('@') {
            Some(time) => Value::Time(EpochMillis(time.parse().unwrap())),
            None if word == "-" => Value::Missing,
            None => Value::text_of(word.to_owned()),
        };
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(|line| line.split_whitespace().map(cell).collect()).collect()
    }

    /// The same table, times and numbers as they are rendered.
    pub(super) fn lines(rows: &[Row]) -> Vec<String> {
        let cell = |value: &Value<'static>| match value {
            Value::Time(time) => format!("@{}", time.0),
            other => other.render().map_or("-".to_owned(), |text| text.into_owned()),
        };
        rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" ")).collect()
    }
}
