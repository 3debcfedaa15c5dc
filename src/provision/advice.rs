//! What a person is told of a failed call: what happened, to what, and the way out.

use serde_json::Value;

use super::documents::role_trust;
use super::problem::ENABLE_ACCESS;
use super::{Access, Call, Cause, Failure, Fault, Operation, Place, Service, Usage, masked};

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
        let said = masked(&self.fault.to_string());
        let on = subject(call, place);
        let (message, help) = match (self.fault.cause(), &self.fault) {
            (Cause::Throttled, fault) if fault.is_throttling() => (
                format!("{call} was throttled {} times in a row: {said}", self.tries),
                again(call, "in a while"),
            ),
            (Cause::Throttled, fault) => (
                format!("{call} failed {} times in a row{}: {said}", self.tries, with_status(fault)),
                again(call, "when the service is well again"),
            ),
            (Cause::Conflict, _) => (
                format!("something else changes {on} at the same time: {said}"),
                again(call, "when that has ended"),
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
                "`trailql plan --bucket-statements` prints the statements that its policy needs; `--bucket-policy` adds \
                 them to a policy that may be read and written"
                    .to_owned(),
            ),
            (Cause::Key, _) => (format!("{call} cannot use the key: {said}"), key(call, place)),
            (Cause::InUse, Fault::Service { code, .. }) if code == "BucketNotEmpty" => (
                format!("{on} is not empty"),
                "empty it, then destroy again; trailql deletes no objects".to_owned(),
            ),
            (Cause::InUse, _) => (
                format!("something else still hangs on {on}: {said}"),
                "take off what was attached to it beside the stack, such as policies and instance profiles, then destroy again"
                    .to_owned(),
            ),
            (Cause::Organization, fault) => (format!("an organization trail cannot be made here: {said}"), organization(fault)),
            (Cause::HomeRegion, _) => (
                format!("{on} lives in another region: {said}"),
                "write that region into the stack".to_owned(),
            ),
            (Cause::Session, Fault::Region) => (
                "no region is set".to_owned(),
                "give `--region`, or write `region` into the stack, or set AWS_REGION, or a region in the profile".to_owned(),
            ),
            (Cause::Session, Fault::Credentials { .. }) => (
                said,
                "set AWS_PROFILE, or log in (`aws sso login`), or give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned(),
            ),
            (Cause::Session, fault) if is_about_the_clock(fault) => (
                format!("the time of this machine is not that of AWS: {said}"),
                format!("set its clock, then {}", again(call, "")),
            ),
            (Cause::Session, _) => (
                format!("the session is not valid: {said}"),
                format!("renew the credentials (`aws sso login`), then {}", again(call, "")),
            ),
            (Cause::Network, _) => (
                said,
                "see to the network, and to AWS_ENDPOINT_URL where it is set; nothing was sent".to_owned(),
            ),
            (Cause::Unknown, _) => (
                format!("it is not known whether {call} was carried out: {said}"),
                "plan again: it shows what is there".to_owned(),
            ),
            (Cause::Other, Fault::Service { .. }) => (
                format!("{call} failed: {said}"),
                "see to what the service says; by itself it does not pass".to_owned(),
            ),
            (Cause::Other, _) => {
                (format!("{call} failed: {said}"), "please report it with this text".to_owned())
            }
        };
        Advice { message, help }
    }
}

/// The status of an answer, where it is not in the fault's own words.
fn with_status(fault: &Fault) -> String {
    match fault {
        Fault::Service { status: Some(status), message, .. } if !message.contains("HTTP status") => {
            format!(" with HTTP status {status}")
        }
        _ => String::new(),
    }
}

/// Again at some time: what only looked did nothing yet.
fn again(call: &Call, when: &str) -> String {
    let (verb, why) = match call.operation.access() {
        Access::Read => ("try again", ""),
        _ => ("apply again", ": what is done is not done twice"),
    };
    let gap = if when.is_empty() { "" } else { " " };
    format!("{verb}{gap}{when}{why}")
}

/// Whether the service takes a request for one of another time.
fn is_about_the_clock(fault: &Fault) -> bool {
    let Fault::Service { code, message, .. } = fault else { return false };
    ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"].iter().any(|known| code.contains(known))
        || message.contains("Signature expired")
        || message.contains("Signature not yet current")
}

