//! The reference of Logs Insights: queries run straight from their tree, stage after stage, over rows in full.
//!
//! Slow and plain on purpose, and written apart from the plan: names are looked up while a row is at hand, every stage
//! gives a whole table, groups are searched one after the other. It shares with the fast path what a value is, the
//! functions and aggregates, and commands that work on columns of values. Property tests and a fuzz target hold the
//! fast path against it.

mod event;
mod expr;
mod groups;
mod stages;
mod table;
mod window;

use std::collections::{BTreeMap, HashMap};

use super::memory::{MemoryRecord, Selection, select};
use super::run::{QueryWindow, RunError};
use crate::EpochMillis;
use crate::plan::logs::CompileOptions;
use crate::syntax::logs::{Command, Expr, ExprKind, InSet, LogsQuery, Source, Stage, TimeRef};
use crate::values::Value;
use crate::values::{Clock, period};
use event::Event;
use table::{Row, Table};

/// What is shown where no `limit` says so.
const DEFAULT_LIMIT: usize = 10_000;
/// Tables of more rows are not judged.
const MOST_ROWS: usize = 200_000;

/// A result: the names of its columns, and rows as texts by column. What a row does not have is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainRows {
    /// The columns, in order.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<BTreeMap<String, String>>,
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlainError {
    /// The reference does not judge: JSON nested too deeply, or too many rows.
    #[error("not judged: {0}")]
    NotJudged(&'static str),
    /// The run fails.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Events of log groups; those without a name are read where no `SOURCE` names others.
pub type PlainGroups = [(Option<String>, Vec<MemoryRecord>)];

/// Runs a query that compiles with `options`; of one that does not, the result means nothing.
///
/// # Errors
///
/// Where the run fails, and where the reference does not judge.
///
/// ```
/// use trailql::eval::logs::plain;
/// use trailql::eval::logs::{MemoryRecord, QueryWindow};
/// use trailql::{EpochMillis, LogsQuery};
///
/// let query: LogsQuery = "stats count(*) as n by a".parse()?;
/// let record = |a: u8| MemoryRecord { message: format!("{{\"a\":{a}}}"), ..Default::default() };
/// let groups = [(None, vec![record(1), record(2), record(1)])];
/// let found = plain::run(&query, &Default::default(), &QueryWindow::everything(EpochMillis(0)), &groups)?;
/// assert_eq!(found.rows[0], [("a".into(), "1".into()), ("n".into(), "2".into())].into());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run(
    query: &LogsQuery,
    options: &CompileOptions,
    window: &QueryWindow,
    groups: &PlainGroups,
) -> Result<PlainRows, PlainError> {
    let run = Run { options, window, groups };
    let pipeline = run.pipeline(query, None)?;
    let mut table = pipeline.table()?;
    table.put_in_order();
    if !table.limited {
        table.rows.truncate(DEFAULT_LIMIT);
    }
    let mut columns = table.shown_names();
    if table.scope.raw {
        columns.retain(|name| name != "@ptr");
        columns.push("@ptr".to_owned());
    }
    let row = |row: &Row| {
        let cell = |name: &String| match (table.scope.raw, name.as_str()) {
            (true, "@ptr") => row.of_event("@ptr"),
            _ => table.scope.value(row, name),
        };
        let cells = columns.iter().map(|name| (name.clone(), cell(name)));
        cells.filter_map(|(name, value)| Some((name, value.render()?.into_owned()))).collect()
    };
    let rows = table.rows.iter().map(row).collect();
    Ok(PlainRows { columns, rows })
}

/// What all pipelines of a query have in common.
#[derive(Clone, Copy)]
struct Run<'r> {
    options: &'r CompileOptions,
    window: &'r QueryWindow,
    groups: &'r PlainGroups,
}

/// Over which time a pipeline is run.
#[derive(Clone, Copy)]
struct Reading {
    range: Option<(EpochMillis, EpochMillis)>,
    /// Whether that is the time which another is compared with; there nothing is compared once more.
    is_earlier: bool,
}

/// A pipeline: the query or one within it.
struct Pipeline<'r> {
    run: Run<'r>,
    query: &'r LogsQuery,
    source: Option<Source>,
    range: Option<(EpochMillis, EpochMillis)>,
    clock: Clock,
    /// The values of the subqueries, by the place of their trees.
    sets: HashMap<*const LogsQuery, Vec<Value<'static>>>,
}

