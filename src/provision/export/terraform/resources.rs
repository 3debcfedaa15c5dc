//! The resources of a configuration, in the order in which they come to be.

use super::super::names::{labels, snake_case};
use super::super::outline::Outline;
use super::super::value::{Members, Reference, Value};
use super::super::{Note, policy, properties};
use super::body::{Argument, Block, Body};
use super::{Labels, alarm};
use crate::provision::resource::{ROLE_DESCRIPTION, ROLE_POLICY, role_name};
use crate::stack::{LogGroup, LogsQueryDefinition, MetricFilter, Text, Trail};

/// The bytes that both providers take of a saved query's name; the service counts characters.
const LONGEST_QUERY_NAME: usize = 255;
/// The bytes that the Cloud Control provider takes of its text; the service counts characters.
const LONGEST_QUERY: usize = 10_000;

/// All resources; what they cannot say goes to the notes.
pub(super) fn all(outline: &Outline<'_>, names: &Labels, notes: &mut Vec<Note>) -> Vec<Block> {
    let stack = outline.stack;
    let mut all = Vec::new();
    if let Some(group) = &stack.log_group {
        all.push(log_group(outline, names, group));
    }
    if let Some(trail) = &stack.trail {
        all.extend(self::trail(outline, names, trail));
    }
    let named = labels(&outline.filters()).into_iter().zip(&stack.metric_filters);
    all.extend(named.map(|(name, filter)| self::filter(&name, filter)));
    let is_trimmed =
        |filter: &&MetricFilter| filter.filter_pattern.trim().len() < filter.filter_pattern.len();
    notes.extend(stack.metric_filters.iter().filter(is_trimmed).map(|filter| {
        Note::missing(format!(
            "the pattern of `{}` is without the blanks around it, which the provider takes away",
            filter.filter_name
        ))
    }));
    let detectors = labels(&outline.detectors());
    all.extend(detectors.iter().zip(&stack.anomaly_detectors).map(|(name, detector)| {
        cloud_control("awscc_cloudwatch_anomaly_detector", name, &properties::detector(detector))
    }));
    all.extend(topics(outline, names));
    for (number, (name, alarm)) in labels(&outline.alarms()).into_iter().zip(&stack.alarms).enumerate() {
        let learners = outline.learners(number).into_iter().filter_map(|learner| detectors.get(learner));
        let after = learners.map(|learner| format!("awscc_cloudwatch_anomaly_detector.{learner}")).collect();
        all.push(alarm::block(outline, &name, alarm, after));
    }
    for (name, query) in labels(&outline.queries()).into_iter().zip(&stack.query_definitions) {
        match self::query(outline, &name, query) {
            Ok(block) => all.push(block),
            Err(why) => notes.push(why),
        }
    }
    for (name, dashboard) in labels(&outline.dashboards()).into_iter().zip(&stack.dashboards) {
        let body = Body::new()
            .with("dashboard_name", &dashboard.dashboard_name)
            .with("dashboard_body", Value::Code(dashboard.dashboard_body.value.clone()));
        all.push(Block::resource("aws_cloudwatch_dashboard", &name, body));
    }
    all
}

/// The tags of the stack as a map.
pub(super) fn tags(outline: &Outline<'_>) -> Option<Members> {
    let tags = outline.stack.tags.iter();
    let tags = tags.fold(Members::new(), |all, (key, value)| all.with(key.as_str(), value));
    (!tags.is_empty()).then_some(tags)
}

/// A resource of the Cloud Control provider: the properties of CloudFormation in snake case.
pub(super) fn cloud_control(kind: &str, name: &str, properties: &Members) -> Block {
    let members = snake_members(properties).0;
    let body = members.into_iter().fold(Body::new(), |body, (name, value)| body.with(&name, value));
    Block::resource(kind, name, body)
}

fn snake_members(members: &Members) -> Members {
    Members(members.0.iter().map(|(name, value)| (snake_case(name), snake_value(value))).collect())
}

fn snake_value(value: &Value) -> Value {
    match value {
        Value::Map(members) => Value::Map(snake_members(members)),
        Value::List(values) => Value::List(values.iter().map(snake_value).collect()),
        other => other.clone(),
    }
}

fn log_group(outline: &Outline<'_>, names: &Labels, group: &LogGroup) -> Block {
    let body = Body::new()
        .with("name", &group.log_group_name)
        .with_some("retention_in_days", group.retention_in_days.as_ref())
        .with_some("kms_key_id", group.kms_key_id.as_ref())
        .with("skip_destroy", true)
        .with_some("tags", tags(outline));
    Block::resource("aws_cloudwatch_log_group", &names.log_group, body)
        .says("Its events stay when the configuration goes.")
}

