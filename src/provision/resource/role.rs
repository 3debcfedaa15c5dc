//! The role by which a trail writes into the log group.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::state::{tag_calls, tag_list, tag_map, with_own_tags};
use super::{Actual, Context, Kind, Manage, REGION_TAG, Resource, ResourceId};
use crate::provision::difference::{Difference, is_about};
use crate::provision::documents::{plain_policy, role_policy, role_trust};
use crate::provision::{Call, Failure, Operation, Place};
use crate::stack::Trail;

/// The name that the console gives the role of a trail, cut to what a role's name may have.
pub(in crate::provision) fn role_name(trail: &str) -> String {
    const MOST: usize = 64;
    format!("CloudTrailRoleForCloudWatchLogs_{trail}").chars().take(MOST).collect()
}

/// What the role is for, to people who come across it.
pub(in crate::provision) const ROLE_DESCRIPTION: &str = "CloudTrail writes its events into CloudWatch Logs";

/// The name of the role's one policy.
pub(in crate::provision) const ROLE_POLICY: &str = "CloudTrailWritesToCloudWatchLogs";

/// The role for a trail that delivers to a log group.
pub(in crate::provision) fn wanted(
    place: &Place,
    trail: &Trail,
    log_group: &ResourceId,
    tags: &Value,
) -> Resource {
    let policy = role_policy(place, trail, &log_group.name);
    Resource {
        id: ResourceId::named(Kind::Role, "RoleName", &role_name(&trail.name)),
        wanted: json!({
            "AssumeRolePolicyDocument": role_trust(),
            "PolicyDocument": policy,
            "tags": super::state::with(tags, json!({ REGION_TAG: place.region })),
        }),
        needs: vec![log_group.clone()],
    }
}

pub(super) struct Roles;

impl Manage for Roles {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let Some(answer) = context.caller.look(&Call::new(Operation::GetRole, id.key.clone()))? else {
            return Ok(None);
        };
        let role = answer.get("Role").cloned().unwrap_or_default();
        let policy = json!({ "RoleName": id.text("RoleName"), "PolicyName": ROLE_POLICY });
        let policy = context.caller.look(&Call::new(Operation::GetRolePolicy, policy))?.unwrap_or_default();
        let tags = tag_map(role.get("Tags"));
        let mut state = json!({ "tags": tags });
        for (member, from) in [("AssumeRolePolicyDocument", &role), ("PolicyDocument", &policy)] {
            if let Some(document) = from.get(member).and_then(Value::as_str).map(document) {
                state = super::state::with(&state, json!({ member: document }));
            }
        }
        let region = tags.get(REGION_TAG).and_then(Value::as_str).map(str::to_owned);
        Ok(Some(Actual { tags, region, ..Actual::of(state) }))
    }

    fn same(&self, path: &str, before: &Value, after: &Value) -> bool {
        path.ends_with("Document") && plain_policy(before) == plain_policy(after)
    }

    /// Documents as a whole: what they mean is compared, not what they hold.
    fn own_part(&self, actual: &Actual, wanted: &Value) -> Value {
        let mut own = with_own_tags(actual, wanted);
        for member in ["AssumeRolePolicyDocument", "PolicyDocument"] {
            let (Some(before), Some(after)) = (actual.state.get(member), wanted.get(member)) else {
                continue;
            };
            if self.same(member, before, after) {
                own = super::state::with(&own, json!({ member: after }));
            }
        }
        own
    }

    fn create(&self, _: &Place, resource: &Resource) -> Vec<Call> {
        let name = resource.id.text("RoleName");
        let create = json!({
            "RoleName": name,
            "Description": ROLE_DESCRIPTION,
            "AssumeRolePolicyDocument": text(&resource.wanted, "AssumeRolePolicyDocument"),
            "Tags": tag_list(&resource.wanted),
        });
        vec![Call::new(Operation::CreateRole, create), put_policy(resource)]
    }

    fn update(&self, _: &Place, resource: &Resource, _: &Actual, differences: &[Difference]) -> Vec<Call> {
        let name = resource.id.text("RoleName");
        let mut calls = Vec::new();
        if is_about(differences, "AssumeRolePolicyDocument") {
            let document = text(&resource.wanted, "AssumeRolePolicyDocument");
            let input = json!({ "RoleName": name, "PolicyDocument": document });
            calls.push(Call::new(Operation::UpdateAssumeRolePolicy, input));
        }
        if is_about(differences, "PolicyDocument") {
            calls.push(put_policy(resource));
        }
        calls.extend(tag_calls(
            differences,
            || {
                let tags = tag_list(&resource.wanted);
                Call::new(Operation::TagRole, json!({ "RoleName": name, "Tags": tags }))
            },
            |names| Call::new(Operation::UntagRole, json!({ "RoleName": name, "TagKeys": names })),
        ));
        calls
    }

    fn delete(&self, _: &Place, resource: &Resource, actual: &Actual) -> Vec<Call> {
        let name = resource.id.text("RoleName");
        let mut calls = Vec::new();
        if actual.state.get("PolicyDocument").is_some() {
            let input = json!({ "RoleName": name, "PolicyName": ROLE_POLICY });
            calls.push(Call::new(Operation::DeleteRolePolicy, input));
        }
        calls.push(Call::new(Operation::DeleteRole, resource.id.key.clone()));
        calls
    }

    fn arn(&self, place: &Place, id: &ResourceId) -> String {
        place.role_arn(id.text("RoleName"))
    }

    fn operations(&self) -> &'static [Operation] {
        &[
            Operation::GetRole,
            Operation::GetRolePolicy,
            Operation::CreateRole,
            Operation::PutRolePolicy,
            Operation::UpdateAssumeRolePolicy,
            Operation::TagRole,
            Operation::UntagRole,
            Operation::DeleteRolePolicy,
            Operation::DeleteRole,
        ]
    }
}

fn put_policy(resource: &Resource) -> Call {
    let input = json!({
        "RoleName": resource.id.text("RoleName"),
        "PolicyName": ROLE_POLICY,
        "PolicyDocument": text(&resource.wanted, "PolicyDocument"),
    });
    Call::new(Operation::PutRolePolicy, input)
}

fn text(state: &Value, member: &str) -> String {
    state.get(member).map(Value::to_string).unwrap_or_default()
}

/// A policy document as IAM gives it back, encoded as in an address, or as a client decodes it.
fn document(text: &str) -> Value {
    let decoded = || percent_decode_str(text).decode_utf8_lossy().into_owned();
    let read = serde_json::from_str(text).or_else(|_| serde_json::from_str(&decoded()));
    read.unwrap_or_else(|_| json!(text))
}
