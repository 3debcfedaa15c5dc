//! What makes a definition no alarm.

use crate::series::BadPeriod;

use super::settings::{BandOperator, StaticOperator};

/// Why the service refuses an alarm, or could never evaluate it (`spec/metrics-insights.md` 4, 5.1, 5.2, 8).
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AlarmError {
    /// A name that is empty or too long.
    #[error("the alarm's name has {0} characters; it may have 1 to 255")]
    Name(usize),
    /// A period that no metric has.
    #[error(transparent)]
    Period(#[from] BadPeriod),
    /// A period of a metric, but not of an alarm.
    #[error("an alarm has no period of {0} s; take 10, 20 or 30 s, or a multiple of 60 s")]
    ShortPeriod(u32),
    /// N is 0.
    #[error("`EvaluationPeriods` is 0; an alarm looks at 1 period at least")]
    NoEvaluationPeriods,
    /// M is 0.
    #[error("`DatapointsToAlarm` is 0; write 1 or more, or leave it out to mean every evaluation period")]
    NoDatapointsToAlarm,
    /// M is more than N.
    #[error(
        "`DatapointsToAlarm` {datapoints_to_alarm} is more than `EvaluationPeriods` {evaluation_periods}; it must be less than or equal to it"
    )]
    MoreDatapointsThanPeriods {
        /// M
        datapoints_to_alarm: u32,
        /// N
        evaluation_periods: u32,
    },
    /// A period times N beyond the service's limit.
    #[error(
        "{evaluation_periods} periods of {period} s span {span} s; the limit is {limit} s{way_out}",
        way_out = if *limit < 604_800 { ", or 604800 s with a period of 3600 s or more" } else { "" }
    )]
    Span {
        /// The period in seconds.
        period: u32,
        /// N
        evaluation_periods: u32,
        /// Their product, in seconds.
        span: u64,
        /// What it may be.
        limit: u64,
    },
    /// A query alarm that looks back further than there are data for it.
    #[error(
        "a query alarm sees the last 3 h of data; {evaluation_periods} periods of {period} s span {span} s and can never be filled: keep `Period` times `EvaluationPeriods` at 10800 s or less"
    )]
    QuerySpan {
        /// The period in seconds.
        period: u32,
        /// N
        evaluation_periods: u32,
        /// Their product, in seconds.
        span: u64,
    },
    /// A static operator without a threshold.
    #[error("`{0}` needs a `Threshold`")]
    NoThreshold(StaticOperator),
    /// A threshold that is no number.
    #[error("the threshold `{0}` is no finite number")]
    Threshold(f64),
    /// A band operator without the entry that gives the band.
    #[error(
        "`{0}` compares with a band: `ComparisonOperators for ranges require ThresholdMetricId to be set`"
    )]
    NoThresholdMetricId(BandOperator),
    /// A band and a threshold.
    #[error("`{0}` compares with a band; leave `Threshold` out")]
    ThresholdBesideBand(BandOperator),
    /// A band that no operator looks at.
    #[error(
        "`{0}` compares with a threshold; leave `ThresholdMetricId` out, or take an operator for bands like `GreaterThanUpperThreshold`"
    )]
    BandBesideThreshold(StaticOperator),
    /// A band over a query.
    #[error(
        "an anomaly band cannot be laid around a Metrics Insights query; watch one metric, or a threshold"
    )]
    BandOverQuery,
    /// A grouped query in no order.
    #[error(
        "an alarm on a query with `GROUP BY` needs `ORDER BY` too; add `ORDER BY SUM() DESC` or the like"
    )]
    GroupsWithoutOrder,
    /// A period that a wall-clock window does not take.
    #[error("a wall-clock window has a period of 60, 300, 3600, 86400 or 604800 s, not {0} s")]
    WallClockPeriod(u32),
    /// A time zone that does not exist.
    #[error(
        "`{0}` is no time zone of a wall-clock window; write a name like `Europe/Berlin`, or an offset like `+05:30` or `UTC+05:30`, in steps of 5 minutes"
    )]
    TimeZone(String),
    /// A warm-up of no length or too long.
    #[error("a warm-up lasts 1 to 2880 minutes, not {0}")]
    WarmUp(u32),
}
