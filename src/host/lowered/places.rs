//! Where the values of resources stand in the file, and how they are written there.

use std::collections::BTreeMap;

use crate::host::SpanMap;
use crate::stack::places::on_the_whole;
use crate::stack::{Places, Text};
use crate::{Diagnostic, Edit, Span};

/// A file that resources were read from: texts by their places.
pub(super) struct HostFile {
    pub(super) maps: BTreeMap<Span, SpanMap>,
}

impl HostFile {
    fn map(&self, text: &Text) -> Option<&SpanMap> {
        self.maps.get(&text.span).filter(|map| map.len() == text.len())
    }
}

impl Places for HostFile {
    fn lift(&self, text: &Text, finding: Diagnostic) -> Diagnostic {
        match self.map(text) {
            Some(map) => map.lift(finding),
            None => on_the_whole(text.span, finding),
        }
    }

    fn rewrite(&self, text: &Text, replacement: &str) -> Option<Edit> {
        self.map(text)?.written(Span::new(0, text.len()), replacement)
    }
}
