//! Which byte of a text is which of the file that holds it.

use crate::Span;

/// How a text is spelled where it stands in a file, so that a replacement can be spelled the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Escaping {
    /// As it is.
    None,
    /// Between double quotes, as JSON escapes.
    Json,
}

/// Pieces of a text, each with its place in the file.
#[derive(Clone, Debug)]
pub struct SpanMap {
    /// Where a piece of the text starts and what it is in the file, in order of both.
    pieces: Vec<(usize, Span)>,
    escaping: Escaping,
}

impl SpanMap {
    /// A text that stands in the file as it is, from this byte on.
    pub fn verbatim(start: usize, length: usize) -> Self {
        SpanMap { pieces: vec![(0, Span::new(start, start + length))], escaping: Escaping::None }
    }
}
