//! Trails: what they need of a bucket, a role, a log group and an organization before they are made.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use trailql::provision::{Fault, Operation};

use super::iam::Iam;
use super::logs::Logs;
use super::organization::Organization;
use super::policy::{self, Asked};
use super::request::{Answer, Request, made_of, refused, without_nulls};
use super::s3::S3;
use super::selectors;
use super::tags::{self, Tags};
use super::world::Context;

const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";
const SETTINGS: [&str; 11] = [
    "S3BucketName",
    "S3KeyPrefix",
    "SnsTopicName",
    "IncludeGlobalServiceEvents",
    "IsMultiRegionTrail",
    "EnableLogFileValidation",
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
    "KmsKeyId",
    "IsOrganizationTrail",
    "RecursiveLogging",
];

#[derive(Default)]
pub(super) struct Trails {
    /// By their ARNs.
    trails: BTreeMap<String, Trail>,
}

/// What a trail looks at when it is made or changed.
pub(super) struct Surroundings<'w> {
    pub(super) organization: Option<&'w Organization>,
    pub(super) s3: &'w mut S3,
    pub(super) iam: &'w mut Iam,
    pub(super) logs: &'w Logs,
    /// Trails of a Region.
    pub(super) most: usize,
}

struct Trail {
    name: String,
    home: String,
    settings: Map<String, Value>,
    /// The one list that was put, under its name.
    selectors: Option<(String, Value)>,
    logging: bool,
    started: Option<String>,
    stopped: Option<String>,
    tags: Tags,
}

impl Trail {
    fn flag(&self, member: &str, default: bool) -> bool {
        self.settings.get(member).and_then(Value::as_bool).unwrap_or(default)
    }

    /// As `CreateTrail` and `UpdateTrail` answer.
    fn described(&self, arn: &str) -> Value {
        let text = |member: &str| self.settings.get(member).filter(|value| *value != "").cloned();
        without_nulls(json!({
            "Name": self.name,
            "TrailARN": arn,
            "S3BucketName": text("S3BucketName"),
            "S3KeyPrefix": text("S3KeyPrefix"),
            "IncludeGlobalServiceEvents": self.flag("IncludeGlobalServiceEvents", true),
            "IsMultiRegionTrail": self.flag("IsMultiRegionTrail", false),
            "IsOrganizationTrail": self.flag("IsOrganizationTrail", false),
            "LogFileValidationEnabled": self.flag("EnableLogFileValidation", false),
            "CloudWatchLogsLogGroupArn": text("CloudWatchLogsLogGroupArn"),
            "CloudWatchLogsRoleArn": text("CloudWatchLogsRoleArn"),
            "KmsKeyId": text("KmsKeyId"),
        }))
    }

    fn selectors(&self, arn: &str) -> Value {
        match &self.selectors {
            Some((name, list)) => json!({ "TrailARN": arn, name: list }),
            // Without any, management events are recorded.
            None => json!({ "TrailARN": arn, "EventSelectors": [{
                "ReadWriteType": "All", "IncludeManagementEvents": true,
                "DataResources": [], "ExcludeManagementEventSources": [],
            }] }),
        }
    }
}

