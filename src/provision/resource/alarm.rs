//! Alarms.

use serde_json::{Value, json};

use super::state::{
    in_order, only, tag_calls, tag_list, tag_map, with, with_own_tags, without, without_default,
};
use super::{Actual, Context, Kind, Manage, Resource, ResourceId};
use crate::provision::difference::Difference;
use crate::provision::{Call, Failure, Operation, Place};
use crate::stack::MetricAlarm;
use crate::syntax::Expression;

/// What a request for an alarm holds of what a stack can say, without tags.
pub(in crate::provision) const ALARM_MEMBERS: &[&str] = &[
    "AlarmName",
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Period",
    "Unit",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
    "EvaluateLowSampleCountPercentile",
    "Metrics",
    "ThresholdMetricId",
    "EvaluationWindow",
    "WarmUpConfiguration",
];

/// What makes it an alarm of another kind: no stack says it, so it is a difference.
const OTHER_KIND: &[&str] = &["EvaluationCriteria", "EvaluationInterval"];

/// What a stack does not say, and what goes with everything that is sent: a request replaces the whole alarm.
const KEPT: &[&str] = &["ActionConfiguration"];

const ACTIONS: [&str; 3] = ["AlarmActions", "OKActions", "InsufficientDataActions"];

/// An alarm; `topic:NAME` becomes the ARN of the topic.
pub(in crate::provision) fn wanted(
    place: &Place,
    alarm: &MetricAlarm,
    needs: Vec<ResourceId>,
    tags: &Value,
) -> Resource {
    let mut written = serde_json::to_value(alarm).unwrap_or_default();
    for list in ACTIONS {
        for action in written.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(topic) = action.as_str().and_then(|action| action.strip_prefix("topic:")) {
                *action = json!(place.topic_arn(topic));
            }
        }
    }
    Resource {
        id: ResourceId::named(Kind::Alarm, "AlarmName", &alarm.alarm_name),
        wanted: with(&plain(&written), json!({ "tags": tags })),
        needs,
    }
}

/// The members that count, without defaults.
fn plain(alarm: &Value) -> Value {
    let mut state = without(&only(alarm, ALARM_MEMBERS), &["AlarmName"]);
    ACTIONS.iter().for_each(|list| in_order(&mut state, list));
    in_order(&mut state, "Dimensions");
    without_default(&mut state, "ActionsEnabled", &json!(true));
    without_default(&mut state, "TreatMissingData", &json!("missing"));
    without_default(&mut state, "AlarmDescription", &json!(""));
    // All periods where nothing is said.
    let periods = state.get("EvaluationPeriods").cloned().unwrap_or_default();
    without_default(&mut state, "DatapointsToAlarm", &periods);
    without_default(&mut state, "EvaluationWindow", &json!({ "SlidingWindow": {} }));
    if let Some(window) = state.pointer_mut("/EvaluationWindow/WallClockWindow") {
        without_default(window, "Timezone", &json!("UTC"));
    }
    if let Some(warm_up) = state.get_mut("WarmUpConfiguration") {
        without_default(warm_up, "OnlyStartEvaluatingAfterWarmUpPeriodEnds", &json!(false));
    }
    if state.get("Metrics").is_some() {
        let queries = data_queries(state.get("Metrics"));
        state = with(&state, json!({ "Metrics": queries }));
    }
    state
}

/// Entries of metric data, by their ids.
pub(super) fn data_queries(list: Option<&Value>) -> Vec<Value> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    let mut queries: Vec<Value> = items
        .map(|query| {
            let mut query = only(
                query,
                &["Id", "MetricStat", "Expression", "Label", "Period", "ReturnData", "AccountId"],
            );
            without_default(&mut query, "ReturnData", &json!(true));
            if let Some(stat) = query.get_mut("MetricStat") {
                *stat = only(stat, &["Metric", "Period", "Stat", "Unit"]);
                if let Some(metric) = stat.get_mut("Metric") {
                    *metric = only(metric, &["Namespace", "MetricName", "Dimensions"]);
                    in_order(metric, "Dimensions");
                }
            }
            query
        })
        .collect();
    queries.sort_by_key(|query| query.get("Id").map(Value::to_string));
    queries
}

pub(super) struct Alarms;

