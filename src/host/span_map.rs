//! Which byte of a text is which of the file that holds it, and how to write into that place.

use crate::{Diagnostic, Edit, Fix, Label, Span};

use super::spelling::Layer;

/// Pieces of a text, each with its place in the file.
///
/// A piece either stands in the file as it is, or is spelled there by other bytes, such as an escape; of those no part can
/// be pointed at. Bytes of the file between two pieces, such as indentation, are no part of the text.
///
/// ```
/// use trailql::Span;
/// use trailql::host::SpanMap;
///
/// let file = "pattern: { $.a = 1 }";
/// let map = SpanMap::verbatim(9, 11);
/// assert_eq!(map.to_source(Span::new(2, 5)).slice(file), "$.a");
/// assert_eq!(map.to_text(11), Some(2));
/// assert_eq!(map.to_text(3), None, "no part of the text");
/// ```
#[derive(Clone, Debug, Default)]
pub struct SpanMap {
    /// In order of the text.
    pieces: Vec<Piece>,
    /// The length of the text.
    length: usize,
    /// How pieces are spelled: the language that stands in the text's place first, the file last.
    spellings: Vec<Vec<Layer>>,
    /// The spelling of what is pushed.
    current: usize,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it begins in the text. It ends where the next begins.
    text: usize,
    source: Span,
    kind: Kind,
    /// Which of the spellings.
    spelling: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The same bytes.
    Verbatim,
    /// Other bytes that spell it.
    Escape,
    /// Bytes that stand for it, such as the name of a constant; not to be written over.
    Foreign,
    /// Bytes that stand for what only a deployment knows; not to be written over.
    Hole,
}

impl SpanMap {
    /// A text that stands in the file as it is, from this byte on.
    pub fn verbatim(start: usize, length: usize) -> Self {
        let mut map = SpanMap::default();
        map.push(length, Span::new(start, start + length), Kind::Verbatim);
        map
    }

    /// The next `length` bytes of the text, spelled as the ones before.
    pub(super) fn push(&mut self, length: usize, source: Span, kind: Kind) {
        if self.spellings.is_empty() {
            self.spellings.push(Vec::new());
        }
        let spelling = self.current;
        if let Some(last) = self.pieces.last_mut() {
            let continues = last.kind == Kind::Verbatim
                && kind == Kind::Verbatim
                && last.spelling == spelling
                && last.source.end == source.start
                && last.source.end - last.source.start == u32::try_from(self.length - last.text).unwrap_or(0);
            if continues {
                last.source.end = source.end;
                self.length += length;
                return;
            }
        }
        self.pieces.push(Piece { text: self.length, source, kind, spelling });
        self.length += length;
    }

    /// What is pushed from here on is spelled so.
    pub(super) fn spell(&mut self, layers: Vec<Layer>) {
        self.current = self.known(layers);
    }

    fn known(&mut self, layers: Vec<Layer>) -> usize {
        match self.spellings.iter().position(|known| *known == layers) {
            Some(index) => index,
            None => {
                self.spellings.push(layers);
                self.spellings.len() - 1
            }
        }
    }

    /// Every piece is spelled by `layer` within what spelled it so far.
    pub(super) fn within(&mut self, layer: Layer) {
        if self.spellings.is_empty() {
            self.spellings.push(Vec::new());
        }
        for layers in &mut self.spellings {
            layers.insert(0, layer);
        }
    }

    /// Another text behind this one.
    pub(super) fn append(&mut self, other: SpanMap) {
        let shift = self.length;
        let spellings: Vec<usize> = other.spellings.into_iter().map(|layers| self.known(layers)).collect();
        let moved = other.pieces.into_iter();
        self.pieces.extend(moved.map(|piece| Piece {
            text: piece.text + shift,
            spelling: spellings.get(piece.spelling).copied().unwrap_or_default(),
            ..piece
        }));
        self.length += other.length;
    }

    /// The map of a part of the text.
    pub(super) fn part(&self, start: usize, end: usize) -> SpanMap {
        let mut map =
            SpanMap { spellings: self.spellings.clone(), current: self.current, ..SpanMap::default() };
        let first = self.pieces.partition_point(|piece| piece.text < start).saturating_sub(1);
        let pieces = self.pieces.iter().enumerate().skip(first);
        for (index, piece) in pieces.take_while(|(_, piece)| piece.text <= end) {
            let piece_end = self.end_of(index);
            let (from, to) = (piece.text.max(start), piece_end.min(end));
            let is_in = from < to || (piece.text == piece_end && from == to && piece.text > start);
            if !is_in {
                continue;
            }
            let source = match piece.kind {
                Kind::Verbatim => {
                    let at = piece.source.range().start + (from - piece.text);
                    Span::new(at, at + (to - from))
                }
                _ => piece.source,
            };
            map.pieces.push(Piece { text: from - start, source, ..*piece });
        }
        map.length = end.saturating_sub(start);
        map
    }

    /// How the text is spelled at one of its bytes.
    pub(super) fn spelling_at(&self, offset: usize) -> Vec<Layer> {
        let piece = self.piece_at(offset).map(|(_, piece)| piece).or_else(|| self.pieces.last());
        let spelling = piece.map_or(self.current, |piece| piece.spelling);
        self.spellings.get(spelling).cloned().unwrap_or_default()
    }

