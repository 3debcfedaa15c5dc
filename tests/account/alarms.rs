//! Metric alarms: what is admitted (`spec/metrics-insights.md` 5.1), and how they are described.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use trailql::provision::{Fault, Operation};

use super::cloudwatch::too_many_tags;
use super::request::{Answer, Request, only, refused, refused_with, without_nulls};
use super::tags::{self, Tags};
use super::world::Context;

const STATIC: [&str; 4] = [
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
];
const RANGE: [&str; 3] =
    ["LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"];
const MEMBERS: [&str; 27] = [
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
    "Tags",
    "ThresholdMetricId",
    "EvaluationWindow",
    "WarmUpConfiguration",
    "EvaluationCriteria",
    "EvaluationInterval",
    "ActionConfiguration",
];

#[derive(Default)]
pub(super) struct Alarms {
    alarms: BTreeMap<String, Alarm>,
}

struct Alarm {
    arn: String,
    /// The members of its request, without tags.
    members: Map<String, Value>,
    configured: String,
    made: String,
    tags: Tags,
}

impl Alarms {
    pub(super) fn call(&mut self, context: &Context, most: usize, request: Request<'_>) -> Answer {
        match request.operation {
            Operation::PutMetricAlarm => self.put(context, most, request),
            Operation::DescribeAlarms => self.describe(context, request),
            Operation::DeleteAlarms => self.delete(request),
            other => panic!("alarms do not know {other}"),
        }
    }

    pub(super) fn tags(&mut self, arn: &str) -> Option<&mut Tags> {
        self.alarms.values_mut().find(|alarm| alarm.arn == arn).map(|alarm| &mut alarm.tags)
    }

    /// An update replaces everything but the state and the tags.
    fn put(&mut self, context: &Context, most: usize, request: Request<'_>) -> Answer {
        request.only(&MEMBERS)?;
        let name = request.sized("AlarmName", 1, 255)?;
        check(request)?;
        let mut members = request.input.clone();
        members.remove("Tags");
        let count = self.alarms.len();
        match self.alarms.get_mut(name) {
            Some(alarm) => {
                alarm.members = members;
                alarm.configured = context.time();
            }
            None if count >= most => {
                let message = "The quota for alarms for this customer has already been reached.";
                return Err(refused("LimitExceeded", message));
            }
            None => {
                let mut tags = Tags::new();
                tags::add(&mut tags, tags::of_list(request.list("Tags")), too_many_tags)?;
                let arn = context.arn("cloudwatch", &format!("alarm:{name}"));
                let (configured, made) = (context.time(), context.time());
                self.alarms.insert(name.to_owned(), Alarm { arn, members, configured, made, tags });
            }
        }
        Ok(json!({}))
    }

    fn describe(&self, context: &Context, request: Request<'_>) -> Answer {
        request.only(&[
            "AlarmNames",
            "AlarmNamePrefix",
            "AlarmTypes",
            "StateValue",
            "ActionPrefix",
            "MaxRecords",
        ])?;
        let names = request.texts("AlarmNames");
        if names.len() > 100 {
            return Err(request.failed_at(
                "alarmNames",
                "[…]",
                "Member must have length less than or equal to 100",
            ));
        }
        if !names.is_empty() && request.has("AlarmNamePrefix") {
            let message = "AlarmNamePrefix and AlarmNames cannot be used together";
            return Err(refused("InvalidParameterCombination", message));
        }
        let types = request.texts("AlarmTypes");
        let prefix = request.text("AlarmNamePrefix").unwrap_or_default();
        let wanted = |name: &str| {
            (types.is_empty() || types.contains(&"MetricAlarm"))
                && (names.is_empty() || names.contains(&name))
                && name.starts_with(prefix)
                && request.text("StateValue").is_none_or(|state| state == "INSUFFICIENT_DATA")
        };
        let found = self.alarms.iter().filter(|(name, _)| wanted(name));
        let alarms: Vec<_> = found.map(|(_, alarm)| alarm.described(context)).collect();
        Ok(json!({ "CompositeAlarms": [], "MetricAlarms": alarms, "LogAlarms": [] }))
    }