impl Manage for Alarms {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let name = id.text("AlarmName");
        let look = json!({ "AlarmNames": [name], "AlarmTypes": ["MetricAlarm"] });
        let Some(answer) = context.caller.look(&Call::new(Operation::DescribeAlarms, look))? else {
            return Ok(None);
        };
        let mut alarms = answer.get("MetricAlarms").and_then(Value::as_array).into_iter().flatten();
        let Some(alarm) = alarms.find(|alarm| alarm.get("AlarmName").and_then(Value::as_str) == Some(name))
        else {
            return Ok(None);
        };
        let arn = alarm.get("AlarmArn").and_then(Value::as_str).map(str::to_owned);
        let arn = arn.unwrap_or_else(|| context.place.alarm_arn(name));
        let look = Call::new(Operation::ListAlarmTags, json!({ "ResourceARN": arn }));
        let tags = tag_map(context.caller.look(&look)?.unwrap_or_default().get("Tags"));
        let state = with(&plain(alarm), only(alarm, OTHER_KIND));
        let state = with(&with(&state, only(alarm, KEPT)), json!({ "tags": tags }));
        Ok(Some(Actual { handle: Some(arn), tags, ..Actual::of(state) }))
    }

    fn same(&self, path: &str, before: &Value, after: &Value) -> bool {
        path.ends_with("Expression") && is_same_expression(before, after)
    }

    fn own_part(&self, actual: &Actual, wanted: &Value) -> Value {
        without(&with_own_tags(actual, wanted), KEPT)
    }

    fn create(&self, _: &Place, resource: &Resource) -> Vec<Call> {
        let tags = tag_list(&resource.wanted);
        vec![Call::new(Operation::PutMetricAlarm, with(&put(resource), json!({ "Tags": tags })))]
    }

    fn update(
        &self,
        place: &Place,
        resource: &Resource,
        actual: &Actual,
        differences: &[Difference],
    ) -> Vec<Call> {
        let mut calls = Vec::new();
        if differences.iter().any(|one| !one.path.starts_with("tags")) {
            let input = with(&put(resource), only(&actual.state, KEPT));
            calls.push(Call::new(Operation::PutMetricAlarm, input));
        }
        // Tags of `PutMetricAlarm` count only for a new alarm.
        let arn = actual.handle.clone().unwrap_or_else(|| place.alarm_arn(&resource.id.name));
        calls.extend(tag_calls(
            differences,
            || {
                let tags = tag_list(&resource.wanted);
                Call::new(Operation::TagAlarm, json!({ "ResourceARN": arn, "Tags": tags }))
            },
            |names| Call::new(Operation::UntagAlarm, json!({ "ResourceARN": arn, "TagKeys": names })),
        ));
        calls
    }

    fn delete(&self, _: &Place, resource: &Resource, _: &Actual) -> Vec<Call> {
        vec![Call::new(Operation::DeleteAlarms, json!({ "AlarmNames": [resource.id.name] }))]
    }

    fn arn(&self, place: &Place, id: &ResourceId) -> String {
        place.alarm_arn(id.text("AlarmName"))
    }

    fn operations(&self) -> &'static [Operation] {
        &[
            Operation::DescribeAlarms,
            Operation::ListAlarmTags,
            Operation::PutMetricAlarm,
            Operation::TagAlarm,
            Operation::UntagAlarm,
            Operation::DeleteAlarms,
        ]
    }
}

fn put(resource: &Resource) -> Value {
    let mut input = with(&resource.id.key, without(&resource.wanted, &["tags"]));
    say_what_returns(input.get_mut("Metrics"));
    input
}

/// Says of each entry of metric data whether it is a result, as the console does.
pub(super) fn say_what_returns(list: Option<&mut Value>) {
    let items = list.and_then(Value::as_array_mut).into_iter().flatten();
    for entry in items.filter_map(Value::as_object_mut) {
        entry.entry("ReturnData").or_insert_with(|| json!(true));
    }
}

/// Whether two expressions, of metric math or of Metrics Insights, say the same, blanks aside.
fn is_same_expression(one: &Value, other: &Value) -> bool {
    let parsed = |text: &Value| text.as_str().and_then(|text| Expression::parse(text).ok());
    match (parsed(one), parsed(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}
