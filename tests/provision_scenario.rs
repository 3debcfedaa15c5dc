//! The presigned-URL scenario in an account: what is called, in which order, and what a person is told when something fails.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

mod account;
mod made_stacks;

use account::{Account, Failure, Organization, When};
use serde_json::{Value, json};
use trailql::provision::{
    Action, Call, Fault, Kind, Manifest, Operation, Outcome, Place, Plan, PlanOptions, Problem, Services,
    verify_remote,
};
use trailql::report::plan::{PlanText, outcome as outcome_text, plan as plan_text};
use trailql::stack::CheckedStack;

const TEXT: PlanText = PlanText { colour: false, width: 100 };

fn example() -> CheckedStack {
    made_stacks::checked(include_str!("../examples/presigned-url/stack.toml"))
}

/// The management account of an organization in the Region of the example, with the trail's bucket.
fn account() -> Account {
    let account = Account::new().in_organization(Organization::managed_here());
    account.move_to("us-east-1");
    account
        .call(&Call::new(Operation::CreateBucket, json!({ "Bucket": "example-organization-trail" })))
        .unwrap();
    account.forget_calls();
    account
}

fn place(account: &Account) -> Place {
    Place::find(account, "us-east-1", true, &|_| ()).unwrap()
}

fn options() -> PlanOptions {
    PlanOptions { bucket_policy: true, ..PlanOptions::default() }
}

fn plan_with(account: &Account, options: &PlanOptions) -> Plan {
    let place = place(account);
    let manifest = Manifest::new("presigned-url", &place);
    Plan::apply(&example(), &place, &manifest, account, &|_| (), options).unwrap()
}

fn apply(account: &Account) -> (Plan, Outcome) {
    let plan = plan_with(account, &options());
    assert!(plan.problems.is_empty(), "{:?}", plan.problems);
    let outcome = plan.run(account, &|_| (), &|_| ());
    (plan, outcome)
}

/// What is called, without reads, in an order in which calls of the same time stand by name.
fn changes(account: &Account) -> Vec<String> {
    account.changes().iter().map(|recorded| recorded.call.operation.to_string()).collect()
}

#[test]
fn everything_is_made_in_one_apply_in_the_order_of_the_page() {
    let account = account();
    let (_, outcome) = apply(&account);
    assert!(outcome.is_complete(), "{outcome:?}");
    // `spec/provisioning.md` 1: the calls that change something, each once or as often as the stack has of it.
    let made = changes(&account);
    let count = |name: &str| made.iter().filter(|made| *made == name).count();
    for (name, times) in [
        ("logs:CreateLogGroup", 1),
        ("logs:PutRetentionPolicy", 1),
        ("s3:PutBucketPolicy", 1),
        ("iam:CreateRole", 1),
        ("iam:PutRolePolicy", 1),
        ("cloudtrail:CreateTrail", 1),
        ("cloudtrail:PutEventSelectors", 1),
        ("cloudtrail:StartLogging", 1),
        ("logs:PutMetricFilter", 2),
        ("cloudwatch:PutAnomalyDetector", 1),
        ("sns:CreateTopic", 1),
        ("cloudwatch:PutMetricAlarm", 1),
        ("logs:PutQueryDefinition", 1),
        ("cloudwatch:PutDashboard", 1),
    ] {
        assert_eq!(count(name), times, "{name} in {made:?}");
    }
    assert_eq!(made.len(), 15, "{made:?}");
    let at = |name: &str| made.iter().position(|made| made == name).unwrap();
    for (before, behind) in [
        ("logs:CreateLogGroup", "iam:CreateRole"),
        ("iam:PutRolePolicy", "cloudtrail:CreateTrail"),
        ("s3:PutBucketPolicy", "cloudtrail:CreateTrail"),
        ("cloudtrail:CreateTrail", "cloudtrail:PutEventSelectors"),
        ("cloudtrail:PutEventSelectors", "cloudtrail:StartLogging"),
        ("sns:CreateTopic", "cloudwatch:PutMetricAlarm"),
        ("cloudwatch:PutAnomalyDetector", "cloudwatch:PutMetricAlarm"),
    ] {
        assert!(at(before) < at(behind), "{before} before {behind} in {made:?}");
    }
}