/// What a key needs so that a service can use it.
fn key(call: &Call, place: &Place) -> String {
    let user = match call.operation.service() {
        Service::CloudTrail => {
            "cloudtrail.amazonaws.com use it (`kms:GenerateDataKey*`, `kms:DescribeKey`)".to_owned()
        }
        Service::Logs => format!(
            "logs.{}.amazonaws.com use it (`kms:Encrypt*`, `kms:Decrypt*`, `kms:ReEncrypt*`, `kms:GenerateDataKey*`, `kms:Describe*`)",
            place.region
        ),
        _ => "the caller use it".to_owned(),
    };
    format!(
        "see that it is there and enabled, in the region of what it encrypts, and that its policy lets {user}"
    )
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
        Operation::CreateLogGroup => {
            "a region has at most 1,000,000 log groups; take some away, or ask for more in Service Quotas"
        }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(operation: Operation, input: Value, code: &str, message: &str) -> String {
        let place = Place {
            account: "111122223333".into(),
            partition: "aws".into(),
            region: "us-east-1".into(),
            organization: None,
        };
        let advice =
            Failure::new(Call::new(operation, input), Fault::service(code, message), 6).advice(&place);
        format!("{}\n{}", advice.message, advice.help)
    }

    #[test]
    fn what_never_passes_is_not_to_be_tried_again() {
        let trail = || json!({ "Name": "t" });
        for (text, words) in [
            (
                told(Operation::CreateTrail, trail(), "KmsKeyNotFoundException", "no key"),
                &["cannot use the key", "no key", "cloudtrail.amazonaws.com use it"][..],
            ),
            (
                told(Operation::UpdateTrail, trail(), "InsufficientEncryptionPolicyException", ""),
                &["its policy lets cloudtrail.amazonaws.com"],
            ),
            (
                told(
                    Operation::AssociateKmsKey,
                    json!({ "logGroupName": "g" }),
                    "InvalidParameterException",
                    "The specified KMS key does not exist or is not allowed to be used",
                ),
                &["logs.us-east-1.amazonaws.com use it"],
            ),
            (
                told(Operation::DeleteRole, json!({ "RoleName": "r" }), "DeleteConflict", "must detach"),
                &["something else still hangs on arn:aws:iam::111122223333:role/r", "take off"],
            ),
            (
                told(Operation::HeadBucket, json!({ "Bucket": "b" }), "RequestTimeTooSkewed", "too large"),
                &["the time of this machine", "set its clock, then try again"],
            ),
            (
                told(Operation::CreateTrail, trail(), "OperationNotPermittedException", "not so"),
                &["cloudtrail:CreateTrail failed", "not so", "see to what the service says"],
            ),
        ] {
            assert!(words.iter().all(|word| text.contains(word)), "{words:?} in:\n{text}");
            assert!(!text.contains("apply again"), "{text}");
        }
    }

    #[test]
    fn where_nothing_was_applied_nothing_is_applied_again() {
        for code in ["Throttled", "ThrottlingException", "ExpiredToken", "ConflictException", "Strange"] {
            let text = told(Operation::GetTopicAttributes, json!({ "TopicArn": "t" }), code, "");
            assert!(!text.contains("apply again"), "{text}");
        }
        let text = told(Operation::Subscribe, json!({ "TopicArn": "t" }), "Throttled", "");
        assert!(text.contains("throttled 6 times") && text.contains("apply again in a while"), "{text}");
    }

    #[test]
    fn trouble_of_a_service_is_not_called_throttling() {
        let place = Place {
            account: String::new(),
            partition: "aws".into(),
            region: "us-east-1".into(),
            organization: None,
        };
        for (code, message, status, words) in [
            (
                "InternalFailure",
                "",
                Some(500),
                "failed 6 times in a row with HTTP status 500: InternalFailure",
            ),
            (
                "Http502",
                "HTTP status 502 (…)",
                Some(502),
                "failed 6 times in a row: Http502: HTTP status 502",
            ),
            ("ServiceUnavailableException", "", None, "failed 6 times in a row: ServiceUnavailableException"),
            ("SlowDown", "", Some(503), "was throttled 6 times in a row: SlowDown"),
            ("Http429", "", Some(429), "was throttled 6 times in a row: Http429"),
            ("com.amazonaws.sns#ThrottledException", "", Some(400), "was throttled 6 times in a row"),
        ] {
            let fault = Fault::Service { code: code.into(), message: message.into(), status };
            assert_eq!(fault.cause(), Cause::Throttled);
            let call = Call::new(Operation::GetCallerIdentity, json!({}));
            let told = Failure::new(call, fault, 6).advice(&place).message;
            assert!(told.contains(words), "{told}");
        }
    }

    #[test]
    fn no_password_is_told() {
        let said = "Invalid parameter: https://u:secret@example.com";
        let text = told(Operation::Subscribe, json!({}), "InvalidParameter", said);
        assert!(text.contains("https://u:****@example.com"), "{text}");
    }
}
