//! Metric filters.

use serde_json::{Value, json};

use super::state::{only, without_default};
use super::{Actual, Context, Kind, Manage, Resource, ResourceId};
use crate::FilterPattern;
use crate::provision::difference::Difference;
use crate::provision::{Call, Failure, Operation, Place};
use crate::stack::MetricFilter;

/// A metric filter on its own log group, or on the stack's.
pub(in crate::provision) fn wanted(filter: &MetricFilter, log_group: &ResourceId) -> Resource {
    let group = filter.log_group_name.as_ref().map_or(log_group.name.as_str(), |name| name.as_str());
    Resource {
        id: ResourceId {
            kind: Kind::MetricFilter,
            name: filter.filter_name.value.clone(),
            key: json!({ "logGroupName": group, "filterName": filter.filter_name.value }),
        },
        wanted: plain(&serde_json::to_value(filter).unwrap_or_default()),
        needs: vec![log_group.clone()],
    }
}

/// The members that count, without defaults.
fn plain(filter: &Value) -> Value {
    const MEMBERS: &[&str] =
        &["metricName", "metricNamespace", "metricValue", "defaultValue", "unit", "dimensions"];
    let mut state = only(
        filter,
        &[
            "filterPattern",
            "metricTransformations",
            "applyOnTransformedLogs",
            "fieldSelectionCriteria",
            "emitSystemFieldDimensions",
        ],
    );
    without_default(&mut state, "applyOnTransformedLogs", &json!(false));
    without_default(&mut state, "fieldSelectionCriteria", &json!(""));
    let transformations = state.get_mut("metricTransformations").and_then(Value::as_array_mut);
    for transformation in transformations.into_iter().flatten() {
        *transformation = only(transformation, MEMBERS);
        without_default(transformation, "unit", &json!("None"));
    }
    state
}

pub(super) struct MetricFilters;

impl Manage for MetricFilters {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let name = id.text("filterName");
        let look = json!({ "logGroupName": id.text("logGroupName"), "filterNamePrefix": name });
        let Some(answer) = context.caller.look(&Call::new(Operation::DescribeMetricFilters, look))? else {
            return Ok(None);
        };
        let mut filters = answer.get("metricFilters").and_then(Value::as_array).into_iter().flatten();
        let found = filters.find(|filter| filter.get("filterName").and_then(Value::as_str) == Some(name));
        Ok(found.map(|filter| Actual::of(plain(filter))))
    }

    fn same(&self, path: &str, before: &Value, after: &Value) -> bool {
        path == "filterPattern" && is_same_pattern(before, after)
    }

    /// A filter that moves to another log group.
    fn takes_the_place(&self, new: &ResourceId, old: &ResourceId) -> bool {
        new.text("filterName") == old.text("filterName")
    }

    fn create(&self, _: &Place, resource: &Resource) -> Vec<Call> {
        vec![Call::new(
            Operation::PutMetricFilter,
            super::state::with(&resource.id.key, resource.wanted.clone()),
        )]
    }

    fn update(&self, place: &Place, resource: &Resource, _: &Actual, _: &[Difference]) -> Vec<Call> {
        self.create(place, resource)
    }

    fn delete(&self, _: &Place, resource: &Resource, _: &Actual) -> Vec<Call> {
        vec![Call::new(Operation::DeleteMetricFilter, resource.id.key.clone())]
    }

    fn arn(&self, place: &Place, id: &ResourceId) -> String {
        place.log_group_arn(id.text("logGroupName"))
    }

    fn operations(&self) -> &'static [Operation] {
        &[
            Operation::DescribeMetricFilters,
            Operation::TestMetricFilter,
            Operation::PutMetricFilter,
            Operation::DeleteMetricFilter,
        ]
    }
}

/// Whether two patterns select the same by what they say, blanks and quotes aside.
fn is_same_pattern(one: &Value, other: &Value) -> bool {
    let parsed = |text: &Value| text.as_str().and_then(|text| FilterPattern::parse(text).ok());
    match (parsed(one), parsed(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_no_difference() {
        let pattern = |text: &str| json!(text);
        assert!(is_same_pattern(&pattern("{ $.a = 1 }"), &pattern("{$.a=1}")));
        assert!(!is_same_pattern(&pattern("{ $.a = 1 }"), &pattern("{ $.a = 2 }")));
        assert!(
            !is_same_pattern(&pattern("{ $.a = "), &pattern("{ $.a = ")),
            "of what cannot be read nothing is known"
        );
    }
}