    /// Those that are there are deleted even if another one is not.
    fn delete(&mut self, request: Request<'_>) -> Answer {
        request.only(&["AlarmNames"])?;
        let names = request.texts("AlarmNames");
        if names.len() > 100 {
            return Err(request.failed_at(
                "alarmNames",
                "[…]",
                "Member must have length less than or equal to 100",
            ));
        }
        let missing: Vec<_> = names.into_iter().filter(|name| self.alarms.remove(*name).is_none()).collect();
        if missing.is_empty() {
            Ok(json!({}))
        } else {
            Err(refused_with(404, "ResourceNotFound", &format!("Unknown alarms: {}", missing.join(", "))))
        }
    }

    pub(super) fn snapshot(&self) -> Value {
        self.alarms
            .iter()
            .map(|(name, alarm)| (name.clone(), json!({ "members": alarm.members, "tags": alarm.tags })))
            .collect()
    }
}

impl Alarm {
    fn described(&self, context: &Context) -> Value {
        let mut all = json!({
            "AlarmArn": self.arn,
            "AlarmConfigurationUpdatedTimestamp": self.configured,
            "ActionsEnabled": true,
            "OKActions": [],
            "AlarmActions": [],
            "InsufficientDataActions": [],
            "Dimensions": [],
            "StateValue": "INSUFFICIENT_DATA",
            "StateReason": "Unchecked: Initial alarm creation",
            "StateUpdatedTimestamp": self.made,
            "StateTransitionedTimestamp": self.made,
        });
        let members = all.as_object_mut().unwrap();
        if context.describes_defaults {
            members.insert("TreatMissingData".to_owned(), "missing".into());
            let periods = self.members.get("EvaluationPeriods").cloned().unwrap_or_default();
            members.insert("DatapointsToAlarm".to_owned(), periods);
        }
        members.extend(self.members.clone());
        if context.describes_defaults {
            let mut default = |structure: &str, member: &str, value: Value| {
                if let Some(Value::Object(of)) = all.pointer_mut(structure) {
                    of.entry(member).or_insert(value);
                }
            };
            default("/EvaluationWindow/WallClockWindow", "Timezone", json!("UTC"));
            default("/WarmUpConfiguration", "OnlyStartEvaluatingAfterWarmUpPeriodEnds", json!(false));
        }
        let members = all.as_object_mut().unwrap();
        if let Some(Value::Array(metrics)) = members.get_mut("Metrics") {
            for metric in metrics.iter_mut().filter_map(Value::as_object_mut) {
                metric.entry("ReturnData").or_insert(true.into());
                if let Some(metric) =
                    metric.get_mut("MetricStat").and_then(|stat| stat["Metric"].as_object_mut())
                {
                    metric.entry("Dimensions").or_insert_with(|| json!([]));
                }
            }
            members.remove("Dimensions");
        }
        if let Some(threshold) = members.get_mut("Threshold") {
            *threshold = threshold.as_f64().unwrap().into();
        }
        without_nulls(all)
    }
}

fn check(request: Request<'_>) -> Result<(), Fault> {
    let invalid = |message: &str| Err(request.invalid(message));
    for actions in ["OKActions", "AlarmActions", "InsufficientDataActions"] {
        if request.list(actions).len() > 5 {
            return invalid("An alarm takes at most 5 actions a state");
        }
    }
    if request.text("AlarmDescription").is_some_and(|text| text.chars().count() > 1024) {
        return invalid("AlarmDescription takes at most 1024 characters");
    }
    if request.has("EvaluationCriteria") != request.has("EvaluationInterval") {
        return invalid("EvaluationInterval goes with EvaluationCriteria, and only with that");
    }
    if request.has("EvaluationCriteria") {
        let others = ["MetricName", "Metrics", "Threshold", "ComparisonOperator", "EvaluationPeriods"];
        return match others.into_iter().find(|member| request.has(member)) {
            Some(member) => invalid(&format!("{member} cannot be used with EvaluationCriteria")),
            None => Ok(()),
        };
    }
    let number = |member: &str| request.input.get(member).and_then(Value::as_i64);
    let Some(periods) = number("EvaluationPeriods").filter(|periods| *periods >= 1) else {
        return Err(refused("MissingParameter", "The parameter EvaluationPeriods is required."));
    };
    if number("DatapointsToAlarm").is_some_and(|points| points > periods || points < 1) {
        // Seen.
        return invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods");
    }
    if let Some(missing) = request.text("TreatMissingData")
        && !["missing", "ignore", "breaching", "notBreaching"].contains(&missing)
    {
        return invalid("TreatMissingData is not one of the values that there are");
    }
    let metrics = request.list("Metrics");
    check_operator(request, metrics)?;
    check_warm_up(request)?;
    let longest = match (request.has("MetricName"), metrics) {
        (true, []) => check_single(request)?,
        (false, [_, ..]) => check_metrics(request, metrics)?,
        _ => {
            let message = "Exactly one of MetricName and Metrics has to be given";
            return Err(refused("InvalidParameterCombination", message));
        }
    };
    check_window(request, longest)?;
    let span = longest * periods;
    if span > if longest < 3600 { 86_400 } else { 604_800 } {
        return invalid(
            "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).",
        );
    }
    Ok(())
}

