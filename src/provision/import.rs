//! The other way: a stack of what an account has around a log group.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::caller::{Caller, Failure, Pause};
use super::resource::{STACK_TAG, state};
use super::{Call, Operation, Place, Services};
use crate::stack::{
    AnomalyDetector, Dashboard, Located, LogGroup, LogsQueryDefinition, MetricFilter, Stack, Topic, Trail,
};

/// What was found of a log group.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The stack: unchecked, for what an account has may be faulty.
    pub stack: Stack,
    /// What was found and left out, and why.
    pub left_out: Vec<String>,
}

/// A stack of what an account has around a log group: the group, the trail that delivers to it, its metric filters, the detectors
/// and alarms on the metrics of these, the topics of the alarms, the saved queries on the group, and the dashboards that show the
/// metrics or the group. `None` where there is no such group.
///
/// # Errors
/// The first call that failed for good.
pub fn import(
    log_group: &str,
    place: &Place,
    services: &dyn Services,
    pause: Pause<'_>,
) -> Result<Option<Imported>, Failure> {
    let mut importing = Importing { caller: Caller::new(services, pause), place, left_out: Vec::new() };
    let Some(group) = importing.log_group(log_group)? else { return Ok(None) };
    let metric_filters: Vec<MetricFilter> = importing.metric_filters(log_group)?;
    let metrics: Vec<(String, String)> = metric_filters
        .iter()
        .flat_map(|filter| filter.metric_transformations.iter())
        .map(|one| (one.metric_namespace.value.clone(), one.metric_name.value.clone()))
        .collect();
    let mut alarms: Vec<Value> = importing.alarms(&metrics)?;
    let topics = importing.topics(&mut alarms)?;
    let stack = Stack {
        name: importing.stack_name(log_group)?,
        description: None,
        region: Some(Located::bare(place.region.clone())),
        log_group: Some(group),
        trail: importing.trail(log_group)?,
        anomaly_detectors: importing.detectors(&metrics)?,
        alarms: importing.read("alarm", "AlarmName", alarms),
        topics,
        query_definitions: importing.query_definitions(log_group)?,
        dashboards: importing.dashboards(log_group, &metrics)?,
        metric_filters,
        ..Stack::default()
    };
    Ok(Some(Imported { stack, left_out: importing.left_out }))
}

struct Importing<'i> {
    caller: Caller<'i>,
    place: &'i Place,
    left_out: Vec<String>,
}

