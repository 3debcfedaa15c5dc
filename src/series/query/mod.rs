//! Metrics Insights queries run over metric data (`spec/metrics-insights.md` 2).

mod groups;
mod known;
mod note;
mod select;
mod tags;
mod versions;

use std::cmp::Ordering;
use std::collections::BTreeMap;

pub use note::QueryNote;
pub use tags::{TagTable, TagTableError};

use super::statistic::Basics;
use super::{MetricStore, Period, Point, Statistic, TimeRange, TimeSeries};
use crate::EpochMillis;
use crate::syntax::metrics::{AggregateFunction, Direction, MetricsQuery};
use groups::Group;

/// How many series a query processes at most; which ones is a choice (`spec/metrics-insights.md` 4, U12).
pub const MOST_PROCESSED: usize = 10_000;

/// How many series a query gives at most.
pub const MOST_RETURNED: usize = 500;

/// What a query is asked for beside its text.
#[derive(Clone, Debug)]
pub struct QueryRun<'a> {
    /// The time of which data are read.
    pub range: TimeRange,
    /// The width of a bucket; less than a minute is taken for a minute.
    pub period: Period,
    /// From where buckets are counted. Queries count from 1970 (the default); an alarm with a sliding window counts from
    /// the instant at which it is evaluated.
    pub origin: EpochMillis,
    /// The account that asks, and that owns the metrics that name none.
    pub account: Option<&'a str>,
    /// The tags of resources.
    pub tags: &'a TagTable,
    /// What a legend calls the result: the request's `Label`, or its `Id`.
    pub label: Option<&'a str>,
}

impl<'a> QueryRun<'a> {
    /// A run without account and label, with buckets that count from 1970.
    pub fn new(range: TimeRange, period: Period, tags: &'a TagTable) -> Self {
        QueryRun { range, period, origin: EpochMillis(0), account: None, tags, label: None }
    }

    /// The start of the bucket that holds an instant.
    fn bucket(&self, at: EpochMillis) -> EpochMillis {
        let width = self.period.max(Period::MINUTE).millis();
        let phase = at.0.saturating_sub(self.origin.0).rem_euclid(width);
        EpochMillis(at.0.saturating_sub(phase))
    }
}

/// Why a query cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The query asks for accounts, and a metric's is not known.
    #[error(
        "the query asks for `AWS.AccountId`, but the account of `{metric}` is not known; say which account the data are of"
    )]
    NoAccount {
        /// The first metric without account.
        metric: String,
    },
    /// Metric data that were imported without what the query needs.
    #[error(
        "the query needs `{statistic}` of `{metric}`, which does not follow from what was imported; import it too, a mean as `Sum` and `SampleCount`"
    )]
    NotKnown {
        /// The first such metric.
        metric: String,
        /// What is not known of it.
        statistic: Statistic,
    },
}

/// The result of a query.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct QueryResult {
    /// The labels by which the query groups, as it writes them; none for one series.
    pub keys: Vec<String>,
    /// The width of a bucket.
    pub period: Period,
    /// The series, in order. A group without data in the range is left out.
    pub rows: Vec<QueryRow>,
    /// What is to be known about the result.
    pub notes: Vec<QueryNote>,
}

impl QueryResult {
    /// Whether something is left out because of a quota, which an alarm shows as `PARTIAL_DATA`.
    pub fn is_partial(&self) -> bool {
        self.notes.iter().any(QueryNote::is_partial)
    }
}

/// A series of a result.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct QueryRow {
    /// The value of each label by which the query groups; `None` of metrics without the label, shown as `Other`.
    pub group: Vec<Option<String>>,
    /// What a legend calls it: the values, one blank between two, behind the rank where the query sorts.
    pub label: String,
    /// The values.
    pub points: Vec<Point>,
    /// How many observations they are of; where `SampleCount` was not imported, how many records.
    pub observations: f64,
}

impl QueryRow {
    /// The series with its label.
    pub fn into_series(self) -> TimeSeries {
        TimeSeries { label: self.label, points: self.points }
    }

    /// The value of each label as it is shown.
    pub fn shown(&self) -> impl Iterator<Item = &str> {
        self.group.iter().map(|value| value.as_deref().unwrap_or(OTHER))
    }
}

/// What metrics without a label are shown as.
const OTHER: &str = "Other";

