//! Requests of the specification, and random ones: what is in order passes, and each thing put wrong is found.

mod mutated;
mod random;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::check;
use super::table;
use crate::provision::{Call, Operation};

fn messages(operation: Operation, input: Value) -> Vec<String> {
    check(&Call::new(operation, input)).iter().map(ToString::to_string).collect()
}

/// A change to a request.
type Change<'c> = &'c dyn Fn(&mut Value);

fn filter(change: Change<'_>) -> Vec<String> {
    let mut input = json!({
        "logGroupName": "aws-cloudtrail-logs",
        "filterName": "presigned-url",
        "filterPattern": "{ $.eventName = GetObject }",
        "metricTransformations": [{
            "metricNamespace": "trail", "metricName": "downloads", "metricValue": "1", "unit": "Count",
            "dimensions": { "User": "$.userIdentity.userName" },
        }],
    });
    change(&mut input);
    messages(Operation::PutMetricFilter, input)
}

#[test]
fn every_operation_has_its_request_and_every_pattern_can_be_translated() {
    let table = table::table().unwrap();
    for operation in Operation::ALL {
        assert!(table.requests.contains_key(operation.to_string().as_str()), "{operation}");
    }
    assert_eq!(table.requests.len(), Operation::ALL.len());
    let mut patterns = 0;
    for request in table.requests.values() {
        for pattern in request.members.values().filter_map(|member| member.pattern.as_ref()) {
            pattern.matches("").unwrap();
            patterns += 1;
        }
        for rule in request.rules.values().flatten() {
            if let super::pages::Rule::Form { pattern, .. } | super::pages::Rule::NotForm { pattern, .. } =
                rule
            {
                pattern.matches("").unwrap();
                patterns += 1;
            }
        }
    }
    assert!(patterns > 100, "{patterns}");
}

#[test]
fn a_filter_of_the_scenario_is_in_order() {
    assert_eq!(filter(&|_| ()), [""; 0]);
}

#[test]
fn lengths_are_of_characters() {
    assert_eq!(
        filter(&|input| input["metricTransformations"][0]["metricName"] = "x".repeat(300).into()),
        [
            "logs:PutMetricFilter: metricTransformations[0].metricName has 300 characters, and the service takes at most 255"
        ]
    );
    assert_eq!(
        filter(&|input| input["metricTransformations"][0]["metricName"] = "é".repeat(255).into()),
        [""; 0]
    );
    assert_eq!(
        filter(&|input| input["filterPattern"] = "x".repeat(1025).into()),
        ["logs:PutMetricFilter: filterPattern has 1025 characters, and the service takes at most 1024"]
    );
    assert_eq!(filter(&|input| input["filterPattern"] = "".into()), [""; 0]);
    assert_eq!(
        filter(&|input| input["filterName"] = "".into()),
        ["logs:PutMetricFilter: filterName has 0 characters, and the service takes at least 1"]
    );
}

#[test]
fn counts_of_lists_and_maps() {
    assert_eq!(
        filter(&|input| input["metricTransformations"] = json!([])),
        ["logs:PutMetricFilter: metricTransformations has 0 items, and the service takes at least 1"]
    );
    assert_eq!(
        filter(&|input| {
            let entry = input["metricTransformations"][0].clone();
            input["metricTransformations"] = json!([entry.clone(), entry]);
        }),
        ["logs:PutMetricFilter: metricTransformations has 2 items, and the service takes at most 1"]
    );
    assert_eq!(
        messages(
            Operation::TagLogGroup,
            json!({ "resourceArn": "arn:aws:logs:eu-west-1:111122223333:log-group:a", "tags": {} })
        ),
        ["logs:TagResource: tags has 0 entries, and the service takes at least 1"]
    );
    let four = json!({ "a": "$.a", "b": "$.b", "c": "$.c", "d": "$.d" });
    assert_eq!(
        filter(&|input| input["metricTransformations"][0]["dimensions"] = four.clone()),
        [
            "logs:PutMetricFilter: metricTransformations[0].dimensions has 4 entries, and the service takes at most 3"
        ]
    );
    assert_eq!(
        filter(&|input| {
            input["emitSystemFieldDimensions"] = json!(["@aws.account", "@aws.region", "@source.log"]);
        }),
        [
            "logs:PutMetricFilter: metricTransformations[0] has 4 dimensions together with `emitSystemFieldDimensions`, and the service takes at most 3"
        ]
    );
}

