//! Saved queries of both kinds.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::syntax::logs::{Parameter, SavedQuery};

/// A saved Logs Insights query (`PutQueryDefinition`; `spec/metrics-insights.md` 7.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct LogsQueryDefinition {
    /// 1 to 255 characters; slashes make folders.
    pub name: Text,
    /// The query, 1 to 10,000 characters.
    pub query_string: Text,
    /// `CWLI`, which is also what is taken where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_language: Option<Text>,
    /// The log groups; the stack's where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log_group_names: Vec<Text>,
    /// What the query is called with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<QueryParameter>,
}

impl LogsQueryDefinition {
    /// The query as one that can be called by others.
    pub(crate) fn saved(&self) -> SavedQuery {
        let parameters = self.parameters.iter().map(|parameter| Parameter {
            name: parameter.name.value.clone(),
            default: parameter.default_value.as_ref().map(|text| text.value.clone()),
        });
        SavedQuery { text: self.query_string.value.clone(), parameters: parameters.collect() }
    }
}

/// A parameter of a saved query, `{{name}}` in its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct QueryParameter {
    /// Letters, digits and `_`.
    pub name: Text,
    /// The value where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_value: Option<Text>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
}

/// A saved Metrics Insights query or metric math (`PutMetricDataQueryDefinition`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct MetricQueryDefinition {
    /// 1 to 1,024 characters; slashes make folders.
    pub path: Text,
    /// `SQL` for Metrics Insights, or `METRIC_MATH`.
    #[serde(rename = "Type")]
    pub kind: Text,
    /// The query, which the service does not check when it is saved.
    pub expression: Text,
}
