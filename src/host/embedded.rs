//! What is found in a host file.

use crate::check::Language;
use crate::{Diagnostic, Span};

use super::SpanMap;
use super::text::Text;

/// A pattern or query inside a file.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// Its language.
    pub language: Language,
    /// The text as the service gets it. A hole is an empty span in it.
    pub text: String,
    /// Which byte of the text is which of the file.
    pub map: SpanMap,
    /// What it belongs to, such as `aws_cloudwatch_log_metric_filter.root`; empty where it belongs to the file itself.
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

impl Embedded {
    pub(super) fn new(language: Language, owner: impl Into<String>, text: Text) -> Self {
        Embedded { language, text: text.value, map: text.map, owner: owner.into(), holes: text.holes }
    }

    /// Whether nothing at all of the text is known.
    pub fn is_unknown(&self) -> bool {
        !self.holes.is_empty() && self.text.trim().is_empty()
    }
}

impl Extracted {
    /// In order of place, each text once.
    pub(super) fn sorted(mut self) -> Self {
        let key = |one: &Embedded| (one.map.source(), one.language);
        self.embedded.sort_by_key(key);
        self.embedded.dedup_by(|later, earlier| key(later) == key(earlier) && later.text == earlier.text);
        self.diagnostics.sort_by_key(Diagnostic::span);
        self
    }
}
