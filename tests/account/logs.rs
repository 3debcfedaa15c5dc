//! CloudWatch Logs: log groups and saved queries.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use trailql::provision::{Fault, Operation};

use super::metric_filters::{self, MetricFilters};
use super::request::{Answer, Request, made_of, refused, without_nulls};
use super::tags::{self, Tags};
use super::world::{Context, Quotas};

/// `spec/provisioning.md` 1, row 4.
const RETENTION: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

#[derive(Default)]
pub(super) struct Logs {
    groups: BTreeMap<String, Group>,
    queries: BTreeMap<String, Query>,
    /// The tokens of the clients, and what they made.
    tokens: BTreeMap<String, String>,
    /// The account's own retention policy, and its days.
    pub(super) retention_policy: Option<(String, Option<i64>)>,
}

pub(super) struct Group {
    arn: String,
    created: i64,
    retention: Option<i64>,
    kms_key: Option<String>,
    class: String,
    tags: Tags,
    pub(super) filters: MetricFilters,
}

/// A saved query: the members of its request, without the id.
struct Query {
    members: Map<String, Value>,
    modified: i64,
}

impl Logs {
    pub(super) fn has_group(&self, name: &str) -> bool {
        self.groups.contains_key(name)
    }

    pub(super) fn call(&mut self, context: &mut Context, quotas: &Quotas, request: Request<'_>) -> Answer {
        match request.operation {
            Operation::CreateLogGroup => self.create_group(context, quotas, request),
            Operation::DescribeLogGroups => self.describe_groups(request),
            Operation::ListLogGroupTags => {
                request.only(&["resourceArn"])?;
                Ok(json!({ "tags": self.of_arn(context, request)?.tags }))
            }
            Operation::TagLogGroup => {
                request.only(&["resourceArn", "tags"])?;
                let more = tags::of_map(request.input.get("tags"));
                if more.is_empty() {
                    return Err(request.failed_at(
                        "tags",
                        "{}",
                        "Member must have length greater than or equal to 1",
                    ));
                }
                tags::add(&mut self.of_arn(context, request)?.tags, more, too_many_tags)?;
                Ok(json!({}))
            }
            Operation::UntagLogGroup => {
                request.only(&["resourceArn", "tagKeys"])?;
                tags::remove(&mut self.of_arn(context, request)?.tags, request.list("tagKeys"));
                Ok(json!({}))
            }
            Operation::DescribeMetricFilters => metric_filters::describe(&self.groups, request),
            Operation::TestMetricFilter => metric_filters::test(request),
            Operation::PutQueryDefinition => self.put_query(context, request),
            Operation::DescribeQueryDefinitions => self.describe_queries(request),
            Operation::DeleteQueryDefinition => {
                request.only(&["queryDefinitionId"])?;
                let id = request.required("queryDefinitionId")?;
                self.queries.remove(id).ok_or_else(|| missing("query definition"))?;
                Ok(json!({ "success": true }))
            }
            _ => self.change_group(context, quotas, request),
        }
    }

    fn create_group(&mut self, context: &Context, quotas: &Quotas, request: Request<'_>) -> Answer {
        request.only(&["logGroupName", "kmsKeyId", "tags", "logGroupClass"])?;
        let name = group_name(request)?;
        if name.starts_with("aws/") {
            return Err(request.invalid("Log groups starting with aws/ are reserved for AWS"));
        }
        if self.groups.contains_key(name) {
            // Seen.
            let message = "The specified log group already exists";
            return Err(refused("ResourceAlreadyExistsException", message));
        }
        if self.groups.len() >= quotas.log_groups {
            return Err(limit_exceeded());
        }
        if request.has("kmsKeyId") {
            key(request)?;
        }
        let mut tags = Tags::new();
        tags::add(&mut tags, tags::of_map(request.input.get("tags")), too_many_tags)?;
        let group = Group {
            arn: context.arn("logs", &format!("log-group:{name}")),
            created: context.millis(),
            retention: None,
            kms_key: request.text("kmsKeyId").map(str::to_owned),
            class: request.text("logGroupClass").unwrap_or("STANDARD").to_owned(),
            tags,
            filters: MetricFilters::default(),
        };
        self.groups.insert(name.to_owned(), group);
        Ok(json!({}))
    }

