//! Metric filters, as `PutMetricFilter` takes them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Text;
use crate::stack::Located;

/// A metric filter, in a stack file on the stack's log group (`spec/filter-pattern.md` 4.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct MetricFilter {
    /// 1 to 512 characters, neither `:` nor `*`.
    pub filter_name: Text,
    /// The pattern; the empty one selects every event.
    pub filter_pattern: Text,
    /// Exactly one.
    pub metric_transformations: Located<Vec<MetricTransformationEntry>>,
    /// The log group, where it is another one than the stack's. A stack file has one group, and no word for others.
    #[serde(skip)]
    pub log_group_name: Option<Text>,
}

/// What a match is worth, and in which metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct MetricTransformationEntry {
    /// The namespace of the metric.
    pub metric_namespace: Text,
    /// The name of the metric.
    pub metric_name: Text,
    /// A number, or a selector such as `$.latency`.
    pub metric_value: Text,
    /// What an event that does not match is worth; never together with dimensions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_value: Option<Located<f64>>,
    /// `Count`, `Bytes` …; `None` where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    /// At most three: names and selectors.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dimensions: BTreeMap<Text, Text>,
}
