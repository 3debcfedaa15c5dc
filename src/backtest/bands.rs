//! The series that a stack watches, each with the band that its detector would have expected.

use jiff::tz::TimeZone;

use super::BacktestError;
use super::watch::{Data, WatchError, aligned, unit_of, why_no_data};
use crate::EpochMillis;
use crate::alarm::Comparison;
use crate::anomaly::{Band, BandWidth, Detector, DetectorConfiguration, NoBand};
use crate::series::{Period, Point, TimeRange, Unit};
use crate::stack::{CheckedAlarm, CheckedStack, DataEntry, DataQueries, DetectorSubject, MetricSource};

/// The period of a detector that no alarm asks for.
const DETECTOR_PERIOD_SECONDS: u64 = 300;

/// A series that alarms watch or a detector learns.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Which metric or expression.
    pub label: String,
    /// The statistic; none for an expression.
    pub statistic: Option<String>,
    /// The length of its periods.
    pub period: Period,
    /// The unit of its values, where they share one.
    pub unit: Unit,
    /// Its values, by periods of the clock; none where there are no data.
    pub points: Vec<Point>,
    /// Why there are no values, or none of this statistic.
    pub missing: Option<String>,
    /// What was expected of them.
    pub band: Option<BandRun>,
    /// What static alarms compare it with.
    pub threshold: Option<f64>,
    /// The alarm on it, if any.
    pub alarm: Option<String>,
    /// The time zone of its detector, or UTC.
    pub time_zone: TimeZone,
}

/// What a detector expected of each period, from what came before it alone.
#[derive(Clone, Debug)]
pub struct BandRun {
    /// The width in standard deviations.
    pub width: BandWidth,
    /// The periods for which there is a band, in their order.
    pub expected: Vec<Expected>,
    /// Values outside of the band.
    pub outside: Vec<Point>,
    /// Why there is no band at the end of the time, where there is none.
    pub missing: Option<NoBand>,
}

/// What was expected of one period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The start of the period.
    pub at: EpochMillis,
    /// The band.
    pub band: Band,
}

impl BandRun {
    /// What was expected of the period that starts at an instant.
    pub fn at(&self, start: EpochMillis) -> Option<Band> {
        let found = self.expected.binary_search_by_key(&start, |expected| expected.at).ok()?;
        self.expected.get(found).map(|expected| expected.band)
    }
}

/// The band of a series, to be found by any instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Track<'b> {
    period: Period,
    run: &'b BandRun,
}

impl Track<'_> {
    /// The band of the period of the clock in which a period begins.
    pub(super) fn at(&self, start: EpochMillis) -> Option<Band> {
        self.run.at(self.period.floor(start))
    }
}

/// All series that a stack watches, and the bands of its alarms.
pub(super) struct Bands {
    watched: Vec<Watched>,
    /// By alarm, the index of what it watches.
    of_alarms: Vec<Option<usize>>,
}

impl Bands {
    pub(super) fn new(stack: &CheckedStack, data: Data<'_>, range: TimeRange) -> Result<Self, BacktestError> {
        let mut bands = Bands { watched: Vec::new(), of_alarms: Vec::new() };
        for alarm in stack.alarms() {
            let watched = of_alarm(stack, alarm, data, range).map_err(|error| BacktestError::Watch {
                what: format!("the alarm `{}`", alarm.definition.name()),
                error,
            })?;
            bands.of_alarms.push(watched.is_some().then_some(bands.watched.len()));
            bands.watched.extend(watched);
        }
        for detector in stack.detectors() {
            let is_used = stack.alarms().iter().any(|alarm| {
                let around = alarm.band.as_ref().and_then(|band| alarm.watched.get(&band.around));
                matches!(around, Some(DataEntry::Metric(source)) if detector.learns(source))
            });
            if !is_used {
                let watched = of_detector(&detector.subject, &detector.configuration, data, range);
                bands.watched.extend(watched.map_err(|error| BacktestError::Watch {
                    what: "an anomaly detector".to_owned(),
                    error,
                })?);
            }
        }
        Ok(bands)
    }

    pub(super) fn into_watched(self) -> Vec<Watched> {
        self.watched
    }

    /// The band of an alarm.
    pub(super) fn track(&self, alarm: usize) -> Option<Track<'_>> {
        let watched = self.watched.get((*self.of_alarms.get(alarm)?)?)?;
        Some(Track { period: watched.period, run: watched.band.as_ref()? })
    }
}

