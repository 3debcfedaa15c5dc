//! What a parse gives: a tree and findings, or errors alone.

use std::fmt;

use crate::Diagnostic;

/// What a tolerant parse gives: the tree, where there was no error, and everything found on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed<T> {
    /// The tree; `None` where an error stands among the diagnostics.
    pub ast: Option<T>,
    /// Errors, warnings and infos, in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why a text is no pattern or query: at least one error, and the warnings beside it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ParseErrors {
    diagnostics: Vec<Diagnostic>,
}

impl ParseErrors {
    pub(crate) fn new(diagnostics: Vec<Diagnostic>) -> Self {
        ParseErrors { diagnostics }
    }

    /// All findings, in the order of their places.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

impl fmt::Display for ParseErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.diagnostics.iter().filter(|d| d.is_error()).enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}
