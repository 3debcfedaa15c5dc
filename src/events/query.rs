//! Log groups that are files: a query's events read on all cores.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::search::Ahead;
use super::{
    Batch, Outlet, Problem, ProblemKind, RawEvent, ReadOptions, Source, Summary, Totals, Unit, UnitReader,
    Wrap, default_threads, plan_units, run_ordered,
};
use crate::eval::Prefilter;
use crate::eval::logs::{LogGroups, LogRecord, Part, Pass, RecordTime, RunError, Selection, Worker, select};
use crate::json::Slots;
use crate::syntax::logs::Source as SourceSelection;

/// Log groups, each some files, or standard input.
///
/// Units are read on all cores, and what each gave is merged in their order, so that results do not depend on the number
/// of threads.
#[derive(Debug)]
pub struct FileGroups {
    groups: Vec<FileGroup>,
    options: ReadOptions,
    threads: usize,
    read: Arc<AtomicU64>,
    summary: Summary,
    stdin_was_read: bool,
}

/// A log group: a name, unless it is the one that is read where a query names none.
#[derive(Clone, Debug)]
struct FileGroup {
    name: Option<String>,
    sources: Vec<Source>,
}

/// What a worker gave of a unit.
type Told = (Result<Part, RunError>, Summary);

impl FileGroups {
    /// The groups of `named`, and `sources` for queries that name none.
    pub fn new(sources: Vec<Source>, named: Vec<(String, Vec<Source>)>, options: ReadOptions) -> Self {
        let mut groups = vec![FileGroup { name: None, sources }];
        groups.extend(named.into_iter().map(|(name, sources)| FileGroup { name: Some(name), sources }));
        FileGroups {
            groups,
            options,
            threads: default_threads(),
            read: Arc::default(),
            summary: Summary::default(),
            stdin_was_read: false,
        }
    }

    /// The same, read on so many threads.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// The same, counting bytes in `read` as they are read.
    #[must_use]
    pub fn with_progress(mut self, read: Arc<AtomicU64>) -> Self {
        self.read = read;
        self
    }

    /// What has been read so far, and what was wrong with it.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }
}

impl LogGroups for FileGroups {
    fn scan(&mut self, source: Option<&SourceSelection>, pass: &Pass<'_>) -> Result<Part, RunError> {
        let units = self.units(source)?;
        if units.iter().any(|(_, unit)| *unit.source() == Source::Stdin)
            && std::mem::replace(&mut self.stdin_was_read, true)
        {
            return Err(RunError::ReadOnce { what: "the query" });
        }
        let searches = Searches::of(pass);
        let mut totals = Totals::new();
        let mut current = None;
        let mut total = pass.nothing();
        let (groups, units, searches) = (&self.groups, &units, &searches);
        let worker = || {
            let mut reader = UnitReader::new(self.options.clone()).with_progress(&self.read);
            move |index: usize, outlet: &Outlet<'_, Told>| {
                let Some((group, unit)) = units.get(index) else { return };
                let name = groups.get(*group).and_then(|group| group.name.as_deref());
                let mut taker = Taker::new(pass, searches, name, unit);
                let mut summary = reader.read(unit, &mut |batch| {
                    if outlet.is_closed() { ControlFlow::Break(()) } else { taker.batch(batch) }
                });
                summary.merge(std::mem::take(&mut taker.unreadable));
                summary.problems.sort_by_key(|problem| problem.place);
                let _ = outlet.send((taker.finish(), summary));
            }
        };
        let flow = run_ordered(units.len(), self.threads, worker, |index, (part, summary)| {
            if current != Some(index)
                && let Some((_, unit)) = units.get(index)
            {
                current = Some(index);
                totals.begin(unit);
            }
            totals.finish(summary);
            if let Err(error) = part.and_then(|part| pass.merge(&mut total, part)) {
                return ControlFlow::Break(Some(error));
            }
            if pass.is_satisfied(&total) { ControlFlow::Break(None) } else { ControlFlow::Continue(()) }
        });
        self.summary.merge(totals.summary().clone());
        match flow {
            Err(error) => Err(RunError::Read(error)),
            Ok(ControlFlow::Break(Some(error))) => Err(error),
            Ok(_) => Ok(total),
        }
    }

    fn can_scan_again(&self) -> bool {
        !self.groups.iter().flat_map(|group| &group.sources).any(|source| *source == Source::Stdin)
    }
}