impl Trails {
    pub(super) fn call(
        &mut self,
        context: &Context,
        mut around: Surroundings<'_>,
        request: Request<'_>,
    ) -> Answer {
        match request.operation {
            Operation::CreateTrail => return self.create(context, around, request),
            Operation::ListTrailTags => {
                request.only(&["ResourceIdList"])?;
                let of = |arn: &str| {
                    let trail = self.of_resource(context, &around, request, arn)?;
                    Ok(json!({ "ResourceId": arn, "TagsList": tags::as_list(&trail.tags) }))
                };
                let list: Result<Vec<_>, Fault> =
                    request.texts("ResourceIdList").into_iter().map(of).collect();
                return Ok(json!({ "ResourceTagList": list? }));
            }
            Operation::DescribeTrails => {
                request.only(&["trailNameList", "includeShadowTrails"])?;
                let names = request.texts("trailNameList");
                // Trails of other Regions are shown unless that is declined.
                let with_shadows =
                    request.input.get("includeShadowTrails").is_none_or(|whether| whether == true);
                let is_listed = |arn: &str, trail: &Trail| {
                    // A name is one of this account and Region.
                    let here = |name: &str| context.arn("cloudtrail", &format!("trail/{name}"));
                    let is_named =
                        names.is_empty() || names.iter().any(|name| arn == *name || arn == here(name));
                    let is_shadow = trail.home != context.region || arn != here(&trail.name);
                    let is_seen = trail.home == context.region || trail.flag("IsMultiRegionTrail", false);
                    is_named && is_seen && (with_shadows || !is_shadow)
                };
                let listed =
                    self.trails.iter().filter(|(arn, trail)| is_listed(arn, trail)).map(|(arn, trail)| {
                        let mut described = trail.described(arn);
                        described["HomeRegion"] = trail.home.as_str().into();
                        described
                    });
                return Ok(json!({ "trailList": listed.collect::<Vec<_>>() }));
            }
            Operation::TagTrail | Operation::UntagTrail => {
                request.only(&["ResourceId", "TagsList"])?;
                let arn = request.required("ResourceId")?;
                self.of_resource(context, &around, request, arn)?;
                let trail = self.trails.get_mut(arn).unwrap();
                if request.operation == Operation::UntagTrail {
                    tags::remove(&mut trail.tags, request.list("TagsList"));
                    return Ok(json!({}));
                }
                tags::add(&mut trail.tags, tags::of_list(request.list("TagsList")), too_many_tags)?;
                return Ok(json!({}));
            }
            _ => {}
        }
        let (arn, name) = self.find(context, request)?;
        let unknown = || {
            // Seen.
            let message = format!("Unknown trail: {arn} for the user: {}", context.account);
            refused("TrailNotFoundException", message)
        };
        check_owner(context, &around, &arn)?;
        let trail = self.trails.get_mut(&arn).ok_or_else(unknown)?;
        if request.operation.access() != trailql::provision::Access::Read && trail.home != context.region {
            let message = format!("The home region of the trail {name} is {}", trail.home);
            return Err(refused("InvalidHomeRegionException", message));
        }
        match request.operation {
            Operation::GetTrail => {
                request.only(&["Name"])?;
                let mut described = trail.described(&arn);
                described["HomeRegion"] = trail.home.as_str().into();
                described["HasCustomEventSelectors"] = trail.selectors.is_some().into();
                described["HasInsightSelectors"] = false.into();
                Ok(json!({ "Trail": described }))
            }
            Operation::UpdateTrail => {
                let members: Vec<_> = SETTINGS.into_iter().chain(["Name"]).collect();
                request.only(&members)?;
                let mut settings = trail.settings.clone();
                settings.extend(request.input.clone().into_iter().filter(|(member, _)| member != "Name"));
                check_settings(context, &mut around, &arn, &settings)?;
                trail.settings = settings;
                Ok(trail.described(&arn))
            }
            Operation::DeleteTrail => {
                request.only(&["Name"])?;
                self.trails.remove(&arn);
                Ok(json!({}))
            }
            Operation::GetEventSelectors => {
                request.only(&["TrailName"])?;
                Ok(trail.selectors(&arn))
            }
            Operation::PutEventSelectors => {
                request.only(&["TrailName", "EventSelectors", "AdvancedEventSelectors"])?;
                selectors::check(request)?;
                let mut lists = request.input.clone().into_iter().filter(|(member, _)| member != "TrailName");
                trail.selectors = lists.next();
                Ok(trail.selectors(&arn))
            }
            Operation::GetTrailStatus => {
                request.only(&["Name"])?;
                Ok(without_nulls(json!({
                    "IsLogging": trail.logging,
                    "StartLoggingTime": trail.started,
                    "StopLoggingTime": trail.stopped,
                })))
            }
            Operation::StartLogging => {
                request.only(&["Name"])?;
                trail.logging = true;
                trail.started = Some(context.time());
                Ok(json!({}))
            }
            Operation::StopLogging => {
                request.only(&["Name"])?;
                trail.logging = false;
                trail.stopped = Some(context.time());
                Ok(json!({}))
            }
            other => panic!("a trail does not know {other}"),
        }
    }

