//! Anomaly detectors, as `PutAnomalyDetector` takes them.

use serde::{Deserialize, Serialize};

use super::{MetricDataQuery, Text};
use crate::stack::Located;

/// An anomaly detector: on one metric and statistic, or on metric math (`spec/metrics-insights.md` 6.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct AnomalyDetector {
    /// A metric and a statistic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub single_metric_anomaly_detector: Option<SingleMetricAnomalyDetector>,
    /// An expression over metrics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_math_anomaly_detector: Option<MetricMathAnomalyDetector>,
    /// How it learns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<DetectorConfiguration>,
    /// What is known of the metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_characteristics: Option<MetricCharacteristics>,
}

/// A metric and the statistic to be learnt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct SingleMetricAnomalyDetector {
    /// The namespace.
    pub namespace: Text,
    /// The name of the metric.
    pub metric_name: Text,
    /// Its dimensions, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<MetricDimension>,
    /// Such as `Sum` or `p99`.
    pub stat: Text,
    /// The account, where it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Text>,
}

/// A dimension of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct MetricDimension {
    /// 1 to 255 characters.
    pub name: Text,
    /// 1 to 1,024 characters.
    pub value: Text,
}

/// Metric math with exactly one result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct MetricMathAnomalyDetector {
    /// Metrics and expressions; one has `ReturnData` true, the others have it false.
    pub metric_data_queries: Located<Vec<MetricDataQuery>>,
}

/// How a detector learns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct DetectorConfiguration {
    /// At most ten; what happened then is not learnt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_time_ranges: Vec<ExcludedTimeRange>,
    /// A name of the time zone database; the daily pattern follows its clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_timezone: Option<Text>,
    /// `FAST`, `NORMAL` or `SLOW`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adaptation_speed: Option<Text>,
    /// `MINIMAL`, `MODERATE` or `STRICT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlier_filtering_strength: Option<Text>,
}

/// A time that is not learnt from, in UTC: `yyyy-MM-ddTHH:mm:ss`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct ExcludedTimeRange {
    /// Its start.
    pub start_time: Text,
    /// Its end.
    pub end_time: Text,
}

/// What is known of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct MetricCharacteristics {
    /// Spikes that come back are no anomalies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub periodic_spikes: Option<Located<bool>>,
}
