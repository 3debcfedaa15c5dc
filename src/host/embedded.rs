//! What is found in a host file.

use crate::check::Language;
use crate::{Diagnostic, Span};

use super::SpanMap;

/// A pattern or query inside a file.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// Its language.
    pub language: Language,
    /// The text as the service gets it. A hole is an empty span in it.
    pub text: String,
    /// Which byte of the text is which of the file.
    pub map: SpanMap,
    /// What it belongs to, such as `aws_cloudwatch_log_metric_filter.root`.
    pub owner: String,
    /// Where parts of the text are that only a deployment knows, in order.
    pub holes: Vec<Hole>,
}

/// A part of a text that only a deployment knows: an interpolation, a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Where it stands in the text that has none of it.
    pub at: usize,
    /// Where it is written in the file.
    pub source: Span,
}

/// A host file, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Extracted {
    /// The patterns and queries, in order of place.
    pub embedded: Vec<Embedded>,
    /// What is to be said of the file itself, at places of the file.
    pub diagnostics: Vec<Diagnostic>,
}