impl<'r> Run<'r> {
    /// A pipeline ready to be run: its subqueries have been, for the service asks for them whether a row does or not.
    fn pipeline(self, query: &'r LogsQuery, outer: Option<&Source>) -> Result<Pipeline<'r>, PlainError> {
        let mut source: Option<Source> = None;
        for stage in &query.stages {
            if let Command::Source(named) = &stage.command {
                match &mut source {
                    Some(source) => source.items.extend(named.items.iter().cloned()),
                    None => source = Some(named.clone()),
                }
            }
        }
        let source = source.or_else(|| outer.cloned());
        let at = |time: &TimeRef| match time {
            TimeRef::Now => self.window.now,
            TimeRef::Ago(ago) => period::shift_back(self.window.now, ago),
        };
        let own = source.as_ref().and_then(|source| source.window.as_ref());
        let range = own.map(|(start, end)| (at(start), at(end))).or(self.window.range);
        let mut sets = HashMap::new();
        for subquery in subqueries(query) {
            let table = self.pipeline(subquery, source.as_ref())?.table()?;
            let column = table.shown_names().into_iter().next().unwrap_or_default();
            let values = table.rows.iter().map(|row| table.scope.value(row, &column)).collect();
            sets.insert(std::ptr::from_ref(subquery), values);
        }
        let clock = Clock { now: self.window.now, window: range };
        Ok(Pipeline { run: self, query, source, range, clock, sets })
    }
}

impl<'r> Pipeline<'r> {
    /// The rows behind the last stage.
    fn table(&self) -> Result<Table, PlainError> {
        self.behind(self.query.stages.len(), Reading { range: self.range, is_earlier: false })
    }

    /// The rows behind so many stages, of the events of a range.
    fn behind(&self, stages: usize, reading: Reading) -> Result<Table, PlainError> {
        let mut table = Table::of_events(self.events(reading.range)?);
        for (place, stage) in self.query.stages.iter().enumerate().take(stages) {
            table = self.stage(table, stage, place, reading)?;
            if table.rows.len() > MOST_ROWS {
                return Err(PlainError::NotJudged("too many rows"));
            }
        }
        Ok(table)
    }

    /// The events of the selected groups that lie in a range, in the order of the input.
    fn events(&self, range: Option<(EpochMillis, EpochMillis)>) -> Result<Vec<Event>, PlainError> {
        let named: Vec<&(Option<String>, Vec<MemoryRecord>)> =
            self.run.groups.iter().filter(|(name, _)| name.is_some()).collect();
        let names: Vec<&str> = named.iter().filter_map(|(name, _)| name.as_deref()).collect();
        let selected = match &self.source {
            None => Selection::Default,
            Some(source) => select(source, &names)?,
        };
        let groups: Vec<&Vec<MemoryRecord>> = match selected {
            Selection::Default => {
                let unnamed = self.run.groups.iter().filter(|(name, _)| name.is_none());
                unnamed.map(|(_, records)| records).collect()
            }
            Selection::Named(places) => {
                places.into_iter().filter_map(|place| Some(&named.get(place)?.1)).collect()
            }
        };
        let mut events = Vec::new();
        for records in groups {
            for (place, record) in records.iter().enumerate() {
                let event = Event::of(record, place).ok_or(PlainError::NotJudged("JSON nested deeply"))?;
                let inside = |(start, end)| event.time.is_some_and(|time| start <= time && time <= end);
                if range.is_none_or(inside) {
                    events.push(event);
                }
            }
        }
        Ok(events)
    }

    /// The first column of a subquery.
    fn set(&self, query: &LogsQuery) -> &[Value<'static>] {
        self.sets.get(&std::ptr::from_ref(query)).map_or(&[], Vec::as_slice)
    }

    fn later(&self, place: usize) -> impl Iterator<Item = &'r Stage> {
        self.query.stages.iter().skip(place + 1)
    }
}

/// The pipelines behind the `in` of a query's own stages.
fn subqueries(query: &LogsQuery) -> impl Iterator<Item = &LogsQuery> {
    let exprs = query.stages.iter().flat_map(|stage| stage.command.expressions());
    exprs.flat_map(Expr::and_its_parts).filter_map(|expr| match &expr.kind {
        ExprKind::In { set: InSet::Pipeline(subquery), .. } => Some(subquery),
        _ => None,
    })
}
