//! An open document, and its places as editors count them.

use lsp_types::{Position, Range};

use crate::Span;
use crate::host::HostKind;

/// How an editor counts the columns of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    Utf8,
    Utf16,
}

/// A document that an editor has open.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// Its text, line ends as they are.
    pub(super) text: String,
    /// What it holds; `None` for nothing of ours.
    pub(super) kind: Option<HostKind>,
    /// The editor's number for this state of it.
    pub(super) version: i32,
    line_starts: Vec<usize>,
    columns: Columns,
}

impl Document {
    pub(super) fn new(text: String, kind: Option<HostKind>, version: i32, columns: Columns) -> Self {
        let after_feeds = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        let line_starts = std::iter::once(0).chain(after_feeds).collect();
        Document { text, kind, version, line_starts, columns }
    }

    /// The byte at a place; the end of the line for a column past it, the end of the text for a line past it.
    pub(super) fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.line_starts.get(line).copied() else { return self.text.len() };
        let end = self.line_starts.get(line + 1).copied().unwrap_or(self.text.len());
        let text = self.text.get(start..end).unwrap_or_default().trim_end_matches(['\r', '\n']);
        let wanted = position.character as usize;
        let mut column = 0;
        for (at, c) in text.char_indices() {
            if column >= wanted {
                return start + at;
            }
            column += self.width(c);
        }
        start + text.len()
    }

    /// The place of a byte; of the end for a byte past it.
    pub(super) fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.line_starts.get(line).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        let column = before.chars().map(|c| self.width(c)).sum::<usize>();
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Position { line: number(line), character: number(column) }
    }

    pub(super) fn range(&self, span: Span) -> Range {
        let range = span.range();
        Range { start: self.position(range.start), end: self.position(range.end) }
    }

    fn width(&self, c: char) -> usize {
        match self.columns {
            Columns::Utf8 => c.len_utf8(),
            Columns::Utf16 => c.len_utf16(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_the_editor_counts() {
        for (columns, character) in [(Columns::Utf16, 3), (Columns::Utf8, 5)] {
            let document = Document::new("a\r\n🦀b\n".into(), None, 0, columns);
            let place = Position { line: 1, character: character - 1 };
            assert_eq!(document.offset(place), 7, "before the b");
            assert_eq!(document.position(7), place);
            assert_eq!(document.position(8), Position { line: 1, character });
        }
    }

    #[test]
    fn places_past_the_end_are_the_end() {
        let document = Document::new("ab\r\nc".into(), None, 0, Columns::Utf16);
        assert_eq!(document.offset(Position { line: 0, character: 99 }), 2);
        assert_eq!(document.offset(Position { line: 9, character: 0 }), 5);
        assert_eq!(document.position(99), Position { line: 1, character: 1 });
    }
}
