//! What is printed of the events that match: text with context, JSON lines, explanations, or only their number.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::ops::ControlFlow;

use serde_json::{Map, Value, json};

use crate::eval::{Outcome, Seen};
use crate::events::{Batch, Judged, Problem, ProblemKind, RawEvent, Search, Source, Summary};
use crate::json::Slots;
use crate::{Explanation, LogEvent, Matcher};

use super::terminal::{BAD, FAINT, GOOD, NAME, Paint};

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    /// Nothing but numbers.
    Count,
    /// The messages, with so many before and behind each.
    Text { named: bool, before: usize, after: usize },
    /// One JSON object a line.
    Json { explain: bool },
    /// Every event with its explanation.
    Explained,
}

/// What was found in a part of a file.
#[derive(Default)]
pub(super) struct Found {
    /// How many events.
    pub(super) matched: u64,
    /// Printed as it is.
    text: Vec<u8>,
    /// Printed with the position in the file put in.
    numbered: Vec<Numbered>,
}

/// A text that wants the position of its event in the file, of which only the part within the unit is known.
struct Numbered {
    before: String,
    index_in_unit: u64,
    after: String,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.matched == 0 && self.text.is_empty() && self.numbered.is_empty()
    }

    /// Writes everything; `events_before` is the position of the unit's first event in its file.
    pub(super) fn write(&self, events_before: u64, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&self.text)?;
        for line in &self.numbered {
            writeln!(out, "{}{}{}", line.before, events_before + line.index_in_unit, line.after)?;
        }
        Ok(())
    }
}

/// Searches one unit and prepares what is printed of it.
pub(super) struct Worker<'m> {
    search: Search<'m>,
    /// What the search could not read; it keeps a bounded number of problems and counts the rest.
    unreadable: Summary,
    printer: Printer<'m>,
}

/// Turns events into what is printed.
struct Printer<'m> {
    matcher: &'m Matcher,
    output: Output,
    paint: Paint,
    inverted: bool,
    name: String,
    found: Found,
    context: Context,
    slots: Slots,
}

/// The events around those that are printed.
#[derive(Default)]
struct Context {
    /// The last events that were not printed.
    before: VecDeque<String>,
    /// How many more are printed behind the last match.
    after: usize,
    /// Whether something was printed already.
    printed: bool,
    /// Whether events were left out since.
    gap: bool,
}

impl<'m> Worker<'m> {
    pub(super) fn new(
        matcher: &'m Matcher,
        output: Output,
        paint: Paint,
        inverted: bool,
        source: &Source,
    ) -> Self {
        Worker {
            search: Search::new(matcher),
            unreadable: Summary::default(),
            printer: Printer {
                matcher,
                output,
                paint,
                inverted,
                name: source.to_string(),
                found: Found::default(),
                context: Context::default(),
                slots: Slots::new(),
            },
        }
    }

    /// Searches a batch and sends what was found in it.
    pub(super) fn batch(
        &mut self,
        batch: &Batch<'_>,
        source: &Source,
        send: &mut dyn FnMut(Found) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Worker { search, unreadable, printer } = self;
        let mut on_problem = |event: &RawEvent<'_>, kind: ProblemKind| {
            let place = Some(batch.place(event));
            unreadable.skip_event(Problem { source: source.clone(), place, kind });
        };
        if printer.needs_every_event() {
            search.each(batch, &mut |judged| printer.every(batch, &judged), &mut on_problem)?;
        } else {
            search.matches(batch, &mut |judged| printer.selected(batch, &judged), &mut on_problem)?;
        }
        let found = std::mem::take(&mut printer.found);
        if found.is_empty() { ControlFlow::Continue(()) } else { send(found) }
    }

    /// Adds what the search itself could not read to the summary of the reader.
    pub(super) fn finish(self, summary: &mut Summary) {
        summary.merge(self.unreadable);
        summary.problems.sort_by_key(|problem| problem.place);
    }
}

