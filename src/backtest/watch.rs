//! What an alarm watches, at any period that begins anywhere.

use crate::alarm::{
    AlarmData, BandEdges, Contributor, ContributorData, ContributorIdentity, ContributorSet, Datapoint,
};
use crate::listing::listed_names;
use crate::series::math::{MathError, MathOperand, MathRun, MathValue, Origin};
use crate::series::query::{QueryError, QueryResult, QueryRun, TagTable};
use crate::series::{MetricData, MetricStore, Period, Point, TimeRange, TimeSeries, Unit};
use crate::stack::{DataEntry, DataQueries, MetricSource};
use crate::syntax::math::MathExpression;
use crate::{EpochMillis, MetricsQuery};

use super::bands::Track;

/// Periods before the one asked for that metric math sees, for functions that look back. The service fetches a few more
/// than it evaluates; how many is not documented.
const LOOK_BACK: i64 = 5;

/// Metric data, and the account that owns those that name none.
#[derive(Clone, Copy)]
pub(super) struct Data<'a> {
    pub(super) store: &'a MetricStore,
    pub(super) account: Option<&'a str>,
}

/// Why an entry of `Metrics` gives no series.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WatchError {
    /// A query cannot be run.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// Metric math cannot be evaluated.
    #[error(transparent)]
    Math(#[from] MathError),
    /// The result is an array.
    #[error(
        "`{0}` gives several series, and one is watched; take one of them by `FIRST`, or combine them by `SUM`"
    )]
    Several(String),
}

impl Data<'_> {
    /// A query over periods that count from an instant.
    pub(super) fn run(
        self,
        query: &MetricsQuery,
        range: TimeRange,
        period: Period,
        origin: EpochMillis,
    ) -> Result<QueryResult, QueryError> {
        let tags = TagTable::default();
        let run = QueryRun { origin, account: self.account, ..QueryRun::new(range, period, &tags) };
        query.run(self.store, &run)
    }
}

/// An alarm's data: values from the store, edges from the band. That its entries can be evaluated was seen when its series
/// was computed; what cannot is no data here.
pub(super) struct Watch<'a> {
    pub(super) data: Data<'a>,
    pub(super) queries: &'a DataQueries,
    pub(super) band: Option<Track<'a>>,
}

impl AlarmData for Watch<'_> {
    fn datapoint(&self, bucket: TimeRange) -> Datapoint {
        let Some(entry) = self.queries.result() else { return Datapoint::MISSING };
        let value = self.value(entry, bucket);
        let sample_count = match entry {
            DataEntry::Metric(source) => data_of(self.data.store, source)
                .and_then(|data| data.statistics(bucket))
                .map(|set| set.sample_count),
            _ => None,
        };
        let band = self.band.and_then(|track| track.at(bucket.start));
        Datapoint {
            value,
            band: band.map(|band| BandEdges { lower: band.lower, upper: band.upper }),
            sample_count,
        }
    }
}

impl Watch<'_> {
    fn value(&self, entry: &DataEntry, bucket: TimeRange) -> Option<f64> {
        let point = match entry {
            DataEntry::Metric(source) => {
                return data_of(self.data.store, source)?.value(&source.statistic, bucket);
            }
            DataEntry::Query(query) => {
                let result = queried(self.data, query, self.queries.period, &[bucket])?;
                result.rows.first().and_then(|row| row.points.first().copied())
            }
            DataEntry::Math(_) => {
                let back = LOOK_BACK.saturating_mul(bucket.millis());
                let range =
                    TimeRange { start: EpochMillis(bucket.start.0.saturating_sub(back)), end: bucket.end };
                Evaluation { data: self.data, queries: self.queries, range, origin: bucket.start }
                    .series(entry)
                    .ok()
                    .and_then(|series| series.points.last().copied())
            }
        };
        point.filter(|point| point.at == bucket.start).map(|point| point.value)
    }
}

/// Entries over a time, in periods that count from an instant.
struct Evaluation<'a> {
    data: Data<'a>,
    queries: &'a DataQueries,
    range: TimeRange,
    origin: EpochMillis,
}

