//! Log groups, and how long they keep events.

use serde_json::{Value, json};

use super::state::{only, tag_calls, with, with_own_tags, without};
use super::{Actual, Context, Kind, Manage, Resource, ResourceId};
use crate::provision::difference::{Difference, is_about};
use crate::provision::{Call, Failure, Operation, Place};
use crate::stack::LogGroup;

/// The log group of a stack.
pub(in crate::provision) fn wanted(group: &LogGroup, tags: &Value) -> Resource {
    let definition = serde_json::to_value(group).unwrap_or_default();
    Resource {
        id: ResourceId::named(Kind::LogGroup, "logGroupName", &group.log_group_name),
        wanted: with_tags(only(&definition, &["retentionInDays", "kmsKeyId"]), tags),
        needs: Vec::new(),
    }
}

/// The member that names a policy of the account, which decides the retention in the place of the group's own.
const RETENTION_POLICY: &str = "retentionPolicyName";

/// What is told of a group whose retention a policy of the account decides.
pub(in crate::provision) fn retention_of_account(name: &str, group: &Value) -> Option<String> {
    let policy = group.get(RETENTION_POLICY).and_then(Value::as_str)?;
    Some(format!("the retention of the log group `{name}`: the account's policy `{policy}` decides it"))
}

fn with_tags(state: Value, tags: &Value) -> Value {
    with(&state, json!({ "tags": tags }))
}

pub(super) struct LogGroups;

impl Manage for LogGroups {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let name = id.text("logGroupName");
        let look = Call::new(Operation::DescribeLogGroups, json!({ "logGroupNamePrefix": name }));
        let Some(answer) = context.caller.look(&look)? else { return Ok(None) };
        // The search is by prefix.
        let groups = answer.get("logGroups").and_then(Value::as_array).into_iter().flatten();
        let Some(group) =
            { groups }.find(|group| group.get("logGroupName").and_then(Value::as_str) == Some(name))
        else {
            return Ok(None);
        };
        let arn = context.place.log_group_arn(name);
        let look = Call::new(Operation::ListLogGroupTags, json!({ "resourceArn": arn }));
        let answer = context.caller.look(&look)?.unwrap_or_default();
        let tags = answer.get("tags").cloned().unwrap_or_else(|| json!({}));
        let state = with_tags(
            only(group, &["retentionInDays", "kmsKeyId", "logGroupClass", RETENTION_POLICY]),
            &tags,
        );
        Ok(Some(Actual { tags: super::state::members(&tags), ..Actual::of(state) }))
    }

    /// Without the class, which nobody can change. Where a policy of the account decides the retention, what the group itself has
    /// is not told, and counts as what is wanted.
    fn own_part(&self, actual: &Actual, wanted: &Value) -> Value {
        let own = without(&with_own_tags(actual, wanted), &["logGroupClass"]);
        if actual.state.get(RETENTION_POLICY).is_none() {
            return own;
        }
        with(&without(&own, &["retentionInDays", RETENTION_POLICY]), only(wanted, &["retentionInDays"]))
    }

    fn left_out(&self, resource: &Resource, actual: &Actual) -> Option<String> {
        let days = |state: &Value| state.get("retentionInDays").and_then(Value::as_i64);
        let is_as_wanted = days(&actual.state) == days(&resource.wanted);
        retention_of_account(&resource.id.name, &actual.state).filter(|_| !is_as_wanted)
    }

    fn create(&self, _: &Place, resource: &Resource) -> Vec<Call> {
        let name = resource.id.text("logGroupName");
        let mut input = only(&resource.wanted, &["kmsKeyId", "tags"]);
        input = with(&input, json!({ "logGroupName": name }));
        let mut calls = vec![Call::new(Operation::CreateLogGroup, input)];
        calls.extend(retention(name, &resource.wanted));
        calls
    }

    fn update(
        &self,
        place: &Place,
        resource: &Resource,
        _: &Actual,
        differences: &[Difference],
    ) -> Vec<Call> {
        let name = resource.id.text("logGroupName");
        let mut calls = Vec::new();
        if is_about(differences, "retentionInDays") {
            calls.extend(retention(name, &resource.wanted).or_else(|| {
                Some(Call::new(Operation::DeleteRetentionPolicy, json!({ "logGroupName": name })))
            }));
        }
        if is_about(differences, "kmsKeyId") {
            calls.push(match resource.wanted.get("kmsKeyId") {
                Some(key) => {
                    Call::new(Operation::AssociateKmsKey, json!({ "logGroupName": name, "kmsKeyId": key }))
                }
                None => Call::new(Operation::DisassociateKmsKey, json!({ "logGroupName": name })),
            });
        }
        let arn = place.log_group_arn(name);
        calls.extend(tag_calls(
            differences,
            || {
                let input = json!({ "resourceArn": arn, "tags": resource.wanted.get("tags") });
                Call::new(Operation::TagLogGroup, input)
            },
            |names| Call::new(Operation::UntagLogGroup, json!({ "resourceArn": arn, "tagKeys": names })),
        ));
        calls
    }

    fn delete(&self, _: &Place, resource: &Resource, _: &Actual) -> Vec<Call> {
        vec![Call::new(Operation::DeleteLogGroup, resource.id.key.clone())]
    }

    fn arn(&self, place: &Place, id: &ResourceId) -> String {
        place.log_group_arn(id.text("logGroupName"))
    }

    fn operations(&self) -> &'static [Operation] {
        &[
            Operation::DescribeLogGroups,
            Operation::ListLogGroupTags,
            Operation::CreateLogGroup,
            Operation::PutRetentionPolicy,
            Operation::DeleteRetentionPolicy,
            Operation::AssociateKmsKey,
            Operation::DisassociateKmsKey,
            Operation::TagLogGroup,
            Operation::UntagLogGroup,
            Operation::DeleteLogGroup,
        ]
    }
}

fn retention(name: &str, wanted: &Value) -> Option<Call> {
    let days = wanted.get("retentionInDays")?;
    let input = json!({ "logGroupName": name, "retentionInDays": days });
    Some(Call::new(Operation::PutRetentionPolicy, input))
}
