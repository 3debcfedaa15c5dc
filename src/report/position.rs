//! Byte offsets as lines and columns.

use crate::byte_order_mark;

/// A place for a person or an editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Counted from one.
    pub line: usize,
    /// Characters into the line, counted from one. A mark of byte order before the text is none.
    pub column: usize,
    /// Bytes into the text, counted from zero.
    pub offset: usize,
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct Positions<'a> {
    source: &'a str,
    line_starts: Vec<usize>,
}

impl<'a> Positions<'a> {
    /// Looks for the line feeds of `source`.
    ///
    /// ```
    /// use trailql::report::Positions;
    ///
    /// let place = Positions::of("é\nab").at(4);
    /// assert_eq!((place.line, place.column), (2, 2));
    /// ```
    pub fn of(source: &'a str) -> Self {
        let after_feeds = memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at + 1);
        Positions { source, line_starts: std::iter::once(0).chain(after_feeds).collect() }
    }

    /// The place of the byte at `offset`; the end of the text for a larger one.
    pub fn at(&self, offset: usize) -> Position {
        let offset = offset.min(self.source.len());
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start =
            line.checked_sub(1).and_then(|index| self.line_starts.get(index)).copied().unwrap_or_default();
        let before = self.source.get(start..offset).unwrap_or_default();
        let before = if start == 0 { byte_order_mark::behind(before) } else { before };
        Position { line, column: before.chars().count() + 1, offset }
    }

    /// Where the line with this number, counted from one, begins; the end of the text where it has no such line.
    pub fn line_start(&self, line: usize) -> usize {
        let start = line.checked_sub(1).and_then(|index| self.line_starts.get(index));
        start.copied().unwrap_or(self.source.len())
    }
}
