//! The tags of resources over time, as a table that a file gives.

use std::collections::HashMap;

use crate::EpochMillis;
use crate::series::{MetricIdentity, TimeRange};

/// The tags of resources: which metrics are of a resource, and from when to when it has a tag.
///
/// The service learns tags from the resources themselves; here a CSV file says them, a tag of a resource a row:
///
/// | column | meaning |
/// |---|---|
/// | `dimension`, `value` | metrics with this dimension are of the resource |
/// | `tag`, `tag_value` | the tag |
/// | `namespace` | may be left out: metrics of this namespace only |
/// | `start`, `end` | may be left out: RFC 3339 times between which the resource has the tag |
///
/// ```
/// use trailql::series::query::TagTable;
///
/// let table = TagTable::from_csv(
///     b"dimension,value,tag,tag_value,start\nInstanceId,i-1,env,prod,2026-03-01T00:00:00Z\n",
/// )?;
/// assert_eq!(table.len(), 1);
/// # Ok::<(), trailql::series::query::TagTableError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TagTable {
    /// By dimension and its value.
    records: HashMap<(String, String), Vec<TagRecord>>,
}

/// A tag of a resource for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TagRecord {
    namespace: Option<String>,
    pub(super) key: String,
    pub(super) value: String,
    pub(super) valid: TimeRange,
}

/// Why a text is no table of tags.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TagTableError {
    /// No CSV.
    #[error("not readable as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// A column is missing.
    #[error("there is no column `{0}`; a table of tags has `dimension`, `value`, `tag` and `tag_value`")]
    NoColumn(&'static str),
    /// A column that has no meaning.
    #[error(
        "the column `{0}` has no meaning here; there are `dimension`, `value`, `tag`, `tag_value`, `namespace`, `start` and `end`"
    )]
    UnknownColumn(String),
    /// A time that cannot be read.
    #[error("line {line}: `{text}` is no time; write `2026-03-01T00:00:00Z`")]
    Time {
        /// The line, from 1.
        line: u64,
        /// What stands there.
        text: String,
    },
    /// Something that must not be empty.
    #[error("line {line}: `{column}` is empty")]
    Empty {
        /// The line, from 1.
        line: u64,
        /// The column.
        column: &'static str,
    },
}

const NEEDED: [&str; 4] = ["dimension", "value", "tag", "tag_value"];
const MORE: [&str; 3] = ["namespace", "start", "end"];

impl TagTable {
    /// Reads a table from CSV with a head line.
    ///
    /// # Errors
    /// What is no CSV, a column that is missing or unknown, a time that cannot be read, a resource or key that is empty.
    pub fn from_csv(bytes: &[u8]) -> Result<Self, TagTableError> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let head = reader.headers()?.clone();
        if let Some(other) = head.iter().find(|name| !NEEDED.contains(name) && !MORE.contains(name)) {
            return Err(TagTableError::UnknownColumn(other.to_owned()));
        }
        let at = |name: &str| head.iter().position(|column| column == name);
        for name in NEEDED {
            at(name).ok_or(TagTableError::NoColumn(name))?;
        }
        let mut table = TagTable::default();
        for row in reader.records() {
            let row = row?;
            let line = row.position().map_or(0, csv::Position::line);
            let cell =
                |name: &str| at(name).and_then(|column| row.get(column)).filter(|text| !text.is_empty());
            let needed = |column: &'static str| cell(column).ok_or(TagTableError::Empty { line, column });
            let time = |name: &str, unset: i64| match cell(name) {
                None => Ok(EpochMillis(unset)),
                Some(text) => match text.parse::<jiff::Timestamp>() {
                    Ok(time) => Ok(EpochMillis(time.as_millisecond())),
                    Err(_) => Err(TagTableError::Time { line, text: text.to_owned() }),
                },
            };
            let record = TagRecord {
                namespace: cell("namespace").map(str::to_owned),
                key: needed("tag")?.to_owned(),
                value: cell("tag_value").unwrap_or_default().to_owned(),
                valid: TimeRange { start: time("start", i64::MIN)?, end: time("end", i64::MAX)? },
            };
            let resource = (needed("dimension")?.to_owned(), needed("value")?.to_owned());
            table.records.entry(resource).or_default().push(record);
        }
        Ok(table)
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.records.values().map(Vec::len).sum()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The tags of the resources that a metric is of.
    pub(super) fn of(&self, metric: &MetricIdentity) -> impl Iterator<Item = &TagRecord> {
        let dimensions = if self.is_empty() { None } else { Some(metric.dimensions.iter()) };
        let of_resource = dimensions
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| self.records.get(&(name.to_owned(), value.to_owned())));
        of_resource
            .flatten()
            .filter(|record| record.namespace.as_ref().is_none_or(|namespace| *namespace == metric.namespace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_told_with_its_line() {
        for (text, told) in [
            ("dimension,value,tag\n", "there is no column `tag_value`"),
            ("dimension,value,tag,tag_value,until\n", "the column `until` has no meaning here"),
            ("dimension,value,tag,tag_value\nInstanceId,,env,prod\n", "line 2: `value` is empty"),
            (
                "dimension,value,tag,tag_value,end\nInstanceId,i-1,env,prod,soon\n",
                "line 2: `soon` is no time",
            ),
            ("dimension,value,tag,tag_value\na,b\n", "not readable as CSV"),
        ] {
            let error = TagTable::from_csv(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(told), "{error}");
        }
    }
}
