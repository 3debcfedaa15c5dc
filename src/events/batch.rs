//! A block of whole events, and the events in it.

use super::unwrap::Wrap;
use super::{Place, RawEvent};
use crate::Span;

/// A block of whole events, as raw text, in the order of the input.
///
/// The text is UTF-8 and can be searched as one piece: a consumer that knows which literal a matching event must hold
/// searches [`text`](Self::text), finds the event around a hit with [`cursor`](Self::cursor), and never looks at the
/// others. Everyone else goes through [`events`](Self::events).
#[derive(Clone, Copy, Debug)]
pub struct Batch<'b> {
    pub(super) text: &'b str,
    pub(super) framing: Framing<'b>,
    pub(super) wrap: Wrap,
    pub(super) holds_records: bool,
    pub(super) count: usize,
    pub(super) offset: u64,
    pub(super) first_index: u64,
    pub(super) first_line: Option<u64>,
    pub(super) free_of_unicode_escapes: bool,
}

/// Where the events of a batch stand in its text.
#[derive(Clone, Copy, Debug)]
pub enum Framing<'b> {
    /// Each line is an event; where lines hold JSON, no line of the batch is blank. The last may lack its line feed.
    Lines,
    /// These spans are the events; between them stand commas, white space and text that was skipped.
    Spans(&'b [Span]),
}

impl<'b> Batch<'b> {
    /// A block of text that is in memory already, an event a line, each of them a bare record.
    ///
    /// ```
    /// use trailql::events::Batch;
    ///
    /// assert_eq!(Batch::of_lines("{\"a\":1}\n{\"a\":2}\n").event_count(), 2);
    /// ```
    pub fn of_lines(text: &'b str) -> Self {
        let feeds = memchr::memchr_iter(b'\n', text.as_bytes()).count();
        let unfinished = usize::from(!text.is_empty() && !text.ends_with('\n'));
        Batch {
            text,
            framing: Framing::Lines,
            wrap: Wrap::Bare,
            holds_records: true,
            count: feeds + unfinished,
            offset: 0,
            first_index: 0,
            first_line: Some(1),
            free_of_unicode_escapes: false,
        }
    }

    /// The events, and in the framing of spans what stands between them.
    pub fn text(&self) -> &'b str {
        self.text
    }

    /// Where the events stand.
    pub fn framing(&self) -> Framing<'b> {
        self.framing
    }

    /// How to get from an event to its message; the same for every event of a unit.
    pub fn wrap(&self) -> Wrap {
        self.wrap
    }

    /// Whether the form promises that every message is a CloudTrail record, that is one JSON object.
    pub fn holds_records(&self) -> bool {
        self.holds_records
    }

    /// How many events there are, which is known without looking at them.
    pub fn event_count(&self) -> usize {
        self.count
    }

    /// Index within the unit of the first event.
    pub fn first_index(&self) -> u64 {
        self.first_index
    }

    /// Whether it is certain that no string in [`text`](Self::text) holds a `\u` escape. `false` says nothing: in the
    /// framing of lines nobody has looked.
    pub fn is_free_of_unicode_escapes(&self) -> bool {
        self.free_of_unicode_escapes
    }

    /// Zero-based index of an event of this batch. Lines found by a cursor are counted when this is asked, and only
    /// then.
    pub fn index_of(&self, event: &RawEvent<'_>) -> usize {
        event.known_index().unwrap_or_else(|| {
            let before = self.text.as_bytes().get(..event.start()).unwrap_or_default();
            memchr::memchr_iter(b'\n', before).count()
        })
    }

    /// Where an event of this batch stands in its input. In a unit that is a byte range, the line counts from the start
    /// of the range.
    pub fn place(&self, event: &RawEvent<'_>) -> Place {
        Place {
            offset: self.offset + event.start() as u64,
            line: self.first_line.map(|line| line + self.index_of(event) as u64),
        }
    }

    /// Offset of an event of this batch in its input, decompressed.
    pub fn offset_of(&self, event: &RawEvent<'_>) -> u64 {
        self.offset + event.start() as u64
    }

    /// Every event, in order.
    pub fn events(&self) -> impl Iterator<Item = RawEvent<'b>> + use<'b> {
        let (text, wrap) = (self.text, self.wrap);
        let (lines, spans) = match self.framing {
            Framing::Lines => (Some(Lines { text, start: 0 }), None),
            Framing::Spans(spans) => {
                (None, Some(spans.iter().map(move |span| (span.range().start, span.slice(text)))))
            }
        };
        let events = lines.into_iter().flatten().chain(spans.into_iter().flatten());
        events.enumerate().map(move |(index, (start, text))| RawEvent::new(text, wrap, Some(index), start))
    }

    /// A cursor before the first event, for hits of a search that come in ascending order.
    pub fn cursor(&self) -> EventCursor<'b> {
        EventCursor { batch: *self, start: 0, span: 0 }
    }
}

