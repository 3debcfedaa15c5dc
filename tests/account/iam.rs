//! Roles and their inline policies.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailql::provision::{Fault, Operation};

use super::policy;
use super::request::{Answer, Request, made_of, refused, refused_with, without_nulls};
use super::tags::{self, Tags};
use super::world::Context;

#[derive(Default)]
pub(super) struct Iam {
    /// How often CloudTrail does not see a role that was made.
    pub(super) refusals_of_new_roles: usize,
    /// By their names in small letters, for names are not told apart by case.
    roles: BTreeMap<String, Role>,
}

pub(super) struct Role {
    name: String,
    path: String,
    arn: String,
    id: String,
    created: String,
    trust: String,
    description: Option<String>,
    max_session_duration: i64,
    permissions_boundary: Option<String>,
    tags: Tags,
    policies: BTreeMap<String, String>,
    unseen: usize,
}

impl Role {
    /// Whether a service may take it on.
    pub(super) fn trusts(&self, service: &str, conditions: &[(&str, &str)]) -> bool {
        let asked =
            policy::Asked { principal: Some(service), action: "sts:AssumeRole", resource: None, conditions };
        policy::allows(&policy::read(&self.trust).unwrap(), &asked)
    }

    /// Whether whoever took it on may do something.
    pub(super) fn allows(&self, action: &str, resource: &str) -> bool {
        let asked = policy::Asked { principal: None, action, resource: Some(resource), conditions: &[] };
        self.policies.values().any(|text| policy::allows(&policy::read(text).unwrap(), &asked))
    }