impl Importing<'_> {
    fn list(&self, operation: Operation, input: Value, member: &str) -> Result<Vec<Value>, Failure> {
        let answer = self.caller.look(&Call::new(operation, input))?.unwrap_or_default();
        Ok(answer.get(member).and_then(Value::as_array).cloned().unwrap_or_default())
    }

    /// Definitions of answers; one that has no place in a stack is left out by name.
    fn read<T: DeserializeOwned>(&mut self, noun: &str, name: &str, found: Vec<Value>) -> Vec<T> {
        let mut read = Vec::new();
        for value in found {
            let called = value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            match definition(&value) {
                Ok(definition) => read.push(definition),
                Err(reason) => self.left_out.push(format!("{noun} `{called}`: {reason}")),
            }
        }
        read
    }

    fn log_group(&mut self, name: &str) -> Result<Option<LogGroup>, Failure> {
        let groups =
            self.list(Operation::DescribeLogGroups, json!({ "logGroupNamePrefix": name }), "logGroups")?;
        let found = groups.iter().find(|group| text(group, "logGroupName") == name);
        let members = ["logGroupName", "retentionInDays", "kmsKeyId"];
        Ok(found.and_then(|group| definition(&state::only(group, &members)).ok()))
    }

    /// What the stack that made the group is called, where a tag says so.
    fn stack_name(&self, group: &str) -> Result<Option<crate::stack::Text>, Failure> {
        let look =
            Call::new(Operation::ListLogGroupTags, json!({ "resourceArn": self.place.log_group_arn(group) }));
        let tags = self.caller.look(&look)?.unwrap_or_default();
        let name = tags.get("tags").and_then(|tags| tags.get(STACK_TAG)).and_then(Value::as_str);
        Ok(name.map(|name| Located::bare(name.to_owned())))
    }

    fn metric_filters(&mut self, group: &str) -> Result<Vec<MetricFilter>, Failure> {
        let found =
            self.list(Operation::DescribeMetricFilters, json!({ "logGroupName": group }), "metricFilters")?;
        let members = ["filterName", "filterPattern", "metricTransformations"];
        let mut filters: Vec<Value> = found.iter().map(|filter| state::only(filter, &members)).collect();
        filters.sort_by_key(|filter| text(filter, "filterName").to_owned());
        Ok(self.read("metric filter", "filterName", filters))
    }

    /// The trail that delivers to the group.
    fn trail(&mut self, group: &str) -> Result<Option<Trail>, Failure> {
        let arn = format!("{}:*", self.place.log_group_arn(group));
        let trails =
            self.list(Operation::DescribeTrails, json!({ "includeShadowTrails": false }), "trailList")?;
        let Some(trail) = trails.iter().find(|trail| text(trail, "CloudWatchLogsLogGroupArn") == arn) else {
            return Ok(None);
        };
        let members = [
            "Name",
            "S3BucketName",
            "S3KeyPrefix",
            "IsMultiRegionTrail",
            "IsOrganizationTrail",
            "IncludeGlobalServiceEvents",
            "KmsKeyId",
        ];
        let mut written = state::only(trail, &members);
        if let Some(validated) = trail.get("LogFileValidationEnabled") {
            written = state::with(&written, json!({ "EnableLogFileValidation": validated }));
        }
        let look = Call::new(Operation::GetEventSelectors, json!({ "TrailName": text(trail, "Name") }));
        let selectors = self.caller.look(&look)?.unwrap_or_default();
        written = state::with(&written, state::only(&selectors, &["AdvancedEventSelectors"]));
        if selectors.get("EventSelectors").and_then(Value::as_array).is_some_and(|some| !some.is_empty()) {
            self.left_out.push(format!(
                "the event selectors of the trail `{}`: they are of the old kind, which stacks do not have",
                text(trail, "Name")
            ));
        }
        Ok(self.read("trail", "Name", vec![written]).pop())
    }

    fn detectors(&mut self, metrics: &[(String, String)]) -> Result<Vec<AnomalyDetector>, Failure> {
        let types = json!({ "AnomalyDetectorTypes": ["SINGLE_METRIC"] });
        let found = self.list(Operation::DescribeAnomalyDetectors, types, "AnomalyDetectors")?;
        let own = found.iter().filter(|detector| {
            let single = detector.get("SingleMetricAnomalyDetector").unwrap_or(detector);
            is_one_of(metrics, single)
        });
        let members = ["SingleMetricAnomalyDetector", "Configuration", "MetricCharacteristics"];
        let own = own.map(|detector| without_zone(state::only(detector, &members))).collect();
        Ok(self.read("anomaly detector", "MetricName", own))
    }

    /// The alarms that watch one of the metrics, in a query too.
    fn alarms(&mut self, metrics: &[(String, String)]) -> Result<Vec<Value>, Failure> {
        let input = json!({ "AlarmTypes": ["MetricAlarm"] });
        let found = self.list(Operation::DescribeAlarms, input, "MetricAlarms")?;
        let own = found
            .iter()
            .filter(|alarm| is_one_of(metrics, alarm) || entries(alarm).any(|entry| watches(metrics, entry)));
        Ok(own.map(|alarm| state::only(alarm, super::resource::ALARM_MEMBERS)).collect())
    }

    /// The topics that the alarms tell; their ARNs in the alarms become `topic:NAME`. Topics of others stay ARNs.
    fn topics(&mut self, alarms: &mut [Value]) -> Result<Vec<Topic>, Failure> {
        let own = self.place.topic_arn("");
        let mut names: Vec<String> = Vec::new();
        for alarm in alarms {
            for list in ["AlarmActions", "OKActions", "InsufficientDataActions"] {
                for action in alarm.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                    let Some(name) = action.as_str().and_then(|arn| arn.strip_prefix(&own)) else { continue };
                    let name = name.to_owned();
                    *action = json!(format!("topic:{name}"));
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
        }
        let mut topics = Vec::new();
        for name in names {
            let input = json!({ "TopicArn": self.place.topic_arn(&name) });
            let told = self.list(Operation::ListSubscriptionsByTopic, input, "Subscriptions")?;
            let told: Vec<Value> =
                told.iter().map(|one| state::only(one, &["Protocol", "Endpoint"])).collect();
            topics.push(json!({ "Name": name, "Subscriptions": told }));
        }
        Ok(self.read("topic", "Name", topics))
    }

    fn query_definitions(&mut self, group: &str) -> Result<Vec<LogsQueryDefinition>, Failure> {
        let found = self.list(Operation::DescribeQueryDefinitions, json!({}), "queryDefinitions")?;
        let own = found.iter().filter(|query| {
            let groups = query.get("logGroupNames").and_then(Value::as_array).into_iter().flatten();
            { groups }.any(|name| name.as_str() == Some(group))
        });
        let members = ["name", "queryString", "queryLanguage", "logGroupNames", "parameters"];
        let own = own.map(|query| {
            let mut query = state::only(query, &members);
            state::without_default(&mut query, "logGroupNames", &json!([group]));
            state::without_default(&mut query, "queryLanguage", &json!("CWLI"));
            query
        });
        let own = own.collect();
        Ok(self.read("saved query", "name", own))
    }

    /// The dashboards whose text names the group or one of the metrics.
    fn dashboards(&mut self, group: &str, metrics: &[(String, String)]) -> Result<Vec<Dashboard>, Failure> {
        let listed = self.list(Operation::ListDashboards, json!({}), "DashboardEntries")?;
        let mut own = Vec::new();
        for entry in listed {
            let input = state::only(&entry, &["DashboardName"]);
            let found = self.caller.look(&Call::new(Operation::GetDashboard, input))?.unwrap_or_default();
            let names = |name: &str| text(&found, "DashboardBody").contains(&format!("\"{name}\""));
            let is_own = text(&found, "DashboardBody").contains(&format!("'{group}'"))
                || metrics.iter().any(|(namespace, metric)| names(namespace) && names(metric));
            if is_own {
                own.push(state::only(&found, &["DashboardName", "DashboardBody"]));
            }
        }
        Ok(self.read("dashboard", "DashboardName", own))
    }
}