/// What an alarm watches; none for one on a grouped query, which has a series for each group.
fn of_alarm(
    stack: &CheckedStack,
    alarm: &CheckedAlarm,
    data: Data<'_>,
    range: TimeRange,
) -> Result<Option<Watched>, WatchError> {
    let band = alarm.band.as_ref();
    let entry = match band {
        Some(band) => alarm.watched.get(&band.around),
        None => alarm.watched.result(),
    };
    let Some(entry) = entry else { return Ok(None) };
    if matches!(entry, DataEntry::Query(query) if !query.group_by.is_empty()) {
        return Ok(None);
    }
    let mut watched = series(&alarm.watched, entry, data, range)?;
    watched.alarm = Some(alarm.definition.name().to_owned());
    if let Comparison::Static { threshold, .. } = alarm.definition.comparison() {
        watched.threshold = Some(*threshold);
    }
    if let Some(band) = band {
        let detector = stack.detectors().iter().find(|detector| match (&detector.subject, entry) {
            (DetectorSubject::Metric(..), DataEntry::Metric(source)) => detector.learns(source),
            (DetectorSubject::Math(queries), DataEntry::Math(math)) => {
                queries.result() == Some(&DataEntry::Math(math.clone()))
            }
            _ => false,
        });
        let configuration = match detector {
            Some(detector) => detector.configuration.clone(),
            // The service makes one by itself, with its own settings.
            None => DetectorConfiguration::new(watched.period),
        };
        learn(&mut watched, configuration, band.width, range);
    }
    Ok(Some(watched))
}

fn of_detector(
    subject: &DetectorSubject,
    configuration: &DetectorConfiguration,
    data: Data<'_>,
    range: TimeRange,
) -> Result<Option<Watched>, WatchError> {
    let mut watched = match subject {
        DetectorSubject::Metric(metric, statistic) => {
            let period = Period::from_seconds(DETECTOR_PERIOD_SECONDS).unwrap_or(Period::MINUTE);
            let source = MetricSource { metric: metric.clone(), statistic: *statistic, period, unit: None };
            let entry = DataEntry::Metric(source);
            let queries = DataQueries { entries: vec![(String::new(), entry.clone())], result: 0, period };
            series(&queries, &entry, data, range)?
        }
        DetectorSubject::Math(queries) => {
            let Some(entry) = queries.result() else { return Ok(None) };
            series(queries, entry, data, range)?
        }
    };
    learn(&mut watched, configuration.clone(), BandWidth::default(), range);
    Ok(Some(watched))
}

fn series(
    queries: &DataQueries,
    entry: &DataEntry,
    data: Data<'_>,
    range: TimeRange,
) -> Result<Watched, WatchError> {
    let (label, statistic) = match entry {
        DataEntry::Metric(source) => (source.metric.to_string(), Some(source.statistic.to_string())),
        DataEntry::Math(expression) => (expression.to_string(), None),
        DataEntry::Query(query) => (query.to_string(), None),
    };
    Ok(Watched {
        label,
        statistic,
        period: queries.period,
        unit: unit_of(data.store, entry),
        points: aligned(data, queries, entry, range)?,
        missing: why_no_data(data.store, entry, range),
        band: None,
        threshold: None,
        alarm: None,
        time_zone: TimeZone::UTC,
    })
}

/// Lets a detector go through the series, and keeps what it expected of each period before it saw it.
fn learn(
    watched: &mut Watched,
    mut configuration: DetectorConfiguration,
    width: BandWidth,
    range: TimeRange,
) {
    configuration.period = watched.period;
    configuration.unit = watched.unit;
    watched.time_zone = configuration.time_zone.clone();
    let mut detector = Detector::new(configuration);
    let mut run = BandRun { width, expected: Vec::new(), outside: Vec::new(), missing: None };
    let mut points = watched.points.iter().peekable();
    let mut at = watched.period.floor(range.start);
    while at < range.end {
        let point = points.next_if(|point| point.at <= at).filter(|point| point.at == at);
        if let Some(band) = detector.band(at, width) {
            run.expected.push(Expected { at, band });
            run.outside.extend(point.filter(|point| !band.contains(point.value)));
        }
        detector.observe(at, point.map(|point| point.value));
        at = EpochMillis(at.0.saturating_add(watched.period.millis()));
    }
    run.missing = detector.why_not();
    watched.band = Some(run);
}
