//! Framing of documents: the elements of arrays of records, in a stream of any length.

use std::ops::ControlFlow;

use memchr::{memchr2, memmem};

use super::batch::{Batch, Framing};
use super::lines::Consumer;
use super::members::{MemberWalk, Step};
use super::problem::{Expected, FrameFault};
use super::sniff::Shape;
use super::summary::Report;
use super::unwrap::Wrap;
use super::window::Window;
use super::{Place, ProblemKind};
use crate::Span;
use crate::json::ElementScanner;

/// How often an input is read again from the next record behind a cut one. Each time up to the length of one event is
/// read twice, so without a limit broken input could take quadratic time.
const MAX_RESTARTS: usize = 64;
/// How much of a document must be seen to know it as one, generously.
const LONGEST_DOCUMENT_START: usize = 32;

/// Cuts what a window shows into the elements of its arrays.
pub(super) struct DocumentFramer<'f> {
    shape: Shape,
    wrap: Wrap,
    max_event_bytes: usize,
    report: &'f mut Report,
    consume: &'f mut Consumer<'f>,
    state: State,
    /// How far the bytes shown have been looked at, from the first that is not consumed.
    searched: usize,
    /// Within an element too long to be kept.
    dropping: bool,
    /// A stretch of text between records has been reported, and no record has come since.
    stray: bool,
    gap: Gap,
    /// What came into a batch last held a `\u` escape, as far as it has been looked at and is not handed out.
    escapes: bool,
    restarts: usize,
    ends: Vec<usize>,
    spans: Vec<Span>,
    /// What was found in the block at hand, not yet in the order of the input.
    found: Vec<(Place, ProblemKind)>,
}

enum State {
    /// Between documents.
    Outside,
    /// In a root object, but not in its array of records.
    Members { walk: MemberWalk, start: u64, found: bool },
    /// In an array of records, or in a sequence of records that nothing encloses; within a root object if that is given.
    Inside { scanner: ElementScanner, root: Option<MemberWalk> },
}