impl MetricsQuery {
    /// Runs the query over metric data.
    ///
    /// ```
    /// use trailql::series::query::{QueryRun, TagTable};
    /// use trailql::series::{MetricIdentity, MetricStore, Period, StorageResolution, TimeRange, Unit};
    /// use trailql::{EpochMillis, MetricsQuery};
    ///
    /// let mut store = MetricStore::new();
    /// for (user, value) in [("alice", 2.0), ("bob", 5.0)] {
    ///     let metric = MetricIdentity::new("App", "Errors").with([("userName", user)].into_iter().collect());
    ///     store.put(&metric, Unit::Count, StorageResolution::Minute, EpochMillis(0), value)?;
    /// }
    /// let query: MetricsQuery =
    ///     "SELECT SUM(Errors) FROM SCHEMA(App, userName) GROUP BY userName ORDER BY SUM() DESC".parse()?;
    /// let tags = TagTable::default();
    /// let range = TimeRange { start: EpochMillis(0), end: EpochMillis(60_000) };
    /// let result = query.run(&store, &QueryRun::new(range, Period::MINUTE, &tags))?;
    /// let rows: Vec<_> = result.rows.iter().map(|row| (row.label.as_str(), row.points[0].value)).collect();
    /// assert_eq!(rows, [("1 - bob", 5.0), ("2 - alice", 2.0)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// An account that is asked for and not known; a statistic that the query needs and the data came without.
    ///
    /// # Limits
    /// [`MOST_PROCESSED`] series are read, in order of their identity, and [`MOST_RETURNED`] are given; a note tells
    /// where there are more. Metrics and groups are held in memory, each group's sums while it is computed.
    pub fn run(&self, store: &MetricStore, run: &QueryRun<'_>) -> Result<QueryResult, QueryError> {
        let mut notes = Vec::new();
        if run.period < Period::MINUTE {
            notes.push(QueryNote::PeriodRaised(run.period));
        }
        let groups = groups::of(self, store, run, &mut notes)?;
        let mut rows: Vec<Ranked> =
            groups.into_iter().filter_map(|(tuple, group)| self.row(tuple, &group, run)).collect();
        self.sort(&mut rows);
        let most = self.limit.as_ref().map_or(MOST_RETURNED, |limit| usize::from(limit.series));
        if self.limit.is_none() && rows.len() > MOST_RETURNED {
            notes.push(QueryNote::RowsLeftOut(rows.len() - MOST_RETURNED));
        }
        rows.truncate(most);
        let rows = rows.into_iter().enumerate().map(|(index, ranked)| {
            let mut row = ranked.row;
            row.label = self.label(&row, index + 1, run.label);
            row
        });
        Ok(QueryResult {
            keys: self.group_by.iter().map(ToString::to_string).collect(),
            period: run.period.max(Period::MINUTE),
            rows: rows.collect(),
            notes,
        })
    }

    /// The series of a group; nothing of one without data.
    fn row(&self, tuple: Vec<Option<String>>, group: &Group<'_>, run: &QueryRun<'_>) -> Option<Ranked> {
        let mut buckets: BTreeMap<EpochMillis, Basics> = BTreeMap::new();
        for member in &group.members {
            let bucket = |at| Some(run.bucket(at)).filter(|bucket| member.times.contains(*bucket));
            member.data.add_to_periods(run.range, bucket, &mut buckets);
        }
        if buckets.is_empty() {
            return None;
        }
        let points: Vec<Point> = buckets
            .iter()
            .map(|(at, basics)| Point { at: *at, value: aggregated(self.select.function, basics) })
            .collect();
        let observations = buckets.values().map(Basics::count).sum();
        let worth = self.order_by.as_ref().map_or(0.0, |order| worth(order.function, &points, observations));
        Some(Ranked { worth, row: QueryRow { group: tuple, label: String::new(), points, observations } })
    }

    /// By what they are worth, and those that are worth the same by their values as they are shown.
    fn sort(&self, rows: &mut [Ranked]) {
        let descending = self.order_by.as_ref().is_some_and(|order| order.direction == Direction::Desc);
        rows.sort_by(|left, right| {
            let by_worth = left.worth.total_cmp(&right.worth);
            let by_worth = if descending { by_worth.reverse() } else { by_worth };
            by_worth.then_with(|| by_tuple(&left.row, &right.row))
        });
    }

    fn label(&self, row: &QueryRow, rank: usize, label: Option<&str>) -> String {
        if self.group_by.is_empty() {
            return label.map_or_else(|| self.select.to_string(), str::to_owned);
        }
        let values: Vec<&str> = row.shown().collect();
        let values = values.join(" ");
        let ranked = if self.order_by.is_some() { format!("{rank} - {values}") } else { values };
        match label {
            Some(label) if !label.is_empty() => format!("{label} {ranked}"),
            _ => ranked,
        }
    }
}

struct Ranked {
    worth: f64,
    row: QueryRow,
}

/// A real value `Other` comes before the absent one that is shown so.
fn by_tuple(left: &QueryRow, right: &QueryRow) -> Ordering {
    left.shown().cmp(right.shown()).then_with(|| {
        let absent = |row: &QueryRow| row.group.iter().map(Option::is_none).collect::<Vec<_>>();
        absent(left).cmp(&absent(right))
    })
}

/// The function over all observations of a bucket.
fn aggregated(function: AggregateFunction, basics: &Basics) -> f64 {
    match function {
        AggregateFunction::Avg => basics.total.rounded() / basics.count(),
        AggregateFunction::Count => basics.count(),
        AggregateFunction::Max => basics.maximum,
        AggregateFunction::Min => basics.minimum,
        AggregateFunction::Sum => basics.total.rounded(),
    }
}

/// What a series is worth over the whole range: of its points, and for `COUNT` its observations (U06).
fn worth(function: AggregateFunction, points: &[Point], observations: f64) -> f64 {
    let mut basics = Basics::default();
    points.iter().for_each(|point| basics.add(point.value, 1));
    match function {
        AggregateFunction::Count => observations,
        function => aggregated(function, &basics),
    }
}