/// A key as an argument that takes nothing but an ARN, and what asks for the ARN where the stack has an id or an alias.
fn key(key: Option<&Text>, label: &str) -> (Option<Block>, Option<Argument>) {
    let Some(key) = key else { return (None, None) };
    if key.starts_with("arn:") {
        return (None, Some(Argument::Value(key.into())));
    }
    let asked = Block::new("data", &["aws_kms_key", label], Body::new().with("key_id", key));
    (Some(asked), Some(Argument::Expression(format!("data.aws_kms_key.{label}.arn"))))
}

/// The trail, with its role and its bucket.
fn trail(outline: &Outline<'_>, names: &Labels, trail: &Trail) -> Vec<Block> {
    let mut all = Vec::new();
    let mut after = Vec::new();
    if outline.delivery().is_some() {
        all.extend(role(outline, names, trail));
        after.push(format!("aws_iam_role_policy.{}", names.trail));
    }
    if outline.made_bucket().is_some() {
        all.extend(bucket(names, trail));
    }
    if outline.made_bucket_policy().is_some() {
        let body = Body::new()
            .with("bucket", outline.bucket(trail))
            .with_argument("policy", Argument::Document(policy::bucket(outline, trail).into()));
        let block = Block::resource("aws_s3_bucket_policy", &names.bucket, body);
        all.push(match outline.made_bucket() {
            Some(_) => block,
            None => block.says("Replaces the policy that the bucket has."),
        });
        after.push(format!("aws_s3_bucket_policy.{}", names.bucket));
    } else {
        let statements = policy::bucket_statements(outline, trail);
        let statements = statements.into_iter().map(Value::from).collect();
        let body = Body::new().with_list(&names.bucket_policy_statements, statements);
        all.push(Block::new("locals", &[], body).says(
            "The bucket is elsewhere. Its policy must hold these statements before the trail is made.",
        ));
    }
    let to = |reference: Reference| outline.delivery().map(|_| reference);
    let (key, arn) = key(trail.kms_key_id.as_ref(), &format!("{}_trail", names.trail));
    all.extend(key);
    let body = Body::new()
        .with("name", &trail.name)
        .with("s3_bucket_name", outline.bucket(trail))
        .with_some("s3_key_prefix", trail.s3_key_prefix.as_ref())
        .with_some("is_multi_region_trail", trail.is_multi_region_trail.as_ref())
        .with_some("is_organization_trail", trail.is_organization_trail.as_ref())
        .with_some("include_global_service_events", trail.include_global_service_events.as_ref())
        .with_some("enable_log_file_validation", trail.enable_log_file_validation.as_ref())
        .with_some_argument("kms_key_id", arn)
        .with_some("cloud_watch_logs_group_arn", to(Reference::LogGroupStreams))
        .with_some("cloud_watch_logs_role_arn", to(Reference::RoleArn))
        .with_some("tags", tags(outline))
        .with_blocks("advanced_event_selector", properties::advanced_selectors(trail).iter().map(selector))
        .after(after);
    all.push(Block::resource("aws_cloudtrail", &names.trail, body));
    all
}

/// An event selector: its field selectors are blocks.
fn selector(selector: &Members) -> Body {
    let mut body = Body::new();
    for (name, value) in &selector.0 {
        match value {
            Value::List(fields) => {
                let fields = fields.iter().filter_map(|field| match field {
                    Value::Map(members) => Some(snake_members(members)),
                    _ => None,
                });
                let blocks = fields.map(|members| {
                    members.0.into_iter().fold(Body::new(), |body, (name, value)| body.with(&name, value))
                });
                body = body.with_blocks("field_selector", blocks);
            }
            other => body = body.with(&snake_case(name), other.clone()),
        }
    }
    body
}

fn role(outline: &Outline<'_>, names: &Labels, trail: &Trail) -> [Block; 2] {
    let body = Body::new()
        .with("name", role_name(&trail.name).as_str())
        .with("description", ROLE_DESCRIPTION)
        .with_argument("assume_role_policy", Argument::Document(policy::trust().into()))
        .with_some("tags", tags(outline));
    let policy = Body::new()
        .with("name", ROLE_POLICY)
        .with("role", Reference::RoleName)
        .with_argument("policy", Argument::Document(policy::delivery(outline).into()));
    [
        Block::resource("aws_iam_role", &names.trail, body).says("Lets the trail write into the log group."),
        Block::resource("aws_iam_role_policy", &names.trail, policy),
    ]
}