    /// How many bytes the text has.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    fn end_of(&self, index: usize) -> usize {
        self.pieces.get(index + 1).map_or(self.length, |next| next.text)
    }

    /// The piece that has this byte of the text; the first that has any where there are several.
    fn piece_at(&self, offset: usize) -> Option<(usize, &Piece)> {
        let after = self.pieces.partition_point(|piece| piece.text <= offset);
        let (index, piece) = self
            .pieces
            .iter()
            .enumerate()
            .take(after)
            .rev()
            .find(|(index, _)| self.end_of(*index) > offset)?;
        (piece.text <= offset).then_some((index, piece))
    }

    /// Where some bytes of the text stand in the file. An empty span is the place where something could be put in.
    pub fn to_source(&self, span: Span) -> Span {
        let range = span.range();
        let start = self.start_of(range.start);
        if range.is_empty() { Span::at(start) } else { Span::new(start, self.end_behind(range.end)) }
    }

    /// The whole text's place in the file.
    pub fn source(&self) -> Span {
        let first = self.pieces.first().map(|piece| piece.source).unwrap_or_default();
        self.pieces.iter().fold(first, |all, piece| all.to(piece.source))
    }

    fn start_of(&self, offset: usize) -> usize {
        match self.piece_at(offset) {
            Some((_, piece)) => {
                let inside = if piece.kind == Kind::Verbatim { offset - piece.text } else { 0 };
                piece.source.range().start + inside
            }
            None => self.end_behind(self.length),
        }
    }

    /// Where the byte before this one ends in the file.
    fn end_behind(&self, offset: usize) -> usize {
        match self.piece_at(offset.min(self.length).saturating_sub(1)) {
            Some((_, piece)) if piece.kind == Kind::Verbatim => {
                piece.source.range().start + (offset.min(self.length) - piece.text)
            }
            Some((_, piece)) => piece.source.range().end,
            None => self.pieces.first().map_or(0, |piece| piece.source.range().start),
        }
    }

    /// Which byte of the text stands at this byte of the file; none where no part of it does. The end of the text belongs
    /// to it, so that a cursor may stand there.
    pub fn to_text(&self, offset: usize) -> Option<usize> {
        let holds = |piece: &&Piece| piece.source.range().contains(&offset);
        let found = self.pieces.iter().find(holds).or_else(|| {
            // A cursor behind the last byte of a run.
            self.pieces.iter().find(|piece| piece.source.range().end == offset)
        })?;
        let index = self.pieces.partition_point(|piece| piece.text <= found.text).saturating_sub(1);
        let end = self.end_of(index);
        Some(match found.kind {
            Kind::Verbatim => found.text + (offset - found.source.range().start),
            _ if offset >= found.source.range().end => end,
            _ => found.text,
        })
    }

    /// A finding about the text, as one about the file. A fix that cannot be written there is left out.
    pub fn lift(&self, finding: Diagnostic) -> Diagnostic {
        let labels = finding.labels.into_iter();
        Diagnostic {
            labels: labels.map(|label| Label { span: self.to_source(label.span), ..label }).collect(),
            fix: finding.fix.and_then(|fix| self.lift_fix(fix)),
            ..finding
        }
    }

    fn lift_fix(&self, fix: Fix) -> Option<Fix> {
        let edits = fix.edits.iter().map(|edit| self.written(edit.span, &edit.replacement));
        Some(Fix { edits: edits.collect::<Option<_>>()?, title: fix.title })
    }

    /// The edit of the file that puts `replacement` in place of some bytes of the text; none where the place cannot spell
    /// it, or holds something that is no part of the text.
    pub fn written(&self, span: Span, replacement: &str) -> Option<Edit> {
        let range = span.range();
        let spelling = self.writable(range.start, range.end)?;
        let place = Place { is_first: range.start == 0, is_last: range.end == self.length };
        let layers = self.spellings.get(spelling)?;
        let mut written = replacement.to_owned();
        for layer in layers {
            written = layer.spell(&written, place)?;
        }
        Some(Edit { span: self.to_source(span), replacement: written })
    }

    /// The one spelling of a part of the text that may be written over.
    fn writable(&self, start: usize, end: usize) -> Option<usize> {
        let is_touched = |index: usize, piece: &Piece| {
            let piece_end = self.end_of(index);
            if start == end {
                (piece.text..=piece_end).contains(&start)
            } else {
                piece.text < end && piece_end > start
                    || (piece.text == piece_end && start < piece.text && piece.text < end)
            }
        };
        let mut spelling = None;
        for (index, piece) in
            self.pieces.iter().enumerate().filter(|(index, piece)| is_touched(*index, piece))
        {
            let is_cut = piece.kind != Kind::Verbatim
                && ((piece.text < start && start < self.end_of(index))
                    || (piece.text < end && end < self.end_of(index)));
            if is_cut {
                return None;
            }
            let is_own = matches!(piece.kind, Kind::Verbatim | Kind::Escape);
            if !is_own && start == end {
                continue;
            }
            if !is_own {
                return None;
            }
            let layers = self.spellings.get(piece.spelling);
            match spelling {
                Some(known) if self.spellings.get(known) != layers => return None,
                _ => spelling = Some(piece.spelling),
            }
        }
        spelling
    }

    /// Whether a part of the text is, or touches, a hole.
    pub(super) fn touches_hole(&self, span: Span) -> bool {
        let range = span.range();
        self.pieces.iter().enumerate().any(|(index, piece)| {
            let end = self.end_of(index);
            piece.kind == Kind::Hole && piece.text <= range.end && end >= range.start
        })
    }
}

/// Where in a text something is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// At its beginning.
    pub(super) is_first: bool,
    /// At its end.
    pub(super) is_last: bool,
}