impl Printer<'_> {
    fn needs_every_event(&self) -> bool {
        let wants_context =
            matches!(self.output, Output::Text { before, after, .. } if (before, after) != (0, 0));
        let explains = matches!(self.output, Output::Explained | Output::Json { explain: true });
        self.inverted || wants_context || explains
    }

    /// Takes an event that may or may not match.
    fn every(&mut self, batch: &Batch<'_>, judged: &Judged<'_>) -> ControlFlow<()> {
        let explains = matches!(self.output, Output::Explained | Output::Json { explain: true });
        if judged.matched != self.inverted {
            return self.selected(batch, judged);
        }
        if explains {
            self.print(batch, judged);
        } else {
            self.pass(judged);
        }
        ControlFlow::Continue(())
    }

    /// Takes an event that is to be printed.
    fn selected(&mut self, batch: &Batch<'_>, judged: &Judged<'_>) -> ControlFlow<()> {
        self.found.matched += 1;
        self.print(batch, judged);
        ControlFlow::Continue(())
    }

    fn print(&mut self, batch: &Batch<'_>, judged: &Judged<'_>) {
        match self.output {
            Output::Count => {}
            Output::Text { named, before: 0, after: 0 } => self.line(named, ':', &judged.message),
            Output::Text { named, after, .. } => {
                if self.context.gap && self.context.printed {
                    self.found.text.extend(format!("{}\n", self.paint.paint(FAINT, "--")).into_bytes());
                }
                for earlier in std::mem::take(&mut self.context.before) {
                    self.line(named, '-', &earlier);
                }
                self.line(named, ':', &judged.message);
                self.context = Context { after, printed: true, ..Context::default() };
            }
            Output::Json { explain } => {
                let line = self.json(judged, explain);
                self.number(
                    batch,
                    judged,
                    format!("{{\"file\":{},\"index\":", Value::from(self.name.as_str())),
                    line,
                );
            }
            Output::Explained => {
                let explanation = self.matcher.explain(&LogEvent::new(&judged.message));
                self.number(
                    batch,
                    judged,
                    format!("{}, event ", self.paint.paint(NAME, &self.name)),
                    in_words(&explanation, self.paint),
                );
            }
        }
    }

    /// Takes an event that is not printed by itself: perhaps as context of others.
    fn pass(&mut self, judged: &Judged<'_>) {
        let Output::Text { named, before, .. } = self.output else { return };
        if self.context.after > 0 {
            self.context.after -= 1;
            self.line(named, '-', &judged.message);
            return;
        }
        self.context.before.push_back(judged.message.to_string());
        if self.context.before.len() > before {
            self.context.before.pop_front();
            self.context.gap = true;
        }
    }

    fn line(&mut self, named: bool, separator: char, message: &str) {
        if named {
            self.found.text.extend(format!("{}{separator}", self.paint.paint(NAME, &self.name)).into_bytes());
        }
        self.found.text.extend_from_slice(message.as_bytes());
        self.found.text.push(b'\n');
    }

    fn number(&mut self, batch: &Batch<'_>, judged: &Judged<'_>, before: String, after: String) {
        let index_in_unit = batch.first_index() + batch.index_of(&judged.event) as u64;
        self.found.numbered.push(Numbered { before, index_in_unit, after });
    }

    /// The members behind `index`.
    fn json(&mut self, judged: &Judged<'_>, explain: bool) -> String {
        let event = LogEvent::new(&judged.message);
        let timestamp = judged.event.open(&mut self.slots).ok().and_then(|opened| opened.timestamp);
        let extracted: Map<String, Value> = self
            .matcher
            .extract(&event)
            .unwrap_or_default()
            .into_iter()
            .map(|(name, value)| (name, Value::from(value)))
            .collect();
        let body = match crate::json::compact(&judged.message) {
            Some(compact) => format!("\"event\":{compact}"),
            None => format!("\"message\":{}", Value::from(&*judged.message)),
        };
        let explanation = if explain {
            format!(",\"explanation\":{}", explanation_json(&self.matcher.explain(&event)))
        } else {
            String::new()
        };
        let timestamp = timestamp.map_or(Value::Null, |time| Value::from(time.0));
        format!(",\"timestamp\":{timestamp},\"extracted\":{},{body}{explanation}}}", Value::Object(extracted))
    }
}

/// What comes behind the number of an event.
fn in_words(explanation: &Explanation, paint: Paint) -> String {
    let verdict = if explanation.matched { paint.paint(GOOD, "match") } else { paint.paint(BAD, "no match") };
    let mut text = format!(": {verdict}");
    match &explanation.outcome {
        Outcome::NotJsonObject(reason) => {
            text.push_str(&format!("\n    the message is not one JSON object: {reason}"))
        }
        Outcome::TooFewFields { needed, found } => {
            text.push_str(&format!("\n    the line has {found} fields, the pattern needs {needed}"));
        }
        Outcome::MatchAll => text.push_str("\n    the empty pattern matches every event"),
        _ => {}
    }
    for clause in &explanation.clauses {
        let mark = match (clause.held, &clause.seen) {
            (_, Seen::Ignored) => paint.paint(FAINT, "·"),
            (true, _) => paint.paint(GOOD, "✓"),
            (false, _) => paint.paint(BAD, "✗"),
        };
        text.push_str(&format!("\n  {mark} {clause}"));
    }
    text
}

fn explanation_json(explanation: &Explanation) -> Value {
    let outcome = match &explanation.outcome {
        Outcome::Evaluated => json!("evaluated"),
        Outcome::MatchAll => json!("match_all"),
        Outcome::NotJsonObject(reason) => json!({ "not_json_object": reason }),
        Outcome::TooFewFields { needed, found } => {
            json!({ "too_few_fields": { "needed": needed, "found": found } })
        }
    };
    let clauses: Vec<Value> = explanation
        .clauses
        .iter()
        .map(|clause| {
            json!({
                "clause": clause.clause,
                "held": clause.held,
                "seen": clause.seen.to_string(),
                "note": clause.note,
            })
        })
        .collect();
    json!({ "matched": explanation.matched, "outcome": outcome, "clauses": clauses })
}
