//! What has to be done before a plan can be carried out, and the way out.

use serde_json::Value;

use super::constraints::Violation;
use super::resource::{Kind, ResourceId};

/// How CloudTrail gets trusted access in an organization.
pub(super) const ENABLE_ACCESS: &str = "in the management account: `aws organizations enable-aws-service-access --service-principal cloudtrail.amazonaws.com`";

/// What has to be done before a plan can be carried out.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The trail's bucket does not exist.
    #[error("there is no bucket `{0}` for the trail")]
    NoBucket(String),
    /// The bucket does not let the trail write.
    #[error("the policy of the bucket `{bucket}` lacks {} of the statements that the trail needs", .lacking.len())]
    BucketPolicy {
        /// The bucket.
        bucket: String,
        /// The statements that it lacks.
        lacking: Vec<Value>,
    },
    /// The statements are to be added to a policy that may not be read.
    #[error(
        "the policy of the bucket `{0}` cannot be read, and so not added to: s3:GetBucketPolicy is not allowed"
    )]
    HiddenPolicy(String),
    /// Something of this name is there, made by somebody else.
    #[error("{id} is there already, and {}", made_by(.owner, .region))]
    Foreign {
        /// What.
        id: Box<ResourceId>,
        /// The stack that made it, where that is known.
        owner: Option<String>,
        /// The Region of that stack, where it is another one.
        region: Option<String>,
    },
    /// The service knows several things of this name, and which of them is the stack's cannot be told.
    #[error("there are several of the name: {0}")]
    Several(Box<ResourceId>),
    /// A quota would be exceeded.
    #[error("{what}: {used} are in use, {more} more are wanted, and the quota is {most}")]
    Quota {
        /// Of what.
        what: &'static str,
        /// How many there are.
        used: usize,
        /// How many would be added.
        more: usize,
        /// How many there can be.
        most: usize,
    },
    /// The log group is of a class that has no metric filters, and a class cannot be changed.
    #[error("the log group `{group}` is of the class {class}, which has no metric filters")]
    LogGroupClass {
        /// The log group.
        group: String,
        /// Its class.
        class: String,
    },
    /// CloudTrail may not act in the organization of an organization trail.
    #[error("CloudTrail has no trusted access in the organization{}", .0.as_ref().map(|id| format!(" {id}")).unwrap_or_default())]
    NoTrustedAccess(Option<String>),
    /// The account may not make organization trails.
    #[error(
        "an organization trail is made by the management account {management_account} or a delegated administrator, and {account} cannot be seen to be one"
    )]
    NotManaging {
        /// The account of the credentials.
        account: String,
        /// The account that manages the organization.
        management_account: String,
    },
    /// The trail's key is named by an alias, which is not told again.
    #[error(
        "the trail `{trail}` names its key by `{alias}`, and CloudTrail answers with the ARN of a key, so that it cannot be seen whether it is that one"
    )]
    KeyAlias {
        /// The trail.
        trail: String,
        /// The alias.
        alias: String,
    },
    /// The trail lives in another Region.
    #[error("the trail `{trail}` lives in {home}, and can be changed only there")]
    HomeRegion {
        /// The trail.
        trail: String,
        /// Its Region.
        home: String,
    },
    /// A request that the service would refuse.
    #[error("{0}")]
    Request(Violation),
    /// The manifest is of another stack.
    #[error("the manifest is of the stack `{manifest}`, and this stack is called `{stack}`")]
    OtherStack {
        /// The stack of the manifest.
        manifest: String,
        /// What this one is called.
        stack: String,
    },
    /// The manifest is of another account or Region.
    #[error("the manifest was written for the account {account} in {region}, and this is {}", .here)]
    OtherPlace {
        /// The account of the manifest.
        account: String,
        /// Its Region.
        region: String,
        /// Where the credentials lead to.
        here: String,
    },
}

/// Who made something, and where.
fn made_by(owner: &Option<String>, region: &Option<String>) -> String {
    match (owner, region) {
        (Some(owner), Some(region)) => format!("the stack `{owner}` in {region} made it"),
        (Some(owner), None) => format!("the stack `{owner}` made it"),
        (None, _) => "this stack did not make it".to_owned(),
    }
}

impl Problem {
    /// The way out.
    pub fn help(&self) -> String {
        match self {
            Problem::NoBucket(_) => "make it, or let `--create-bucket` make it".to_owned(),
            Problem::BucketPolicy { .. } => {
                "add them (`trailql plan --bucket-statements` prints them), or let `--bucket-policy` add them; what else the \
                 policy says stays"
                    .to_owned()
            }
            Problem::HiddenPolicy(_) => {
                "allow s3:GetBucketPolicy there, or leave `--bucket-policy` out and let its owner add what `trailql plan \
                 --bucket-statements` prints"
                    .to_owned()
            }
            Problem::Foreign { id, region: Some(region), .. } if id.kind == Kind::Role => format!(
                "a role is of all Regions, and has its name from the trail: name the trail otherwise, or destroy the stack in {region}"
            ),
            Problem::Foreign { owner: Some(_), .. } => {
                "give it another name, or take it out of one of the stacks; where that stack is no more, take the tag `trailql:stack` \
                 from it, and then `--adopt` takes it over"
                    .to_owned()
            }
            Problem::Foreign { owner: None, .. } => {
                "give it another name, or take it over with `--adopt`: it is changed to what the stack wants, and stays when \
                 the stack is destroyed; where the stack made it and lost the tag `trailql:stack`, put that back with the \
                 stack's name"
                    .to_owned()
            }
            Problem::Several(_) => {
                "look at them in the console, and delete or rename the others: a name is all that a stack knows of it".to_owned()
            }
            Problem::Quota { .. } => {
                "take some away, or use another log group; what the stack wants no more goes only when what it wants is there, so \
                 take it out of the stack first, apply, and then add the rest"
                    .to_owned()
            }
            Problem::LogGroupClass { .. } => {
                "use another log group: the class of one that exists cannot be changed".to_owned()
            }
            Problem::NoTrustedAccess(_) => ENABLE_ACCESS.to_owned(),
            Problem::NotManaging { management_account, .. } => format!(
                "apply with the credentials of {management_account}; a delegated administrator of CloudTrail needs \
                 `organizations:ListAWSServiceAccessForOrganization`"
            ),
            Problem::KeyAlias { alias, .. } => format!(
                "write the ARN of the key: `aws kms describe-key --key-id {alias} --query KeyMetadata.Arn` prints it"
            ),
            Problem::Request(_) => "change the stack: nothing is sent before all of it is legal".to_owned(),
            Problem::HomeRegion { home, .. } => format!("write `region = \"{home}\"` into the stack"),
            Problem::OtherStack { manifest, .. } => format!(
                "where it is the same stack, write `name = \"{manifest}\"` into it: the name tells what it made; where it is another \
                 one, give it a manifest of its own (`--manifest`)"
            ),
            Problem::OtherPlace { .. } => {
                "use the credentials and the region of that account, or another manifest (`--manifest`)".to_owned()
            }
        }
    }
}
