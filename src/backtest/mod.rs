//! A stack replayed over past metric data: what its detectors would have expected, what its alarms would have done, and who
//! was behind it.

mod alarms;
mod bands;
mod causes;
mod watch;

use crate::EpochMillis;
use crate::alarm::{ReplayError, ReplayOptions};
use crate::series::query::QueryError;
use crate::series::{MetricStore, TimeRange};
use crate::stack::{CheckedStack, MetricText};

pub use alarms::{AlarmHistory, History};
pub use bands::{BandRun, Expected, Watched};
pub use causes::{Cause, Causes, QuerySeries};

/// How a stack is replayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BacktestOptions {
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
    /// A query cannot be run over the time.
    #[error("the query `{path}` cannot be run: {error}")]
    Query {
        /// Which.
        path: String,
        /// Why.
        error: QueryError,
    },
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
    /// Where a time is too long for an alarm or a query.
    pub fn run(
        stack: &CheckedStack,
        store: &MetricStore,
        times: TimeRange,
        options: &BacktestOptions,
    ) -> Result<Backtest, BacktestError> {
        let range = whole_minutes(times);
        let bands = bands::Bands::new(stack, store, range);
        let alarms = stack.alarms().iter().enumerate().map(|(index, alarm)| {
            alarms::replayed(index, alarm, &bands, store, range, &options.alarms)
                .map_err(|error| BacktestError::Alarm { alarm: alarm.definition.name().to_owned(), error })
        });
        let alarms: Vec<AlarmHistory> = alarms.collect::<Result<_, _>>()?;
        let mut queries = Vec::new();
        let mut causes = Vec::new();
        for saved in stack.metric_queries() {
            let MetricText::Query(query) = &saved.text else { continue };
            let failed = |error| BacktestError::Query { path: saved.path.clone(), error };
            queries.push(causes::series(&saved.path, query, store, range).map_err(failed)?);
            if !query.group_by.is_empty() {
                for alarm in &alarms {
                    causes.extend(causes::of_alarm(&saved.path, query, store, range, alarm).map_err(failed)?);
                }
            }
        }
        Ok(Backtest { range, watched: bands.into_watched(), alarms, queries, causes })
    }
}

/// The range, widened to whole minutes.
fn whole_minutes(range: TimeRange) -> TimeRange {
    const MINUTE: i64 = 60_000;
    let start = range.start.0.saturating_sub(range.start.0.rem_euclid(MINUTE));
    let end = range.end.0.saturating_add((MINUTE - range.end.0.rem_euclid(MINUTE)).rem_euclid(MINUTE));
    TimeRange { start: EpochMillis(start), end: EpochMillis(end) }
}
