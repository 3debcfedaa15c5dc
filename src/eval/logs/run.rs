//! A plan from the events to the rows of its result.

use super::budget::Budget;
use super::evaluate::{Context, NestedRows};
use super::pass::{Gathered, Part, Pass, Sink};
use super::patterns::{Anomaly, PatternBuilder, Patterns, anomaly, diff};
use super::relevance::RelevanceBuilder;
use super::rows::Row;
use super::rows::bins::TooManyBins;
use super::rows::join::JoinError;
use super::serial;
use crate::EpochMillis;
use crate::plan::logs::{EarlierWindow, LogsPlan, Op, Pattern, Reg, RelevantFields};
use crate::syntax::logs::{DiffWindow, Period, PeriodUnit, Source, TimeRef};
use crate::values::Value;
use crate::values::{Clock, period};

/// When a query is run, and over which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryWindow {
    /// The start of the query itself: `now()`.
    pub now: EpochMillis,
    /// First and last millisecond of the events taken; all events without.
    pub range: Option<(EpochMillis, EpochMillis)>,
}

impl QueryWindow {
    /// All events, for a query that starts now.
    pub fn everything(now: EpochMillis) -> Self {
        QueryWindow { now, range: None }
    }
}

/// How much a run may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunLimits {
    /// Bytes of rows and groups that may be held.
    pub memory_bytes: usize,
}

impl Default for RunLimits {
    fn default() -> Self {
        RunLimits { memory_bytes: 1 << 30 }
    }
}