fn bucket(names: &Labels, trail: &Trail) -> [Block; 2] {
    let keep = Body::new().with("prevent_destroy", true);
    let body = Body::new().with("bucket", &trail.s3_bucket_name).with_block("lifecycle", keep);
    let block = Body::new()
        .with("bucket", Reference::BucketName)
        .with("block_public_acls", true)
        .with("block_public_policy", true)
        .with("ignore_public_acls", true)
        .with("restrict_public_buckets", true);
    [
        Block::resource("aws_s3_bucket", &names.bucket, body),
        Block::resource("aws_s3_bucket_public_access_block", &names.bucket, block),
    ]
}

fn filter(name: &str, filter: &MetricFilter) -> Block {
    let transformations = filter.metric_transformations.iter().map(|entry| {
        let dimensions = map(entry.dimensions.iter().map(|(name, value)| (name.as_str(), value)));
        Body::new()
            .with("namespace", &entry.metric_namespace)
            .with("name", &entry.metric_name)
            .with("value", &entry.metric_value)
            .with_some("default_value", entry.default_value.as_ref())
            .with_some("unit", entry.unit.as_ref())
            .with_some("dimensions", dimensions)
    });
    let body = Body::new()
        .with("name", &filter.filter_name)
        .with("log_group_name", properties::group_of(filter))
        .with("pattern", Value::Code(filter.filter_pattern.value.clone()))
        .with_blocks("metric_transformation", transformations);
    Block::resource("aws_cloudwatch_log_metric_filter", name, body)
}

/// Names and values as a map, where there are any.
pub(super) fn map<'t>(pairs: impl Iterator<Item = (&'t str, &'t Text)>) -> Option<Members> {
    let members = pairs.fold(Members::new(), |all, (name, value)| all.with(name, value));
    (!members.is_empty()).then_some(members)
}

fn topics(outline: &Outline<'_>, names: &Labels) -> Vec<Block> {
    let mut all = Vec::new();
    let subscriptions = labels(&outline.subscriptions());
    let mut subscriptions = subscriptions.iter();
    for (number, (name, topic)) in names.topics.iter().zip(&outline.stack.topics).enumerate() {
        let body = Body::new().with("name", &topic.name).with_some("tags", tags(outline));
        all.push(Block::resource("aws_sns_topic", name, body));
        for (subscription, name) in topic.subscriptions.iter().zip(subscriptions.by_ref()) {
            let body = Body::new()
                .with("topic_arn", Reference::Topic(number))
                .with("protocol", &subscription.protocol)
                .with("endpoint", &subscription.endpoint);
            all.push(Block::resource("aws_sns_topic_subscription", name, body));
        }
    }
    all
}

/// A saved query. One with parameters, or with a name that `aws_cloudwatch_query_definition` refuses, is one of the Cloud
/// Control provider. What that refuses too is not exported.
fn query(outline: &Outline<'_>, name: &str, query: &LogsQueryDefinition) -> Result<Block, Note> {
    let refused = |what: &str, length: usize, most: usize| {
        Note::missing(format!(
            "the saved query `{}` is not in the export, for its {what} has {length} bytes, and the providers take {most}",
            query.name
        ))
    };
    if query.name.len() > LONGEST_QUERY_NAME {
        return Err(refused("name", query.name.len(), LONGEST_QUERY_NAME));
    }
    let has_odd_name = query.name.contains([':', '*']) || query.name.split('/').any(str::is_empty);
    if !query.parameters.is_empty() || has_odd_name {
        if query.query_string.len() > LONGEST_QUERY {
            return Err(refused("text", query.query_string.len(), LONGEST_QUERY));
        }
        let why = if has_odd_name { "takes no such name" } else { "has no parameters" };
        let block = cloud_control("awscc_logs_query_definition", name, &properties::query(outline, query));
        return Ok(
            block.says(format!("Of the Cloud Control provider, for aws_cloudwatch_query_definition {why}."))
        );
    }
    let body = Body::new()
        .with("name", &query.name)
        .with_list("log_group_names", outline.groups(query))
        .with("query_string", Value::Code(query.query_string.value.clone()));
    Ok(Block::resource("aws_cloudwatch_query_definition", name, body))
}