    fn described(&self) -> Value {
        let boundary = self
            .permissions_boundary
            .as_ref()
            .map(|arn| json!({ "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn }));
        without_nulls(json!({
            "Path": self.path,
            "RoleName": self.name,
            "RoleId": self.id,
            "Arn": self.arn,
            "CreateDate": self.created,
            "AssumeRolePolicyDocument": url_encoded(&self.trust),
            "Description": self.description,
            "MaxSessionDuration": self.max_session_duration,
            "PermissionsBoundary": boundary,
            "Tags": if self.tags.is_empty() { Value::Null } else { tags::as_list(&self.tags) },
        }))
    }
}

impl Iam {
    /// The role as CloudTrail sees it: not at once.
    pub(super) fn seen_by_cloudtrail(&mut self, arn: &str) -> Result<&Role, usize> {
        let role = self.roles.values_mut().find(|role| role.arn == arn).ok_or(0_usize)?;
        if role.unseen > 0 {
            role.unseen -= 1;
            return Err(role.unseen + 1);
        }
        Ok(role)
    }

    pub(super) fn call(&mut self, context: &mut Context, request: Request<'_>) -> Answer {
        if request.operation == Operation::GetAccountSummary {
            request.only(&[])?;
            // 1,000 roles are what an account starts with.
            return Ok(json!({ "SummaryMap": { "Roles": self.roles.len(), "RolesQuota": 1000 } }));
        }
        let name = request.sized("RoleName", 1, 64)?;
        if !made_of(name, "_+=,.@-") {
            return Err(request.invalid("The specified value for roleName is invalid."));
        }
        if request.operation == Operation::CreateRole {
            return self.create(context, name, request);
        }
        let key = name.to_lowercase();
        let missing = || {
            let message = format!("The role with name {name} cannot be found.");
            refused_with(404, "NoSuchEntity", &message)
        };
        let role = self.roles.get_mut(&key).ok_or_else(missing)?;
        if request.operation == Operation::DeleteRole {
            request.only(&["RoleName"])?;
            if !role.policies.is_empty() {
                let message = "Cannot delete entity, must delete policies first.";
                return Err(refused_with(409, "DeleteConflict", message));
            }
            self.roles.remove(&key);
            return Ok(json!({}));
        }
        role.call(request)
    }

    fn create(&mut self, context: &mut Context, name: &str, request: Request<'_>) -> Answer {
        request.only(&[
            "RoleName",
            "AssumeRolePolicyDocument",
            "Path",
            "Description",
            "MaxSessionDuration",
            "PermissionsBoundary",
            "Tags",
        ])?;
        let path = request.text("Path").unwrap_or("/");
        if !path.starts_with('/') || !path.ends_with('/') {
            return Err(request.invalid("The specified value for path is invalid."));
        }
        let trust = document(request, "AssumeRolePolicyDocument")?;
        if self.roles.contains_key(&name.to_lowercase()) {
            let message = format!("Role with name {name} already exists.");
            return Err(refused_with(409, "EntityAlreadyExists", &message));
        }
        let mut tags = Tags::new();
        tags::add(&mut tags, tags::of_list(request.list("Tags")), too_many_tags)?;
        let role = Role {
            name: name.to_owned(),
            path: path.to_owned(),
            arn: context.global_arn("iam", &format!("role{path}{name}")),
            id: format!("AROA{}", context.id().replace('-', "").to_uppercase()),
            created: context.time(),
            trust,
            description: request.text("Description").map(str::to_owned),
            max_session_duration: request
                .input
                .get("MaxSessionDuration")
                .and_then(Value::as_i64)
                .unwrap_or(3600),
            permissions_boundary: request.text("PermissionsBoundary").map(str::to_owned),
            tags,
            policies: BTreeMap::new(),
            unseen: self.refusals_of_new_roles,
        };
        let answer = json!({ "Role": role.described() });
        self.roles.insert(name.to_lowercase(), role);
        Ok(answer)
    }

    pub(super) fn snapshot(&self) -> Value {
        let read = |text: &String| serde_json::from_str::<Value>(text).unwrap();
        self.roles
            .values()
            .map(|role| {
                let policies: BTreeMap<_, _> =
                    role.policies.iter().map(|(name, text)| (name.clone(), read(text))).collect();
                let of = json!({
                    "path": role.path, "trust": read(&role.trust), "description": role.description,
                    "maxSessionDuration": role.max_session_duration, "boundary": role.permissions_boundary,
                    "tags": role.tags, "policies": policies,
                });
                (role.name.clone(), of)
            })
            .collect()
    }
}

impl Role {
    fn call(&mut self, request: Request<'_>) -> Answer {
        match request.operation {
            Operation::GetRole => {
                request.only(&["RoleName"])?;
                Ok(json!({ "Role": self.described() }))
            }
            Operation::UpdateAssumeRolePolicy => {
                request.only(&["RoleName", "PolicyDocument"])?;
                self.trust = document(request, "PolicyDocument")?;
                Ok(json!({}))
            }
            Operation::TagRole => {
                request.only(&["RoleName", "Tags"])?;
                tags::add(&mut self.tags, tags::of_list(request.list("Tags")), too_many_tags)?;
                Ok(json!({}))
            }
            Operation::UntagRole => {
                request.only(&["RoleName", "TagKeys"])?;
                tags::remove(&mut self.tags, request.list("TagKeys"));
                Ok(json!({}))
            }
            Operation::PutRolePolicy => {
                request.only(&["RoleName", "PolicyName", "PolicyDocument"])?;
                let name = policy_name(request)?;
                self.policies.insert(name.to_owned(), document(request, "PolicyDocument")?);
                Ok(json!({}))
            }
            Operation::GetRolePolicy => {
                request.only(&["RoleName", "PolicyName"])?;
                let name = policy_name(request)?;
                let text = self.policies.get(name).ok_or_else(|| no_policy(name))?;
                Ok(json!({ "RoleName": self.name, "PolicyName": name, "PolicyDocument": url_encoded(text) }))
            }
            Operation::DeleteRolePolicy => {
                request.only(&["RoleName", "PolicyName"])?;
                let name = policy_name(request)?;
                self.policies.remove(name).ok_or_else(|| no_policy(name))?;
                Ok(json!({}))
            }
            other => panic!("a role does not know {other}"),
        }
    }
}

fn policy_name(request: Request<'_>) -> Result<&str, Fault> {
    let name = request.sized("PolicyName", 1, 128)?;
    if made_of(name, "_+=,.@-") {
        Ok(name)
    } else {
        Err(request.invalid("The specified value for policyName is invalid."))
    }
}

fn document(request: Request<'_>, member: &str) -> Result<String, Fault> {
    let text = request.required(member)?;
    let malformed = || refused("MalformedPolicyDocument", "Syntax errors in policy.");
    policy::read(text).ok_or_else(malformed)?;
    Ok(text.to_owned())
}

fn no_policy(name: &str) -> Fault {
    refused_with(404, "NoSuchEntity", &format!("The role policy with name {name} cannot be found."))
}

fn too_many_tags() -> Fault {
    refused_with(409, "LimitExceeded", "Cannot exceed quota for TagsPerRole: 50")
}

/// RFC 3986: everything but its unreserved characters is escaped.
fn url_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
