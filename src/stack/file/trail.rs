//! CloudTrail, its log group and the topics: what records, what keeps, whom to tell.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::stack::Located;

/// The log group (`CreateLogGroup`, `PutRetentionPolicy`; `spec/provisioning.md` 6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct LogGroup {
    /// 1 to 512 of `A-Z a-z 0-9 . - _ / #`.
    pub log_group_name: Text,
    /// One of the service's retention periods; without it events never expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_in_days: Option<Located<i64>>,
    /// The key that encrypts the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<Text>,
}

/// The trail (`CreateTrail`), and what it records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Trail {
    /// The name of the trail.
    pub name: Text,
    /// The bucket that it delivers to.
    pub s3_bucket_name: Text,
    /// A prefix of the delivered files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_key_prefix: Option<Text>,
    /// Whether it records every Region; the service takes `false` where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_multi_region_trail: Option<Located<bool>>,
    /// Whether it records every account of the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_organization_trail: Option<Located<bool>>,
    /// Whether digest files are delivered too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_log_file_validation: Option<Located<bool>>,
    /// Whether events of global services are recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_global_service_events: Option<Located<bool>>,
    /// The key that encrypts the delivered files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<Text>,
    /// What is recorded; without any the service records management events only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advanced_event_selectors: Vec<AdvancedEventSelector>,
}

/// Events that a trail records: those for which every field selector holds (`spec/filter-pattern.md` 7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct AdvancedEventSelector {
    /// A name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// At least one, each on a field of its own.
    pub field_selectors: Located<Vec<FieldSelector>>,
}

/// A condition on one field: one of `Equals`, `StartsWith`, `EndsWith` holds, and none of the others does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct FieldSelector {
    /// Such as `eventCategory`, `resources.type`, `resources.ARN`.
    pub field: Text,
    /// The value is one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equals: Vec<Text>,
    /// The value is none of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_equals: Vec<Text>,
    /// The value begins with one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts_with: Vec<Text>,
    /// The value begins with none of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_starts_with: Vec<Text>,
    /// The value ends with one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends_with: Vec<Text>,
    /// The value ends with none of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_ends_with: Vec<Text>,
}

/// A topic that alarms tell (`CreateTopic`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct Topic {
    /// Its name; an alarm's action refers to it as `topic:NAME`.
    pub name: Text,
    /// Who is told (`Subscribe`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<TopicSubscription>,
}

/// Who is told by a topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub struct TopicSubscription {
    /// Such as `email` or `https`.
    pub protocol: Text,
    /// Such as an address.
    pub endpoint: Text,
}
