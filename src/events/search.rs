//! The events of a batch that a filter pattern selects.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::{Batch, ProblemKind, RawEvent, Wrap};
use crate::LogEvent;
use crate::eval::{Matcher, Prefilter, PrefilterState, Scratch};

/// A search through batches: it remembers from one to the next what searching ahead was worth.
///
/// ```
/// use std::ops::ControlFlow;
/// use trailql::events::{InputForm, ReadOptions, Search, Source, UnitReader};
/// use trailql::{FilterPattern, Limits};
///
/// let matcher = "{ $.a = x }".parse::<FilterPattern>()?.compile(&Limits::default())?;
/// let mut search = Search::new(&matcher);
/// let mut found = 0;
/// let mut input: &[u8] = b"{\"a\":\"x\"}\n{\"a\":\"y\"}\n";
/// let options = ReadOptions { form: InputForm::Ndjson, ..ReadOptions::default() };
/// UnitReader::new(options).read_stream(Source::Stream, &mut input, &mut |batch| {
///     search.matches(batch, &mut |_| { found += 1; ControlFlow::Continue(()) }, &mut |_, _| {})
/// });
/// assert_eq!(found, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Search<'m> {
    matcher: &'m Matcher,
    scratch: Scratch,
    ahead: Ahead<'m>,
}

/// A search ahead for the events that are worth looking at; it remembers what that was worth.
#[derive(Debug)]
pub(super) struct Ahead<'p> {
    /// For messages that stand in the text as they are.
    direct: Option<&'p Prefilter>,
    /// For messages in JSON strings.
    in_string: Option<&'p Prefilter>,
    of_direct: PrefilterState,
    of_strings: PrefilterState,
}

impl<'p> Ahead<'p> {
    pub(super) fn new(direct: Option<&'p Prefilter>, in_string: Option<&'p Prefilter>) -> Self {
        Ahead {
            direct,
            in_string,
            of_direct: PrefilterState::default(),
            of_strings: PrefilterState::default(),
        }
    }

    /// Hands out the events of a batch that may matter, in order.
    pub(super) fn candidates<'b>(
        &mut self,
        batch: &Batch<'b>,
        on_event: &mut dyn FnMut(RawEvent<'b>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (prefilter, state) = match batch.wrap() {
            Wrap::Bare | Wrap::Detail => (self.direct, &mut self.of_direct),
            Wrap::CwlMessage | Wrap::LookupRecord => (self.in_string, &mut self.of_strings),
        };
        let escapes = !batch.is_free_of_unicode_escapes();
        let ahead = prefilter.and_then(|prefilter| prefilter.candidates(state, batch.text(), escapes));
        let Some(mut candidates) = ahead else { return batch.events().try_for_each(on_event) };
        let mut cursor = batch.cursor();
        let (mut from, mut looked_at) = (0, 0);
        while let Some(at) = candidates.next_from(from) {
            match cursor.event_around(at) {
                // Between two events, or in what is left of one that was skipped.
                None => from = at + 1,
                Some(event) => {
                    looked_at += 1;
                    from = (event.start() + event.raw().len()).max(at + 1);
                    on_event(event)?;
                }
            }
        }
        state.observe(batch.event_count(), looked_at);
        ControlFlow::Continue(())
    }
}

/// An event that was looked at.
#[derive(Clone, Debug)]
pub struct Judged<'b> {
    /// The event as it stands in the input.
    pub event: RawEvent<'b>,
    /// Its message.
    pub message: Cow<'b, str>,
    /// Whether the pattern selects it.
    pub matched: bool,
}

impl<'m> Search<'m> {
    /// A search for the events that `matcher` selects.
    pub fn new(matcher: &'m Matcher) -> Self {
        Search {
            matcher,
            scratch: Scratch::new(),
            ahead: Ahead::new(matcher.prefilter(), matcher.string_prefilter()),
        }
    }

    /// Hands out the matching events of a batch in order; `Break` as soon as `on_match` breaks.
    ///
    /// An event that is looked at and turns out not to be what its form promises goes to `on_problem`. Where a search
    /// ahead proves that an event cannot match, the event is not looked at.
    pub fn matches<'b>(
        &mut self,
        batch: &Batch<'b>,
        on_match: &mut dyn FnMut(Judged<'b>) -> ControlFlow<()>,
        on_problem: &mut dyn FnMut(&RawEvent<'b>, ProblemKind),
    ) -> ControlFlow<()> {
        let (matcher, scratch) = (self.matcher, &mut self.scratch);
        self.ahead.candidates(batch, &mut |event| match judge(matcher, scratch, batch, event) {
            Ok(judged) if judged.matched => on_match(judged),
            Ok(_) => ControlFlow::Continue(()),
            Err(problem) => {
                on_problem(&event, problem);
                ControlFlow::Continue(())
            }
        })
    }

    /// Hands out every event of a batch in order, whether it matches or not.
    pub fn each<'b>(
        &mut self,
        batch: &Batch<'b>,
        on_event: &mut dyn FnMut(Judged<'b>) -> ControlFlow<()>,
        on_problem: &mut dyn FnMut(&RawEvent<'b>, ProblemKind),
    ) -> ControlFlow<()> {
        batch.events().try_for_each(|event| match judge(self.matcher, &mut self.scratch, batch, event) {
            Ok(judged) => on_event(judged),
            Err(problem) => {
                on_problem(&event, problem);
                ControlFlow::Continue(())
            }
        })
    }
}

fn judge<'b>(
    matcher: &Matcher,
    scratch: &mut Scratch,
    batch: &Batch<'b>,
    event: RawEvent<'b>,
) -> Result<Judged<'b>, ProblemKind> {
    let message = event.message()?;
    let matched = match matcher.evaluate(scratch, &LogEvent::new(&message)) {
        Ok(matched) => matched,
        // Plain text is no fault, and neither is a log event whose message is not JSON.
        Err(_) if !batch.holds_records() => false,
        Err(fault) => return Err(ProblemKind::MalformedRecord { fault: fault.to_string() }),
    };
    Ok(Judged { event, message, matched })
}
