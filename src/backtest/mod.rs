//! A stack replayed over past metric data: what its detectors would have expected, what its alarms would have done, and who
//! was behind it.

mod alarms;
mod bands;
mod causes;
mod watch;

use crate::alarm::{ReplayError, ReplayOptions};
use crate::series::query::QueryError;
use crate::series::{MetricStore, TimeRange};
use crate::stack::{CheckedStack, MetricText};
use crate::{EpochMillis, MetricsQuery};

pub use alarms::{AlarmHistory, History};
pub use bands::{BandRun, Expected, Watched};
pub use causes::{Cause, Causes, GroupSeries, QuerySeries};
pub use watch::WatchError;

use watch::Data;

/// How a stack is replayed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BacktestOptions {
    /// The account that owns the metric data, for queries that ask for `AWS.AccountId`.
    pub account: Option<String>,
    /// How alarms are evaluated where the service leaves it open.
    pub alarms: ReplayOptions,
}

/// What a stack would have done.
///
/// Bands approximate the service's unpublished model; see [`crate::anomaly::APPROXIMATION`].
#[derive(Clone, Debug)]
pub struct Backtest {
    /// The time that was replayed: the metric data, widened to whole minutes.
    pub range: TimeRange,
    /// The metrics that alarms watch or detectors learn.
    pub watched: Vec<Watched>,
    /// What each alarm did, as they stand in the stack.
    pub alarms: Vec<AlarmHistory>,
    /// What each saved Metrics Insights query gives, over the whole time.
    pub queries: Vec<QuerySeries>,
    /// The saved queries that were not run.
    pub not_run: Vec<NotRun>,
    /// Who was behind each alarm, by each saved query that groups.
    pub causes: Vec<Causes>,
}

/// Why a stack could not be replayed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BacktestError {
    /// The time is too long for the period of an alarm.
    #[error("the alarm `{alarm}` cannot be replayed: {error}")]
    Alarm {
        /// Which.
        alarm: String,
        /// Why.
        error: ReplayError,
    },
    /// What an alarm or a detector watches cannot be computed.
    #[error("{what} cannot be replayed: {error}")]
    Watch {
        /// What.
        what: String,
        /// Why.
        error: WatchError,
    },
}

/// A saved query that was not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRun {
    /// Where it is saved.
    pub path: String,
    /// Why.
    pub reason: String,
}

impl Backtest {
    /// Replays a stack over the metric data that its filters published between two instants.
    ///
    /// ```
    /// use trailql::EpochMillis;
    /// use trailql::backtest::{Backtest, BacktestOptions};
    /// use trailql::series::{MetricIdentity, MetricStore, StorageResolution, TimeRange, Unit};
    /// use trailql::stack::Stack;
    ///
    /// let source = r#"
    ///     [[alarms]]
    ///     AlarmName = "downloads"
    ///     Namespace = "trail"
    ///     MetricName = "downloads"
    ///     Statistic = "Sum"
    ///     Period = 60
    ///     EvaluationPeriods = 1
    ///     Threshold = 10
    ///     ComparisonOperator = "GreaterThanThreshold"
    /// "#;
    /// let stack = Stack::parse(source)?.check(source).ast.expect("nothing is refused");
    /// let mut store = MetricStore::new();
    /// let metric = MetricIdentity::new("trail", "downloads");
    /// for (minute, value) in [(0, 3.0), (1, 12.0), (2, 4.0)] {
    ///     store.put(&metric, Unit::Count, StorageResolution::Minute, EpochMillis(minute * 60_000), value)?;
    /// }
    /// let range = TimeRange { start: EpochMillis(0), end: EpochMillis(180_000) };
    /// let backtest = Backtest::run(&stack, &store, range, &BacktestOptions::default())?;
    /// assert_eq!(backtest.alarms[0].timeline().alarms(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where a time is too long for an alarm, or what it watches cannot be computed.
    pub fn run(
        stack: &CheckedStack,
        store: &MetricStore,
        times: TimeRange,
        options: &BacktestOptions,
    ) -> Result<Backtest, BacktestError> {
        let range = whole_minutes(times);
        let data = Data { store, account: options.account.as_deref() };
        let bands = bands::Bands::new(stack, data, range)?;
        let alarms = stack.alarms().iter().enumerate();
        let alarms: Vec<AlarmHistory> = alarms
            .map(|(index, alarm)| alarms::replayed(index, alarm, &bands, data, range, &options.alarms))
            .collect::<Result<_, _>>()?;
        let (mut queries, mut causes, mut not_run) = (Vec::new(), Vec::new(), Vec::new());
        for saved in stack.metric_queries() {
            match &saved.text {
                MetricText::Math(_) => not_run.push(NotRun {
                    path: saved.path.clone(),
                    reason: "metric math names results that are not saved with it".to_owned(),
                }),
                MetricText::Query(query) => match of_query(&saved.path, query, data, range, &alarms) {
                    Ok((series, of_alarms)) => {
                        queries.push(series);
                        causes.extend(of_alarms);
                    }
                    Err(error) => {
                        not_run.push(NotRun { path: saved.path.clone(), reason: error.to_string() })
                    }
                },
            }
        }
        Ok(Backtest { range, watched: bands.into_watched(), alarms, queries, not_run, causes })
    }
}

/// A saved query over the whole time, and over each alarm where it groups.
fn of_query(
    path: &str,
    query: &MetricsQuery,
    data: Data<'_>,
    range: TimeRange,
    alarms: &[AlarmHistory],
) -> Result<(QuerySeries, Vec<Causes>), QueryError> {
    let series = causes::series(path, query, data, range)?;
    let mut of_alarms = Vec::new();
    if !query.group_by.is_empty() {
        for alarm in alarms {
            of_alarms.extend(causes::of_alarm(path, query, data, range, alarm)?);
        }
    }
    Ok((series, of_alarms))
}

/// The range, widened to whole minutes.
fn whole_minutes(range: TimeRange) -> TimeRange {
    const MINUTE: i64 = 60_000;
    let start = range.start.0.saturating_sub(range.start.0.rem_euclid(MINUTE));
    let end = range.end.0.saturating_add((MINUTE - range.end.0.rem_euclid(MINUTE)).rem_euclid(MINUTE));
    TimeRange { start: EpochMillis(start), end: EpochMillis(end) }
}