#[test]
fn requests_say_what_the_page_says() {
    let account = account();
    apply(&account);
    let one = |operation: Operation| account.calls_of(operation).remove(0).input;
    let alarm = Value::Object(one(Operation::PutMetricAlarm));
    assert_eq!(alarm["ThresholdMetricId"], "ad1");
    assert!(alarm.get("Threshold").is_none() && alarm.get("MetricName").is_none());
    assert_eq!(alarm["AlarmActions"], json!(["arn:aws:sns:us-east-1:111122223333:security"]));
    let trail = Value::Object(one(Operation::CreateTrail));
    let group = "arn:aws:logs:us-east-1:111122223333:log-group:aws-cloudtrail-logs-organization";
    assert_eq!(trail["CloudWatchLogsLogGroupArn"], json!(format!("{group}:*")));
    assert_eq!(trail["IsOrganizationTrail"], true);
    let policy = one(Operation::PutRolePolicy)["PolicyDocument"].as_str().unwrap().to_owned();
    assert!(policy.contains(&format!("{group}:log-stream:111122223333_CloudTrail_us-east-1*")));
    assert!(policy.contains(&format!("{group}:log-stream:o-exampleorgid_*")));
    let filter = Value::Object(account.calls_of(Operation::PutMetricFilter)[0].input.clone());
    assert_eq!(filter["logGroupName"], "aws-cloudtrail-logs-organization");
    let pattern = filter["filterPattern"].as_str().unwrap();
    let written = example();
    let mut patterns =
        written.definition().metric_filters.iter().map(|filter| filter.filter_pattern.as_str());
    assert!(patterns.any(|written| written == pattern), "the text as it is written");
}

