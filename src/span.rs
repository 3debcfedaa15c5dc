//! Where a piece of text stands: byte offsets into one source.

use std::fmt;
use std::ops::Range;

/// A range of bytes in one source text: `start` inclusive, `end` exclusive.
///
/// Offsets are `u32`: sources are limited to 4 GiB (in practice to
/// the length limits of each language). Line and column belong to rendering.
///
/// ```
/// let span = trailql::Span::new(2, 5);
/// assert_eq!(span.slice("{ $.a = 1 }"), "$.a");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end`; an `end` before `start` gives an empty span at `start`, and offsets past
    /// 4 GiB are held at that limit.
    pub fn new(start: usize, end: usize) -> Self {
        let start = clamp(start);
        Span { start, end: clamp(end).max(start) }
    }

    /// An empty span at `offset`.
    pub fn at(offset: usize) -> Self {
        Span::new(offset, offset)
    }

    /// The bytes as a range of `usize`, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The part of `source` that the span covers; empty where the span does not fit `source`.
    pub fn slice(self, source: &str) -> &str {
        source.get(self.range()).unwrap_or_default()
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether the span covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Span::new(range.start, range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_that_does_not_fit_its_source_is_empty_text() {
        assert_eq!(Span::new(4, 90).slice("short"), "");
        assert_eq!(Span::new(1, 2).slice("é"), "", "a cut inside a character is no text");
    }

    #[test]
    fn an_end_before_the_start_gives_an_empty_span() {
        assert_eq!(Span::new(7, 3), Span::at(7));
    }
}
