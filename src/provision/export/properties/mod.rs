//! Definitions as the properties of CloudFormation's types. Terraform's Cloud Control provider has the same in snake case.
//!
//! Structures are taken apart without `..`, so that no new member can be forgotten here.

mod alarm;
mod trail;

pub(super) use alarm::{alarm, detector};
pub(super) use trail::{
    advanced_selectors, bucket, bucket_policy, log_group, role, subscription, topic, trail,
};

use super::outline::Outline;
use super::value::{Members, Reference, Value};
use crate::stack::{
    Dashboard, LogsQueryDefinition, MetricDimension, MetricFilter, MetricTransformationEntry, QueryParameter,
    Stack,
};

/// `AWS::Logs::MetricFilter`.
pub(super) fn filter(filter: &MetricFilter) -> Members {
    let MetricFilter { filter_name, filter_pattern, metric_transformations, log_group_name: _ } = filter;
    Members::new()
        .with("FilterName", filter_name)
        .with("LogGroupName", group_of(filter))
        .with("FilterPattern", Value::Code(filter_pattern.value.clone()))
        .with_list("MetricTransformations", metric_transformations.iter().map(transformation))
}

/// The log group of a filter: its own, or the stack's.
pub(super) fn group_of(filter: &MetricFilter) -> Value {
    match &filter.log_group_name {
        Some(name) => name.into(),
        None => Reference::LogGroupName.into(),
    }
}

fn transformation(entry: &MetricTransformationEntry) -> Members {
    let MetricTransformationEntry {
        metric_namespace,
        metric_name,
        metric_value,
        default_value,
        unit,
        dimensions,
    } = entry;
    let dimensions = dimensions.iter().map(|(name, value)| key_and_value(name, value));
    Members::new()
        .with("MetricNamespace", metric_namespace)
        .with("MetricName", metric_name)
        .with("MetricValue", metric_value)
        .with_some("DefaultValue", default_value.as_ref())
        .with_some("Unit", unit.as_ref())
        .with_list("Dimensions", dimensions)
}

/// `AWS::Logs::QueryDefinition`.
pub(super) fn query(outline: &Outline<'_>, query: &LogsQueryDefinition) -> Members {
    // The groups are those of the query, or the stack's.
    let LogsQueryDefinition { name, query_string, query_language, log_group_names: _, parameters } = query;
    let parameter = |parameter: &QueryParameter| {
        let QueryParameter { name, default_value, description } = parameter;
        Members::new()
            .with("Name", name)
            .with_some("DefaultValue", default_value.as_ref())
            .with_some("Description", description.as_ref())
    };
    Members::new()
        .with("Name", name)
        .with_some("QueryLanguage", query_language.as_ref())
        .with("QueryString", Value::Code(query_string.value.clone()))
        .with_list("LogGroupNames", outline.groups(query))
        .with_list("Parameters", parameters.iter().map(parameter))
}

/// `AWS::CloudWatch::Dashboard`, without tags, as `apply` makes it.
pub(super) fn dashboard(dashboard: &Dashboard) -> Members {
    let Dashboard { dashboard_name, dashboard_body } = dashboard;
    Members::new()
        .with("DashboardName", dashboard_name)
        .with("DashboardBody", Value::Code(dashboard_body.value.clone()))
}

fn tags(stack: &Stack) -> impl Iterator<Item = Members> {
    stack.tags.iter().map(|(key, value)| key_and_value(key, value))
}

fn key_and_value(key: &crate::stack::Text, value: &crate::stack::Text) -> Members {
    Members::new().with("Key", key).with("Value", value)
}

fn dimensions(dimensions: &[MetricDimension]) -> impl Iterator<Item = Members> {
    dimensions
        .iter()
        .map(|MetricDimension { name, value }| Members::new().with("Name", name).with("Value", value))
}
