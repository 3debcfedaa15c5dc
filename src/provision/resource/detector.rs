//! Anomaly detectors.

use serde_json::{Value, json};

use super::alarm::{data_queries, say_what_returns};
use super::state::{in_order, members, only, with, without_default};
use super::{Actual, Context, Kind, Manage, Resource, ResourceId};
use crate::provision::difference::Difference;
use crate::provision::{Call, Failure, Operation, Place};
use crate::stack::AnomalyDetector;

/// The members by which the service knows a detector.
const SUBJECT: &[&str] = &["SingleMetricAnomalyDetector", "MetricMathAnomalyDetector"];

/// An anomaly detector.
pub(in crate::provision) fn wanted(place: &Place, detector: &AnomalyDetector) -> Resource {
    let written = serde_json::to_value(detector).unwrap_or_default();
    let key = without_account(&subject(&written), &place.account);
    Resource {
        id: ResourceId { kind: Kind::AnomalyDetector, name: name(&key), key },
        wanted: settings(&written),
        needs: Vec::new(),
    }
}

/// How a detector learns where nothing is said (`spec/metrics-insights.md` 6.1).
fn defaults() -> Value {
    json!({
        "Configuration": {
            "ExcludedTimeRanges": [],
            "MetricTimezone": "UTC",
            "AdaptationSpeed": "NORMAL",
            "OutlierFilteringStrength": "MODERATE",
        },
        "MetricCharacteristics": { "PeriodicSpikes": false },
    })
}

/// What is learnt.
fn subject(detector: &Value) -> Value {
    let mut subject = only(detector, SUBJECT);
    if let Some(single) = subject.get_mut("SingleMetricAnomalyDetector") {
        *single = only(single, &["AccountId", "Namespace", "MetricName", "Dimensions", "Stat"]);
        in_order(single, "Dimensions");
    }
    if let Some(math) = subject.get_mut("MetricMathAnomalyDetector") {
        let queries = data_queries(math.get("MetricDataQueries"));
        *math = json!({ "MetricDataQueries": queries });
    }
    subject
}

/// The same without the account where it is this one, which may be said and left out.
fn without_account(subject: &Value, account: &str) -> Value {
    let mut subject = subject.clone();
    if let Some(single) = subject.get_mut("SingleMetricAnomalyDetector") {
        without_default(single, "AccountId", &json!(account));
    }
    subject
}

/// How it is learnt, without defaults.
fn settings(detector: &Value) -> Value {
    let mut state = json!({});
    for (structure, defaults) in members(&defaults()) {
        let Some(said) = detector.get(&structure) else { continue };
        let defaults = members(&defaults);
        let names: Vec<&str> = defaults.keys().map(String::as_str).collect();
        let mut said = only(said, &names);
        defaults.iter().for_each(|(name, value)| without_default(&mut said, name, value));
        state = with(&state, json!({ structure: said }));
    }
    let ranges = state.pointer_mut("/Configuration/ExcludedTimeRanges").and_then(Value::as_array_mut);
    for time in ranges
        .into_iter()
        .flatten()
        .flat_map(|range| range.as_object_mut())
        .flat_map(|range| range.values_mut())
    {
        // The stack file writes UTC without saying so.
        if let Some(written) = time.as_str().filter(|written| !written.ends_with('Z')) {
            *time = json!(format!("{written}Z"));
        }
    }
    if let Some(configuration) = state.get_mut("Configuration") {
        in_order(configuration, "ExcludedTimeRanges");
    }
    only(&state, &["Configuration", "MetricCharacteristics"])
}

/// What a person calls a detector of an answer.
pub(in crate::provision) fn name_of(detector: &Value) -> String {
    name(&subject(detector))
}

