//! Events one by one out of any reader: the simple way in for programs.

use std::io::Read;
use std::ops::ControlFlow;

use super::{InputForm, Problem, ReadOptions, Source, Summary, UnitReader};
use crate::LogEvent;
use crate::json::Slots;

/// Reads log events from a reader, whatever form they have and whether compressed or not.
///
/// Nothing is read before [`for_each`](Self::for_each) is called, and memory stays bounded however long the input is.
/// For speed, work on batches with [`UnitReader`] instead.
///
/// ```
/// use trailql::events::{EventReader, InputForm};
///
/// let envelopes = concat!(
///     r#"{"detail-type":"AWS API Call via CloudTrail","time":"2024-09-02T04:07:00Z","detail":{"eventName":"GetObject"}}"#,
///     "\n",
///     r#"{"detail-type":"AWS API Call via CloudTrail","time":"2024-09-02T04:07:01Z","deta"#,
/// );
/// let mut seen = Vec::new();
/// let summary = EventReader::new(envelopes.as_bytes(), InputForm::Auto).for_each(|event| {
///     seen.push((event.message().to_owned(), event.timestamp().map(|time| time.0)));
/// });
/// assert_eq!(seen, [(r#"{"eventName":"GetObject"}"#.to_owned(), Some(1_725_250_020_000))]);
/// assert_eq!((summary.events, summary.skipped), (1, 1));
/// assert_eq!(
///     summary.problems[0].to_string(),
///     "<stream>, line 2, byte 111: broken record, skipped: it does not end with `}`",
/// );
/// ```
#[derive(Debug)]
pub struct EventReader<R> {
    input: R,
    options: ReadOptions,
}

impl<R: Read> EventReader<R> {
    /// A reader of `input`, which holds `form`.
    pub fn new(input: R, form: InputForm) -> Self {
        EventReader { input, options: ReadOptions { form, ..ReadOptions::default() } }
    }

    /// Reads to the end and calls `act` with each event in turn. The summary says what was read and what was not.
    pub fn for_each(self, mut act: impl FnMut(LogEvent<'_>)) -> Summary {
        self.try_for_each(|event| {
            act(event);
            ControlFlow::Continue(())
        })
    }

    /// The same, until `act` breaks off.
    pub fn try_for_each(mut self, mut act: impl FnMut(LogEvent<'_>) -> ControlFlow<()>) -> Summary {
        let mut slots = Slots::new();
        let mut unopened = Summary::default();
        let mut reader = UnitReader::new(self.options);
        let mut summary = reader.read_stream(Source::Stream, &mut self.input, &mut |batch| {
            for event in batch.events() {
                match event.open(&mut slots) {
                    Ok(opened) => {
                        let event = LogEvent::new(&opened.message);
                        act(opened.timestamp.map_or(event, |time| event.at(time)))?;
                    }
                    Err(kind) => {
                        let place = Some(batch.place(&event));
                        unopened.skip_event(Problem { source: Source::Stream, place, kind });
                    }
                }
            }
            ControlFlow::Continue(())
        });
        summary.events -= unopened.skipped;
        summary.merge(unopened);
        summary.problems.sort_by_key(|problem| problem.place);
        summary
    }
}
