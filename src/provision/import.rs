//! The other way: a stack of what an account has around a log group.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::caller::{Caller, Failure, Pause};
use super::resource::{self, STACK_TAG, state};
use super::secret::{is_masked, masked};
use super::{Call, Operation, Place, Services};
use crate::stack::{
    AnomalyDetector, Dashboard, Located, LogGroup, LogsQueryDefinition, MetricFilter, Stack, Topic,
    TopicSubscription, Trail,
};

/// Members that no stack can say, each with the words that say its default; `false` and what is empty always do.
type NoPlace = &'static [(&'static str, &'static [&'static str])];

const LOG_GROUP: NoPlace = &[
    ("logGroupClass", &["STANDARD"]),
    ("deletionProtectionEnabled", &[]),
    ("bearerTokenAuthenticationEnabled", &[]),
    ("dataProtectionStatus", &["DELETED", "ARCHIVED", "DISABLED"]),
];
const METRIC_FILTER: NoPlace =
    &[("applyOnTransformedLogs", &[]), ("fieldSelectionCriteria", &[]), ("emitSystemFieldDimensions", &[])];
const TRAIL: NoPlace = &[("SnsTopicARN", &[]), ("HasInsightSelectors", &[])];
const ALARM: NoPlace = &[("ActionConfiguration", &[])];

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
    let Some(group) = importing.group(log_group)? else { return Ok(None) };
    let group = importing.log_group(&group);
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
        log_group: group,
        trail: importing.trail(log_group)?,
        anomaly_detectors: importing.detectors(&metrics)?,
        alarms: importing.read("alarm", by("AlarmName"), alarms),
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
    fn read<T: DeserializeOwned>(
        &mut self,
        noun: &str,
        name: impl Fn(&Value) -> String,
        found: Vec<Value>,
    ) -> Vec<T> {
        let mut read = Vec::new();
        for value in found {
            match definition(&value) {
                Ok(definition) => read.push(definition),
                Err(reason) => self.left_out.push(format!("{noun} `{}`: {reason}", name(&value))),
            }
        }
        read
    }

    /// Leaves out, by their names, those members of something found that no stack can say and that are not as they are by
    /// default.
    fn leave_out(&mut self, of: &str, found: &Value, members: NoPlace) {
        for (member, defaults) in members {
            let is_said = match found.get(*member) {
                None | Some(Value::Bool(false)) => false,
                Some(Value::String(word)) => !word.is_empty() && !defaults.contains(&word.as_str()),
                Some(value) => state::only(found, &[*member]).get(*member) == Some(value),
            };
            if is_said {
                self.left_out.push(format!("`{member}` of the {of}: a stack has no place for it"));
            }
        }
    }

    /// The answer about the group.
    fn group(&self, name: &str) -> Result<Option<Value>, Failure> {
        let groups =
            self.list(Operation::DescribeLogGroups, json!({ "logGroupNamePrefix": name }), "logGroups")?;
        Ok(groups.into_iter().find(|group| text(group, "logGroupName") == name))
    }

    fn log_group(&mut self, group: &Value) -> Option<LogGroup> {
        let name = text(group, "logGroupName");
        self.leave_out(&format!("log group `{name}`"), group, LOG_GROUP);
        let told = resource::retention_of_account(name, group);
        let members: &[&str] = match told {
            Some(_) => &["logGroupName", "kmsKeyId"],
            None => &["logGroupName", "retentionInDays", "kmsKeyId"],
        };
        self.left_out.extend(told);
        self.read("log group", by("logGroupName"), vec![state::only(group, members)]).pop()
    }

    /// What the stack that made the group is called, where a tag says so.
    fn stack_name(&mut self, group: &str) -> Result<Option<crate::stack::Text>, Failure> {
        let look =
            Call::new(Operation::ListLogGroupTags, json!({ "resourceArn": self.place.log_group_arn(group) }));
        let answer = self.caller.look(&look)?.unwrap_or_default();
        let tags = answer.get("tags").map(state::members).unwrap_or_default();
        let others = tags.keys().filter(|tag| !tag.starts_with("trailql:") && !tag.starts_with("aws:"));
        for tag in others {
            self.left_out.push(format!(
                "the tag `{tag}` of the log group `{group}`: the tags of a stack go to all that it makes; write it into `tags` where \
                 they are to have it"
            ));
        }
        let name = tags.get(STACK_TAG).and_then(Value::as_str);
        Ok(name.map(|name| Located::bare(name.to_owned())))
    }

    fn metric_filters(&mut self, group: &str) -> Result<Vec<MetricFilter>, Failure> {
        let found =
            self.list(Operation::DescribeMetricFilters, json!({ "logGroupName": group }), "metricFilters")?;
        for filter in &found {
            let of = format!("metric filter `{}`", text(filter, "filterName"));
            self.leave_out(&of, filter, METRIC_FILTER);
        }
        let members = ["filterName", "filterPattern", "metricTransformations"];
        let mut filters: Vec<Value> = found.iter().map(|filter| state::only(filter, &members)).collect();
        filters.sort_by_key(|filter| text(filter, "filterName").to_owned());
        Ok(self.read("metric filter", by("filterName"), filters))
    }

    /// The trail that delivers to the group.
    fn trail(&mut self, group: &str) -> Result<Option<Trail>, Failure> {
        let arn = format!("{}:*", self.place.log_group_arn(group));
        // Also the trail of an organization, which belongs to the management account.
        let trails = self.list(Operation::DescribeTrails, json!({}), "trailList")?;
        let Some(trail) = trails.iter().find(|trail| text(trail, "CloudWatchLogsLogGroupArn") == arn) else {
            return Ok(None);
        };
        self.leave_out(&format!("trail `{}`", text(trail, "Name")), trail, TRAIL);
        self.other_role(trail);
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
        let look = Call::new(Operation::GetEventSelectors, json!({ "TrailName": text(trail, "TrailARN") }));
        let selectors = self.caller.look(&look)?.unwrap_or_default();
        written = state::with(&written, state::only(&selectors, &["AdvancedEventSelectors"]));
        if selectors.get("EventSelectors").and_then(Value::as_array).is_some_and(|some| !some.is_empty()) {
            self.left_out.push(format!(
                "the event selectors of the trail `{}`: they are of the old kind, which stacks do not have",
                text(trail, "Name")
            ));
        }
        Ok(self.read("trail", by("Name"), vec![written]).pop())
    }

    /// A trail of a stack has a role of its own.
    fn other_role(&mut self, trail: &Value) {
        let name = text(trail, "Name");
        let (role, own) = (text(trail, "CloudWatchLogsRoleArn"), resource::role_name(name));
        if role != self.place.role_arn(&own) {
            self.left_out.push(format!(
                "the role `{role}` of the trail `{name}`: a stack gives a trail the role `{own}`, which `apply` makes and points it to"
            ));
        }
    }

    fn detectors(&mut self, metrics: &[(String, String)]) -> Result<Vec<AnomalyDetector>, Failure> {
        let types = json!({ "AnomalyDetectorTypes": ["SINGLE_METRIC", "METRIC_MATH"] });
        let found = self.list(Operation::DescribeAnomalyDetectors, types, "AnomalyDetectors")?;
        let own = found.iter().filter(|detector| {
            let single = detector.get("SingleMetricAnomalyDetector");
            let math =
                detector.pointer("/MetricMathAnomalyDetector/MetricDataQueries").and_then(Value::as_array);
            single.is_some_and(|single| is_one_of(metrics, single))
                || math.into_iter().flatten().any(|entry| watches(metrics, entry))
        });
        let members = [
            "SingleMetricAnomalyDetector",
            "MetricMathAnomalyDetector",
            "Configuration",
            "MetricCharacteristics",
        ];
        let account = json!(self.place.account);
        let own = own.map(|detector| {
            let mut written = without_zone(state::only(detector, &members));
            if let Some(single) = written.get_mut("SingleMetricAnomalyDetector") {
                state::without_default(single, "AccountId", &account);
            }
            written
        });
        let own = own.collect();
        Ok(self.read("anomaly detector", resource::name_of_detector, own))
    }

    /// The alarms that watch one of the metrics, in a query too.
    fn alarms(&mut self, metrics: &[(String, String)]) -> Result<Vec<Value>, Failure> {
        let input = json!({ "AlarmTypes": ["MetricAlarm"] });
        let found = self.list(Operation::DescribeAlarms, input, "MetricAlarms")?;
        let own = found
            .iter()
            .filter(|alarm| is_one_of(metrics, alarm) || entries(alarm).any(|entry| watches(metrics, entry)));
        let mut alarms = Vec::new();
        for alarm in own {
            self.leave_out(&format!("alarm `{}`", text(alarm, "AlarmName")), alarm, ALARM);
            alarms.push(state::only(alarm, resource::ALARM_MEMBERS));
        }
        Ok(alarms)
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
            let look = Call::new(Operation::ListSubscriptionsByTopic, input);
            let answer = self.caller.look(&look)?.unwrap_or_default();
            let mut told = Vec::new();
            for one in resource::going_on(&answer) {
                match not_to_be_told(&one) {
                    None => told.push(state::only(&one, &["Protocol", "Endpoint"])),
                    Some(reason) => self.left_out.push(format!(
                        "the subscription of the topic `{name}` to `{}`: {reason}",
                        masked(text(&one, "Endpoint"))
                    )),
                }
            }
            topics.push(json!({ "Name": name, "Subscriptions": told }));
        }
        Ok(self.read("topic", by("Name"), topics))
    }

    fn query_definitions(&mut self, group: &str) -> Result<Vec<LogsQueryDefinition>, Failure> {
        let found = self.list(Operation::DescribeQueryDefinitions, json!({}), "queryDefinitions")?;
        let mut own: Vec<&Value> = found.iter().collect();
        own.retain(|query| {
            let groups = query.get("logGroupNames").and_then(Value::as_array).into_iter().flatten();
            { groups }.any(|name| name.as_str() == Some(group))
        });
        let is_one_of_several =
            |name: &&str| found.iter().filter(|other| text(other, "name") == *name).count() > 1;
        let names = own.iter().map(|query| text(query, "name"));
        let several: BTreeSet<&str> = names.filter(is_one_of_several).collect();
        own.retain(|query| !several.contains(text(query, "name")));
        let told = several.iter().map(|name| {
            format!("the saved queries `{name}`: there are several of the name, which is all that a stack knows of them")
        });
        self.left_out.extend(told);
        let members = ["name", "queryString", "queryLanguage", "logGroupNames", "parameters"];
        let own = own.into_iter().map(|query| {
            let mut query = state::only(query, &members);
            state::without_default(&mut query, "logGroupNames", &json!([group]));
            state::without_default(&mut query, "queryLanguage", &json!("CWLI"));
            query
        });
        let own = own.collect();
        Ok(self.read("saved query", by("name"), own))
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
        Ok(self.read("dashboard", by("DashboardName"), own))
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

/// Why a stack cannot say a subscription.
fn not_to_be_told(subscription: &Value) -> Option<String> {
    if is_masked(text(subscription, "Endpoint")) {
        return Some("the service does not tell its password".to_owned());
    }
    if text(subscription, "Protocol") == "firehose" {
        return Some(
            "one of `firehose` needs a `SubscriptionRoleArn`, for which a stack has no place".to_owned(),
        );
    }
    let read: Result<TopicSubscription, String> =
        definition(&state::only(subscription, &["Protocol", "Endpoint"]));
    read.err()
}

/// What something found is called, by a member.
fn by(member: &'static str) -> impl Fn(&Value) -> String {
    move |value| text(value, member).to_owned()
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