#[test]
fn members_types_and_values() {
    assert_eq!(
        filter(&|input| input["metricTransformations"][0]["metricname"] = "x".into()),
        [
            "logs:PutMetricFilter: metricTransformations[0].metricname is not a member that the service knows; did you mean `metricName`?"
        ]
    );
    assert_eq!(
        filter(&|input| {
            input.as_object_mut().unwrap().remove("filterPattern");
        }),
        ["logs:PutMetricFilter: filterPattern is missing, and the service requires it"]
    );
    assert_eq!(
        filter(&|input| input["metricTransformations"][0]["metricValue"] = 1.into()),
        [
            "logs:PutMetricFilter: metricTransformations[0].metricValue is a number, and the service takes a string"
        ]
    );
    assert_eq!(
        filter(&|input| input["filterName"] = Value::Null),
        ["logs:PutMetricFilter: filterName is null, and the service takes a string"]
    );
    let unit = filter(&|input| input["metricTransformations"][0]["unit"] = "Counts".into());
    assert!(
        unit[0].starts_with(
            "logs:PutMetricFilter: metricTransformations[0].unit is `Counts`, and the service takes only `Seconds`, "
        ) && unit[0].ends_with("`Count/Second` or `None`"),
        "{unit:?}"
    );
    assert_eq!(
        filter(&|input| input["metricTransformations"][0]["metricNamespace"] = "AWS:x".into()),
        [
            "logs:PutMetricFilter: metricTransformations[0].metricNamespace is `AWS:x`, and the service takes only what matches `[^:*$]*` as a whole"
        ]
    );
    assert_eq!(
        messages(
            Operation::CreateLogGroup,
            json!({ "logGroupName": "a b", "tags": { "owner*": "x", "team": "é\u{7}" } })
        ),
        [
            r"logs:CreateLogGroup: logGroupName is `a b`, and the service takes only what matches `[\.\-_/#A-Za-z0-9]+` as a whole",
            r"logs:CreateLogGroup: tags{key owner*} is `owner*`, and the service takes only what matches `^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$` as a whole",
            "logs:CreateLogGroup: tags{team} is `é\u{7}`, and the service takes only what matches `^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$` as a whole",
        ]
    );
}

#[test]
fn numbers_and_times() {
    let role = |seconds: i64| {
        messages(
            Operation::CreateRole,
            json!({ "RoleName": "r", "AssumeRolePolicyDocument": "{}", "MaxSessionDuration": seconds }),
        )
    };
    assert_eq!(role(3600), [""; 0]);
    assert_eq!(
        role(3599),
        ["iam:CreateRole: MaxSessionDuration is 3599, and the service takes at least 3600"]
    );
    assert_eq!(
        role(43201),
        ["iam:CreateRole: MaxSessionDuration is 43201, and the service takes at most 43200"]
    );

    let excluded = |time: &str| {
        messages(
            Operation::PutAnomalyDetector,
            json!({
                "SingleMetricAnomalyDetector": { "Namespace": "trail", "MetricName": "downloads", "Stat": "Sum" },
                "Configuration": { "ExcludedTimeRanges": [{ "StartTime": time, "EndTime": "2026-11-30T09:00:00Z" }] },
            }),
        )
    };
    assert_eq!(excluded("2026-11-30T08:00:00Z"), [""; 0]);
    assert_eq!(
        excluded("2026-11-30"),
        [
            "cloudwatch:PutAnomalyDetector: Configuration.ExcludedTimeRanges[0].StartTime is a string, and the service takes a time such as `2026-11-30T08:00:00Z`"
        ]
    );
}

#[test]
fn statistics_of_detectors_are_matched_as_a_whole() {
    let stat = |stat: &str| {
        let metric = json!({ "Namespace": "trail", "MetricName": "downloads", "Stat": stat });
        messages(Operation::PutAnomalyDetector, json!({ "SingleMetricAnomalyDetector": metric })).len()
    };
    for good in ["Sum", "p99", "p99.9", "tm90", "TM(10%:90%)", "PR(:300)", "IQM"] {
        assert_eq!(stat(good), 0, "{good}");
    }
    for bad in ["sum", "Sum ", "p101x", "TM(10:90%)", "xSum", ""] {
        assert_eq!(stat(bad), 1, "{bad}");
    }
}

#[test]
fn what_excludes_or_needs_another_member() {
    assert_eq!(
        filter(&|input| input["metricTransformations"][0]["defaultValue"] = 0.into()),
        [
            "logs:PutMetricFilter: metricTransformations[0].defaultValue is there together with `dimensions`, and the service takes only one of them"
        ]
    );
    assert_eq!(
        messages(Operation::DescribeMetricFilters, json!({ "metricName": "downloads" })),
        [
            "logs:DescribeMetricFilters: metricName is there without `metricNamespace`, and the service takes it only together with that"
        ]
    );
    assert_eq!(
        messages(Operation::PutEventSelectors, json!({ "TrailName": "trail" })),
        [
            "cloudtrail:PutEventSelectors: the request has none, and the service takes exactly one of `EventSelectors` and `AdvancedEventSelectors`"
        ]
    );
    assert_eq!(
        messages(Operation::PutMetricAlarm, json!({ "AlarmName": "a", "MetricName": "m", "Metrics": [] })),
        [
            "cloudwatch:PutMetricAlarm: the request has `MetricName` and `Metrics`, and the service takes exactly one of `MetricName`, `Metrics` and `EvaluationCriteria`"
        ]
    );
    assert_eq!(
        messages(
            Operation::PutMetricAlarm,
            json!({
                "AlarmName": "a", "Namespace": "n", "MetricName": "m", "Period": 90, "Statistic": "Sum",
                "EvaluationPeriods": 2, "DatapointsToAlarm": 3, "Threshold": 1,
                "ComparisonOperator": "GreaterThanThreshold",
            })
        ),
        [
            "cloudwatch:PutMetricAlarm: DatapointsToAlarm is 3, and the service takes at most as many as `EvaluationPeriods`, which is 2",
            "cloudwatch:PutMetricAlarm: Period is 90, and the service takes 10, 20, 30 or a multiple of 60",
        ]
    );
}