/// Why a run could not end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// More rows or groups than fit the budget.
    #[error(
        "{what} take more than the memory budget of {}: filter, group or limit first, or raise the budget",
        bytes(*budget)
    )]
    Memory {
        /// What is held.
        what: &'static str,
        /// The budget, in bytes.
        budget: usize,
    },
    /// The query looks at its window, and none is given.
    #[error("`{what}` needs to know the query's time range: give its start and end")]
    NoWindow {
        /// What looks at it.
        what: &'static str,
    },
    /// A log group that is not there.
    #[error("{message}")]
    UnknownGroup {
        /// Which, and what there is.
        message: String,
    },
    /// The events cannot be read a second time.
    #[error(
        "`{what}` reads the events of two time ranges, and standard input can be read only once: give a file"
    )]
    ReadOnce {
        /// What reads them twice.
        what: &'static str,
    },
    /// Too many bins.
    #[error(transparent)]
    Bins(#[from] BinsError),
    /// A join that cannot be done.
    #[error(transparent)]
    Join(#[from] JoinFault),
    /// The operating system's reason why the events could not be read.
    #[error("the events could not be read: {0}")]
    Read(#[from] std::io::Error),
}

fn bytes(count: usize) -> String {
    match count {
        1_000_000_000.. => format!("{:.1} GB", count as f64 / 1e9),
        1_000_000.. => format!("{} MB", count / 1_000_000),
        _ => format!("{count} bytes"),
    }
}

/// `fillmissing` finds too many bins.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BinsError(TooManyBins);

/// `join` finds too many keys or rows.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct JoinFault(JoinError);

impl From<TooManyBins> for RunError {
    fn from(error: TooManyBins) -> Self {
        RunError::Bins(BinsError(error))
    }
}

impl From<JoinError> for RunError {
    fn from(error: JoinError) -> Self {
        RunError::Join(JoinFault(error))
    }
}

/// Something that holds log groups and can pass over their events.
pub trait LogGroups {
    /// Hands the events of the groups that `source` selects, or of the default ones, to workers of `pass`, and merges
    /// what they gave in the order of the input.
    ///
    /// # Errors
    ///
    /// When a group is not known, its events cannot be read, or a worker fails.
    fn scan(&mut self, source: Option<&Source>, pass: &Pass<'_>) -> Result<Part, RunError>;

    /// Whether events can be read more than once.
    fn can_scan_again(&self) -> bool {
        true
    }
}

/// The rows of a result.
#[derive(Clone, Debug)]
pub struct QueryRows {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows: a value for each column.
    pub rows: Vec<Vec<Value<'static>>>,
    /// How many events passed the filters before anything else was done with them.
    pub matched: u64,
    /// Whether there were more rows than the service shows where a query has no `limit`.
    pub truncated: bool,
}

impl LogsPlan {
    /// Runs the plan over the events of `groups`.
    ///
    /// # Errors
    ///
    /// [`RunError`]: the memory budget, a missing window or group, unreadable events.
    pub fn run(
        &self,
        window: &QueryWindow,
        limits: &RunLimits,
        groups: &mut dyn LogGroups,
    ) -> Result<QueryRows, RunError> {
        let own_range = self.source.as_ref().and_then(|source| range_of(source, window.now));
        if let Some(what) = self.needs_window()
            && window.range.or(own_range).is_none()
        {
            return Err(RunError::NoWindow { what });
        }
        let compares = |op: &Op| matches!(op, Op::Pattern(pattern) if pattern.earlier.is_some());
        if self.ops.iter().any(compares) && !groups.can_scan_again() {
            let what = self.needs_window().unwrap_or("diff");
            return Err(RunError::ReadOnce { what });
        }
        let budget = Budget::new(limits.memory_bytes);
        let mut run = Run { window, budget: &budget, groups, matched: 0, truncated: false };
        let rows = run.pipeline(self, self.source.as_ref(), true)?;
        let (matched, truncated) = (run.matched, run.truncated);
        let columns = self.columns.iter().map(|column| column.name.clone()).collect();
        Ok(QueryRows { columns, rows, matched, truncated })
    }
}

struct Run<'r> {
    window: &'r QueryWindow,
    budget: &'r Budget,
    groups: &'r mut dyn LogGroups,
    matched: u64,
    truncated: bool,
}

/// What the events have become, and the step that comes next.
enum Held {
    Rows(Vec<Row>, usize),
    Patterns(Box<PatternBuilder>, usize),
}

impl Run<'_> {
    /// The rows of a pipeline: the values of its columns.
    fn pipeline(
        &mut self,
        plan: &LogsPlan,
        source: Option<&Source>,
        outermost: bool,
    ) -> Result<Vec<Row>, RunError> {
        let mut context = Context {
            clock: Clock { now: self.window.now, window: self.window.range },
            missing_negation: plan.missing_negation,
            nested: Vec::new(),
        };
        for nested in &plan.nested {
            let rows = self.pipeline(&nested.plan, nested.source.as_ref().or(source), false)?;
            context.nested.push(NestedRows::new(rows, self.budget)?);
        }
        let range = source.and_then(|source| range_of(source, self.window.now)).or(self.window.range);
        context.clock.window = range;
        let mut held = self.scan(plan, source, &context, range, outermost)?;
        loop {
            held = match held {
                Held::Patterns(patterns, place) => {
                    let Some(Op::Pattern(pattern)) = plan.ops.get(place) else { return Ok(Vec::new()) };
                    let earlier = match pattern.earlier.zip(range) {
                        Some((earlier, range)) => {
                            let range = earlier_range(earlier, range);
                            self.earlier_patterns(plan, source, &context, range, place)?
                        }
                        None => None,
                    };
                    let (found, earlier) = match earlier {
                        Some(earlier) => {
                            let (found, earlier) = PatternBuilder::finish_pair(*patterns, *earlier);
                            (found, Some(earlier))
                        }
                        None => (patterns.finish(), None),
                    };
                    Held::Rows(pattern_rows(pattern, &found, earlier.as_ref(), plan.registers), place + 1)
                }
                Held::Rows(rows, place) => match plan.ops.get(place) {
                    None => return Ok(project(plan, rows)),
                    Some(Op::Pattern(pattern)) => {
                        Held::Patterns(Box::new(serial::patterns(&pattern.source, &rows, &context)), place)
                    }
                    Some(op) => {
                        if outermost && plan.default_limit && place + 1 == plan.ops.len() {
                            self.truncated = matches!(op, Op::Limit(most) if rows.len() as u64 > *most);
                        }
                        Held::Rows(serial::step(plan, op, rows, &context, range, self.budget)?, place + 1)
                    }
                },
            };
        }
    }

    /// Passes over the events of a range.
    fn scan(
        &mut self,
        plan: &LogsPlan,
        source: Option<&Source>,
        context: &Context,
        range: Option<(EpochMillis, EpochMillis)>,
        counts: bool,
    ) -> Result<Held, RunError> {
        let pass = Pass { plan, context, window: range, budget: self.budget };
        let part = self.groups.scan(source, &pass)?;
        if counts {
            self.matched += part.matched;
        }
        let (sink, consumed) = plan.sink();
        let behind = plan.streaming + usize::from(consumed);
        let rows = match (part.gathered, sink) {
            (Gathered::Groups(groups), Sink::Groups(stats)) => {
                groups.finish(stats, plan.registers, self.budget)?
            }
            (Gathered::Ranked(ranked), Sink::Ranked(sort, keep)) => {
                ranked.finish(sort, &keep, self.budget)?
            }
            (Gathered::Rows(rows), _) => rows.release(self.budget)?,
            (Gathered::Patterns(patterns, _), _) => {
                return Ok(Held::Patterns(patterns, plan.streaming));
            }
            (Gathered::Relevance(relevance, _), Sink::Relevance(relevant)) => {
                relevance_rows(*relevance, relevant, plan.registers)
            }
            (Gathered::Bytes(bytes), _) => {
                let mut row = vec![Value::Missing; plan.registers];
                if let Some(Op::Estimate { to }) = plan.ops.get(plan.streaming) {
                    set(&mut row, *to, Value::number_of(bytes as f64));
                }
                vec![row]
            }
            _ => Vec::new(),
        };
        Ok(Held::Rows(rows, behind))
    }

    /// The patterns of another window before the step at `to`. What comes before it is not compared once more.
    fn earlier_patterns(
        &mut self,
        plan: &LogsPlan,
        source: Option<&Source>,
        context: &Context,
        range: (EpochMillis, EpochMillis),
        to: usize,
    ) -> Result<Option<Box<PatternBuilder>>, RunError> {
        let mut held = self.scan(plan, source, context, Some(range), false)?;
        loop {
            held = match held {
                Held::Patterns(patterns, place) if place == to => return Ok(Some(patterns)),
                Held::Patterns(patterns, place) => {
                    let Some(Op::Pattern(pattern)) = plan.ops.get(place) else { return Ok(None) };
                    Held::Rows(pattern_rows(pattern, &patterns.finish(), None, plan.registers), place + 1)
                }
                Held::Rows(rows, place) => match plan.ops.get(place) {
                    None => return Ok(None),
                    Some(Op::Pattern(pattern)) => {
                        Held::Patterns(Box::new(serial::patterns(&pattern.source, &rows, context)), place)
                    }
                    Some(op) => Held::Rows(
                        serial::step(plan, op, rows, context, Some(range), self.budget)?,
                        place + 1,
                    ),
                },
            };
        }
    }
}

/// The range that a `SOURCE` itself gives.
fn range_of(source: &Source, now: EpochMillis) -> Option<(EpochMillis, EpochMillis)> {
    let at = |time: &TimeRef| match time {
        TimeRef::Now => now,
        TimeRef::Ago(ago) => period::shift_back(now, ago),
    };
    source.window.as_ref().map(|(start, end)| (at(start), at(end)))
}

fn earlier_range(
    earlier: EarlierWindow,
    (start, end): (EpochMillis, EpochMillis),
) -> (EpochMillis, EpochMillis) {
    let back = |count, unit| {
        let shift = Period { count, unit, span: Default::default() };
        (period::shift_back(start, &shift), period::shift_back(end, &shift))
    };
    match earlier {
        // It ends just before this one starts.
        EarlierWindow::Diff(DiffWindow::Before) => {
            let before = start.0.saturating_sub(1);
            (EpochMillis(before.saturating_sub(end.0.saturating_sub(start.0))), EpochMillis(before))
        }
        EarlierWindow::Diff(DiffWindow::PreviousDay) => back(1, PeriodUnit::Day),
        EarlierWindow::Diff(DiffWindow::PreviousWeek) => back(7, PeriodUnit::Day),
        EarlierWindow::Diff(DiffWindow::PreviousMonth) => back(1, PeriodUnit::Month),
        EarlierWindow::Shifted(shift) => (period::shift_back(start, &shift), period::shift_back(end, &shift)),
    }
}

/// The rows of the patterns found, compared with those of an earlier window where the plan does that.
fn pattern_rows(
    pattern: &Pattern,
    found: &Patterns,
    earlier: Option<&Patterns>,
    registers: usize,
) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let row = |text: &str, count: u64, ratio: f64, severity: &str| {
        let mut row = vec![Value::Missing; registers];
        set(&mut row, pattern.pattern, Value::text_of(text.to_owned()));
        set(&mut row, pattern.count, Value::number_of(count as f64));
        set(&mut row, pattern.ratio, Value::number_of(ratio));
        set(&mut row, pattern.severity, Value::text_of(severity.to_owned()));
        row
    };
    let anomalies = match (pattern.anomaly, earlier) {
        (Some(_), Some(earlier)) => anomaly(found, earlier),
        _ => Vec::new(),
    };
    let notes = |row: &mut Row, index: usize| {
        let Some((kind, description)) = pattern.anomaly else { return };
        let joined = |text: &dyn Fn(&Anomaly) -> String| {
            let texts: Vec<String> = anomalies.iter().filter(|odd| odd.row == index).map(text).collect();
            if texts.is_empty() { Value::Missing } else { Value::text_of(texts.join("; ")) }
        };
        set(row, kind, joined(&|odd| odd.kind.to_owned()));
        set(row, description, joined(&|odd| odd.description.clone()));
    };
    if let (Some(compare), Some(earlier)) = (&pattern.compare, earlier) {
        for difference in diff(found, earlier) {
            let mut row = row(&difference.pattern, difference.count, difference.ratio, difference.severity);
            set(&mut row, compare.difference, Value::number_of(difference.difference as f64));
            set(&mut row, compare.description, Value::text_of(difference.description));
            if let Some(index) = found.rows.iter().position(|found| found.pattern == difference.pattern) {
                notes(&mut row, index);
            }
            rows.push(row);
        }
        return rows;
    }
    for (index, found) in found.rows.iter().enumerate() {
        let mut row = row(&found.pattern, found.count, found.ratio, found.severity);
        notes(&mut row, index);
        rows.push(row);
    }
    rows
}

pub(super) fn relevance_rows(
    relevance: RelevanceBuilder,
    relevant: &RelevantFields,
    registers: usize,
) -> Vec<Row> {
    let number = |value: Option<f64>| value.map_or(Value::Missing, Value::number_of);
    let rows = relevance.finish().into_iter().map(|found| {
        let mut row = vec![Value::Missing; registers];
        set(&mut row, relevant.name, Value::text_of(found.field));
        set(&mut row, relevant.score, Value::number_of(found.score));
        set(&mut row, relevant.contributors, found.contributors.map_or(Value::Missing, Value::text_of));
        set(&mut row, relevant.conditional_median, number(found.conditional_median));
        set(&mut row, relevant.baseline_median, number(found.baseline_median));
        row
    });
    rows.collect()
}

fn project(plan: &LogsPlan, rows: Vec<Row>) -> Vec<Row> {
    let project = |row: Row| {
        plan.columns.iter().map(|column| row.get(column.reg.0).cloned().unwrap_or_default()).collect()
    };
    rows.into_iter().map(project).collect()
}

fn set(row: &mut Row, reg: Reg, value: Value<'static>) {
    if let Some(place) = row.get_mut(reg.0) {
        *place = value;
    }
}