    /// A prefix finds more than the group of that name.
    fn describe_groups(&self, request: Request<'_>) -> Answer {
        request.only(&[
            "logGroupNamePrefix",
            "logGroupNamePattern",
            "limit",
            "logGroupClass",
            "logGroupIdentifiers",
        ])?;
        if request.has("logGroupNamePrefix") && request.has("logGroupNamePattern") {
            return Err(request.invalid(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
            ));
        }
        let prefix = request.text("logGroupNamePrefix").unwrap_or_default();
        let pattern = request.text("logGroupNamePattern").unwrap_or_default();
        let identifiers = request.texts("logGroupIdentifiers");
        let wanted = |name: &str, group: &Group| {
            name.starts_with(prefix)
                && name.contains(pattern)
                && request.text("logGroupClass").is_none_or(|class| class == group.class)
                && (identifiers.is_empty() || identifiers.iter().any(|id| *id == name || *id == group.arn))
        };
        let policy = self.retention_policy.as_ref();
        let groups: Vec<_> = self
            .groups
            .iter()
            .filter(|(name, group)| wanted(name, group))
            .map(|(name, group)| {
                without_nulls(json!({
                    "logGroupName": name,
                    "creationTime": group.created,
                    "retentionInDays": policy.map_or(group.retention, |(_, days)| *days),
                    "retentionPolicyName": policy.map(|(name, _)| name),
                    "metricFilterCount": group.filters.len(),
                    "arn": format!("{}:*", group.arn),
                    "logGroupArn": group.arn,
                    "storedBytes": 0,
                    "kmsKeyId": group.kms_key,
                    "logGroupClass": group.class,
                }))
            })
            .collect();
        Ok(json!({ "logGroups": groups }))
    }

    fn change_group(&mut self, context: &Context, quotas: &Quotas, request: Request<'_>) -> Answer {
        let name = group_name(request)?;
        let group = self.groups.get_mut(name).ok_or_else(|| missing("log group"))?;
        match request.operation {
            Operation::PutRetentionPolicy => {
                request.only(&["logGroupName", "retentionInDays"])?;
                let days = request.input.get("retentionInDays").and_then(Value::as_i64).unwrap_or(0);
                if !RETENTION.contains(&days) {
                    let rule = format!("Member must satisfy enum value set: {RETENTION:?}");
                    return Err(request.failed_at("retentionInDays", &format!("'{days}'"), &rule));
                }
                group.retention = Some(days);
                Ok(json!({}))
            }
            Operation::DeleteRetentionPolicy => {
                request.only(&["logGroupName"])?;
                group.retention = None;
                Ok(json!({}))
            }
            Operation::AssociateKmsKey => {
                request.only(&["logGroupName", "kmsKeyId"])?;
                group.kms_key = Some(key(request)?.to_owned());
                Ok(json!({}))
            }
            Operation::DisassociateKmsKey => {
                request.only(&["logGroupName"])?;
                group.kms_key = None;
                Ok(json!({}))
            }
            Operation::DeleteLogGroup => {
                request.only(&["logGroupName"])?;
                self.groups.remove(name);
                Ok(json!({}))
            }
            Operation::PutMetricFilter => group.filters.put(context, quotas, name, request),
            Operation::DeleteMetricFilter => group.filters.delete(request),
            other => panic!("a log group does not know {other}"),
        }
    }

    /// Tags go by the ARN without `:*` at its end.
    fn of_arn(&mut self, context: &Context, request: Request<'_>) -> Result<&mut Group, Fault> {
        let arn = request.sized("resourceArn", 1, 1011)?;
        let start = context.arn("logs", "log-group:");
        let Some(name) = arn.strip_prefix(&start).filter(|name| !name.contains(':')) else {
            return Err(request.invalid("The specified resource ARN is invalid."));
        };
        self.groups.get_mut(name).ok_or_else(|| missing("resource"))
    }