/// Finds the event around an offset, for offsets that never go back.
///
/// ```
/// use std::ops::ControlFlow;
/// use trailql::events::{InputForm, ReadOptions, Source, UnitReader};
///
/// let log = "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n";
/// let mut found = Vec::new();
/// let mut reader = UnitReader::new(ReadOptions { form: InputForm::Ndjson, ..ReadOptions::default() });
/// reader.read_stream(Source::Stream, &mut log.as_bytes(), &mut |batch| {
///     let mut cursor = batch.cursor();
///     let hit = batch.text().find("\"n\":3").unwrap();
///     let event = cursor.event_around(hit).unwrap();
///     found.push((batch.index_of(&event), event.raw().to_owned()));
///     ControlFlow::Continue(())
/// });
/// assert_eq!(found, [(2, r#"{"n":3}"#.to_owned())]);
/// ```
#[derive(Clone, Debug)]
pub struct EventCursor<'b> {
    batch: Batch<'b>,
    /// In lines: where the last line that was asked for starts.
    start: usize,
    /// In spans: the last one that was asked for.
    span: usize,
}

impl<'b> EventCursor<'b> {
    /// The event that holds the byte at `offset` of the batch's text, its line feed included; `None` between spans,
    /// past the end, and before an event given already.
    pub fn event_around(&mut self, offset: usize) -> Option<RawEvent<'b>> {
        match self.batch.framing {
            Framing::Lines => self.line_around(offset),
            Framing::Spans(spans) => self.span_around(spans, offset),
        }
    }

    fn line_around(&mut self, offset: usize) -> Option<RawEvent<'b>> {
        let text = self.batch.text;
        if offset >= text.len() {
            return None;
        }
        let passed = text.as_bytes().get(self.start..offset)?;
        if let Some(last) = memchr::memrchr(b'\n', passed) {
            self.start += last + 1;
        }
        let (start, line) = Lines { text, start: self.start }.next()?;
        Some(RawEvent::new(line, self.batch.wrap, None, start))
    }

    fn span_around(&mut self, spans: &'b [Span], offset: usize) -> Option<RawEvent<'b>> {
        let rest = spans.get(self.span..)?;
        self.span += rest.iter().take_while(|span| span.range().end <= offset).count();
        let span = spans.get(self.span).filter(|span| span.range().start <= offset)?;
        Some(RawEvent::new(span.slice(self.batch.text), self.batch.wrap, Some(self.span), span.range().start))
    }
}

/// Lines without their line end, `\n` or `\r\n`, and where they start.
struct Lines<'b> {
    text: &'b str,
    start: usize,
}

impl<'b> Iterator for Lines<'b> {
    type Item = (usize, &'b str);

    fn next(&mut self) -> Option<(usize, &'b str)> {
        let start = self.start;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        self.start = start + length + 1;
        let line = rest.get(..length)?;
        Some((start, line.strip_suffix('\r').unwrap_or(line)))
    }
}
