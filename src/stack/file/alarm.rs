//! Alarms, as `PutMetricAlarm` takes them.

use serde::{Deserialize, Serialize};

use super::{MetricDimension, Text};
use crate::stack::Located;

/// An alarm: on one metric, or on `Metrics`, which holds metrics, metric math, a band or one Metrics Insights query
/// (`spec/metrics-insights.md` 5.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct MetricAlarm {
    /// 1 to 255 characters.
    pub alarm_name: Text,
    /// At most 1,024 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarm_description: Option<Text>,
    /// The namespace of the one metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Text>,
    /// The name of the one metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_name: Option<Text>,
    /// All dimensions of the one metric.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<MetricDimension>,
    /// `SampleCount`, `Average`, `Sum`, `Minimum` or `Maximum`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statistic: Option<Text>,
    /// Any other statistic, such as `p99`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_statistic: Option<Text>,
    /// The period of the one metric, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Located<i64>>,
    /// Only samples of this unit count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    /// Metrics, math, a band, or one query.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricDataQuery>,
    /// N: how many periods are looked at.
    pub evaluation_periods: Located<i64>,
    /// M: how many of them must breach; all where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datapoints_to_alarm: Option<Located<i64>>,
    /// What the value is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Located<f64>>,
    /// The band that the value is compared with: the `Id` of an entry of `Metrics`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold_metric_id: Option<Text>,
    /// How they are compared.
    pub comparison_operator: Text,
    /// `missing`, `ignore`, `breaching` or `notBreaching`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub treat_missing_data: Option<Text>,
    /// `evaluate` or `ignore`, for percentiles of few samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluate_low_sample_count_percentile: Option<Text>,
    /// Periods that end now, or periods of the clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluation_window: Option<EvaluationWindow>,
    /// How long a new alarm waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_up_configuration: Option<WarmUpConfiguration>,
    /// Whether actions run at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions_enabled: Option<Located<bool>>,
    /// What to do on ALARM: ARNs, or `topic:NAME`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarm_actions: Vec<Text>,
    /// What to do on OK.
    #[serde(default, rename = "OKActions", skip_serializing_if = "Vec::is_empty")]
    pub ok_actions: Vec<Text>,
    /// What to do on INSUFFICIENT_DATA.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub insufficient_data_actions: Vec<Text>,
}

/// An entry of `Metrics`: a metric with its statistic, or an expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct MetricDataQuery {
    /// A lower-case letter, then letters, digits and `_`.
    pub id: Text,
    /// A metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_stat: Option<MetricStat>,
    /// Metric math, or a Metrics Insights query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<Text>,
    /// What a legend calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Text>,
    /// The period of a query, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Located<i64>>,
    /// Whether it is a result; true where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_data: Option<Located<bool>>,
    /// The account, where it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Text>,
}

/// A metric, a statistic and a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct MetricStat {
    /// Which metric.
    pub metric: StatMetric,
    /// In seconds.
    pub period: Located<i64>,
    /// Such as `Sum` or `p99`.
    pub stat: Text,
    /// Only samples of this unit count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
}

/// A metric of a [`MetricStat`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct StatMetric {
    /// The namespace.
    pub namespace: Text,
    /// The name.
    pub metric_name: Text,
    /// All of its dimensions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<MetricDimension>,
}

/// Which periods an alarm looks at; without it the last ones that end now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct EvaluationWindow {
    /// The last periods that end now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sliding_window: Option<Located<SlidingWindow>>,
    /// Periods of the clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wall_clock_window: Option<WallClockWindow>,
}

/// The last periods that end now: there is nothing more to say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct SlidingWindow {}

/// Periods of the clock, in a time zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct WallClockWindow {
    /// A name of the time zone database, or an offset such as `+02:00`; UTC where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<Text>,
}

/// How long a new alarm waits before it is evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct WarmUpConfiguration {
    /// 1 to 2,880 minutes.
    pub warm_up_period_duration_in_minutes: Located<i64>,
    /// Whether it waits even where there are enough periods before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_start_evaluating_after_warm_up_period_ends: Option<Located<bool>>,
}