#[test]
fn a_trail_of_all_regions_has_global_events() {
    let trail = |everywhere: bool, global: bool| {
        let input = json!({ "Name": "trail", "S3BucketName": "trail-bucket", "IsMultiRegionTrail": everywhere,
            "IncludeGlobalServiceEvents": global });
        messages(Operation::CreateTrail, input)
    };
    assert_eq!(
        trail(true, false),
        [
            "cloudtrail:CreateTrail: IncludeGlobalServiceEvents is false while `IsMultiRegionTrail` is true, and the service takes only both"
        ]
    );
    assert!(trail(true, true).is_empty() && trail(false, false).is_empty());
}

#[test]
fn names_that_only_pages_describe() {
    let trail = |name: &str| {
        messages(Operation::CreateTrail, json!({ "Name": name, "S3BucketName": "trail-bucket" })).len()
    };
    // Those of the page of CreateTrail.
    for bad in ["my-_namespace", "my--namespace", "192.168.5.4", "-a-b", "ab-", "a b c", "ab", "ärger"] {
        assert_eq!(trail(bad), 1, "{bad}");
    }
    for good in ["organization-trail", "a.b_c-d", "abc"] {
        assert_eq!(trail(good), 0, "{good}");
    }
    assert_eq!(
        messages(
            Operation::StartLogging,
            json!({ "Name": "arn:aws:cloudtrail:us-east-2:123456789012:trail/MyTrail" })
        ),
        [""; 0]
    );

    let group = |arn: &str| {
        let input =
            json!({ "Name": "trail", "S3BucketName": "trail-bucket", "CloudWatchLogsLogGroupArn": arn });
        messages(Operation::CreateTrail, input)
    };
    assert_eq!(group("arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"), [""; 0]);
    assert_eq!(
        group("arn:aws:logs:eu-west-1:111122223333:log-group:trail"),
        [
            "cloudtrail:CreateTrail: CloudWatchLogsLogGroupArn is `arn:aws:logs:eu-west-1:111122223333:log-group:trail`, and the service takes an ARN that ends in `:*`"
        ]
    );

    let bucket = |name: &str| messages(Operation::CreateBucket, json!({ "Bucket": name })).len();
    for bad in ["ab", "Trail", "a..b", "10.0.0.1", "xn--trail", "trail-s3alias", "trail-", &"a".repeat(64)] {
        assert_eq!(bucket(bad), 1, "{bad}");
    }
    assert_eq!(bucket("trail.bucket-1"), 0);

    let topic = |name: &str| messages(Operation::CreateTopic, json!({ "Name": name })).len();
    assert_eq!([topic("alarms_1-a"), topic("a.fifo"), topic("a.b"), topic(&"a".repeat(257))], [0, 0, 1, 1]);
    let dashboard = |name: &str| {
        messages(Operation::PutDashboard, json!({ "DashboardName": name, "DashboardBody": "{}" })).len()
    };
    assert_eq!(
        [dashboard("trail_1-a"), dashboard("a b"), dashboard(&"a".repeat(256)), dashboard("")],
        [0, 1, 1, 1]
    );
    let group = |name: &str| messages(Operation::CreateLogGroup, json!({ "logGroupName": name })).len();
    assert_eq!([group("aws/x"), group("/aws/x"), group("aws-x")], [1, 0, 0]);
}

#[test]
fn every_documented_retention_and_no_other() {
    // `spec/provisioning.md` 1, row 4.
    let legal = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
        3653,
    ];
    for days in -1..4000 {
        let found =
            messages(Operation::PutRetentionPolicy, json!({ "logGroupName": "a", "retentionInDays": days }))
                .len();
        assert_eq!(found, usize::from(!legal.contains(&days)), "{days}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_request_within_the_table_passes_and_each_change_is_found(call in random::call()) {
        prop_assert_eq!(check(&call), []);
        for mutation in mutated::all(&call) {
            let found = check(&mutation.call);
            prop_assert!(
                found.iter().any(|violation| violation.path == mutation.path && (mutation.is)(&violation.wrong)),
                "{} {} of {:?}: {:?}", mutation.what, mutation.path, mutation.call, found
            );
        }
    }
}
