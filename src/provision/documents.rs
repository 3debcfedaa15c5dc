//! The policy documents that a trail needs: what its bucket lets it write, and its role.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Place;
use crate::stack::Trail;

/// The service that a trail is.
const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";

/// The statements that a bucket's policy must hold for a trail (`spec/provisioning.md` 1, row 3).
pub fn bucket_statements(place: &Place, trail: &Trail) -> Vec<Value> {
    let bucket = place.bucket_arn(&trail.s3_bucket_name);
    let prefix =
        trail.s3_key_prefix.as_ref().map(|prefix| format!("{}/", prefix.as_str())).unwrap_or_default();
    let is_of_organization = is_of_organization(trail);
    let source = place.trail_arn(&trail.name, is_of_organization);
    let write = |sid: &str, owner: &str| {
        json!({
            "Sid": sid,
            "Effect": "Allow",
            "Principal": { "Service": CLOUDTRAIL },
            "Action": "s3:PutObject",
            "Resource": format!("{bucket}/{prefix}AWSLogs/{owner}/*"),
            "Condition": {
                "StringEquals": { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": source }
            }
        })
    };
    let mut statements = vec![
        json!({
            "Sid": "CloudTrailAclCheck",
            "Effect": "Allow",
            "Principal": { "Service": CLOUDTRAIL },
            "Action": "s3:GetBucketAcl",
            "Resource": bucket,
            "Condition": { "StringEquals": { "aws:SourceArn": source } }
        }),
        write("CloudTrailWrite", place.trail_owner(is_of_organization)),
    ];
    let organization = organization(place, trail);
    statements.extend(organization.map(|id| write("CloudTrailWriteOrganization", id)));
    statements
}

fn is_of_organization(trail: &Trail) -> bool {
    trail.is_organization_trail.is_some_and(|is_one| is_one.value)
}

/// The organization whose accounts a trail records; none of a trail of one account.
fn organization<'p>(place: &'p Place, trail: &Trail) -> Option<&'p str> {
    let organization = place.organization.as_ref().filter(|_| is_of_organization(trail));
    organization.map(|organization| organization.id.as_str())
}

/// Who may take on the role of a trail.
pub fn role_trust() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": CLOUDTRAIL },
            "Action": "sts:AssumeRole"
        }]
    })
}

/// What the role of a trail may do: write its streams in the log group (`spec/provisioning.md` 1, row 5). Where a delegated
/// administrator has the log group, the streams may bear its id or the trail's owner's.
pub fn role_policy(place: &Place, trail: &Trail, log_group: &str) -> Value {
    let group = place.log_group_arn(log_group);
    let owners = BTreeSet::from([place.account.as_str(), place.trail_owner(is_of_organization(trail))]);
    let stream = |owner| format!("{group}:log-stream:{owner}_CloudTrail_{}*", place.region);
    let mut streams: Vec<String> = owners.into_iter().map(stream).collect();
    streams.extend(organization(place, trail).map(|id| format!("{group}:log-stream:{id}_*")));
    let statement = |sid: &str, action: &str| json!({ "Sid": sid, "Effect": "Allow", "Action": action, "Resource": streams });
    json!({
        "Version": "2012-10-17",
        "Statement": [
            statement("AWSCloudTrailCreateLogStream", "logs:CreateLogStream"),
            statement("AWSCloudTrailPutLogEvents", "logs:PutLogEvents"),
        ]
    })
}

/// Whether two statements allow the same to the same, whatever they are called.
pub(super) fn is_same_statement(one: &Value, other: &Value) -> bool {
    plain_statement(one) == plain_statement(other)
}

/// A policy document as its meaning: no ids, single values as lists, lists in order.
pub(super) fn plain_policy(document: &Value) -> Value {
    let statements = match document.get("Statement") {
        Some(Value::Array(statements)) => statements.iter().map(plain_statement).collect(),
        Some(statement) => vec![plain_statement(statement)],
        None => Vec::new(),
    };
    json!({ "Version": document.get("Version"), "Statement": statements })
}

fn plain_statement(statement: &Value) -> Value {
    let Value::Object(members) = statement else { return statement.clone() };
    let members = members.iter().filter(|(name, _)| *name != "Sid");
    Value::Object(members.map(|(name, value)| (name.clone(), plain_values(value))).collect())
}

fn plain_values(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), plain_values(value))).collect())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.clone();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        single => Value::Array(vec![single.clone()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_known_by_its_meaning() {
        let one = json!({ "Sid": "A", "Effect": "Allow", "Action": "s3:PutObject", "Resource": ["b", "a"] });
        let other =
            json!({ "Effect": "Allow", "Action": ["s3:PutObject"], "Resource": ["a", "b"], "Sid": "B" });
        assert!(is_same_statement(&one, &other));
        let denied = json!({ "Effect": "Deny", "Action": "s3:PutObject", "Resource": ["a", "b"] });
        assert!(!is_same_statement(&one, &denied));
    }
}
