//! Metric filters over files: what each publishes, into one store, whatever the number of threads.

use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::{
    Batch, Judged, Outlet, Problem, RawEvent, ReadOptions, Search, Source, Summary, Totals, UnitReader,
    plan_units, run_ordered,
};
use crate::series::{
    MetricFilterRun, MetricStore, MetricTransformation, NoSample, RefusedValue, Sample, TimeRange,
};
use crate::{EpochMillis, LogEvent, Matcher};

/// What metric filters made of files.
#[derive(Debug)]
pub struct Published {
    /// The values.
    pub store: MetricStore,
    /// What each filter did, in their order.
    pub filters: Vec<MetricFilterRun>,
    /// From the first event to the last. Where events are out of order, those that no filter looked at may lie outside.
    pub times: Option<TimeRange>,
    /// What was read.
    pub summary: Summary,
}

/// Why metric filters could not be run to the end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// No thread could be started.
    #[error("cannot start a thread: {0}")]
    Threads(#[from] io::Error),
    /// The store has no room left.
    #[error(transparent)]
    Full(RefusedValue),
}

/// What the events of a batch gave, or how a unit ended.
enum Told {
    Batch(Gathered),
    Finished(Summary),
}

/// What the events of a batch gave.
#[derive(Default)]
struct Gathered {
    /// Each with the index of its filter.
    samples: Vec<(usize, Result<Sample, NoSample>)>,
    times: Option<(EpochMillis, EpochMillis)>,
}

impl Gathered {
    fn note(&mut self, at: EpochMillis) {
        let (first, last) = self.times.get_or_insert((at, at));
        *first = (*first).min(at);
        *last = (*last).max(at);
    }
}

/// Runs metric filters over files, on so many threads. A filter without default value looks only at events that may
/// match.
///
/// ```no_run
/// use trailql::events::{ReadOptions, collect_sources, publish};
/// use trailql::series::TransformationSpec;
/// use trailql::{FilterPattern, Limits};
///
/// let pattern: FilterPattern = "{ $.eventName = GetObject }".parse()?;
/// let spec = TransformationSpec { namespace: "trail".into(), name: "n".into(), value: "1".into(), ..Default::default() };
/// let filters = [(pattern.compile(&Limits::default())?, spec.check(&pattern).unwrap())];
/// let sources = collect_sources(["logs"]).sources;
/// let published = publish(&filters, &sources, &ReadOptions::default(), 2, &Default::default())?;
/// println!("{} matches", published.filters[0].emission().matches);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where no thread can be started, or the store is full. What cannot be read is in the summary.
pub fn publish(
    filters: &[(Matcher, MetricTransformation)],
    sources: &[Source],
    options: &ReadOptions,
    threads: usize,
    read: &Arc<AtomicU64>,
) -> Result<Published, PublishError> {
    let units = plan_units(sources, options);
    let mut published = Published {
        store: MetricStore::new(),
        filters: filters
            .iter()
            .map(|(_, transformation)| MetricFilterRun::new(transformation.clone()))
            .collect(),
        times: None,
        summary: Summary::default(),
    };
    let mut totals = Totals::new();
    let mut current = None;
    let worker = || {
        let mut reader = UnitReader::new(options.clone()).with_progress(read);
        let units = &units;
        move |index: usize, outlet: &Outlet<'_, Told>| {
            let Some(unit) = units.get(index) else { return };
            let mut searches: Vec<Search<'_>> =
                filters.iter().map(|(matcher, _)| Search::new(matcher)).collect();
            let mut unreadable = Summary::default();
            let mut summary = reader.read(unit, &mut |batch| {
                if outlet.is_closed() {
                    return ControlFlow::Break(());
                }
                let gathered = gather(filters, &mut searches, batch, unit.source(), &mut unreadable);
                outlet.send(Told::Batch(gathered))
            });
            summary.merge(unreadable);
            summary.problems.sort_by_key(|problem| problem.place);
            let _ = outlet.send(Told::Finished(summary));
        }
    };
    let flow = run_ordered(units.len(), threads, worker, |index, told| {
        if current != Some(index)
            && let Some(unit) = units.get(index)
        {
            current = Some(index);
            totals.begin(unit);
        }
        match told {
            Told::Batch(gathered) => match published.take(gathered) {
                Ok(()) => ControlFlow::Continue(()),
                Err(full) => ControlFlow::Break(full),
            },
            Told::Finished(summary) => {
                totals.finish(summary);
                ControlFlow::Continue(())
            }
        }
    })?;
    published.summary = totals.summary().clone();
    match flow {
        ControlFlow::Break(full) => Err(PublishError::Full(full)),
        ControlFlow::Continue(()) => Ok(published),
    }
}

impl Published {
    fn take(&mut self, gathered: Gathered) -> Result<(), RefusedValue> {
        for (at, sample) in gathered.samples {
            if let Some(filter) = self.filters.get_mut(at) {
                filter.publish(&mut self.store, sample)?;
            }
        }
        if let Some((first, last)) = gathered.times {
            let end = EpochMillis(last.0.saturating_add(1));
            let known = self.times.get_or_insert(TimeRange { start: first, end });
            known.start = known.start.min(first);
            known.end = known.end.max(end);
        }
        Ok(())
    }
}

/// Runs each filter over a batch.
fn gather(
    filters: &[(Matcher, MetricTransformation)],
    searches: &mut [Search<'_>],
    batch: &Batch<'_>,
    source: &Source,
    unreadable: &mut Summary,
) -> Gathered {
    let mut gathered = Gathered::default();
    let mut events = batch.events();
    let first = events.next();
    for event in [first, events.last()].into_iter().flatten() {
        if let Some(at) = event.timestamp() {
            gathered.note(at);
        }
    }
    // Several filters meet the same broken event.
    let mut told = BTreeSet::new();
    for (at, (search, (matcher, transformation))) in searches.iter_mut().zip(filters).enumerate() {
        let mut on_problem = |event: &RawEvent<'_>, kind| {
            if told.insert(event.start()) {
                let place = Some(batch.place(event));
                unreadable.skip_event(Problem { source: source.clone(), place, kind });
            }
        };
        let mut on_event = |judged: Judged<'_>| {
            let event = LogEvent::new(&judged.message);
            let event = match judged.event.timestamp() {
                Some(time) => event.at(time),
                None => event,
            };
            if let Some(time) = event.timestamp() {
                gathered.note(time);
            }
            gathered.samples.push((
                at,
                match judged.matched {
                    true => transformation.sample_of_match(matcher, &event),
                    false => transformation.default_sample(&event),
                },
            ));
            ControlFlow::Continue(())
        };
        let _ = match transformation.default_value {
            Some(_) => search.each(batch, &mut on_event, &mut on_problem),
            None => search.matches(batch, &mut on_event, &mut on_problem),
        };
    }
    gathered
}
