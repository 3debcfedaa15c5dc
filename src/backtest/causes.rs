//! Who was behind it: saved Metrics Insights queries over the whole time, and over each alarm against the time before.

use std::collections::BTreeMap;

use super::alarms::AlarmHistory;
use super::watch::Data;
use crate::EpochMillis;
use crate::MetricsQuery;
use crate::series::query::{QueryError, QueryNote};
use crate::series::{Period, Point, TimeRange};
use crate::syntax::metrics::AggregateFunction;

/// The periods of a query's series over the whole time, in seconds: the first that gives no more than so many points.
const SERIES_PERIODS: [u64; 6] = [60, 300, 900, 3_600, 21_600, 86_400];
const MOST_POINTS: i64 = 400;

/// What a saved query gives over the whole time.
#[derive(Clone, Debug)]
pub struct QuerySeries {
    /// Where it is saved.
    pub path: String,
    /// The query.
    pub query: MetricsQuery,
    /// The period of the points.
    pub period: Period,
    /// One series a group, in the order of the query.
    pub groups: Vec<GroupSeries>,
    /// What is to be known about the result, such as series that are left out.
    pub notes: Vec<QueryNote>,
}

/// One series of a query.
#[derive(Clone, Debug)]
pub struct GroupSeries {
    /// What a legend calls it.
    pub label: String,
    /// The values of the keys of `GROUP BY`; none where the metric has no such label.
    pub group: Vec<Option<String>>,
    /// The values.
    pub points: Vec<Point>,
}

/// Who was behind one alarm.
#[derive(Clone, Debug)]
pub struct Causes {
    /// Where the query is saved.
    pub path: String,
    /// The query.
    pub query: MetricsQuery,
    /// The alarm.
    pub alarm: String,
    /// The time in ALARM, and the periods that led to it.
    pub during: TimeRange,
    /// The groups, those that grew most first.
    pub rows: Vec<Cause>,
}

/// One group during an alarm and before.
#[derive(Clone, Debug)]
pub struct Cause {
    /// What a legend calls it.
    pub label: String,
    /// The values of the keys of `GROUP BY`.
    pub group: Vec<Option<String>>,
    /// What the query's function gives over the alarm's time.
    pub during: f64,
    /// The same over all the time before; of sums and counts, per as much time as the alarm took.
    pub before: f64,
}

/// A query over the whole time.
pub(super) fn series(
    path: &str,
    query: &MetricsQuery,
    data: Data<'_>,
    range: TimeRange,
) -> Result<QuerySeries, QueryError> {
    let mut periods = SERIES_PERIODS.iter().filter_map(|seconds| Period::from_seconds(*seconds).ok());
    let is_enough = |period: &Period| range.millis() / period.millis() <= MOST_POINTS;
    let period = periods.clone().find(is_enough).or(periods.next_back()).unwrap_or(Period::MINUTE);
    let aligned = TimeRange { start: period.floor(range.start), end: range.end };
    let result = data.run(query, aligned, period, EpochMillis(0))?;
    let groups = result.rows.into_iter();
    Ok(QuerySeries {
        path: path.to_owned(),
        query: query.clone(),
        period,
        groups: groups
            .map(|row| GroupSeries { label: row.label, group: row.group, points: row.points })
            .collect(),
        notes: result.notes,
    })
}

/// Who was behind each episode of an alarm.
pub(super) fn of_alarm(
    path: &str,
    query: &MetricsQuery,
    data: Data<'_>,
    range: TimeRange,
    alarm: &AlarmHistory,
) -> Result<Vec<Causes>, QueryError> {
    let mut causes = Vec::new();
    for time in alarm.episodes() {
        let start = EpochMillis(time.start.0.saturating_sub(alarm.span_millis)).max(range.start);
        let during = TimeRange { start: Period::MINUTE.floor(start), end: time.end };
        let before = TimeRange { start: range.start, end: during.start };
        let now = totals(query, data, during)?;
        let then = totals(query, data, before)?;
        let function = query.select.function;
        let is_total = matches!(function, AggregateFunction::Sum | AggregateFunction::Count);
        let share = if before.millis() > 0 { during.millis() as f64 / before.millis() as f64 } else { 0.0 };
        let mut rows: Vec<Cause> = now
            .into_iter()
            .map(|(group, (label, during))| {
                let before = then.get(&group).map_or(0.0, |(_, value)| *value);
                Cause { label, group, during, before: if is_total { before * share } else { before } }
            })
            .collect();
        rows.sort_by(|one, other| (other.during - other.before).total_cmp(&(one.during - one.before)));
        causes.push(Causes {
            path: path.to_owned(),
            query: query.clone(),
            alarm: alarm.name.clone(),
            during,
            rows,
        });
    }
    Ok(causes)
}

type Totals = BTreeMap<Vec<Option<String>>, (String, f64)>;

/// The query's function over a time as one number for each group. An average is that of its minutes.
fn totals(query: &MetricsQuery, data: Data<'_>, range: TimeRange) -> Result<Totals, QueryError> {
    // The order and limit of the query are about the whole of it.
    let query = MetricsQuery { order_by: None, limit: None, ..query.clone() };
    let result = data.run(&query, range, Period::MINUTE, EpochMillis(0))?;
    let rows = result.rows.into_iter().filter_map(|row| {
        let values = || row.points.iter().map(|point| point.value);
        let count = row.points.len();
        let total = match query.select.function {
            AggregateFunction::Sum | AggregateFunction::Count => values().sum(),
            AggregateFunction::Max => values().fold(f64::NEG_INFINITY, f64::max),
            AggregateFunction::Min => values().fold(f64::INFINITY, f64::min),
            AggregateFunction::Avg => values().sum::<f64>() / count as f64,
        };
        (count > 0).then_some((row.group, (row.label, total)))
    });
    Ok(rows.collect())
}