/// What a person calls a detector: its metric, dimensions and statistic.
fn name(subject: &Value) -> String {
    let Some(single) = subject.get("SingleMetricAnomalyDetector") else {
        let queries =
            subject.pointer("/MetricMathAnomalyDetector/MetricDataQueries").and_then(Value::as_array);
        let mut expressions =
            { queries }.into_iter().flatten().filter_map(|query| query.get("Expression")?.as_str());
        return expressions.next().unwrap_or("metric math").to_owned();
    };
    let text = |member: &str| single.get(member).and_then(Value::as_str).unwrap_or_default();
    let dimensions = single.get("Dimensions").and_then(Value::as_array).into_iter().flatten();
    let dimensions: String = dimensions
        .filter_map(|one| Some(format!(" {}={}", one.get("Name")?.as_str()?, one.get("Value")?.as_str()?)))
        .collect();
    format!("{} / {}{dimensions} {}", text("Namespace"), text("MetricName"), text("Stat"))
}

pub(super) struct AnomalyDetectors;

impl Manage for AnomalyDetectors {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let look = match id.key.get("SingleMetricAnomalyDetector") {
            Some(single) => with(
                &only(single, &["Namespace", "MetricName", "Dimensions"]),
                json!({ "AnomalyDetectorTypes": ["SINGLE_METRIC"] }),
            ),
            None => json!({ "AnomalyDetectorTypes": ["METRIC_MATH"] }),
        };
        let look = Call::new(Operation::DescribeAnomalyDetectors, look);
        let Some(answer) = context.caller.look(&look)? else { return Ok(None) };
        let mut detectors = answer.get("AnomalyDetectors").and_then(Value::as_array).into_iter().flatten();
        let account = context.place.account.as_str();
        let found = detectors.find(|detector| without_account(&subject(detector), account) == id.key);
        Ok(found.map(|detector| Actual::of(settings(detector))))
    }

    /// A detector of the same metric with another statistic or other dimensions.
    fn takes_the_place(&self, new: &ResourceId, old: &ResourceId) -> bool {
        let metric = |id: &ResourceId| {
            id.key.get("SingleMetricAnomalyDetector").map(|single| only(single, &["Namespace", "MetricName"]))
        };
        metric(new).is_some() && metric(new) == metric(old)
    }

    fn create(&self, _: &Place, resource: &Resource) -> Vec<Call> {
        vec![put(resource, resource.wanted.clone())]
    }

    /// Defaults that it goes back to are said: what a request leaves out may stay as it is.
    fn update(&self, _: &Place, resource: &Resource, actual: &Actual, _: &[Difference]) -> Vec<Call> {
        let mut input = resource.wanted.clone();
        for (structure, defaults) in members(&defaults()) {
            let part = |state: &Value| state.get(&structure).map(members).unwrap_or_default();
            let before = part(&actual.state);
            let mut said = members(&defaults);
            said.retain(|name, _| before.contains_key(name));
            said.extend(part(&input));
            if !said.is_empty() {
                input = with(&input, json!({ structure: said }));
            }
        }
        vec![put(resource, input)]
    }

    fn delete(&self, _: &Place, resource: &Resource, _: &Actual) -> Vec<Call> {
        vec![Call::new(Operation::DeleteAnomalyDetector, request(&resource.id.key, json!({})))]
    }

    /// Actions on detectors know no resource.
    fn arn(&self, _: &Place, _: &ResourceId) -> String {
        "*".to_owned()
    }

    fn operations(&self) -> &'static [Operation] {
        &[
            Operation::DescribeAnomalyDetectors,
            Operation::PutAnomalyDetector,
            Operation::DeleteAnomalyDetector,
        ]
    }
}

fn put(resource: &Resource, settings: Value) -> Call {
    Call::new(Operation::PutAnomalyDetector, request(&resource.id.key, settings))
}

/// A request about a detector.
fn request(key: &Value, settings: Value) -> Value {
    let mut input = with(key, settings);
    say_what_returns(input.pointer_mut("/MetricMathAnomalyDetector/MetricDataQueries"));
    input
}