    fn create(&mut self, context: &Context, mut around: Surroundings<'_>, request: Request<'_>) -> Answer {
        let members: Vec<_> = SETTINGS.into_iter().chain(["Name", "TagsList"]).collect();
        request.only(&members)?;
        let name = request.required("Name")?;
        check_name(name)?;
        request.required("S3BucketName")?;
        // A trail of an organization is the management account's, whoever makes it.
        let of_organization = request.input.get("IsOrganizationTrail").is_some_and(|flag| flag == true);
        let managing = around.organization.map(|organization| organization.management_account.as_str());
        let owner = managing.filter(|_| of_organization).unwrap_or(&context.account);
        let arn = context.arn_of(owner, "cloudtrail", &format!("trail/{name}"));
        let is_taken = |(other, trail): (&String, &Trail)| {
            let is_shadow = trail.flag("IsMultiRegionTrail", false) && account_of(other) == owner;
            *other == arn || (trail.name == name && is_shadow)
        };
        if self.trails.iter().any(is_taken) {
            // Seen.
            let message = format!("Trail {name} already exists for customer: {owner}");
            return Err(refused("TrailAlreadyExistsException", message));
        }
        if self.trails.values().filter(|trail| trail.home == context.region).count() >= around.most {
            let message = format!(
                "User: {} already has {} trails in {}.",
                context.account, around.most, context.region
            );
            return Err(refused("MaximumNumberOfTrailsExceededException", message));
        }
        let mut settings = request.input.clone();
        settings.retain(|member, _| member != "Name" && member != "TagsList");
        check_settings(context, &mut around, &arn, &settings)?;
        let mut tags = Tags::new();
        tags::add(&mut tags, tags::of_list(request.list("TagsList")), too_many_tags)?;
        let trail = Trail {
            name: name.to_owned(),
            home: context.region.clone(),
            settings,
            selectors: None,
            logging: false,
            started: None,
            stopped: None,
            tags,
        };
        let answer = trail.described(&arn);
        self.trails.insert(arn, trail);
        Ok(answer)
    }

    /// The ARN that a name stands for in the Region and account of the caller; a shadow has to be named by its own.
    fn find(&self, context: &Context, request: Request<'_>) -> Result<(String, String), Fault> {
        let member = if request.has("TrailName") { "TrailName" } else { "Name" };
        let name = request.required(member)?;
        if name.starts_with("arn:") {
            if !name.contains(":cloudtrail:") || !name.contains(":trail/") {
                return Err(invalid_arn(name));
            }
            return Ok((name.to_owned(), name.to_owned()));
        }
        check_name(name)?;
        Ok((context.arn("cloudtrail", &format!("trail/{name}")), name.to_owned()))
    }

    /// A trail as what has tags, which it has in its own Region only.
    fn of_resource(
        &self,
        context: &Context,
        around: &Surroundings<'_>,
        request: Request<'_>,
        arn: &str,
    ) -> Result<&Trail, Fault> {
        if arn.split(':').nth(3) != Some(&context.region) {
            return Err(invalid_arn(arn));
        }
        check_owner(context, around, arn)?;
        let missing =
            || refused("ResourceNotFoundException", format!("{} found no {arn}", request.operation));
        self.trails.get(arn).ok_or_else(missing)
    }

    pub(super) fn snapshot(&self) -> Value {
        self.trails
            .iter()
            .map(|(arn, trail)| {
                let of = json!({
                    "settings": trail.described(arn), "selectors": trail.selectors(arn),
                    "logging": trail.logging, "tags": trail.tags,
                });
                (arn.clone(), of)
            })
            .collect()
    }
}

fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap()
}

/// A trail of another account is open to those who manage it for that account.
fn check_owner(context: &Context, around: &Surroundings<'_>, arn: &str) -> Result<(), Fault> {
    let owner = account_of(arn);
    let manages = around
        .organization
        .is_some_and(|organization| organization.delegated && organization.management_account == owner);
    if owner == context.account || manages {
        return Ok(());
    }
    // Seen.
    let message = format!(
        "AccountID in ARN is wrong, you can only access resources with AccountID {}.",
        context.account
    );
    Err(refused("CloudTrailARNInvalidException", message))
}

/// The rules of the page of `CreateTrail`.
fn check_name(name: &str) -> Result<(), Fault> {
    let invalid = |message: &str| Err(refused("InvalidTrailNameException", message));
    let mark = |c: char| matches!(c, '.' | '_' | '-');
    if !(3..=128).contains(&name.chars().count()) {
        return invalid("Trail name must have between 3 and 128 characters.");
    }
    if !made_of(name, "._-") {
        return invalid(
            "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).",
        );
    }
    if name.starts_with(mark) || name.ends_with(mark) {
        return invalid("Trail name must start and end with a letter or number.");
    }
    if name.chars().zip(name.chars().skip(1)).any(|(one, next)| mark(one) && mark(next)) {
        return invalid("Trail name must not have adjacent periods, underscores or dashes.");
    }
    if name.parse::<std::net::Ipv4Addr>().is_ok() {
        return invalid("Trail name must not be formatted as an IP address.");
    }
    Ok(())
}

fn check_settings(
    context: &Context,
    around: &mut Surroundings<'_>,
    arn: &str,
    settings: &Map<String, Value>,
) -> Result<(), Fault> {
    let text = |member: &str| settings.get(member).and_then(Value::as_str).unwrap_or_default();
    let is = |member: &str| settings.get(member).and_then(Value::as_bool);
    if is("IsMultiRegionTrail") == Some(true) && is("IncludeGlobalServiceEvents") == Some(false) {
        // Seen.
        let message = "Multi-Region trail must include global service events.";
        return Err(refused("InvalidParameterCombinationException", message));
    }
    let of_organization = is("IsOrganizationTrail") == Some(true);
    let organization = if of_organization { Some(check_organization(context, around)?) } else { None };
    check_bucket(context, around, arn, text("S3BucketName"), text("S3KeyPrefix"), organization)?;
    let (group, role) = (text("CloudWatchLogsLogGroupArn"), text("CloudWatchLogsRoleArn"));
    if group.is_empty() && role.is_empty() {
        return Ok(());
    }
    check_delivery(context, around, arn, (group, role), organization)
}

fn check_organization<'w>(context: &Context, around: &Surroundings<'w>) -> Result<&'w Organization, Fault> {
    let none =
        || refused("OrganizationsNotInUseException", "Your account is not a member of an organization.");
    let organization = around.organization.ok_or_else(none)?;
    if organization.management_account != context.account && !organization.delegated {
        let message = "The request must be made from the management account or a delegated administrator.";
        return Err(refused("NotOrganizationMasterAccountException", message));
    }
    if !organization.trusts_cloudtrail {
        let message = "Trusted access is not enabled for CloudTrail in your organization.";
        return Err(refused("CloudTrailAccessNotEnabledException", message));
    }
    Ok(organization)
}