    /// Without an id it makes another one, even of the same name; with one it replaces everything.
    fn put_query(&mut self, context: &mut Context, request: Request<'_>) -> Answer {
        request.only(&[
            "queryDefinitionId",
            "name",
            "queryString",
            "queryLanguage",
            "logGroupNames",
            "parameters",
            "clientToken",
        ])?;
        request.sized("name", 1, 255)?;
        request.sized("queryString", 1, 10_000)?;
        if request.list("parameters").len() > 20 {
            return Err(request.failed_at(
                "parameters",
                "[…]",
                "Member must have length less than or equal to 20",
            ));
        }
        let id = match (request.text("queryDefinitionId"), request.text("clientToken")) {
            (Some(id), _) if self.queries.contains_key(id) => id.to_owned(),
            (Some(_), _) => return Err(missing("query definition")),
            (None, Some(token)) => {
                self.tokens.entry(token.to_owned()).or_insert_with(|| context.id()).clone()
            }
            (None, None) => context.id(),
        };
        let mut members = request.input.clone();
        members.retain(|name, _| name != "queryDefinitionId" && name != "clientToken");
        members.entry("queryLanguage").or_insert_with(|| "CWLI".into());
        members.entry("logGroupNames").or_insert_with(|| json!([]));
        self.queries.insert(id.clone(), Query { members, modified: context.millis() });
        Ok(json!({ "queryDefinitionId": id }))
    }

    fn describe_queries(&self, request: Request<'_>) -> Answer {
        request.only(&["queryLanguage", "queryDefinitionNamePrefix", "maxResults"])?;
        let prefix = request.text("queryDefinitionNamePrefix").unwrap_or_default();
        let language = request.text("queryLanguage");
        let queries: Vec<_> = self
            .queries
            .iter()
            .filter(|(_, query)| query.members["name"].as_str().unwrap().starts_with(prefix))
            .filter(|(_, query)| language.is_none_or(|language| query.members["queryLanguage"] == language))
            .map(|(id, query)| {
                let mut members = query.members.clone();
                members.insert("queryDefinitionId".to_owned(), id.as_str().into());
                members.insert("lastModified".to_owned(), query.modified.into());
                members
            })
            .collect();
        Ok(json!({ "queryDefinitions": queries }))
    }

    pub(super) fn groups_snapshot(&self) -> Value {
        self.groups
            .iter()
            .map(|(name, group)| {
                let of = json!({
                    "retention": group.retention, "kmsKey": group.kms_key, "class": group.class,
                    "tags": group.tags, "metricFilters": group.filters.snapshot(),
                });
                (name.clone(), of)
            })
            .collect()
    }

    pub(super) fn queries_snapshot(&self) -> Value {
        let mut all: Vec<_> =
            self.queries.values().map(|query| Value::Object(query.members.clone())).collect();
        all.sort_by_key(Value::to_string);
        all.into()
    }
}

pub(super) fn group_name(request: Request<'_>) -> Result<&str, Fault> {
    let name = request.sized("logGroupName", 1, 512)?;
    if made_of(name, "._-/#") {
        return Ok(name);
    }
    let rule = r"Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+";
    Err(request.failed_at("logGroupName", &format!("'{name}'"), rule))
}

/// The ARN of a key; ids and aliases are not taken.
fn key(request: Request<'_>) -> Result<&str, Fault> {
    let key = request.sized("kmsKeyId", 0, 256)?;
    if key.starts_with("arn:") && key.contains(":key/") {
        return Ok(key);
    }
    Err(request.invalid("The specified KMS Key Id could not be found."))
}

/// Seen, for log groups and metric filters.
pub(super) fn missing(what: &str) -> Fault {
    refused("ResourceNotFoundException", format!("The specified {what} does not exist."))
}

/// `spec/filter-pattern.md` 4.5.
pub(super) fn limit_exceeded() -> Fault {
    refused("LimitExceededException", "Resource limit exceeded.")
}

fn too_many_tags() -> Fault {
    refused("TooManyTagsException", "A resource can have no more than 50 tags.")
}