fn check_operator(request: Request<'_>, metrics: &[Value]) -> Result<(), Fault> {
    let operator = request.required("ComparisonOperator")?;
    let (threshold, band) = (request.has("Threshold"), request.text("ThresholdMetricId"));
    match band {
        None if RANGE.contains(&operator) => {
            // Seen.
            Err(request.invalid("ComparisonOperators for ranges require ThresholdMetricId to be set"))
        }
        None if !STATIC.contains(&operator) => {
            Err(request.invalid("ComparisonOperator is not one that there is"))
        }
        None if !threshold => Err(refused("MissingParameter", "The parameter Threshold is required.")),
        None => Ok(()),
        Some(_) if threshold => {
            let message = "Threshold and ThresholdMetricId cannot be used together";
            Err(refused("InvalidParameterCombination", message))
        }
        Some(_) if !RANGE.contains(&operator) => {
            Err(request.invalid("ThresholdMetricId needs an operator for ranges"))
        }
        Some(id) => {
            let of = metrics.iter().find(|metric| metric["Id"] == id);
            let band = of.and_then(|metric| metric["Expression"].as_str());
            match band.filter(|band| band.trim_start().starts_with("ANOMALY_DETECTION_BAND")) {
                Some(_) => Ok(()),
                None => {
                    Err(request.invalid("ThresholdMetricId has to be the Id of an ANOMALY_DETECTION_BAND"))
                }
            }
        }
    }
}

/// An alarm on one metric; its period.
fn check_single(request: Request<'_>) -> Result<i64, Fault> {
    request.sized("MetricName", 1, 255)?;
    let namespace = request.sized("Namespace", 1, 255)?;
    if namespace.starts_with(':') {
        return Err(request.invalid("Namespace must not start with a colon"));
    }
    if request.has("Statistic") == request.has("ExtendedStatistic") {
        let message = "Exactly one of Statistic and ExtendedStatistic has to be given";
        return Err(refused("InvalidParameterCombination", message));
    }
    check_dimensions(request, request.list("Dimensions"))?;
    check_period(request, request.input.get("Period"))
}

