//! What an alarm may be and hardly should be.

use super::settings::TreatMissingData;

/// A setting that the service takes and that rarely does what is wanted (`spec/metrics-insights.md` 8).
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AlarmWarning {
    /// L22
    #[error("a query has no period below 60 s; {0} s is taken as 60 s")]
    CoarserPeriod(u32),
    /// L28
    #[error(
        "with `notBreaching` a query that matches nothing was seen as `OK`; add an alarm on the same metric with `breaching` that tells when data stop"
    )]
    EmptyQueryLooksFine,
    /// L43
    #[error(
        "`{statistic}` means little with fewer than {samples} samples in a period; set `EvaluateLowSampleCountPercentile` to `ignore`"
    )]
    FewSamples {
        /// The percentile.
        statistic: String,
        /// How many samples it takes.
        samples: f64,
    },
    /// Few samples matter to percentiles alone.
    #[error(
        "`EvaluateLowSampleCountPercentile` says nothing for a statistic that is no percentile; leave it out"
    )]
    NoPercentile,
    /// L47
    #[error(
        "one period of {0} s is evaluated once it is over, and CloudTrail delivers minutes later: late points are not seen; take M of N periods, or a longer one"
    )]
    LateData(u32),
    /// L31
    #[error(
        "the band is laid around a metric with gaps, for its filter has no default value: a band over few points collapses; give the filter the default value 0, or the alarm a threshold"
    )]
    BandOverGaps,
    /// L32
    #[error(
        "a metric filter with dimensions publishes nothing without a match, so gaps are normal and `{0}` is not what they are; set `TreatMissingData` to `notBreaching`"
    )]
    GapsAreNormal(TreatMissingData),
    /// Nobody hears of it.
    #[error("`ActionsEnabled` is false: the state changes and nothing is done")]
    ActionsDisabled,
}
