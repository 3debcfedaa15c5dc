//! The types of the stack file, under the service's own names: one file a service.

mod alarm;
mod dashboard;
mod detector;
mod filter;
mod query;
mod trail;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Located;

pub use alarm::{
    EvaluationWindow, MetricAlarm, MetricDataQuery, MetricStat, SlidingWindow, StatMetric, WallClockWindow,
    WarmUpConfiguration,
};
pub use dashboard::Dashboard;
pub use detector::{
    AnomalyDetector, DetectorConfiguration, ExcludedTimeRange, MetricCharacteristics, MetricDimension,
    MetricMathAnomalyDetector, SingleMetricAnomalyDetector,
};
pub use filter::{MetricFilter, MetricTransformationEntry};
pub use query::{LogsQueryDefinition, MetricQueryDefinition, QueryParameter};
pub use trail::{AdvancedEventSelector, FieldSelector, LogGroup, Topic, TopicSubscription, Trail};

/// A text and its place.
pub type Text = Located<String>;

/// A stack file as it was read, unchecked: everything that watches one trail.
///
/// Members are spelled as in the requests of the service that takes them, so that `metricFilters` look like
/// `PutMetricFilter` and `alarms` like `PutMetricAlarm`; a member that does not exist is refused.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Stack {
    /// What the stack is called; it names what has no name of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// The Region that everything lives in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Text>,
    /// The log group that the trail delivers to and that the metric filters watch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_group: Option<LogGroup>,
    /// The trail (`CreateTrail`, `PutEventSelectors`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trail: Option<Trail>,
    /// `PutMetricFilter`, each on the log group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metric_filters: Vec<MetricFilter>,
    /// `PutAnomalyDetector`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anomaly_detectors: Vec<AnomalyDetector>,
    /// `PutMetricAlarm`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<MetricAlarm>,
    /// SNS topics, which alarms name as `topic:NAME`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Topic>,
    /// Saved Logs Insights queries (`PutQueryDefinition`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query_definitions: Vec<LogsQueryDefinition>,
    /// Saved Metrics Insights queries and metric math (`PutMetricDataQueryDefinition`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metric_query_definitions: Vec<MetricQueryDefinition>,
    /// `PutDashboard`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dashboards: Vec<Dashboard>,
    /// Tags for everything that takes tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<Text, Text>,
}