/// An alarm on expressions; the longest of its periods.
fn check_metrics(request: Request<'_>, metrics: &[Value]) -> Result<i64, Fault> {
    let invalid = |message: &str| Err(request.invalid(message));
    for member in ["Namespace", "Dimensions", "Period", "Statistic", "ExtendedStatistic", "Unit"] {
        if request.has(member) {
            return Err(refused(
                "InvalidParameterCombination",
                format!("{member} cannot be used with Metrics"),
            ));
        }
    }
    let (mut ids, mut longest, mut returned, mut queries) = (BTreeSet::new(), 0, 0, 0);
    let known = ["Id", "MetricStat", "Expression", "Label", "ReturnData", "Period", "AccountId"];
    for metric in metrics {
        let members = metric.as_object().expect("an entry of Metrics");
        only(request.operation, members, &known)?;
        let id = metric["Id"].as_str().unwrap_or_default();
        let legal = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !legal || id.len() > 255 || !ids.insert(id) {
            return invalid(&format!("The value {id} for parameter Id is not matched"));
        }
        returned += usize::from(metric["ReturnData"] != json!(false));
        match (members.get("MetricStat"), metric["Expression"].as_str()) {
            (Some(stat), None) => {
                only(request.operation, stat.as_object().unwrap(), &["Metric", "Period", "Stat", "Unit"])?;
                check_dimensions(
                    request,
                    stat["Metric"]["Dimensions"].as_array().map_or(&[], Vec::as_slice),
                )?;
                longest = longest.max(check_period(request, stat.get("Period"))?);
            }
            (None, Some(expression)) => {
                if expression.is_empty() || expression.chars().count() > 2048 {
                    return invalid("An expression takes 1 to 2048 characters");
                }
                if expression.contains("SEARCH(") {
                    // Seen.
                    return invalid("SEARCH is not supported on Metric Alarms");
                }
                if expression.trim_start().starts_with("SELECT ") {
                    queries += 1;
                    longest = longest.max(check_period(request, members.get("Period"))?);
                }
            }
            _ => return invalid(&format!("{id} needs either MetricStat or Expression")),
        }
    }
    if queries > 1 {
        // Seen.
        return invalid("Maximum number of queries (1) exceeded");
    }
    if !request.has("ThresholdMetricId") && returned != 1 {
        return invalid("Exactly one element of the metrics list should return data");
    }
    Ok(longest)
}

/// `spec/metrics-insights.md` 5.2: windows by the clock have periods of their own.
fn check_window(request: Request<'_>, period: i64) -> Result<(), Fault> {
    let Some(window) = request.input.get("EvaluationWindow").and_then(Value::as_object) else {
        return Ok(());
    };
    only(request.operation, window, &["SlidingWindow", "WallClockWindow"])?;
    if window.len() != 1 {
        return Err(request.invalid("EvaluationWindow is a union: exactly one member has to be set"));
    }
    let Some(clock) = window.get("WallClockWindow") else { return Ok(()) };
    only(request.operation, clock.as_object().expect("a structure"), &["Timezone"])?;
    if clock["Timezone"].as_str().is_some_and(|zone| zone.is_empty() || zone.chars().count() > 50) {
        return Err(request.invalid("Timezone takes 1 to 50 characters"));
    }
    if [60, 300, 3600, 86_400, 604_800].contains(&period) {
        Ok(())
    } else {
        Err(request.invalid("A WallClockWindow needs a period of 60, 300, 3600, 86400 or 604800 seconds"))
    }
}

fn check_warm_up(request: Request<'_>) -> Result<(), Fault> {
    let Some(warm_up) = request.input.get("WarmUpConfiguration").and_then(Value::as_object) else {
        return Ok(());
    };
    let known = ["WarmUpPeriodDurationInMinutes", "OnlyStartEvaluatingAfterWarmUpPeriodEnds"];
    only(request.operation, warm_up, &known)?;
    match warm_up.get("WarmUpPeriodDurationInMinutes").and_then(Value::as_i64) {
        Some(1..=2880) => Ok(()),
        _ => Err(request.invalid("WarmUpPeriodDurationInMinutes takes 1 to 2880")),
    }
}

fn check_dimensions(request: Request<'_>, dimensions: &[Value]) -> Result<(), Fault> {
    let complete = |dimension: &Value| {
        let sized = |member: &str, most: usize| {
            dimension[member].as_str().is_some_and(|text| (1..=most).contains(&text.chars().count()))
        };
        sized("Name", 255) && sized("Value", 1024)
    };
    if dimensions.len() > 30 || !dimensions.iter().all(complete) {
        return Err(request.invalid("A dimension has a Name and a Value, and there are at most 30"));
    }
    Ok(())
}

fn check_period(request: Request<'_>, period: Option<&Value>) -> Result<i64, Fault> {
    match period.and_then(Value::as_i64) {
        // Seen.
        None => Err(request.invalid("Period must not be null")),
        Some(period @ (10 | 20 | 30)) => Ok(period),
        Some(period) if period >= 60 && period % 60 == 0 => Ok(period),
        Some(_) => Err(request.invalid("Period must be 10, 20, 30 or a multiple of 60")),
    }
}