impl FileGroups {
    /// The units to read, each with its group.
    fn units(&self, source: Option<&SourceSelection>) -> Result<Vec<(usize, Unit)>, RunError> {
        let named: Vec<&str> = self.groups.iter().filter_map(|group| group.name.as_deref()).collect();
        let selection = match source {
            None => Selection::Default,
            Some(source) => select(source, &named)?,
        };
        // The group without a name is the first.
        let places = match selection {
            Selection::Default => vec![0],
            Selection::Named(places) => places.into_iter().map(|place| place + 1).collect(),
        };
        let units = places.into_iter().flat_map(|place| {
            let sources = self.groups.get(place).map(|group| group.sources.as_slice()).unwrap_or_default();
            plan_units(sources, &self.options).into_iter().map(move |unit| (place, unit))
        });
        Ok(units.collect())
    }
}

/// The searches ahead that a query allows.
struct Searches {
    direct: Option<Prefilter>,
    in_string: Option<Prefilter>,
}

impl Searches {
    fn of(pass: &Pass<'_>) -> Self {
        let requirement = pass.requirement();
        Searches {
            direct: requirement.cloned().map(Prefilter::new),
            in_string: requirement.and_then(|requirement| requirement.inside_string()).map(Prefilter::new),
        }
    }
}

/// Takes the events of one unit.
struct Taker<'p> {
    worker: Worker<'p>,
    ahead: Ahead<'p>,
    group: Option<&'p str>,
    source: Source,
    source_name: String,
    slots: Slots,
    needs_origin: bool,
    failure: Option<RunError>,
    /// Events that could not be used; it keeps a bounded number of problems and counts the rest.
    unreadable: Summary,
}

impl<'p> Taker<'p> {
    fn new(pass: &'p Pass<'p>, searches: &'p Searches, group: Option<&'p str>, unit: &Unit) -> Self {
        Taker {
            worker: pass.worker(),
            ahead: Ahead::new(searches.direct.as_ref(), searches.in_string.as_ref()),
            group,
            source: unit.source().clone(),
            source_name: unit.source().to_string(),
            slots: Slots::new(),
            needs_origin: pass.reads_origin(),
            failure: None,
            unreadable: Summary::default(),
        }
    }

    fn batch(&mut self, batch: &Batch<'_>) -> ControlFlow<()> {
        let Taker { worker, ahead, group, source, source_name, slots, needs_origin, failure, unreadable } =
            self;
        let mut note = |event: &RawEvent<'_>, kind: ProblemKind| {
            let place = Some(batch.place(event));
            unreadable.skip_event(Problem { source: source.clone(), place, kind });
        };
        let in_place = batch.wrap() == Wrap::Bare;
        ahead.candidates(batch, &mut |event| {
            let opened = if in_place { None } else { Some(event.open(slots)) };
            let (message, timestamp) = match &opened {
                None => (event.raw(), RecordTime::InMessage),
                Some(Ok(opened)) => (&*opened.message, RecordTime::Given(opened.timestamp)),
                Some(Err(kind)) => {
                    note(&event, kind.clone());
                    return ControlFlow::Continue(());
                }
            };
            let origin = if *needs_origin { event.origin(slots) } else { Default::default() };
            let record = LogRecord {
                timestamp,
                ingestion_time: origin.ingestion_time,
                log_stream: Some(origin.log_stream.as_deref().unwrap_or(source_name)),
                log: *group,
                place: Some((source_name, batch.offset_of(&event))),
                promises_json: batch.holds_records(),
                ..LogRecord::new(message)
            };
            match worker.record(&record) {
                Ok(flow) => {
                    if let Some(fault) = worker.fault().filter(|_| batch.holds_records()) {
                        note(&event, ProblemKind::MalformedRecord { fault: fault.to_string() });
                    }
                    flow
                }
                Err(error) => {
                    *failure = Some(error);
                    ControlFlow::Break(())
                }
            }
        })
    }

    fn finish(self) -> Result<Part, RunError> {
        match self.failure {
            Some(error) => Err(error),
            None => Ok(self.worker.finish()),
        }
    }
}