impl Evaluation<'_> {
    /// The one series of an entry.
    fn series(&self, entry: &DataEntry) -> Result<TimeSeries, WatchError> {
        match (self.value(entry)?, entry) {
            (MathValue::Series(series), _) => Ok(series),
            (_, DataEntry::Query(query)) => Err(WatchError::Several(query.to_string())),
            (_, DataEntry::Math(expression)) => Err(WatchError::Several(expression.to_string())),
            (_, DataEntry::Metric(source)) => Err(WatchError::Several(source.metric.to_string())),
        }
    }

    fn value(&self, entry: &DataEntry) -> Result<MathValue, WatchError> {
        match entry {
            DataEntry::Metric(source) => {
                let data = data_of(self.data.store, source);
                let points = data.map(|data| self.points(data, source)).unwrap_or_default();
                Ok(MathValue::Series(TimeSeries { label: source.metric.to_string(), points }))
            }
            DataEntry::Query(query) => {
                let result = self.data.run(query, self.range, self.queries.period, self.origin)?;
                Ok(MathValue::from(result))
            }
            DataEntry::Math(expression) => {
                let operands = self.operands(expression)?;
                let run = MathRun {
                    origin: self.origin,
                    ..MathRun::new(self.range, self.queries.period, &operands)
                };
                Ok(expression.evaluate(&run)?)
            }
        }
    }

    /// What an expression may name. The check of the stack has seen that nothing refers to itself.
    fn operands(&self, expression: &MathExpression) -> Result<Vec<MathOperand>, WatchError> {
        let all = expression.uses_metrics();
        let ids = expression.ids();
        let entries = self.queries.entries.iter();
        let needed = entries.filter(|(id, entry)| {
            ids.contains(&id.as_str()) || (all && matches!(entry, DataEntry::Metric(_)))
        });
        let operand = |(id, entry): &(String, DataEntry)| {
            let origin = match entry {
                DataEntry::Metric(_) => Origin::Metric,
                DataEntry::Query(_) => Origin::Query,
                DataEntry::Math(_) => Origin::Math,
            };
            Ok(MathOperand { id: id.clone(), origin, value: self.value(entry)? })
        };
        needed.map(operand).collect()
    }

    fn points(&self, data: &MetricData, source: &MetricSource) -> Vec<Point> {
        let period = self.queries.period;
        if period.floor(self.origin) == self.origin {
            return data.points(&source.statistic, period, self.range);
        }
        let mut points = Vec::new();
        let mut at = self.range.start;
        while at < self.range.end {
            let end = EpochMillis(at.0.saturating_add(period.millis()));
            let value = data.value(&source.statistic, TimeRange { start: at, end });
            points.extend(value.map(|value| Point { at, value }));
            at = end;
        }
        points
    }
}

/// The data of a metric, unless they are of another unit than is asked for.
fn data_of<'s>(store: &'s MetricStore, source: &MetricSource) -> Option<&'s MetricData> {
    let data = store.get(&source.metric)?;
    source.unit.is_none_or(|unit| data.units().contains(&unit)).then_some(data)
}

/// The values of an entry by periods of the clock.
pub(super) fn aligned(
    data: Data<'_>,
    queries: &DataQueries,
    entry: &DataEntry,
    range: TimeRange,
) -> Result<Vec<Point>, WatchError> {
    let range = TimeRange { start: queries.period.floor(range.start), end: range.end };
    let evaluation = Evaluation { data, queries, range, origin: EpochMillis(0) };
    evaluation.series(entry).map(|series| series.points)
}

/// Why a metric has no data at a time, or less than it seems.
pub(super) fn why_no_data(store: &MetricStore, entry: &DataEntry, range: TimeRange) -> Option<String> {
    let DataEntry::Metric(source) = entry else { return None };
    let Some(data) = store.get(&source.metric) else {
        return Some("no sample of this metric was published".to_owned());
    };
    if let (None, Some(asked)) = (data_of(store, source), source.unit) {
        let units = data.units();
        let units = listed_names(units.iter().map(|unit| unit.as_str()), "and");
        return Some(format!("its samples are in {units}, and `{asked}` is asked for"));
    }
    data.unavailable(&source.statistic, range).map(|reason| format!("{}: {reason}", source.statistic))
}

/// The unit of an entry's values, where they share one.
pub(super) fn unit_of(store: &MetricStore, entry: &DataEntry) -> Unit {
    match entry {
        DataEntry::Metric(source) => source.unit.unwrap_or_else(|| {
            let units = store.get(&source.metric).map(|data| data.units()).unwrap_or_default();
            match units.as_slice() {
                [one] => *one,
                _ => Unit::None,
            }
        }),
        DataEntry::Math(_) | DataEntry::Query(_) => Unit::None,
    }
}

/// The series of a grouped query, for an alarm on it.
pub(super) struct Groups<'a> {
    pub(super) data: Data<'a>,
    pub(super) query: &'a MetricsQuery,
    pub(super) period: Period,
}

impl ContributorData for Groups<'_> {
    fn contributors(&self, buckets: &[TimeRange]) -> ContributorSet {
        let Some(result) = queried(self.data, self.query, self.period, buckets) else {
            return ContributorSet::default();
        };
        let is_partial = result.is_partial();
        let keys = &result.keys;
        let contributors = result.rows.iter().map(|row| Contributor {
            identity: ContributorIdentity {
                attributes: keys.iter().cloned().zip(row.shown().map(str::to_owned)).collect(),
                // The rank in the label changes from one evaluation to the next.
                label: row.shown().collect::<Vec<_>>().join(" "),
            },
            datapoints: on_buckets(&row.points, buckets),
        });
        ContributorSet { contributors: contributors.collect(), is_partial }
    }
}

/// The result of a query over periods of which each begins where the one before ends.
fn queried(
    data: Data<'_>,
    query: &MetricsQuery,
    period: Period,
    buckets: &[TimeRange],
) -> Option<QueryResult> {
    let range = TimeRange { start: buckets.first()?.start, end: buckets.last()?.end };
    data.run(query, range, period, range.start).ok()
}

/// A datapoint for each period.
fn on_buckets(points: &[Point], buckets: &[TimeRange]) -> Vec<Datapoint> {
    let of_bucket = |bucket: &TimeRange| {
        let found = points.binary_search_by_key(&bucket.start, |point| point.at).ok();
        found
            .and_then(|index| points.get(index))
            .map_or(Datapoint::MISSING, |point| Datapoint::of(point.value))
    };
    buckets.iter().map(of_bucket).collect()
}
