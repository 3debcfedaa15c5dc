//! What a person is told of a failed call: what happened, to what, and the way out.

use serde_json::Value;

use super::documents::role_trust;
use super::problem::ENABLE_ACCESS;
use super::{Call, Cause, Failure, Fault, Operation, Place, Service, Usage};

/// A failure in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What happened.
    pub message: String,
    /// The way out.
    pub help: String,
}

impl Failure {
    /// What to tell a person (`spec/provisioning.md` 2).
    ///
    /// ```
    /// use serde_json::json;
    /// use trailql::provision::{Call, Failure, Fault, Operation, Place};
    ///
    /// let place = Place {
    ///     account: "111122223333".into(),
    ///     partition: "aws".into(),
    ///     region: "us-east-1".into(),
    ///     organization: None,
    /// };
    /// let call = Call::new(Operation::PutMetricFilter, json!({ "logGroupName": "trail", "filterName": "root" }));
    /// let failure = Failure::new(call, Fault::service("AccessDeniedException", "no"), 1);
    /// let advice = failure.advice(&place);
    /// assert_eq!(advice.message, "not allowed: logs:PutMetricFilter on arn:aws:logs:us-east-1:111122223333:log-group:trail");
    /// ```
    pub fn advice(&self, place: &Place) -> Advice {
        let call = &self.call;
        let said = self.fault.to_string();
        let on = subject(call, place);
        let (message, help) = match (self.fault.cause(), &self.fault) {
            (Cause::Throttled, _) => (
                format!("{call} was throttled {} times in a row: {said}", self.tries),
                "apply again in a while: what is done is not done twice".to_owned(),
            ),
            (Cause::Conflict, _) => (
                format!("something else changes {on} at the same time: {said}"),
                "apply again when that has ended".to_owned(),
            ),
            (Cause::Exists, _) => (
                format!("{on} was made by somebody else since the plan was read"),
                "plan again, and take it over with `--adopt` or give it another name".to_owned(),
            ),
            (Cause::Missing, _) => (
                format!("{call} found no {on}: {said}"),
                "something took it away since the plan was read; plan again".to_owned(),
            ),
            (Cause::Quota, _) => {
                (format!("{call} would exceed a quota{}: {said}", in_use(&self.in_use)), quota(call))
            }
            (Cause::Invalid, _) => (
                format!("{call} was refused as not valid: {said}"),
                "the checks before the call should have found it; please report it with the service's text".to_owned(),
            ),
            (Cause::Denied, _) => (
                format!("not allowed: {} on {on}", denied(call, &self.fault)),
                format!("allow {} there; `trailql plan --iam-policy` prints all that the stack needs", denied(call, &self.fault)),
            ),
            (Cause::RoleNotVisible, _) => (
                format!("CloudTrail cannot use the role of the trail after a minute: {said}"),
                format!("see that the role trusts CloudTrail: {}", role_trust()),
            ),
            (Cause::Bucket, _) => (
                format!("the bucket does not take the trail's files: {said}"),
                "`trailql plan --bucket-statements` prints the statements that its policy needs; `--bucket-policy` adds them"
                    .to_owned(),
            ),
            (Cause::Organization, fault) => (format!("an organization trail cannot be made here: {said}"), organization(fault)),
            (Cause::HomeRegion, _) => (
                format!("{on} lives in another region: {said}"),
                "write that region into the stack".to_owned(),
            ),
            (Cause::Session, Fault::Region) => (
                "no region is set".to_owned(),
                "write `region` into the stack, or set AWS_REGION, or a region in the profile".to_owned(),
            ),
            (Cause::Session, Fault::Credentials { .. }) => (
                said,
                "set AWS_PROFILE, or log in (`aws sso login`), or give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned(),
            ),
            (Cause::Session, _) => (
                format!("the session is not valid: {said}"),
                "renew the credentials (`aws sso login`), then apply again: what is done is not done twice".to_owned(),
            ),
            (Cause::Network, _) => (
                said,
                "see to the network, and to AWS_ENDPOINT_URL where it is set; nothing was sent".to_owned(),
            ),
            (Cause::Unknown, _) => (
                format!("it is not known whether {call} was carried out: {said}"),
                "plan again: it shows what is there".to_owned(),
            ),
            (Cause::Other, Fault::Service { code, .. }) if code == "BucketNotEmpty" => (
                format!("{on} is not empty"),
                "empty it, then destroy again; trailql deletes no objects".to_owned(),
            ),
            (Cause::Other, _) => (format!("{call} failed: {said}"), "apply again does what is left".to_owned()),
        };
        Advice { message, help }
    }
}

