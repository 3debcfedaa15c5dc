//! The streaming part of a plan: one event after the other, until something must see them all.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::budget::{Budget, Share};
use super::evaluate::Context;
use super::groups::Groups;
use super::patterns::PatternBuilder;
use super::ranked::{Keep, Ranked};
use super::record::{Loader, Loading, LogRecord, discover, json_text, value_of};
use super::relevance::RelevanceBuilder;
use super::rows::elements::{expand_values, unnest_values};
use super::rows::{Row, footprint};
use super::run::RunError;
use super::text::{csv_values, logfmt};
use crate::EpochMillis;
use crate::json::NotAnObject;
use crate::plan::logs::{InputField, LogsPlan, Op, Reg, RelevantFields, SortKey, Stats};
use crate::plan::requirement::Requirement;
use crate::values::Value;

/// One run over the events of a window: what its workers share.
#[derive(Debug)]
pub struct Pass<'p> {
    pub(crate) plan: &'p LogsPlan,
    pub(crate) context: &'p Context,
    pub(crate) window: Option<(EpochMillis, EpochMillis)>,
    pub(crate) budget: &'p Budget,
}

/// What the streaming part ends in.
#[derive(Clone, Debug)]
pub(crate) enum Sink<'p> {
    Groups(&'p Stats),
    Ranked(&'p [SortKey], Keep<'p>),
    /// Any so many rows.
    Any(usize),
    All,
    Patterns(&'p crate::plan::logs::Node),
    Relevance(&'p RelevantFields),
    Bytes,
}

/// What has been gathered of a part of the input, by the sink's kind.
#[derive(Debug)]
pub(crate) enum Gathered {
    Groups(Box<Groups>),
    Ranked(Box<Ranked>),
    Rows(Rows),
    Patterns(Box<PatternBuilder>, Share),
    Relevance(Box<RelevanceBuilder>, Share),
    Bytes(u64),
}

/// Rows as they come.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<Row>,
    bytes: usize,
    share: Share,
}

/// What a part of the input gave. Parts are merged in the order of the input.
#[derive(Debug)]
pub struct Part {
    pub(crate) gathered: Gathered,
    pub(crate) matched: u64,
}

const ROWS: &str = "the rows of a command that needs them all";

impl LogsPlan {
    /// What the streaming steps end in, and whether that takes the place of the step behind them.
    pub(crate) fn sink(&self) -> (Sink<'_>, bool) {
        let behind = self.ops.get(self.streaming..).unwrap_or_default();
        let sink = match behind.first() {
            Some(Op::Stats(stats)) => Sink::Groups(stats),
            Some(Op::Sort(keys)) => {
                let next = behind.iter().skip(1).find(|op| !op.keeps_rows());
                let keep = match (behind.get(1), next) {
                    (Some(Op::Dedup(nodes)), _) => Keep::FirstOfEach(nodes),
                    (_, Some(Op::Limit(rows))) => Keep::First(usize::try_from(*rows).unwrap_or(usize::MAX)),
                    _ => Keep::All,
                };
                Sink::Ranked(keys, keep)
            }
            Some(Op::LimitAny(rows)) => Sink::Any(usize::try_from(*rows).unwrap_or(usize::MAX)),
            Some(Op::Pattern(pattern)) => Sink::Patterns(&pattern.source),
            Some(Op::RelevantFields(relevant)) => Sink::Relevance(relevant),
            Some(Op::Estimate { .. }) => Sink::Bytes,
            _ => Sink::All,
        };
        (sink, behind.first().is_some_and(Op::ends_streaming))
    }
}

impl<'p> Pass<'p> {
    /// Someone who takes the events of a part of the input.
    pub fn worker(&self) -> Worker<'_> {
        let (sink, _) = self.plan.sink();
        Worker {
            pass: self,
            loader: Loader::new(&self.plan.inputs, self.window.is_some()),
            row: vec![Value::Missing; self.plan.registers],
            part: Part { gathered: sink.start(), matched: 0 },
            sink,
            fault: None,
        }
    }

    /// What must stand in the raw text of every event that matters.
    pub fn requirement(&self) -> Option<&Requirement> {
        // Without a filter before it, everything that comes in is counted.
        self.plan.requirement.as_ref()
    }

    /// Whether the plan reads where events come from.
    pub fn reads_origin(&self) -> bool {
        let inputs = self.plan.inputs.iter();
        inputs
            .map(|input| &input.field)
            .any(|field| matches!(field, InputField::LogStream | InputField::IngestionTime))
    }

    /// What no events give.
    pub fn nothing(&self) -> Part {
        Part { gathered: self.plan.sink().0.start(), matched: 0 }
    }

    /// Adds what a later part of the input gave.
    ///
    /// # Errors
    ///
    /// When more has to be held than the budget allows.
    pub fn merge(&self, total: &mut Part, later: Part) -> Result<(), RunError> {
        total.matched += later.matched;
        let sink = self.plan.sink().0;
        match (&mut total.gathered, later.gathered) {
            (Gathered::Groups(total), Gathered::Groups(later)) => total.merge(*later, self.budget),
            (Gathered::Ranked(total), Gathered::Ranked(later)) => match sink {
                Sink::Ranked(sort, keep) => total.merge(*later, sort, &keep, self.budget),
                _ => Ok(()),
            },
            (Gathered::Rows(total), Gathered::Rows(mut later)) => {
                self.budget.set(&mut later.share, 0, ROWS)?;
                total.rows.append(&mut later.rows);
                if let Sink::Any(rows) = sink {
                    total.rows.truncate(rows);
                }
                total.bytes += later.bytes;
                self.budget.set(&mut total.share, total.bytes, ROWS)
            }
            (Gathered::Patterns(total, share), Gathered::Patterns(later, mut other)) => {
                self.budget.set(&mut other, 0, ROWS)?;
                total.merge(*later);
                self.budget.set(share, total.footprint(), "the patterns")
            }
            (Gathered::Relevance(total, share), Gathered::Relevance(later, mut other)) => {
                self.budget.set(&mut other, 0, ROWS)?;
                total.merge(*later);
                self.budget.set(share, total.footprint(), "the values of `relevantfields`")
            }
            (Gathered::Bytes(total), Gathered::Bytes(later)) => {
                *total += later;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Whether nothing more can change the result.
    pub fn is_satisfied(&self, part: &Part) -> bool {
        match (self.plan.sink().0, &part.gathered) {
            (Sink::Any(rows), Gathered::Rows(gathered)) => gathered.rows.len() >= rows,
            _ => false,
        }
    }
}

impl Sink<'_> {
    fn start(&self) -> Gathered {
        match self {
            Sink::Groups(_) => Gathered::Groups(Box::default()),
            Sink::Ranked(..) => Gathered::Ranked(Box::default()),
            Sink::Any(_) | Sink::All => Gathered::Rows(Rows::default()),
            Sink::Patterns(_) => Gathered::Patterns(Box::default(), Share::default()),
            Sink::Relevance(_) => Gathered::Relevance(Box::default(), Share::default()),
            Sink::Bytes => Gathered::Bytes(0),
        }
    }
}

/// Takes the events of a part of the input, one after the other.
#[derive(Debug)]
pub struct Worker<'p> {
    pass: &'p Pass<'p>,
    loader: Loader<'p>,
    /// A row of nothing: its memory is used again for each event.
    row: Vec<Value<'static>>,
    sink: Sink<'p>,
    part: Part,
    fault: Option<NotAnObject>,
}

impl<'p> Worker<'p> {
    /// Takes an event. `Break` says that no other can change the result.
    ///
    /// # Errors
    ///
    /// When more has to be held than the budget allows.
    pub fn record(&mut self, record: &LogRecord<'_>) -> Result<ControlFlow<()>, RunError> {
        let mut state = Loading::default();
        if let Some((start, end)) = self.pass.window {
            let inside =
                self.loader.time(record, &mut state).is_some_and(|time| start <= time && time <= end);
            if !inside {
                return Ok(ControlFlow::Continue(()));
            }
        }
        let mut row: Vec<Value<'_>> = std::mem::take(&mut self.row);
        let flow = self.steps(0, &mut row, record, &mut state);
        self.fault = state.fault();
        self.row = emptied(row);
        flow
    }

    /// Why the event taken last, if it was looked at, is not JSON as a whole.
    pub fn fault(&self) -> Option<NotAnObject> {
        self.fault
    }

    /// What the events gave.
    pub fn finish(self) -> Part {
        self.part
    }

    fn steps<'e>(
        &mut self,
        from: usize,
        row: &mut Vec<Value<'e>>,
        record: &LogRecord<'e>,
        state: &mut Loading<'e>,
    ) -> Result<ControlFlow<()>, RunError> {
        let (plan, context) = (self.pass.plan, self.pass.context);
        for place in from..plan.streaming {
            self.load(place, row, record, state);
            let Some(op) = plan.ops.get(place) else { break };
            match op {
                Op::Filter(node) => {
                    if !context.holds(node, row) {
                        return Ok(ControlFlow::Continue(()));
                    }
                }
                Op::Unnest { .. } | Op::Expand { .. } | Op::Parse { multi: true, .. } => {
                    let many = context.spread(op, row);
                    for values in many {
                        for (reg, value) in values {
                            set(row, reg, value);
                        }
                        if self.steps(place + 1, row, record, state)?.is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                    return Ok(ControlFlow::Continue(()));
                }
                Op::Compute { to, node: crate::plan::logs::Node::Reg(from) } => {
                    let value = row.get(from.0).cloned().unwrap_or_default();
                    set(row, *to, value);
                }
                op => {
                    for (reg, value) in context.enrich(op, row) {
                        set(row, reg, value);
                    }
                }
            }
        }
        self.load(plan.streaming, row, record, state);
        if record.promises_json && state.fault().is_some() {
            return Ok(ControlFlow::Continue(()));
        }
        self.part.matched += 1;
        self.take(row, record)
    }

    fn load<'e>(
        &mut self,
        place: usize,
        row: &mut [Value<'e>],
        record: &LogRecord<'e>,
        state: &mut Loading<'e>,
    ) {
        let plan = self.pass.plan;
        for &index in plan.loads.get(place).into_iter().flatten() {
            if let Some(input) = plan.inputs.get(index) {
                set(row, input.reg, self.loader.load(index, record, state));
            }
        }
    }

    fn take(&mut self, row: &[Value<'_>], record: &LogRecord<'_>) -> Result<ControlFlow<()>, RunError> {
        let Pass { plan, context, budget, .. } = *self.pass;
        let own = || {
            let mut owned = vec![Value::Missing; plan.registers];
            for reg in &plan.carried {
                if let (Some(to), Some(from)) = (owned.get_mut(reg.0), row.get(reg.0)) {
                    *to = from.clone().into_owned();
                }
            }
            owned
        };
        match (&self.sink, &mut self.part.gathered) {
            (Sink::Groups(stats), Gathered::Groups(groups)) => groups.add(stats, context, row, budget)?,
            (Sink::Ranked(sort, keep), Gathered::Ranked(ranked)) => {
                ranked.add(sort, keep, context, row, own, budget)?;
            }
            (Sink::Any(most), Gathered::Rows(gathered)) => {
                if gathered.rows.len() < *most {
                    gathered.push(own(), budget)?;
                }
                if gathered.rows.len() >= *most {
                    return Ok(ControlFlow::Break(()));
                }
            }
            (Sink::All, Gathered::Rows(gathered)) => gathered.push(own(), budget)?,
            (Sink::Patterns(source), Gathered::Patterns(patterns, share)) => {
                if let Some(text) = context.value(source, row).text() {
                    patterns.add(&text);
                }
                // Cheap enough to ask for only now and then.
                if self.part.matched.is_multiple_of(4_096) {
                    budget.set(share, patterns.footprint(), "the patterns")?;
                }
            }
            (Sink::Relevance(relevant), Gathered::Relevance(relevance, share)) => {
                let holds = context.holds(&relevant.condition, row);
                if relevant.fields.is_empty() {
                    let fields = json_text(record.message).map(discover).unwrap_or_default();
                    let fields: Vec<(String, Value<'_>)> =
                        fields.into_iter().map(|(name, node)| (name, value_of(node))).collect();
                    relevance.add(fields.iter().map(|(name, value)| (name.as_str(), value)), holds);
                } else {
                    let fields = relevant.fields.iter();
                    let fields = fields.filter_map(|(name, reg)| Some((name.as_str(), row.get(reg.0)?)));
                    relevance.add(fields, holds);
                }
                if self.part.matched.is_multiple_of(4_096) {
                    budget.set(share, relevance.footprint(), "the values of `relevantfields`")?;
                }
            }
            (Sink::Bytes, Gathered::Bytes(bytes)) => *bytes += record.message.len() as u64,
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl Rows {
    fn push(&mut self, row: Row, budget: &Budget) -> Result<(), RunError> {
        self.bytes += footprint(&row);
        self.rows.push(row);
        budget.set(&mut self.share, self.bytes, ROWS)
    }

    /// Gives the rows; they are no longer counted.
    pub(crate) fn release(mut self, budget: &Budget) -> Result<Vec<Row>, RunError> {
        budget.set(&mut self.share, 0, ROWS)?;
        Ok(self.rows)
    }
}

fn set<'e>(row: &mut [Value<'e>], reg: Reg, value: Value<'e>) {
    if let Some(place) = row.get_mut(reg.0) {
        *place = value;
    }
}

/// A row of nothing in the memory of another row.
fn emptied(row: Vec<Value<'_>>) -> Vec<Value<'static>> {
    row.into_iter().map(|_| Value::Missing).collect()
}

impl Context {
    /// What a step gives to a row: values by register.
    pub(crate) fn enrich(&self, op: &Op, row: &[Value<'_>]) -> Vec<(Reg, Value<'static>)> {
        match op {
            Op::Compute { to, node } => vec![(*to, self.value(node, row).into_owned())],
            Op::Parse { source, regex, groups, .. } => {
                let source = self.value(source, row);
                let found = source.text();
                let captures = found.as_deref().and_then(|text| regex.captures(text));
                captures.map(|captures| captured(&captures, groups)).unwrap_or_default()
            }
            Op::ParseLogfmt { source, to } => match self.value(source, row).text() {
                Some(text) => vec![(*to, logfmt(&text))],
                None => Vec::new(),
            },
            Op::ParseCsv { source, to } => match self.value(source, row).text() {
                Some(text) => {
                    let missing = std::iter::repeat(Value::Missing);
                    to.iter().copied().zip(csv_values(&text).into_iter().chain(missing)).collect()
                }
                None => Vec::new(),
            },
            Op::Lookup(lookup) => {
                let values: Vec<Value<'_>> =
                    lookup.matches.iter().map(|node| self.value(node, row)).collect();
                let texts: Option<Vec<Cow<'_, str>>> = values.iter().map(Value::text).collect();
                let found = texts.and_then(|texts| {
                    let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
                    lookup.index.find(&texts)
                });
                let cell = |column| found.and_then(|line| lookup.table.cell(line, column));
                self.looked_up(&lookup.outputs, lookup.only_new, row, cell)
            }
            Op::CidrLookup(lookup) => {
                let address = self.value(&lookup.address, row);
                let found = address.text().and_then(|address| lookup.index.find(&address));
                let cell = |column| found.and_then(|line| lookup.table.cell(line, column));
                self.looked_up(&lookup.outputs, lookup.only_new, row, cell)
            }
            _ => Vec::new(),
        }
    }

    fn looked_up<'t>(
        &self,
        outputs: &[(usize, crate::plan::logs::Node, Reg)],
        only_new: bool,
        row: &[Value<'_>],
        cell: impl Fn(usize) -> Option<&'t str>,
    ) -> Vec<(Reg, Value<'static>)> {
        let output = |(column, earlier, to): &(usize, crate::plan::logs::Node, Reg)| {
            let earlier = self.value(earlier, row);
            let keeps = only_new && !earlier.is_missing();
            let value = if keeps {
                earlier.into_owned()
            } else {
                cell(*column).map_or(Value::Missing, |text| Value::text_of(text.to_owned()))
            };
            (*to, value)
        };
        outputs.iter().map(output).collect()
    }

    /// For a step that gives many rows for one: what each of them gets.
    pub(crate) fn spread(&self, op: &Op, row: &[Value<'_>]) -> Vec<Vec<(Reg, Value<'static>)>> {
        match op {
            Op::Unnest { list, to } => {
                unnest_values(&self.value(list, row)).into_iter().map(|value| vec![(*to, value)]).collect()
            }
            Op::Expand { from, to } => {
                let from = self.value(from, row);
                match expand_values(&from) {
                    Some(values) => values.into_iter().map(|value| vec![(*to, value)]).collect(),
                    None => vec![vec![(*to, from.into_owned())]],
                }
            }
            Op::Parse { source, regex, groups, .. } => {
                let source = self.value(source, row);
                let text = source.text();
                let matches = text.as_deref().into_iter().flat_map(|text| regex.captures_iter(text));
                let mut found: Vec<_> = matches.map(|captures| captured(&captures, groups)).collect();
                if found.is_empty() {
                    found.push(Vec::new());
                }
                found
            }
            _ => vec![Vec::new()],
        }
    }
}

fn captured(captures: &regex::Captures<'_>, groups: &[(usize, Reg)]) -> Vec<(Reg, Value<'static>)> {
    let value = |&(group, reg): &(usize, Reg)| {
        let found = captures.get(group).map(|found| Value::text_of(found.as_str().to_owned()));
        (reg, found.unwrap_or_default())
    };
    groups.iter().map(value).collect()
}
