//! `pattern`, `diff` and `anomaly`: the shapes that lines have in common, and how they change from window to window
//! (`spec/logs-insights.md` 6.4, 6.5).
//!
//! Two choices go beyond the specification, both so that a pattern stays readable: words of severity and delimiters are
//! never merged with other ones, and a time of the day alone is a `Time`.

mod anomaly;
mod builder;
mod diff;
mod merge;
mod observed;
mod rows;
mod severity;
mod template;
mod tokens;

pub use anomaly::{Anomaly, anomaly};
pub use builder::PatternBuilder;
pub use diff::{DiffRow, diff};
pub(super) use observed::stable_hash;

/// The patterns of a window, by count from the most, then by text.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Patterns {
    /// One for each pattern.
    pub rows: Vec<PatternRow>,
    /// How many lines there were.
    pub total: u64,
}

/// A pattern.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PatternRow {
    /// Its text, as in `[INFO] started in <Number-1> ms`.
    pub pattern: String,
    /// How many lines have it.
    pub count: u64,
    /// The share of the window's lines.
    pub ratio: f64,
    /// `FATAL`, `ERROR`, `WARN`, `INFO`, `DEBUG` or `NONE`.
    pub severity: &'static str,
    /// What varies in it, left to right; the first is number 1 of its text.
    pub tokens: Vec<PatternToken>,
}

/// What varies at a place of a pattern.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PatternToken {
    /// `Time`, `Date`, `UUID`, `ARN`, `IP`, `URL`, `Email`, `ID`, `Number` or `Token`.
    pub kind: &'static str,
    /// Up to ten of its values, by count from the most, then by text; long ones are cut to 64 bytes.
    pub values: Vec<TokenValue>,
    /// Whether there were more values than these.
    pub several: bool,
    /// The least and the greatest value, if all are numbers.
    pub range: Option<(f64, f64)>,
}

/// A value of a token.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TokenValue {
    /// As it stood in the line.
    pub text: String,
    /// In how many lines.
    pub count: u64,
}

#[cfg(test)]
mod tests;