/// The action that was missing, where the service names another than the called one.
fn denied(call: &Call, fault: &Fault) -> String {
    let said = match fault {
        Fault::Service { message, .. } => {
            message.split("perform: ").nth(1).and_then(|rest| rest.split_whitespace().next())
        }
        _ => None,
    };
    said.unwrap_or(call.operation.action()).to_owned()
}

/// How much is used, in brackets.
fn in_use(usage: &[Usage]) -> String {
    if usage.is_empty() {
        return String::new();
    }
    format!(" ({} in use)", usage.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

fn quota(call: &Call) -> String {
    match call.operation {
        Operation::PutMetricFilter => {
            "a log group has at most 100 metric filters, 5 of them with a regex; take some away or use another group"
        }
        Operation::CreateTrail => "a region has at most 5 trails; take one away, or ask for more in Service Quotas",
        Operation::PutAnomalyDetector => "take detectors away that nobody uses, or ask for more in Service Quotas",
        _ => "take some away, or ask for more in Service Quotas",
    }
    .to_owned()
}

fn organization(fault: &Fault) -> String {
    let code = match fault {
        Fault::Service { code, .. } => code.as_str(),
        _ => "",
    };
    if code.contains("CloudTrailAccessNotEnabled") {
        return ENABLE_ACCESS.to_owned();
    }
    if code.contains("NotInUse") {
        return "the account is in no organization: leave `IsOrganizationTrail` out".to_owned();
    }
    "apply with the credentials of the organization's management account, or of a delegated administrator of CloudTrail".to_owned()
}

/// The ARN of the trail that a call names so or by it.
fn trail_arn(call: &Call, place: &Place, name: String) -> String {
    let is_of_organization = call.input.get("IsOrganizationTrail").and_then(Value::as_bool).unwrap_or(false);
    if name.starts_with("arn:") { name } else { place.trail_arn(&name, is_of_organization) }
}

/// What a call is about, as an ARN where there is one.
fn subject(call: &Call, place: &Place) -> String {
    let text = |members: &[&str]| members.iter().find_map(|member| call.text(member)).map(str::to_owned);
    let first = |member: &str| {
        call.input
            .get(member)
            .and_then(Value::as_array)
            .and_then(|names| names.first())
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let arn = text(&["resourceArn", "ResourceArn", "ResourceARN", "ResourceId", "TopicArn"]);
    let found = arn.or_else(|| match call.operation.service() {
        Service::Logs => text(&["logGroupName", "logGroupNamePrefix"]).map(|name| place.log_group_arn(&name)),
        Service::Iam => text(&["RoleName"]).map(|name| place.role_arn(&name)),
        Service::CloudTrail => text(&["Name", "TrailName"]).map(|name| trail_arn(call, place, name)),
        Service::S3 => text(&["Bucket"]).map(|name| place.bucket_arn(&name)),
        Service::Sns => text(&["Name"]).map(|name| place.topic_arn(&name)),
        Service::CloudWatch => text(&["AlarmName"])
            .or_else(|| first("AlarmNames"))
            .map(|name| place.alarm_arn(&name))
            .or_else(|| {
                text(&["DashboardName"])
                    .or_else(|| first("DashboardNames"))
                    .map(|name| place.dashboard_arn(&name))
            }),
        _ => None,
    });
    found.unwrap_or_else(|| "*".to_owned())
}
