//! Anomaly detectors.

use serde_json::{Value, json};

use super::state::{in_order, only, with, without_default};
use super::{Actual, Context, Kind, Manage, Resource, ResourceId};
use crate::provision::difference::Difference;
use crate::provision::{Call, Failure, Operation, Place};
use crate::stack::AnomalyDetector;

/// The members by which the service knows a detector.
const SUBJECT: &[&str] = &["SingleMetricAnomalyDetector", "MetricMathAnomalyDetector"];

/// An anomaly detector.
pub(in crate::provision) fn wanted(detector: &AnomalyDetector) -> Resource {
    let written = serde_json::to_value(detector).unwrap_or_default();
    let key = subject(&written);
    Resource {
        id: ResourceId { kind: Kind::AnomalyDetector, name: name(&key), key },
        wanted: settings(&written),
        needs: Vec::new(),
    }
}

/// How a detector learns.
const CONFIGURATION: &[&str] =
    &["ExcludedTimeRanges", "MetricTimezone", "AdaptationSpeed", "OutlierFilteringStrength"];

/// What is learnt.
fn subject(detector: &Value) -> Value {
    let mut subject = only(detector, SUBJECT);
    if let Some(single) = subject.get_mut("SingleMetricAnomalyDetector") {
        *single = only(single, &["AccountId", "Namespace", "MetricName", "Dimensions", "Stat"]);
        in_order(single, "Dimensions");
    }
    if let Some(math) = subject.get_mut("MetricMathAnomalyDetector") {
        let queries = super::alarm::data_queries(math.get("MetricDataQueries"));
        *math = json!({ "MetricDataQueries": queries });
    }
    subject
}

/// How it is learnt, without defaults (`spec/metrics-insights.md` 6.1).
fn settings(detector: &Value) -> Value {
    let mut state = only(detector, &["Configuration", "MetricCharacteristics"]);
    if let Some(configuration) = state.get_mut("Configuration") {
        *configuration = only(configuration, CONFIGURATION);
        without_default(configuration, "MetricTimezone", &json!("UTC"));
        without_default(configuration, "AdaptationSpeed", &json!("NORMAL"));
        without_default(configuration, "OutlierFilteringStrength", &json!("MODERATE"));
        let ranges = configuration.get_mut("ExcludedTimeRanges").and_then(Value::as_array_mut);
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
        in_order(configuration, "ExcludedTimeRanges");
    }
    if let Some(known) = state.get_mut("MetricCharacteristics") {
        without_default(known, "PeriodicSpikes", &json!(false));
    }
    only(&state, &["Configuration", "MetricCharacteristics"])
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
        let found = detectors.find(|detector| subject(detector) == id.key);
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
        vec![Call::new(Operation::PutAnomalyDetector, with(&resource.id.key, resource.wanted.clone()))]
    }

    fn update(&self, place: &Place, resource: &Resource, _: &Actual, _: &[Difference]) -> Vec<Call> {
        self.create(place, resource)
    }

    fn delete(&self, _: &Place, resource: &Resource, _: &Actual) -> Vec<Call> {
        vec![Call::new(Operation::DeleteAnomalyDetector, resource.id.key.clone())]
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
