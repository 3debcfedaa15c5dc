//! A text of a file put together from pieces: as written, spelled by escapes, or known only to a deployment.

use std::ops::Range;

use crate::Span;

use super::spelling::Layer;
use super::{Hole, SpanMap, span_map::Kind};

/// A text, and where its bytes stand in the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) value: String,
    pub(super) map: SpanMap,
    pub(super) holes: Vec<Hole>,
}

impl Text {
    /// No text yet; what is pushed is spelled so.
    pub(super) fn spelled(layers: Vec<Layer>) -> Self {
        let mut text = Text::default();
        text.map.spell(layers);
        text
    }

    /// A text that stands in the file as it is.
    pub(super) fn verbatim(value: &str, start: usize) -> Self {
        let mut text = Text::default();
        text.push(value, start);
        text
    }

    /// A text that stands for something at a place of the file.
    pub(super) fn foreign(value: &str, source: Span) -> Self {
        let mut text = Text::default();
        text.push_foreign(value, source);
        text
    }

    /// A text of which nothing is known but where it is named.
    pub(super) fn hole(source: Span) -> Self {
        let mut text = Text::default();
        text.push_hole(source);
        text
    }

    /// The next bytes, which stand in the file as they are.
    pub(super) fn push(&mut self, value: &str, start: usize) {
        if !value.is_empty() {
            self.value.push_str(value);
            self.map.push(value.len(), Span::new(start, start + value.len()), Kind::Verbatim);
        }
    }

    /// The next bytes, which other bytes of the file spell.
    pub(super) fn push_escape(&mut self, value: &str, source: Span) {
        self.value.push_str(value);
        self.map.push(value.len(), source, Kind::Escape);
    }

    /// The next bytes, for which something else stands in the file.
    pub(super) fn push_foreign(&mut self, value: &str, source: Span) {
        self.value.push_str(value);
        self.map.push(value.len(), source, Kind::Foreign);
    }

    /// Any text, for which something stands in the file.
    pub(super) fn push_hole(&mut self, source: Span) {
        self.holes.push(Hole { at: self.value.len(), source });
        self.map.push(0, source, Kind::Hole);
    }

    /// The next bytes, which are put into a hole to see what becomes of the text.
    pub(super) fn push_filling(&mut self, value: &str, source: Span) {
        self.value.push_str(value);
        self.map.push(value.len(), source, Kind::Hole);
    }

    /// Another text behind this one.
    pub(super) fn append(&mut self, other: Text) {
        let shift = self.value.len();
        self.value.push_str(&other.value);
        self.map.append(other.map);
        self.holes.extend(other.holes.into_iter().map(|hole| Hole { at: hole.at + shift, ..hole }));
    }

    /// A part of the text, with the holes in it.
    pub(super) fn part(&self, range: Range<usize>) -> Text {
        let holes = self.holes.iter().filter(|hole| range.contains(&hole.at) || hole.at == range.end);
        Text {
            value: self.value.get(range.clone()).unwrap_or_default().to_owned(),
            map: self.map.part(range.start, range.end),
            holes: holes.map(|hole| Hole { at: hole.at - range.start, ..hole.clone() }).collect(),
        }
    }

    /// The same as if there were no holes in it.
    pub(super) fn without_holes(self) -> Text {
        Text { holes: Vec::new(), ..self }
    }

    /// The same without blanks and line ends at its ends.
    pub(super) fn trimmed(&self) -> Text {
        let start = self.value.len() - self.value.trim_start().len();
        let end = self.value.trim_end().len().max(start);
        let first = self.holes.first().map_or(start, |hole| hole.at.min(start));
        let last = self.holes.last().map_or(end, |hole| hole.at.max(end));
        self.part(first..last)
    }

    /// The same without line ends at its end.
    pub(super) fn chomped(&self) -> Text {
        let end = self.value.trim_end_matches(['\n', '\r']).len();
        let last = self.holes.last().map_or(end, |hole| hole.at.max(end));
        self.part(0..last)
    }

    /// The text where nothing in it is unknown.
    pub(super) fn known(&self) -> Option<&str> {
        self.holes.is_empty().then_some(self.value.as_str())
    }

    /// Its place in the file.
    pub(super) fn source(&self) -> Span {
        self.map.source()
    }
}
