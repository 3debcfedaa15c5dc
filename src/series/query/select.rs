//! Which metrics a query is about, and what their labels are (`spec/metrics-insights.md` 2.2, 2.8).

use super::QueryRun;
use super::versions::Tags;
use crate::series::{MetricIdentity, TimeRange};
use crate::syntax::metrics::{Comparison, Condition, LabelKey, LabelValue, MetricsQuery, Predicate, Source};

/// Whether the namespace, the name and the set of dimensions are those asked for.
pub(super) fn is_from(query: &MetricsQuery, metric: &MetricIdentity) -> bool {
    metric.name == query.select.metric.name
        && metric.namespace == query.from.namespace.name
        && has_schema(&query.from, metric)
}

/// `SCHEMA` names the exact set of dimensions, in any order.
fn has_schema(source: &Source, metric: &MetricIdentity) -> bool {
    let Some(keys) = &source.schema else { return true };
    // Names in a query stand once each, and so do those of a metric.
    keys.len() == metric.dimensions.len() && keys.iter().all(|key| metric.dimensions.get(&key.name).is_some())
}

/// A metric with its labels at a time when these tags were in force.
pub(super) struct Labels<'a> {
    pub(super) metric: &'a MetricIdentity,
    pub(super) account: Option<&'a str>,
    pub(super) tags: Tags<'a>,
}

impl<'a> Labels<'a> {
    pub(super) fn get(&self, key: &LabelKey) -> Option<&'a str> {
        match key {
            LabelKey::Dimension(name) => self.metric.dimensions.get(&name.name),
            LabelKey::Tag(name) => self.tags.get(name.name.as_str()).copied(),
            LabelKey::Account { .. } => self.account,
        }
    }

    pub(super) fn fulfil(&self, condition: &Condition, run: &QueryRun<'_>) -> bool {
        match condition {
            Condition::Test(predicate) => self.fulfil_one(predicate, run),
            Condition::All(legs) => legs.iter().all(|leg| self.fulfil(leg, run)),
            Condition::Any(legs) => legs.iter().any(|leg| self.fulfil(leg, run)),
        }
    }

    /// A label that is not there equals nothing, so that `!=` holds (U03).
    fn fulfil_one(&self, predicate: &Predicate, run: &QueryRun<'_>) -> bool {
        let found = self.get(&predicate.key);
        let is_equal = match &predicate.value {
            LabelValue::Text { text, .. } => found == Some(text),
            LabelValue::CurrentAccount => self.metric.account.is_none() || found == run.account,
        };
        is_equal == (predicate.comparison == Comparison::Equal)
    }
}

/// Whether a query asks for the account of its metrics, other than whether it is the one that asks.
pub(super) fn needs_account(query: &MetricsQuery) -> bool {
    let compares = query.filter.iter().flat_map(Condition::predicates).any(|predicate| {
        matches!(predicate.key, LabelKey::Account { .. })
            && matches!(predicate.value, LabelValue::Text { .. })
    });
    compares || query.group_by.iter().any(|key| matches!(key, LabelKey::Account { .. }))
}

/// The tags that a query asks for.
pub(super) fn tag_keys(query: &MetricsQuery) -> Vec<&str> {
    let predicates = query.filter.iter().flat_map(Condition::predicates).map(|predicate| &predicate.key);
    let tags = predicates.chain(&query.group_by).filter_map(|key| match key {
        LabelKey::Tag(name) => Some(name.name.as_str()),
        _ => None,
    });
    let mut keys: Vec<&str> = tags.collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// All times.
pub(super) const ALWAYS: TimeRange =
    TimeRange { start: crate::EpochMillis(i64::MIN), end: crate::EpochMillis(i64::MAX) };
