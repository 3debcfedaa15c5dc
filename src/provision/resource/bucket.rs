//! The bucket of a trail, and the statements of its policy that let the trail write.

use serde_json::{Value, json};

use super::{Actual, Context, Kind, Manage, Resource, ResourceId};
use crate::provision::difference::Difference;
use crate::provision::documents::{bucket_statements, is_same_statement};
use crate::provision::{Call, Failure, Operation, Place};
use crate::stack::Trail;

/// The bucket of a trail, for a person who asks that it be made.
pub(in crate::provision) fn wanted_bucket(trail: &Trail) -> Resource {
    Resource {
        id: ResourceId::named(Kind::Bucket, "Bucket", &trail.s3_bucket_name),
        wanted: json!({}),
        needs: Vec::new(),
    }
}

/// The statements that the bucket's policy must hold.
pub(in crate::provision) fn wanted_policy(place: &Place, trail: &Trail) -> Resource {
    Resource {
        id: ResourceId::named(Kind::BucketPolicy, "Bucket", &trail.s3_bucket_name),
        wanted: json!({ "Statement": bucket_statements(place, trail) }),
        needs: Vec::new(),
    }
}

pub(super) struct Buckets;

impl Manage for Buckets {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let found = context.caller.look(&Call::new(Operation::HeadBucket, id.key.clone()))?;
        Ok(found.map(|_| Actual::of(json!({}))))
    }

    /// A new bucket is closed to the public by itself
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html>).
    fn create(&self, place: &Place, resource: &Resource) -> Vec<Call> {
        let bucket = resource.id.text("Bucket");
        let mut input = json!({ "Bucket": bucket });
        // The oldest Region is named by not naming it.
        if place.region != "us-east-1" {
            input = json!({
                "Bucket": bucket,
                "CreateBucketConfiguration": { "LocationConstraint": place.region }
            });
        }
        vec![Call::new(Operation::CreateBucket, input)]
    }

    fn update(&self, _: &Place, _: &Resource, _: &Actual, _: &[Difference]) -> Vec<Call> {
        Vec::new()
    }

    fn delete(&self, _: &Place, resource: &Resource, _: &Actual) -> Vec<Call> {
        vec![Call::new(Operation::DeleteBucket, resource.id.key.clone())]
    }

    fn arn(&self, place: &Place, id: &ResourceId) -> String {
        place.bucket_arn(id.text("Bucket"))
    }

    fn operations(&self) -> &'static [Operation] {
        &[Operation::HeadBucket, Operation::CreateBucket, Operation::DeleteBucket]
    }
}

pub(super) struct BucketPolicies;

impl Manage for BucketPolicies {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let found = context.caller.look(&Call::new(Operation::GetBucketPolicy, id.key.clone()))?;
        let Some(policy) = found.as_ref().and_then(|answer| answer.get("Policy")).and_then(Value::as_str)
        else {
            return Ok(None);
        };
        Ok(Some(Actual::of(serde_json::from_str(policy).unwrap_or_default())))
    }

    fn own_part(&self, actual: &Actual, wanted: &Value) -> Value {
        let there = statements(&actual.state);
        let held = statements(wanted).into_iter();
        json!({ "Statement": held.filter(|one| there.iter().any(|other| is_same_statement(one, other))).collect::<Vec<_>>() })
    }

    fn create(&self, _: &Place, resource: &Resource) -> Vec<Call> {
        vec![put(&resource.id, json!({ "Version": "2012-10-17", "Statement": statements(&resource.wanted) }))]
    }

    fn update(&self, _: &Place, resource: &Resource, actual: &Actual, _: &[Difference]) -> Vec<Call> {
        let mut all = statements(&actual.state);
        for mut statement in statements(&resource.wanted) {
            if all.iter().any(|other| is_same_statement(&statement, other)) {
                continue;
            }
            // An id of another statement may be taken.
            if let Some(members) = statement.as_object_mut()
                && all.iter().any(|other| other.get("Sid") == members.get("Sid"))
            {
                members.remove("Sid");
            }
            all.push(statement);
        }
        vec![put(&resource.id, super::state::with(&actual.state, json!({ "Statement": all })))]
    }

    /// Takes away the trail's statements, and leaves what others wrote.
    fn delete(&self, _: &Place, resource: &Resource, actual: &Actual) -> Vec<Call> {
        let own = statements(&resource.wanted);
        let left: Vec<Value> = statements(&actual.state)
            .into_iter()
            .filter(|one| !own.iter().any(|other| is_same_statement(one, other)))
            .collect();
        if left.is_empty() {
            return vec![Call::new(Operation::DeleteBucketPolicy, resource.id.key.clone())];
        }
        vec![put(&resource.id, super::state::with(&actual.state, json!({ "Statement": left })))]
    }

    fn arn(&self, place: &Place, id: &ResourceId) -> String {
        place.bucket_arn(id.text("Bucket"))
    }

    fn operations(&self) -> &'static [Operation] {
        &[Operation::GetBucketPolicy, Operation::PutBucketPolicy, Operation::DeleteBucketPolicy]
    }
}

fn put(id: &ResourceId, policy: Value) -> Call {
    let input = json!({ "Bucket": id.text("Bucket"), "Policy": policy.to_string() });
    Call::new(Operation::PutBucketPolicy, input)
}

fn statements(policy: &Value) -> Vec<Value> {
    match policy.get("Statement") {
        Some(Value::Array(statements)) => statements.clone(),
        Some(statement) => vec![statement.clone()],
        None => Vec::new(),
    }
}
