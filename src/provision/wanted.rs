//! What a checked stack wants to be in an account: its resources, each with what it needs.

use serde_json::{Map, Value, json};

use super::Place;
use super::resource::{self, Kind, Resource, ResourceId, STACK_TAG};
use crate::stack::{CheckedStack, MetricAlarm, Stack};

/// What a stack wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What the stack is called: the value of the tag of what it makes.
    pub stack: String,
    /// Its resources, in an order in which each stands behind what it needs.
    pub resources: Vec<Resource>,
    /// What it holds and does not bring to an account, and why.
    pub left_out: Vec<String>,
}

impl Wanted {
    /// The resources of a stack at a place; `name` is what it is called where it does not say so itself.
    ///
    /// ```
    /// use trailql::provision::{Kind, Place, Wanted};
    /// use trailql::stack::Stack;
    ///
    /// let source = "name = 'watch'\n[logGroup]\nlogGroupName = 'trail'\nretentionInDays = 90\n";
    /// let stack = Stack::parse(source)?.check(source).ast.unwrap();
    /// let place = Place {
    ///     account: "111122223333".into(),
    ///     partition: "aws".into(),
    ///     region: "us-east-1".into(),
    ///     organization: None,
    /// };
    /// let wanted = Wanted::of(&stack, &place, "stack");
    /// assert_eq!(wanted.stack, "watch");
    /// assert_eq!(wanted.resources[0].id.kind, Kind::LogGroup);
    /// assert_eq!(wanted.resources[0].wanted["retentionInDays"], 90);
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn of(stack: &CheckedStack, place: &Place, name: &str) -> Wanted {
        let stack = stack.definition();
        let name = stack.name.as_ref().map_or(name, |name| name.as_str()).to_owned();
        let tags = tags(stack, &name);
        let mut resources = Vec::new();

        let log_group = stack.log_group.as_ref().map(|group| resource::wanted_log_group(group, &tags));
        let log_group_id = log_group.as_ref().map(|group| group.id.clone());
        resources.extend(log_group);
        if let Some(trail) = &stack.trail {
            let bucket = resource::wanted_bucket(trail);
            let mut policy = resource::wanted_policy(place, trail);
            policy.needs.push(bucket.id.clone());
            let mut needs = vec![policy.id.clone()];
            resources.extend([bucket, policy]);
            if let Some(group) = &log_group_id {
                let role = resource::wanted_role(place, trail, group, &tags);
                needs.push(role.id.clone());
                resources.push(role);
            }
            resources.push(resource::wanted_trail(place, trail, log_group_id.as_ref(), needs, &tags));
        }
        if let Some(group) = &log_group_id {
            let filters = stack.metric_filters.iter();
            resources.extend(filters.map(|filter| resource::wanted_metric_filter(filter, group)));
        }
        let detectors = stack.anomaly_detectors.iter();
        let detectors: Vec<Resource> =
            detectors.map(|detector| resource::wanted_detector(place, detector)).collect();
        let topics: Vec<Resource> =
            stack.topics.iter().map(|topic| resource::wanted_topic(topic, &tags)).collect();
        let alarms = stack.alarms.iter().map(|alarm| {
            let needs = needs_of(alarm, &detectors, &topics);
            resource::wanted_alarm(place, alarm, needs, &tags)
        });
        let alarms: Vec<Resource> = alarms.collect();
        resources.extend(detectors);
        resources.extend(topics);
        resources.extend(alarms);
        let queries = stack.query_definitions.iter();
        resources
            .extend(queries.map(|query| resource::wanted_query_definition(query, log_group_id.as_ref())));
        resources.extend(stack.dashboards.iter().map(resource::wanted_dashboard));
        // The tag of the log group that tells what was made is there before anything is.
        if let Some(group) = &log_group_id {
            for resource in &mut resources {
                if !resource.id.kind.has_tags()
                    && !is_of_the_bucket(resource)
                    && !resource.needs.iter().any(|id| id.is(group))
                {
                    resource.needs.push(group.clone());
                }
            }
        }
        Wanted { stack: name, resources, left_out: left_out(stack, log_group_id.as_ref()) }
    }

    /// The resource of an id; none where the stack wants no such thing.
    pub fn get(&self, id: &ResourceId) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id.is(id))
    }
}

fn is_of_the_bucket(resource: &Resource) -> bool {
    matches!(resource.id.kind, Kind::Bucket | Kind::BucketPolicy)
}

/// The tags of everything that takes tags.
fn tags(stack: &Stack, name: &str) -> Value {
    let own = stack.tags.iter().map(|(key, value)| (key.value.clone(), json!(value.value)));
    Value::Object(own.chain([(STACK_TAG.to_owned(), json!(name))]).collect::<Map<_, _>>())
}

/// The topics that an alarm tells, and the detectors of the metrics that it watches by a band.
fn needs_of(alarm: &MetricAlarm, detectors: &[Resource], topics: &[Resource]) -> Vec<ResourceId> {
    let actions = alarm.alarm_actions.iter().chain(&alarm.ok_actions).chain(&alarm.insufficient_data_actions);
    let told: Vec<&str> = actions.filter_map(|action| action.strip_prefix("topic:")).collect();
    let topics = topics.iter().filter(|topic| told.contains(&topic.id.name.as_str()));
    let has_band = alarm.threshold_metric_id.is_some();
    let watched = |detector: &&Resource| {
        let single = detector.id.key.get("SingleMetricAnomalyDetector");
        has_band
            && single.is_some_and(|single| {
                alarm.metrics.iter().filter_map(|query| query.metric_stat.as_ref()).any(|stat| {
                    single.get("Namespace").and_then(Value::as_str) == Some(&stat.metric.namespace)
                        && single.get("MetricName").and_then(Value::as_str) == Some(&stat.metric.metric_name)
                })
            })
    };
    topics.chain(detectors.iter().filter(watched)).map(|resource| resource.id.clone()).collect()
}

fn left_out(stack: &Stack, log_group: Option<&ResourceId>) -> Vec<String> {
    let mut found = Vec::new();
    for query in &stack.metric_query_definitions {
        found.push(format!(
            "saved metric query `{}`: no SDK for Rust has `PutMetricDataQueryDefinition` yet; a dashboard may hold its text",
            query.path.value
        ));
    }
    if log_group.is_none() && !stack.metric_filters.is_empty() {
        found.push("the metric filters: the stack names no `logGroup` for them".to_owned());
    }
    found
}