impl<'f> DocumentFramer<'f> {
    pub(super) fn new(
        shape: Shape,
        max_event_bytes: usize,
        report: &'f mut Report,
        consume: &'f mut Consumer<'f>,
    ) -> Self {
        let (Shape::Documents { wrap, .. }
        | Shape::Arrays { wrap }
        | Shape::Sequence { wrap }
        | Shape::Lines { wrap, .. }) = shape;
        DocumentFramer {
            shape,
            wrap,
            max_event_bytes,
            report,
            consume,
            state: outermost(shape),
            searched: 0,
            dropping: false,
            stray: false,
            gap: Gap::default(),
            escapes: false,
            restarts: 0,
            ends: Vec::new(),
            spans: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Reads to the end of the window, or until the consumer breaks off.
    pub(super) fn run(&mut self, window: &mut Window<'_>) -> ControlFlow<()> {
        loop {
            while self.searched < window.bytes().len() {
                match self.state {
                    State::Outside => self.outside(window),
                    State::Members { .. } => self.members(window),
                    State::Inside { .. } => self.inside(window)?,
                }
            }
            if !window.more() && !self.finish(window) {
                return ControlFlow::Continue(());
            }
        }
    }

    fn outside(&mut self, window: &mut Window<'_>) {
        let bytes = window.bytes();
        let blank = bytes.len() - bytes.trim_ascii_start().len();
        let place = Place { offset: window.offset() + blank as u64, line: None };
        let (text, expected) = match self.shape {
            Shape::Documents { key, .. } => (bytes.get(blank..), Expected::ObjectWith(key)),
            _ => (bytes.get(blank..), Expected::Array),
        };
        let text = text.unwrap_or_default();
        let consumed = match (text.first(), expected) {
            (None, _) => blank,
            (Some(b'['), _) => {
                self.state = State::Inside { scanner: ElementScanner::new(), root: None };
                blank + 1
            }
            (Some(b'{'), Expected::ObjectWith(_)) => {
                self.state = State::Members { walk: MemberWalk::new(), start: place.offset, found: false };
                blank + 1
            }
            (Some(_), _) => {
                if !std::mem::replace(&mut self.stray, true) {
                    self.report.skip(place, ProblemKind::UnexpectedText { expected });
                }
                let next = match expected {
                    Expected::Array => memchr::memchr(b'[', text),
                    _ => memchr2(b'{', b'[', text),
                };
                blank + next.unwrap_or(text.len())
            }
        };
        if !matches!(self.state, State::Outside) {
            self.stray = false;
        }
        window.consume(consumed);
        self.searched = 0;
    }

    fn members(&mut self, window: &mut Window<'_>) {
        let State::Members { walk, start, found } = &mut self.state else { return };
        let key = match self.shape {
            Shape::Documents { key, .. } => key,
            _ => "",
        };
        let bytes = window.bytes();
        for (at, &byte) in bytes.iter().enumerate() {
            match walk.step(byte) {
                Step::Value if byte == b'[' && walk.key() == key.as_bytes() => {
                    let root = Some(walk.clone());
                    self.state = State::Inside { scanner: ElementScanner::new(), root };
                    self.searched = 0;
                    return window.consume(at + 1);
                }
                Step::End => {
                    if !*found {
                        let place = Place { offset: *start, line: None };
                        let expected = Expected::ObjectWith(key);
                        self.report.skip(place, ProblemKind::UnexpectedText { expected });
                    }
                    self.state = State::Outside;
                    self.searched = 0;
                    return window.consume(at + 1);
                }
                _ => {}
            }
        }
        self.searched = 0;
        window.consume(bytes.len());
    }

    fn inside(&mut self, window: &mut Window<'_>) -> ControlFlow<()> {
        let State::Inside { scanner, .. } = &mut self.state else { return ControlFlow::Continue(()) };
        let bytes = window.bytes();
        self.ends.clear();
        let fresh = bytes.get(self.searched..).unwrap_or_default();
        let close = scanner.scan(fresh, &mut self.ends).map(|at| at + self.searched);
        let escapes = scanner.take_unicode_escape();
        self.escapes |= escapes;

        self.spans.clear();
        let mut start = 0;
        let mut left_early = None;
        for index in 0..self.ends.len() {
            let end = self.searched + self.ends.get(index).copied().unwrap_or_default();
            let element = bytes.get(start..end).unwrap_or_default();
            match self.element(element, window.offset() + start as u64) {
                Element::Record { skip } => self.spans.push(Span::new(start + skip, end)),
                Element::Skipped => {}
                Element::Cut { next } => {
                    let next = start + next;
                    left_early = Some((next, self.after_cut(bytes.get(next..).unwrap_or_default())));
                    break;
                }
                Element::ArrayEnd => {
                    left_early = Some((end, self.behind_array()));
                    break;
                }
            }
            start = end;
        }
        let mut flow = ControlFlow::Continue(());
        if !self.spans.is_empty() {
            flow = self.hand_out(window);
            self.escapes = escapes;
        }
        self.report_found();
        flow?;

        if let Some((from, state)) = left_early {
            self.state = state;
            (self.searched, self.escapes, self.gap) = (0, false, Gap::default());
            window.consume(from);
            return ControlFlow::Continue(());
        }
        match close {
            Some(close) => self.close(window, start, close),
            None => self.carry_over(window, start),
        }
        ControlFlow::Continue(())
    }

    /// Looks at an element with what stands before it, of which the last byte closes a bracket.
    fn element(&mut self, text: &[u8], offset: u64) -> Element {
        let stray_before = std::mem::take(&mut self.stray);
        let mut gap = std::mem::take(&mut self.gap);
        if std::mem::take(&mut self.dropping) {
            return Element::Skipped;
        }
        let mut skip = gap.leading_separators(text);
        let place = |skip: usize| Place { offset: offset + skip as u64, line: None };
        if gap.in_string || gap.escaping || text.get(skip) != Some(&b'{') {
            if !stray_before {
                let fault = FrameFault::NoOpeningBrace;
                self.found.push((place(skip), ProblemKind::BrokenRecord { fault }));
            }
            skip += gap.first_bracket(text.get(skip..).unwrap_or_default());
        }
        let record = text.get(skip..).unwrap_or_default();
        let is_object = record.starts_with(b"{");
        if record.len() > self.max_event_bytes {
            return match self.too_long(record, place(skip), !is_object) {
                Some(next) => Element::Cut { next: skip + next },
                None => Element::Skipped,
            };
        }
        if !is_object {
            return Element::Skipped;
        }
        if self.begins_document(record) && self.may_restart() {
            self.found.push((place(skip), ProblemKind::UnclosedDocument));
            return Element::Cut { next: skip };
        }
        if record.ends_with(b"}") {
            return Element::Record { skip };
        }
        // A brace is missing, and the bracket that closes the array stands in for it.
        self.found.push((place(skip), ProblemKind::BrokenRecord { fault: FrameFault::Unfinished }));
        if self.may_restart() { Element::ArrayEnd } else { Element::Skipped }
    }

    fn hand_out(&mut self, window: &Window<'_>) -> ControlFlow<()> {
        let (Some(first), Some(last)) = (self.spans.first(), self.spans.last()) else {
            return ControlFlow::Continue(());
        };
        let from = first.range().start;
        let region = window.bytes().get(from..last.range().end).unwrap_or_default();
        for span in &mut self.spans {
            *span = Span::new(span.range().start - from, span.range().end - from);
        }
        let offset = window.offset() + from as u64;
        let mut batch = Batch {
            text: "",
            framing: Framing::Spans(&self.spans),
            wrap: self.wrap,
            holds_records: self.wrap != Wrap::CwlMessage,
            count: self.spans.len(),
            offset,
            first_index: self.report.summary.events,
            first_line: None,
            free_of_unicode_escapes: !self.escapes,
        };
        if let Ok(text) = simdutf8::basic::from_utf8(region) {
            self.report.summary.events += self.spans.len() as u64;
            return (self.consume)(&Batch { text, ..batch });
        }
        for span in &self.spans {
            match str::from_utf8(region.get(span.range()).unwrap_or_default()) {
                Ok(text) => {
                    let whole = [Span::new(0, text.len())];
                    batch.first_index = self.report.summary.events;
                    batch.offset = offset + span.range().start as u64;
                    self.report.summary.events += 1;
                    (self.consume)(&Batch { text, framing: Framing::Spans(&whole), count: 1, ..batch })?;
                }
                Err(_) => {
                    let place = Place { offset: offset + span.range().start as u64, line: None };
                    self.found.push((place, ProblemKind::NotUtf8));
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// The array ends at `close`, and its last element at `start`.
    fn close(&mut self, window: &mut Window<'_>, start: usize, close: usize) {
        self.report_stray(window, start, close);
        let in_sequence = matches!(self.shape, Shape::Sequence { .. });
        if in_sequence {
            let place = Place { offset: window.offset() + close as u64, line: None };
            self.report.skip(place, ProblemKind::UnexpectedText { expected: Expected::Record });
        }
        self.state = self.behind_array();
        (self.stray, self.gap) = (false, Gap::default());
        (self.dropping, self.escapes, self.searched) = (false, false, 0);
        window.consume(close + 1);
    }

    /// Keeps the element that has begun at `start` or behind it and is not whole yet, and nothing else.
    fn carry_over(&mut self, window: &mut Window<'_>, start: usize) {
        let State::Inside { scanner, .. } = &self.state else { return };
        let rest = window.bytes().get(start..).unwrap_or_default();
        let mut passed = rest.len();
        if scanner.depth() == 0 {
            self.report_stray(window, start, start + rest.len());
            self.gap.first_bracket(rest);
        } else if !self.dropping {
            passed = self.gap.leading_separators(rest);
            let text = rest.get(passed..).unwrap_or_default();
            let bracket = std::mem::take(&mut self.gap).first_bracket(text);
            if bracket > 0 {
                self.report_stray(window, start, start + passed + bracket);
            }
            passed += bracket;
            let record = rest.get(passed..).unwrap_or_default();
            if record.len() > self.max_event_bytes {
                let place = Place { offset: window.offset() + (start + passed) as u64, line: None };
                let next = self.too_long(record, place, self.stray && !record.starts_with(b"{"));
                self.report_found();
                if let Some(next) = next {
                    return self.restart(window, start + passed + next);
                }
                self.dropping = true;
                passed = rest.len();
            }
        }
        self.searched = rest.len() - passed;
        window.consume(start + passed);
    }

    fn report_found(&mut self) {
        self.found.sort_by_key(|&(place, _)| place);
        for (place, kind) in self.found.drain(..) {
            match kind {
                ProblemKind::UnclosedDocument => self.report.problem(Some(place), kind),
                _ => self.report.skip(place, kind),
            }
        }
    }

    /// Reports what is neither record nor separator, once up to the next record.
    fn report_stray(&mut self, window: &Window<'_>, from: usize, to: usize) {
        let text = window.bytes().get(from..to).unwrap_or_default();
        let skip = leading_separators(text);
        if skip < text.len() && !self.dropping && !std::mem::replace(&mut self.stray, true) {
            let place = Place { offset: window.offset() + (from + skip) as u64, line: None };
            self.report.skip(place, ProblemKind::BrokenRecord { fault: FrameFault::NoOpeningBrace });
        }
    }

    /// At the end of the window: whether there is something to be read again.
    fn finish(&mut self, window: &mut Window<'_>) -> bool {
        let rest = window.bytes();
        let skip = leading_separators(rest);
        let place = Place { offset: window.offset() + skip as u64, line: None };
        let cut_record = skip < rest.len();
        if window.is_cut() {
            self.report.summary.skipped += u64::from(cut_record);
        } else if cut_record {
            self.report.skip(place, ProblemKind::BrokenRecord { fault: FrameFault::Unfinished });
            if let Some(next) = next_record(rest.get(skip..).unwrap_or_default())
                && self.may_restart()
            {
                self.restart(window, skip + next);
                return true;
            }
        } else if !self.dropping
            && !matches!((&self.state, self.shape), (State::Outside, _) | (_, Shape::Sequence { .. }))
        {
            self.report.problem(Some(place), ProblemKind::UnclosedDocument);
        }
        window.consume(window.bytes().len());
        false
    }

    /// Reports a record longer than an event may be, unless it was reported for being none. If another record, or a
    /// document, begins on a line within that length, it was cut, and that is where to go on.
    fn too_long(&mut self, record: &[u8], place: Place, reported: bool) -> Option<usize> {
        let looked_at = record.get(..self.max_event_bytes - LONGEST_DOCUMENT_START).unwrap_or_default();
        let next = next_record(looked_at).filter(|_| self.may_restart());
        let kind = match next {
            _ if !record.starts_with(b"{") => ProblemKind::BrokenRecord { fault: FrameFault::NoOpeningBrace },
            Some(_) => ProblemKind::BrokenRecord { fault: FrameFault::Unfinished },
            None => ProblemKind::TooLong { limit: self.max_event_bytes as u64 },
        };
        if !reported {
            self.found.push((place, kind));
        }
        next
    }

    /// Goes on at `next`, where a record or a document begins behind one that was cut.
    fn restart(&mut self, window: &mut Window<'_>, next: usize) {
        self.state = self.after_cut(window.bytes().get(next..).unwrap_or_default());
        self.searched = 0;
        window.consume(next);
    }

    fn after_cut(&self, text: &[u8]) -> State {
        match &self.state {
            State::Inside { root, .. } if !self.begins_document(text) => {
                State::Inside { scanner: ElementScanner::new(), root: root.clone() }
            }
            _ => State::Outside,
        }
    }

    /// Whether to read again from the middle of what has been scanned.
    fn may_restart(&mut self) -> bool {
        self.restarts += 1;
        self.restarts <= MAX_RESTARTS
    }

    /// Whether `text`, in the place of a record, is a new document: one with the member that holds the records first.
    fn begins_document(&self, text: &[u8]) -> bool {
        let Shape::Documents { key, .. } = self.shape else { return false };
        let member = text.strip_prefix(b"{").unwrap_or_default().trim_ascii_start();
        let rest = member.strip_prefix(b"\"").and_then(|rest| rest.strip_prefix(key.as_bytes()));
        rest.is_some_and(|rest| rest.starts_with(b"\""))
    }

    fn behind_array(&mut self) -> State {
        match &mut self.state {
            State::Inside { root: Some(walk), .. } => {
                walk.array_was_read();
                State::Members { walk: walk.clone(), start: 0, found: true }
            }
            _ => outermost(self.shape),
        }
    }
}

/// What stands where an element should be.
enum Element {
    /// A record, behind so many bytes.
    Record { skip: usize },
    /// Nothing to hand out; the reason was reported.
    Skipped,
    /// Something cut; so many bytes on, a record or a document begins.
    Cut { next: usize },
    /// A broken record that has taken the array's own bracket.
    ArrayEnd,
}

fn outermost(shape: Shape) -> State {
    match shape {
        Shape::Sequence { .. } => State::Inside { scanner: ElementScanner::new(), root: None },
        _ => State::Outside,
    }
}

/// Offset of the next `{` that begins a line.
fn next_record(text: &[u8]) -> Option<usize> {
    memmem::find(text, b"\n{").map(|at| at + 1)
}

fn leading_separators(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',')).count()
}

/// Text between records that is not only separators, read piece by piece.
#[derive(Clone, Copy, Debug, Default)]
struct Gap {
    in_string: bool,
    escaping: bool,
}

impl Gap {
    fn leading_separators(self, text: &[u8]) -> usize {
        if self.in_string || self.escaping { 0 } else { leading_separators(text) }
    }

    /// Offset of the first opening bracket outside of strings, or the length. As to the [`ElementScanner`], a backslash
    /// hides a quote, and never a bracket.
    fn first_bracket(&mut self, text: &[u8]) -> usize {
        let bracket = text.iter().position(|&byte| {
            let escaped = std::mem::take(&mut self.escaping);
            match byte {
                b'{' | b'[' => return !self.in_string,
                b'"' if !escaped => self.in_string = !self.in_string,
                b'\\' => self.escaping = !escaped,
                _ => {}
            }
            false
        });
        bracket.unwrap_or(text.len())
    }
}
