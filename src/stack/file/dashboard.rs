//! Dashboards, as `PutDashboard` takes them.

use serde::{Deserialize, Serialize};

use super::Text;

/// A dashboard (`spec/metrics-insights.md` 7.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Dashboard {
    /// 1 to 255 of `A-Z a-z 0-9 _ -`.
    pub dashboard_name: Text,
    /// The widgets, as JSON text.
    pub dashboard_body: Text,
}