#[test]
fn what_was_changed_by_hand_is_seen_and_mended() {
    let account = account();
    apply(&account);
    let group = "aws-cloudtrail-logs-organization";
    let filter = |pattern: &str| {
        json!({ "logGroupName": group, "filterName": "presigned-URL-filter", "filterPattern": pattern,
            "metricTransformations": [{ "metricNamespace": "advanced-cloudtrail-event", "metricName": "presigned-URL",
                "metricValue": "1", "defaultValue": 0.0, "unit": "Count" }] })
    };
    // The same pattern, written otherwise.
    let same = "{$.eventName=\"GetObject\"&&$.additionalEventData.AuthenticationMethod=\"QueryString\"}";
    account.call(&Call::new(Operation::PutMetricFilter, filter(same))).unwrap();
    let plan = plan_with(&account, &options());
    assert!(plan.is_empty(), "blanks, quotes and parentheses are no difference: {}", plan_text(&plan, TEXT));

    account.call(&Call::new(Operation::PutMetricFilter, filter("{ $.eventName = PutObject }"))).unwrap();
    account
        .call(&Call::new(
            Operation::PutRetentionPolicy,
            json!({ "logGroupName": group, "retentionInDays": 7 }),
        ))
        .unwrap();
    account.call(&Call::new(Operation::StopLogging, json!({ "Name": "organization-trail" }))).unwrap();
    let plan = plan_with(&account, &options());
    let changed: Vec<(Kind, Vec<String>)> = plan
        .changes
        .iter()
        .filter_map(|change| match &change.action {
            Action::Update(differences) => {
                Some((change.resource.id.kind, differences.iter().map(|one| one.path.clone()).collect()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        changed,
        [
            (Kind::LogGroup, vec!["retentionInDays".to_owned()]),
            (Kind::Trail, vec!["IsLogging".to_owned()]),
            (Kind::MetricFilter, vec!["filterPattern".to_owned()]),
        ]
    );
    let text = plan_text(&plan, TEXT);
    assert!(text.contains("- { $.eventName = PutObject }"), "{text}");
    assert!(plan.run(&account, &|_| (), &|_| ()).is_complete());
    assert!(plan_with(&account, &options()).is_empty());
}

#[test]
fn a_bucket_is_not_touched_unasked() {
    let account = account();
    let plan = plan_with(&account, &PlanOptions::default());
    let [Problem::BucketPolicy { bucket, lacking }] = plan.problems.as_slice() else {
        panic!("{:?}", plan.problems)
    };
    assert_eq!((bucket.as_str(), lacking.len()), ("example-organization-trail", 3));

    let nowhere = Account::new().in_organization(Organization::managed_here());
    nowhere.move_to("us-east-1");
    let plan = plan_with(&nowhere, &options());
    assert_eq!(plan.problems, [Problem::NoBucket("example-organization-trail".to_owned())]);
    assert!(plan.run(&nowhere, &|_| (), &|_| ()).done.is_empty() && nowhere.changes().is_empty());
    let plan = plan_with(&nowhere, &PlanOptions { create_bucket: true, ..options() });
    assert!(plan.problems.is_empty());
    assert!(plan.run(&nowhere, &|_| (), &|_| ()).is_complete());
}

#[test]
fn a_policy_of_others_stays() {
    let account = account();
    let other = json!({ "Version": "2012-10-17", "Statement": [{ "Sid": "CloudTrailWrite", "Effect": "Deny",
        "Principal": "*", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::example-organization-trail/*" }] });
    let input = json!({ "Bucket": "example-organization-trail", "Policy": other.to_string() });
    account.call(&Call::new(Operation::PutBucketPolicy, input)).unwrap();
    let (_, outcome) = apply(&account);
    assert!(outcome.is_complete(), "{outcome:?}");
    let policy = |account: &Account| -> Value {
        let look = Call::new(Operation::GetBucketPolicy, json!({ "Bucket": "example-organization-trail" }));
        serde_json::from_str(account.call(&look).unwrap()["Policy"].as_str().unwrap()).unwrap()
    };
    let held = policy(&account);
    assert_eq!(held["Statement"].as_array().unwrap().len(), 4);
    assert_eq!(held["Statement"][0], other["Statement"][0]);
    // And stays when the trail's statements go.
    let place = place(&account);
    let mut manifest = Manifest::new("presigned-url", &place);
    let plan = plan_with(&account, &options());
    plan.changes.iter().for_each(|change| manifest.record(&change.resource, false));
    let plan =
        Plan::destroy(&example(), &place, &manifest, &account, &|_| (), &PlanOptions::default()).unwrap();
    assert!(plan.run(&account, &|_| (), &|_| ()).is_complete());
    assert_eq!(policy(&account), other);
}

#[test]
fn the_role_is_waited_for() {
    let account = account();
    account.role_visible_after(3);
    let (_, outcome) = apply(&account);
    assert!(outcome.is_complete(), "{outcome:?}");
    assert_eq!(account.calls_of(Operation::CreateTrail).len(), 4);
}

#[test]
fn a_trail_that_lives_elsewhere_is_changed_there() {
    let account = account();
    apply(&account);
    account.move_to("eu-west-1");
    let place = Place::find(&account, "eu-west-1", true, &|_| ()).unwrap();
    let manifest = Manifest::new("presigned-url", &place);
    let plan = Plan::apply(&example(), &place, &manifest, &account, &|_| (), &options()).unwrap();
    let problem = plan.problems.iter().find(|problem| matches!(problem, Problem::HomeRegion { .. })).unwrap();
    assert_eq!(
        problem.to_string(),
        "the trail `organization-trail` lives in us-east-1, and can be changed only there"
    );
    assert_eq!(problem.help(), "write `region = \"us-east-1\"` into the stack");
}

#[test]
fn quotas_are_counted_before_anything_is_made() {
    let account = account();
    let group = json!({ "logGroupName": "aws-cloudtrail-logs-organization" });
    account.call(&Call::new(Operation::CreateLogGroup, group)).unwrap();
    for index in 0..99 {
        let input = json!({ "logGroupName": "aws-cloudtrail-logs-organization", "filterName": format!("f{index}"),
            "filterPattern": "ERROR", "metricTransformations": [{ "metricNamespace": "n", "metricName": "m", "metricValue": "1" }] });
        account.call(&Call::new(Operation::PutMetricFilter, input)).unwrap();
    }
    let plan = plan_with(&account, &PlanOptions { adopt: true, ..options() });
    assert_eq!(
        plan.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["metric filters of the log group: 99 are in use, 2 more are wanted, and the quota is 100"]
    );
}

/// What a person is told when every call of an operation fails so.
fn told(operation: Operation, failure: Failure) -> String {
    let account = account();
    let plan = plan_with(&account, &options());
    account.inject(When::Every(operation), failure);
    let outcome = plan.run(&account, &|_| (), &|_| ());
    assert!(!outcome.is_complete());
    outcome_text(&plan, &outcome, TEXT)
}

#[test]
fn each_failure_is_told_with_its_cause_and_the_way_out() {
    let metric_filters = |failure| told(Operation::PutMetricFilter, failure);
    let says = |text: String, words: &[&str]| {
        for word in words {
            assert!(text.contains(word), "`{word}` in:\n{text}");
        }
    };
    says(
        metric_filters(Failure::Throttled),
        &[
            "logs:PutMetricFilter was throttled 6 times in a row",
            "Rate exceeded",
            "apply again in a while",
            "2 failed",
        ],
    );
    says(metric_filters(Failure::OperationAborted), &["at the same time", "apply again when that has ended"]);
    says(
        metric_filters(Failure::AccessDenied),
        &[
            "not allowed: logs:PutMetricFilter on arn:aws:logs:us-east-1:111122223333:log-group:aws-cloudtrail-logs-organization",
            "`trailql plan --iam-policy` prints all that the stack needs",
        ],
    );
    says(
        metric_filters(Failure::LimitExceeded),
        &[
            "would exceed a quota (0 of 100 metric filters of the log group, 0 of 5 metric filters with a regex",
            "at most 100 metric filters, 5 of them with a regex",
        ],
    );
    says(metric_filters(Failure::ExpiredToken), &["the session is not valid", "aws sso login"]);
    says(
        metric_filters(Failure::Unreachable),
        &["cannot reach logs.us-east-1.amazonaws.com: connection refused", "AWS_ENDPOINT_URL"],
    );
    says(
        told(Operation::CreateTrail, Failure::AccessDenied),
        &[
            "not allowed: cloudtrail:CreateTrail on arn:aws:cloudtrail:us-east-1:111122223333:trail/organization-trail",
        ],
    );
    says(told(Operation::CreateTrail, Failure::LimitExceeded), &["at most 5 trails"]);
    says(
        told(Operation::CreateLogGroup, Failure::AccessDenied),
        &[
            "not tried, for something before them failed",
            "trail `organization-trail`",
            "saved query `presigned-URL/account of a user`",
        ],
    );
}

#[test]
fn who_may_have_an_organization_trail_is_told() {
    let of = |organization: Organization| {
        let account = Account::new().in_organization(organization);
        account.move_to("us-east-1");
        account
            .call(&Call::new(Operation::CreateBucket, json!({ "Bucket": "example-organization-trail" })))
            .unwrap();
        account
    };
    // Without trusted access nothing is begun.
    let untrusting = Organization { trusts_cloudtrail: false, ..Organization::managed_here() };
    let plan = plan_with(&of(untrusting.clone()), &options());
    let told: Vec<String> = plan.problems.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["CloudTrail has no trusted access in the organization o-exampleorgid"]);
    assert!(plan.problems[0].help().contains("aws organizations enable-aws-service-access"));

    // Who may not ask learns it from CloudTrail.
    let account = of(untrusting);
    account.inject(When::Every(Operation::ListOrganizationAccess), Failure::AccessDenied);
    let (plan, outcome) = apply(&account);
    let text = outcome_text(&plan, &outcome, TEXT);
    assert!(text.contains("aws organizations enable-aws-service-access"), "{text}");
    let alone = Account::new();
    let failure = Place::find(&alone, "us-east-1", true, &|_| ()).unwrap_err();
    let nowhere =
        Place { account: String::new(), partition: "aws".into(), region: String::new(), organization: None };
    assert!(failure.advice(&nowhere).help.contains("leave `IsOrganizationTrail` out"));
}

#[test]
fn the_service_is_asked_and_agrees() {
    let account = account();
    let download = r#"{"eventName":"GetObject","additionalEventData":{"AuthenticationMethod":"QueryString"},"userIdentity":{"userName":"u"}}"#;
    let events = [download, r#"{"eventName":"GetObject"}"#, ""];
    assert!(verify_remote(&example(), &events, &account, &|_| ()).unwrap().is_empty());
    let asked = account.calls_of(Operation::TestMetricFilter);
    assert_eq!(asked.len(), 2);
    assert_eq!(
        asked[0].input["logEventMessages"].as_array().unwrap().len(),
        2,
        "the service takes no empty event"
    );
}

/// Each row of `spec/provisioning.md` 2: what the service says, and what a person is told of it.
#[test]
fn every_row_of_the_page_has_its_words() {
    let place = Place {
        account: "111122223333".into(),
        partition: "aws".into(),
        region: "us-east-1".into(),
        organization: None,
    };
    let group = json!({ "logGroupName": "g", "filterName": "f" });
    let trail = json!({ "Name": "t" });
    let told = |operation: Operation, input: &Value, fault: Fault| {
        let advice =
            trailql::provision::Failure::new(Call::new(operation, input.clone()), fault, 6).advice(&place);
        format!("{}\n{}", advice.message, advice.help)
    };
    let refused = |operation, input: &Value, code: &str, message: &str| {
        told(operation, input, Fault::service(code, message))
    };
    let rows: Vec<(String, &[&str])> = vec![
        (
            refused(Operation::PutMetricFilter, &group, "RequestLimitExceeded", "slow"),
            &["logs:PutMetricFilter was throttled", "slow", "apply again"],
        ),
        (refused(Operation::PutMetricFilter, &group, "TooManyRequestsException", ""), &["throttled"]),
        (
            refused(Operation::PutMetricFilter, &group, "OperationAbortedException", "two"),
            &["log-group:g", "at the same time"],
        ),
        (refused(Operation::CreateTrail, &trail, "ConflictException", ""), &["trail/t", "at the same time"]),
        (
            refused(Operation::CreateRole, &json!({ "RoleName": "r" }), "EntityAlreadyExists", ""),
            &["role/r was made by somebody else", "--adopt"],
        ),
        (
            refused(Operation::CreateTrail, &trail, "TrailAlreadyExistsException", ""),
            &["trail/t was made by somebody else"],
        ),
        (
            refused(Operation::PutMetricFilter, &group, "LimitExceededException", "Resource limit exceeded."),
            &["quota", "100 metric filters, 5 of them with a regex"],
        ),
        (
            refused(
                Operation::PutMetricFilter,
                &group,
                "InvalidParameterException",
                "Invalid filter pattern",
            ),
            &["refused as not valid", "Invalid filter pattern", "please report it"],
        ),
        (
            refused(Operation::GetRole, &json!({ "RoleName": "r" }), "AccessDenied", ""),
            &["not allowed: iam:GetRole on arn:aws:iam::111122223333:role/r", "--iam-policy"],
        ),
        (
            refused(
                Operation::CreateTrail,
                &trail,
                "InsufficientDependencyServiceAccessPermissionException",
                "User: u is not authorized to perform: organizations:DescribeOrganization",
            ),
            &["not allowed: organizations:DescribeOrganization"],
        ),
        (
            refused(Operation::CreateTrail, &trail, "CloudWatchLogsDeliveryUnavailableException", ""),
            &["after a minute", "sts:AssumeRole", "cloudtrail.amazonaws.com"],
        ),
        (
            refused(Operation::CreateTrail, &trail, "S3BucketDoesNotExistException", "no bucket"),
            &["no bucket", "--bucket-statements"],
        ),
        (
            refused(Operation::CreateTrail, &trail, "InsufficientS3BucketPolicyException", ""),
            &["does not take the trail's files", "--bucket-policy"],
        ),
        (
            refused(Operation::CreateTrail, &trail, "NotOrganizationMasterAccountException", ""),
            &["management account, or of a delegated administrator"],
        ),
        (
            refused(
                Operation::PutEventSelectors,
                &json!({ "TrailName": "t" }),
                "InvalidEventSelectorsException",
                "the rule",
            ),
            &["not valid", "the rule"],
        ),
        (
            refused(Operation::UpdateTrail, &trail, "InvalidHomeRegionException", "us-east-2"),
            &["lives in another region", "us-east-2"],
        ),
        (
            refused(Operation::UpdateTrail, &trail, "TrailNotFoundException", ""),
            &["found no arn:aws:cloudtrail:us-east-1:111122223333:trail/t", "plan again"],
        ),
        (
            refused(Operation::GetTrail, &trail, "ExpiredTokenException", ""),
            &["the session is not valid", "aws sso login"],
        ),
        (told(Operation::GetTrail, &trail, Fault::Region), &["no region is set", "AWS_REGION"]),
        (
            told(
                Operation::GetTrail,
                &trail,
                Fault::Credentials { message: "looked at the environment".into() },
            ),
            &["looked at the environment", "AWS_PROFILE"],
        ),
        (
            told(
                Operation::GetTrail,
                &trail,
                Fault::Unreachable { endpoint: "http://x".into(), reason: "dns".into() },
            ),
            &["cannot reach http://x: dns", "nothing was sent"],
        ),
        (
            told(
                Operation::CreateTrail,
                &trail,
                Fault::NoAnswer { endpoint: "http://x".into(), reason: "time-out".into() },
            ),
            &["it is not known whether cloudtrail:CreateTrail was carried out", "plan again"],
        ),
        (
            refused(Operation::DeleteBucket, &json!({ "Bucket": "b" }), "BucketNotEmpty", ""),
            &["arn:aws:s3:::b is not empty", "empty it"],
        ),
    ];
    for (text, words) in rows {
        for word in words {
            assert!(text.contains(word), "`{word}` in:\n{text}");
        }
    }
}

/// Every text and number of the definitions, but those that are somebody else's concern.
fn said(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            found.push(name.clone());
            said(value, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| said(item, found)),
        Value::String(text) => found.push(text.strip_prefix("topic:").unwrap_or(text).to_owned()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Bool(_) | Value::Null => {}
    }
}

#[test]
fn nothing_that_a_stack_says_is_left_unsaid() {
    let stack = made_stacks::checked(include_str!("cmd/stacks/rich.toml"));
    let account = Account::new().in_organization(Organization::managed_here());
    account.move_to("eu-west-1");
    let place = Place::find(&account, "eu-west-1", true, &|_| ()).unwrap();
    let plan =
        Plan::apply(&stack, &place, &Manifest::new("rich", &place), &account, &|_| (), &options()).unwrap();
    let mut sent = Vec::new();
    let calls = plan.changes.iter().flat_map(|change| &change.calls);
    calls.for_each(|call| said(&Value::Object(call.input.clone()), &mut sent));
    let sent = sent.join("\n");
    let mut definition = serde_json::to_value(stack.definition()).unwrap();
    let members = definition.as_object_mut().unwrap();
    // What the stack is called is a tag; the plan tells that saved metric queries are left out; bodies of dashboards are JSON.
    for member in ["description", "region", "metricQueryDefinitions", "dashboards"] {
        members.remove(member);
    }
    let names: Vec<String> = members.keys().cloned().chain(["AlarmName".to_owned()]).collect();
    let mut written = Vec::new();
    said(&definition, &mut written);
    let lost: Vec<&String> =
        written.iter().filter(|text| !names.contains(text) && !sent.contains(text.as_str())).collect();
    // What the service takes anyway, and a list whose members are requests of their own.
    let defaults = ["ActionsEnabled", "SlidingWindow", "missing", "queryLanguage", "CWLI", "Subscriptions"];
    assert_eq!(lost, defaults);
}