/// A definition of the members of an answer, by the shape of a stack file.
fn definition<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    let written = toml::to_string(&toml_of(value)).map_err(|error| error.to_string())?;
    toml::from_str(&written).map_err(|error| error.message().to_owned())
}

/// The same in TOML, which has no null. Member by member, for `serde_json` may be built to write numbers as it alone reads them.
fn toml_of(value: &Value) -> Option<toml::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(is) => toml::Value::Boolean(*is),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => toml::Value::Integer(whole),
            None => toml::Value::Float(number.as_f64()?),
        },
        Value::String(text) => toml::Value::String(text.clone()),
        Value::Array(items) => toml::Value::Array(items.iter().filter_map(toml_of).collect()),
        Value::Object(members) => {
            let members = members.iter().filter_map(|(name, value)| Some((name.clone(), toml_of(value)?)));
            toml::Value::Table(members.collect())
        }
    })
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn is_one_of(metrics: &[(String, String)], value: &Value) -> bool {
    metrics
        .iter()
        .any(|(namespace, name)| text(value, "Namespace") == namespace && text(value, "MetricName") == name)
}

fn entries(alarm: &Value) -> impl Iterator<Item = &Value> {
    alarm.get("Metrics").and_then(Value::as_array).into_iter().flatten()
}

/// Whether an entry of `Metrics` is one of the metrics, or a query that names one.
fn watches(metrics: &[(String, String)], entry: &Value) -> bool {
    let stat = entry.pointer("/MetricStat/Metric");
    let query = text(entry, "Expression");
    stat.is_some_and(|metric| is_one_of(metrics, metric))
        || metrics.iter().any(|(_, name)| !query.is_empty() && names(query, name))
}

/// Whether a query names a metric, quoted or as a word.
fn names(query: &str, metric: &str) -> bool {
    query.contains(&format!("\"{metric}\""))
        || query.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == metric)
}

/// Excluded times as a stack writes them: UTC without a sign of it.
fn without_zone(mut detector: Value) -> Value {
    let ranges = detector.pointer_mut("/Configuration/ExcludedTimeRanges").and_then(Value::as_array_mut);
    for time in
        ranges.into_iter().flatten().filter_map(Value::as_object_mut).flat_map(|range| range.values_mut())
    {
        if let Some(written) = time.as_str().and_then(|written| written.strip_suffix('Z')) {
            *time = json!(written);
        }
    }
    detector
}
