//! How the counts of patterns changed between two windows (`spec/logs-insights.md` 6.5).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{PatternRow, Patterns};

/// A pattern of either window.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DiffRow {
    /// Its text.
    pub pattern: String,
    /// How many lines of the current window have it.
    pub count: u64,
    /// Their share of the current window.
    pub ratio: f64,
    /// Its severity.
    pub severity: &'static str,
    /// The current count less the previous one.
    pub difference: i64,
    /// `New pattern`, `No longer present`, `N more`, `N fewer` or `Unchanged`.
    pub description: String,
}

/// Compares two windows, which [`PatternBuilder::finish_pair`](super::PatternBuilder::finish_pair) gives the same texts.
/// The greatest difference comes first, either way, then it goes by text.
pub fn diff(current: &Patterns, previous: &Patterns) -> Vec<DiffRow> {
    let mut pairs: BTreeMap<&str, (Option<&PatternRow>, Option<&PatternRow>)> = BTreeMap::new();
    for row in &current.rows {
        pairs.entry(&row.pattern).or_default().0 = Some(row);
    }
    for row in &previous.rows {
        pairs.entry(&row.pattern).or_default().1 = Some(row);
    }
    let mut rows: Vec<DiffRow> =
        pairs.into_values().filter_map(|(current, previous)| changed(current, previous)).collect();
    rows.sort_by_key(|row| Reverse(row.difference.unsigned_abs()));
    rows
}

fn changed(current: Option<&PatternRow>, previous: Option<&PatternRow>) -> Option<DiffRow> {
    let either = current.or(previous)?;
    let count = current.map_or(0, |row| row.count);
    let before = previous.map_or(0, |row| row.count);
    let by = i64::try_from(count.abs_diff(before)).unwrap_or(i64::MAX);
    let description = match (current, previous) {
        (Some(_), None) => "New pattern".to_owned(),
        (None, _) => "No longer present".to_owned(),
        _ if count > before => format!("{by} more"),
        _ if count < before => format!("{by} fewer"),
        _ => "Unchanged".to_owned(),
    };
    Some(DiffRow {
        pattern: either.pattern.clone(),
        count,
        ratio: current.map_or(0.0, |row| row.ratio),
        severity: either.severity,
        difference: if count < before { -by } else { by },
        description,
    })
}