/// `spec/provisioning.md` 1, row 3.
fn check_bucket(
    context: &Context,
    around: &mut Surroundings<'_>,
    arn: &str,
    bucket: &str,
    prefix: &str,
    organization: Option<&Organization>,
) -> Result<(), Fault> {
    if !around.s3.exists(bucket) {
        // Seen.
        return Err(refused("S3BucketDoesNotExistException", format!("S3 bucket {bucket} does not exist!")));
    }
    let insufficient = || {
        // Seen.
        let message = format!("Incorrect S3 bucket policy is detected for bucket: {bucket}");
        Err(refused("InsufficientS3BucketPolicyException", message))
    };
    let Some(document) = around.s3.policy_seen_by_cloudtrail(bucket) else { return insufficient() };
    let bucket_arn = format!("arn:{}:s3:::{bucket}", context.partition());
    let logs = match prefix {
        "" => format!("{bucket_arn}/AWSLogs"),
        prefix => format!("{bucket_arn}/{prefix}/AWSLogs"),
    };
    let account = account_of(arn);
    let of_account =
        |folder: &str| format!("{logs}/{folder}{account}/CloudTrail/{}/2026/11/30/a.json.gz", context.region);
    let mut asked = vec![("s3:GetBucketAcl", bucket_arn.clone()), ("s3:PutObject", of_account(""))];
    if let Some(organization) = organization {
        asked.push(("s3:PutObject", of_account(&format!("{}/", organization.id))));
    }
    let mut known = vec![("aws:SourceArn", arn), ("aws:SourceAccount", account)];
    for (action, resource) in &asked {
        if *action == "s3:PutObject" {
            known.push(("s3:x-amz-acl", "bucket-owner-full-control"));
        }
        let asked =
            Asked { principal: Some(CLOUDTRAIL), action, resource: Some(resource), conditions: &known };
        if !policy::allows(&document, &asked) {
            return insufficient();
        }
    }
    Ok(())
}

/// `spec/provisioning.md` 1, rows 5 and 6.
fn check_delivery(
    context: &Context,
    around: &mut Surroundings<'_>,
    arn: &str,
    (group, role): (&str, &str),
    organization: Option<&Organization>,
) -> Result<(), Fault> {
    let invalid_group = |message: &str| Err(refused("InvalidCloudWatchLogsLogGroupArnException", message));
    let invalid_role = |message: &str| Err(refused("InvalidCloudWatchLogsRoleArnException", message));
    if group.is_empty() {
        return invalid_group("You must specify a log group as well as a role ARN.");
    }
    if role.is_empty() {
        // Seen.
        return invalid_role("You must specify a role ARN as well as a log group.");
    }
    let start = context.arn("logs", "log-group:");
    let name = group.strip_prefix(&start).and_then(|rest| rest.strip_suffix(":*"));
    let Some(name) = name.filter(|name| around.logs.has_group(name)) else {
        // Seen.
        return invalid_group("Check the log group ARN: CloudTrail can't validate it.");
    };
    // Seen, for a role without trust; a role that is not visible yet gives the one or the other code.
    let no_trust = "Access denied. Check the trust relationships for your role.";
    let role = match around.iam.seen_by_cloudtrail(role) {
        Ok(role) => role,
        Err(left) if left % 2 == 1 || left == 0 => return invalid_role(no_trust),
        Err(_) => {
            let message = "Cannot set a CloudWatch Logs delivery for this region.";
            return Err(refused("CloudWatchLogsDeliveryUnavailableException", message));
        }
    };
    let account = account_of(arn);
    if !role.trusts(CLOUDTRAIL, &[("aws:SourceArn", arn), ("aws:SourceAccount", account)]) {
        return invalid_role(no_trust);
    }
    let stream = format!("{account}_CloudTrail_{}", context.region);
    let mut streams = vec![stream.clone()];
    streams.extend(organization.map(|organization| format!("{}_{stream}", organization.id)));
    for stream in streams {
        let resource = format!("{start}{name}:log-stream:{stream}");
        if !["logs:CreateLogStream", "logs:PutLogEvents"].iter().all(|action| role.allows(action, &resource))
        {
            // Seen.
            return invalid_group("Access denied. Verify in IAM that the role has adequate permissions.");
        }
    }
    Ok(())
}

fn invalid_arn(arn: &str) -> Fault {
    refused("CloudTrailARNInvalidException", format!("{arn} is not the ARN of a trail"))
}

fn too_many_tags() -> Fault {
    refused(
        "TagsLimitExceededException",
        "The number of tags per trail has exceeded the permitted amount: 50",
    )
}
