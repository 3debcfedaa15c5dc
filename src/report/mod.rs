//! Diagnostics, rows and whole reports as text: one file a format. Nothing here knows a rule.

pub mod backtest;
pub mod concise;
mod counts;
mod fingerprint;
pub mod full;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
pub mod plan;
mod position;
mod printable;
pub mod rows;
pub mod sarif;

pub(crate) use counts::{counted, grouped};
pub use position::{Position, Positions};

use crate::Diagnostic;

/// A text that was checked, and what was found.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// How the text is called: a path, or a word such as `<stdin>`.
    pub name: &'a str,
    /// The text itself.
    pub source: &'a str,
    /// The findings.
    pub diagnostics: &'a [Diagnostic],
}
