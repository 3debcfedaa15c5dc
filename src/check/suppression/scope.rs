//! For which lines a comment counts.

use std::ops::Range;

use crate::Span;

use super::comment::Marker;

/// A text as lines, some of them comments alone.
pub(crate) struct Lines<'a> {
    text: &'a str,
    markers: &'a [Marker],
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str, markers: &'a [Marker]) -> Self {
        Lines { text, markers }
    }

    /// The line that a comment counts for: its own where something stands before it, else the next one that is neither
    /// blank nor a comment.
    pub(super) fn scope(&self, comment: Range<usize>) -> Span {
        let own = self.line_at(comment.start);
        let before = self.text.get(own.start..comment.start).unwrap_or_default();
        if !before.trim().is_empty() {
            return Span::new(own.start, own.end);
        }
        let mut line = self.line_at(comment.end);
        while line.end < self.text.len() {
            line = self.line_at(line.end + 1);
            if !self.is_idle(line.clone()) {
                break;
            }
        }
        Span::new(line.start, line.end)
    }

    /// The line that holds a byte, without its line feed.
    pub(crate) fn line_at(&self, at: usize) -> Range<usize> {
        let before = self.text.get(..at).unwrap_or(self.text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let behind = self.text.get(at..).unwrap_or_default();
        start..at + behind.find('\n').unwrap_or(behind.len())
    }

    /// Whether a line is blank or a comment alone.
    fn is_idle(&self, line: Range<usize>) -> bool {
        let line = self.text.get(line).unwrap_or_default().trim();
        line.is_empty() || self.markers.iter().any(|marker| line.starts_with(marker.text()))
    }
}
