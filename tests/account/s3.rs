//! Buckets: their policies, tags and owners.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailql::provision::{Fault, Operation};

use super::policy;
use super::request::{Answer, Request, refused, refused_with};
use super::tags::{self, Tags};
use super::world::Context;

#[derive(Default)]
pub(super) struct S3 {
    /// How often CloudTrail does not see a policy.
    pub(super) refusals_of_policies: usize,
    buckets: BTreeMap<String, Bucket>,
}

#[derive(Default)]
struct Bucket {
    region: String,
    foreign: bool,
    filled: bool,
    policy: Option<String>,
    tags: Tags,
}

impl S3 {
    pub(super) fn add_foreign(&mut self, name: &str, policy: Option<String>) {
        self.buckets.insert(name.to_owned(), Bucket { foreign: true, policy, ..Bucket::default() });
    }

    pub(super) fn fill(&mut self, name: &str) {
        self.buckets.get_mut(name).expect("the bucket is there").filled = true;
    }

    pub(super) fn exists(&self, name: &str) -> bool {
        self.buckets.contains_key(name)
    }

    /// The policy as CloudTrail sees it: not at once.
    pub(super) fn policy_seen_by_cloudtrail(&mut self, name: &str) -> Option<Value> {
        if self.refusals_of_policies > 0 {
            self.refusals_of_policies -= 1;
            return None;
        }
        policy::read(self.buckets.get(name)?.policy.as_deref()?)
    }

    pub(super) fn call(&mut self, context: &Context, request: Request<'_>) -> Answer {
        if request.operation == Operation::ListBuckets {
            request.only(&["MaxBuckets", "Prefix", "BucketRegion"])?;
            let own = self.buckets.iter().filter(|(_, bucket)| !bucket.foreign);
            let buckets: Vec<_> =
                own.map(|(name, bucket)| json!({ "Name": name, "BucketRegion": bucket.region })).collect();
            return Ok(json!({ "Buckets": buckets }));
        }
        let name = request.required("Bucket")?;
        match request.operation {
            Operation::CreateBucket => self.create(context, name, request),
            Operation::HeadBucket => {
                request.only(&["Bucket", "ExpectedBucketOwner"])?;
                match self.buckets.get(name) {
                    None => Err(refused_with(404, "NotFound", "Not Found")),
                    Some(bucket) if bucket.foreign => Err(refused_with(403, "Forbidden", "Forbidden")),
                    Some(bucket) => Ok(json!({ "BucketRegion": bucket.region })),
                }
            }
            Operation::DeleteBucket => {
                request.only(&["Bucket", "ExpectedBucketOwner"])?;
                if self.own(name)?.filled {
                    let message = "The bucket you tried to delete is not empty";
                    return Err(refused_with(409, "BucketNotEmpty", message));
                }
                self.buckets.remove(name);
                Ok(json!({}))
            }
            _ => self.own(name)?.call(name, request),
        }
    }

    fn own(&mut self, name: &str) -> Result<&mut Bucket, Fault> {
        match self.buckets.get_mut(name) {
            None => Err(refused_with(404, "NoSuchBucket", "The specified bucket does not exist")),
            Some(bucket) if bucket.foreign => Err(refused_with(403, "AccessDenied", "Access Denied")),
            Some(bucket) => Ok(bucket),
        }
    }

    fn create(&mut self, context: &Context, name: &str, request: Request<'_>) -> Answer {
        request.only(&["Bucket", "CreateBucketConfiguration", "ACL", "ObjectOwnership"])?;
        if !legal_name(name) {
            return Err(refused("InvalidBucketName", "The specified bucket is not valid."));
        }
        let configuration = request.input.get("CreateBucketConfiguration").cloned().unwrap_or_default();
        match (configuration["LocationConstraint"].as_str(), context.region.as_str()) {
            (None, "us-east-1") => {}
            // That Region is the one without a constraint.
            (Some("us-east-1"), _) => {
                let message = "The specified location-constraint is not valid";
                return Err(refused("InvalidLocationConstraint", message));
            }
            (Some(constraint), region) if constraint == region => {}
            (constraint, _) => {
                let message = format!(
                    "The {} location constraint is incompatible for the region specific endpoint this request was sent to.",
                    constraint.unwrap_or("unspecified")
                );
                return Err(refused("IllegalLocationConstraintException", message));
            }
        }
        match self.buckets.get(name) {
            Some(bucket) if bucket.foreign => {
                let message = "The requested bucket name is not available.";
                return Err(refused_with(409, "BucketAlreadyExists", message));
            }
            Some(_) if context.region != "us-east-1" => {
                let message =
                    "Your previous request to create the named bucket succeeded and you already own it.";
                return Err(refused_with(409, "BucketAlreadyOwnedByYou", message));
            }
            Some(_) => {}
            None => {
                let tags =
                    configuration["Tags"].as_array().map(|list| tags::of_list(list)).unwrap_or_default();
                let bucket = Bucket { region: context.region.clone(), tags, ..Bucket::default() };
                self.buckets.insert(name.to_owned(), bucket);
            }
        }
        Ok(json!({ "Location": format!("/{name}") }))
    }

    pub(super) fn snapshot(&self) -> Value {
        let own = self.buckets.iter().filter(|(_, bucket)| !bucket.foreign);
        own.map(|(name, bucket)| {
            let policy = bucket.policy.as_deref().map(|text| serde_json::from_str::<Value>(text).unwrap());
            (name.clone(), json!({ "policy": policy, "tags": bucket.tags }))
        })
        .collect()
    }
}

impl Bucket {
    fn call(&mut self, name: &str, request: Request<'_>) -> Answer {
        match request.operation {
            Operation::GetBucketPolicy => {
                request.only(&["Bucket", "ExpectedBucketOwner"])?;
                let none = || refused_with(404, "NoSuchBucketPolicy", "The bucket policy does not exist");
                return Ok(json!({ "Policy": self.policy.as_ref().ok_or_else(none)? }));
            }
            Operation::PutBucketPolicy => {
                request.only(&["Bucket", "Policy", "ExpectedBucketOwner"])?;
                self.policy = Some(checked_policy(name, request.required("Policy")?)?);
            }
            Operation::DeleteBucketPolicy => {
                request.only(&["Bucket", "ExpectedBucketOwner"])?;
                self.policy = None;
            }
            other => panic!("a bucket does not know {other}"),
        }
        Ok(json!({}))
    }
}

fn checked_policy(bucket: &str, text: &str) -> Result<String, Fault> {
    let malformed = |message: &str| refused("MalformedPolicy", message);
    let document = policy::read(text)
        .ok_or_else(|| malformed("Policies must be valid JSON and the first byte must be '{'"))?;
    let own = format!(":s3:::{bucket}");
    for statement in policy::statements(&document) {
        if statement.get("Principal").is_none() && statement.get("NotPrincipal").is_none() {
            return Err(malformed("Missing required field Principal"));
        }
        let resources = policy::texts(&statement["Resource"]);
        let ours = |resource: &&str| {
            resource.split_once(&own).is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with('/'))
        };
        if resources.is_empty() || !resources.iter().all(ours) {
            return Err(malformed("Policy has invalid resource"));
        }
    }
    Ok(text.to_owned())
}

/// The rules of the user guide for general purpose buckets.
fn legal_name(name: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name.chars().all(|c| small(c) || c == '.' || c == '-')
        && name.starts_with(small)
        && name.ends_with(small)
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
        && !["xn--", "sthree-", "amzn-s3-demo-"].iter().any(|start| name.starts_with(start))
        && !["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"].iter().any(|end| name.ends_with(end))
}
