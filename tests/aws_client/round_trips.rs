//! Round trips through moto's server, where it does what AWS documents (`spec/provisioning.md` 4).
//!
//! It has no anomaly detectors, saved queries, keys of log groups or answers of TestMetricFilter; those are in
//! `members`.

use serde_json::{Value, json};
use trailql::provision::{AwsServices, Call, Cause, Fault, Operation, Services};

use crate::moto::Moto;
use crate::{in_environment, options};

struct Account {
    aws: AwsServices,
    moto: Moto,
}

impl Account {
    fn new() -> Self {
        let moto = Moto::start();
        Account { aws: AwsServices::connect(&options(&moto.url())).unwrap(), moto }
    }

    fn try_call(&self, operation: Operation, input: Value) -> Result<Value, Fault> {
        self.aws.call(&Call::new(operation, input))
    }

    fn call(&self, operation: Operation, input: Value) -> Value {
        self.try_call(operation, input).unwrap_or_else(|fault| panic!("{operation}: {fault}"))
    }

    fn cause(&self, operation: Operation, input: Value) -> Cause {
        match self.try_call(operation, input) {
            Err(fault @ Fault::Service { .. }) => fault.cause(),
            other => panic!("{operation}: {other:?}"),
        }
    }
}

#[test]
fn identity_and_organization() {
    in_environment("round_trips::identity_and_organization", &[], || {
        let account = Account::new();
        let identity = account.call(Operation::GetCallerIdentity, json!({}));
        assert_eq!(identity["Account"], "123456789012");
        assert_eq!(account.cause(Operation::DescribeOrganization, json!({})), Cause::Organization);
    });
}

#[test]
fn log_groups() {
    in_environment("round_trips::log_groups", &[], || {
        let account = Account::new();
        let tags = json!({ "team": "audit", "stack": "s3" });
        let group = json!({ "logGroupName": "trail/a" });
        account.call(Operation::CreateLogGroup, json!({ "logGroupName": "trail/a", "tags": tags }));
        assert_eq!(account.cause(Operation::CreateLogGroup, group.clone()), Cause::Exists);
        account
            .call(Operation::PutRetentionPolicy, json!({ "logGroupName": "trail/a", "retentionInDays": 30 }));
        let find = || account.call(Operation::DescribeLogGroups, json!({ "logGroupNamePrefix": "trail/a" }));
        let found = find()["logGroups"][0].clone();
        assert_eq!((&found["logGroupName"], &found["retentionInDays"]), (&json!("trail/a"), &json!(30)));
        let arn = "arn:aws:logs:eu-central-1:123456789012:log-group:trail/a";
        assert_eq!(found["arn"], format!("{arn}:*"));
        account.call(Operation::TagLogGroup, json!({ "resourceArn": arn, "tags": { "digest": "0123" } }));
        assert_eq!(
            account.call(Operation::ListLogGroupTags, json!({ "resourceArn": arn })),
            json!({ "tags": { "digest": "0123", "stack": "s3", "team": "audit" } })
        );
        account.call(Operation::UntagLogGroup, json!({ "resourceArn": arn, "tagKeys": ["digest", "team"] }));
        let left = account.call(Operation::ListLogGroupTags, json!({ "resourceArn": arn }));
        assert_eq!(left, json!({ "tags": { "stack": "s3" } }));
        account.call(Operation::DeleteRetentionPolicy, group.clone());
        assert_eq!(find()["logGroups"][0].get("retentionInDays"), None);
        account.call(Operation::DeleteLogGroup, group.clone());
        assert_eq!(find()["logGroups"], json!([]));
        assert_eq!(account.cause(Operation::DeleteLogGroup, group), Cause::Missing);
    });
}

#[test]
fn log_groups_come_in_pages() {
    in_environment("round_trips::log_groups_come_in_pages", &[], || {
        let account = Account::new();
        let names: Vec<String> = (0..120).map(|number| format!("group-{number:03}")).collect();
        for name in &names {
            account.call(Operation::CreateLogGroup, json!({ "logGroupName": name }));
        }
        let found = account.call(Operation::DescribeLogGroups, json!({ "logGroupNamePrefix": "group-" }));
        let found = found["logGroups"].as_array().unwrap();
        let found: Vec<_> = found.iter().map(|group| group["logGroupName"].as_str().unwrap()).collect();
        assert_eq!(found, names);
        account.moto.reset();
        assert_eq!(account.call(Operation::DescribeLogGroups, json!({}))["logGroups"], json!([]));
    });
}

#[test]
fn metric_filters() {
    in_environment("round_trips::metric_filters", &[], || {
        let account = Account::new();
        account.call(Operation::CreateLogGroup, json!({ "logGroupName": "g" }));
        let filter = json!({
            "logGroupName": "g",
            "filterName": "presigned/get-object",
            "filterPattern": "{ $.eventName = \"GetObject\" && $.additionalEventData.x != \"\u{e9}\" }",
            "metricTransformations": [{
                "metricName": "PresignedGet",
                "metricNamespace": "Audit",
                "metricValue": "1",
                "unit": "Count",
                "dimensions": { "Bucket": "$.requestParameters.bucketName", "Event": "$.eventName" },
            }],
        });
        account.call(Operation::PutMetricFilter, filter.clone());
        let found = account.call(Operation::DescribeMetricFilters, json!({ "logGroupName": "g" }));
        let found = &found["metricFilters"][0];
        for member in ["filterName", "filterPattern", "metricTransformations", "logGroupName"] {
            assert_eq!(found[member], filter[member]);
        }
        let name = json!({ "logGroupName": "g", "filterName": "presigned/get-object" });
        account.call(Operation::DeleteMetricFilter, name);
        let left = account.call(Operation::DescribeMetricFilters, json!({ "logGroupName": "g" }));
        assert_eq!(left["metricFilters"], json!([]));
    });
}

#[test]
fn roles() {
    in_environment("round_trips::roles", &[], || {
        let account = Account::new();
        let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"Service": "cloudtrail.amazonaws.com"}}]}"#;
        let role = json!({ "RoleName": "delivery" });
        let create = json!({
            "RoleName": "delivery",
            "AssumeRolePolicyDocument": trust,
            "Tags": [{ "Key": "stack", "Value": "s3" }],
        });
        assert_eq!(account.cause(Operation::GetRole, role.clone()), Cause::Missing);
        account.call(Operation::CreateRole, create.clone());
        assert_eq!(account.cause(Operation::CreateRole, create), Cause::Exists);
        let tag = json!({ "RoleName": "delivery", "Tags": [{ "Key": "digest", "Value": "0123" }] });
        account.call(Operation::TagRole, tag);
        let found = account.call(Operation::GetRole, role.clone())["Role"].clone();
        assert_eq!(parsed(&found["AssumeRolePolicyDocument"]), parsed(&json!(trust)));
        assert_eq!(found["Arn"], "arn:aws:iam::123456789012:role/delivery");
        assert_eq!(found["Tags"].as_array().unwrap().len(), 2);
        account.call(Operation::UntagRole, json!({ "RoleName": "delivery", "TagKeys": ["stack"] }));
        let left = account.call(Operation::GetRole, role.clone())["Role"]["Tags"].clone();
        assert_eq!(left, json!([{ "Key": "digest", "Value": "0123" }]));
        assert!(found["CreateDate"].as_str().unwrap().ends_with('Z'));

        let other = trust.replace("cloudtrail", "events");
        let update = json!({ "RoleName": "delivery", "PolicyDocument": other });
        account.call(Operation::UpdateAssumeRolePolicy, update);
        let found = account.call(Operation::GetRole, role.clone())["Role"].clone();
        assert_eq!(parsed(&found["AssumeRolePolicyDocument"]), parsed(&json!(other)));

        let policy = json!({ "RoleName": "delivery", "PolicyName": "write" });
        let document = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:*:*:log-group:a/b c%20d+e:*"}]}"#;
        let mut put = policy.clone();
        put["PolicyDocument"] = json!(document);
        account.call(Operation::PutRolePolicy, put);
        let found = account.call(Operation::GetRolePolicy, policy.clone());
        assert_eq!(parsed(&found["PolicyDocument"]), parsed(&json!(document)));
        account.call(Operation::DeleteRolePolicy, policy.clone());
        assert_eq!(account.cause(Operation::GetRolePolicy, policy), Cause::Missing);
        account.call(Operation::DeleteRole, role);
    });
}

fn parsed(document: &Value) -> Value {
    serde_json::from_str(document.as_str().unwrap()).unwrap()
}

#[test]
fn buckets() {
    in_environment("round_trips::buckets", &[], || {
        let account = Account::new();
        let bucket = || json!({ "Bucket": "audit-trail" });
        let with = |member: &str, value: Value| json!({ "Bucket": "audit-trail", member: value });
        assert_eq!(account.cause(Operation::HeadBucket, bucket()), Cause::Missing);
        let place = json!({ "LocationConstraint": "eu-central-1" });
        account.call(Operation::CreateBucket, with("CreateBucketConfiguration", place));
        account.call(Operation::HeadBucket, bucket());
        assert_eq!(account.cause(Operation::GetBucketPolicy, bucket()), Cause::Missing);
        let policy = r#"{"Version":"2012-10-17","Statement":[{"Sid":"trail","Effect":"Allow",
            "Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:GetBucketAcl",
            "Resource":"arn:aws:s3:::audit-trail"}]}"#;
        account.call(Operation::PutBucketPolicy, with("Policy", json!(policy)));
        assert_eq!(account.call(Operation::GetBucketPolicy, bucket()), json!({ "Policy": policy }));
        account.call(Operation::DeleteBucketPolicy, bucket());
        account.call(Operation::DeleteBucket, bucket());
        assert_eq!(account.cause(Operation::HeadBucket, bucket()), Cause::Missing);
    });
}

#[test]
fn trails() {
    in_environment("round_trips::trails", &[], || {
        let account = Account::new();
        let trail = json!({ "Name": "audit" });
        let create = json!({
            "Name": "audit",
            "S3BucketName": "audit-trail",
            "IsMultiRegionTrail": true,
            "EnableLogFileValidation": true,
            "TagsList": [{ "Key": "stack", "Value": "s3" }],
        });
        assert_eq!(account.cause(Operation::CreateTrail, create.clone()), Cause::Bucket);
        let place = json!({ "LocationConstraint": "eu-central-1" });
        let bucket = json!({ "Bucket": "audit-trail", "CreateBucketConfiguration": place });
        account.call(Operation::CreateBucket, bucket);
        let created = account.call(Operation::CreateTrail, create);
        let arn = "arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit";
        assert_eq!((&created["TrailARN"], &created["IsMultiRegionTrail"]), (&json!(arn), &json!(true)));
        let found = account.call(Operation::GetTrail, trail.clone())["Trail"].clone();
        assert_eq!((&found["Name"], &found["S3BucketName"]), (&json!("audit"), &json!("audit-trail")));
        account.call(Operation::StartLogging, trail.clone());
        let status = account.call(Operation::GetTrailStatus, trail.clone());
        assert_eq!(status["IsLogging"], true);
        assert!(status["StartLoggingTime"].as_str().unwrap().ends_with('Z'), "{status}");
        account.call(Operation::StopLogging, trail.clone());
        assert_eq!(account.call(Operation::GetTrailStatus, trail.clone())["IsLogging"], false);
        let tags = json!({ "ResourceId": arn, "TagsList": [{ "Key": "digest", "Value": "0123" }] });
        account.call(Operation::TagTrail, tags);
        let tags = account.call(Operation::ListTrailTags, json!({ "ResourceIdList": [arn] }));
        assert_eq!(
            tags["ResourceTagList"][0]["TagsList"],
            json!([{ "Key": "stack", "Value": "s3" }, { "Key": "digest", "Value": "0123" }])
        );
        account.call(Operation::UntagTrail, json!({ "ResourceId": arn, "TagsList": [{ "Key": "stack" }] }));
        let left = account.call(Operation::ListTrailTags, json!({ "ResourceIdList": [arn] }));
        assert_eq!(left["ResourceTagList"][0]["TagsList"], json!([{ "Key": "digest", "Value": "0123" }]));
        // What moto makes of selectors and updates is not what AWS makes of them; that they arrive is in `members`.
        let selector = json!({
            "Name": "presigned",
            "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Data"] }],
        });
        let selectors = json!({ "TrailName": "audit", "AdvancedEventSelectors": [selector] });
        account.call(Operation::PutEventSelectors, selectors);
        let found = account.call(Operation::GetEventSelectors, json!({ "TrailName": "audit" }));
        assert_eq!(found["TrailARN"], arn);
        account.call(Operation::UpdateTrail, json!({ "Name": "audit", "IsMultiRegionTrail": false }));
        account.call(Operation::DeleteTrail, trail.clone());
        assert_eq!(account.cause(Operation::GetTrail, trail), Cause::Missing);
    });
}

#[test]
fn alarms() {
    in_environment("round_trips::alarms", &[], || {
        let account = Account::new();
        let band = json!({
            "AlarmName": "presigned/band",
            "EvaluationPeriods": 3,
            "DatapointsToAlarm": 2,
            "ComparisonOperator": "GreaterThanUpperThreshold",
            "ThresholdMetricId": "ad1",
            "TreatMissingData": "notBreaching",
            "AlarmActions": ["arn:aws:sns:eu-central-1:123456789012:audit"],
            "Metrics": [
                {
                    "Id": "m1",
                    "ReturnData": true,
                    "MetricStat": {
                        "Metric": {
                            "Namespace": "Audit",
                            "MetricName": "PresignedGet",
                            "Dimensions": [{ "Name": "Bucket", "Value": "b" }],
                        },
                        "Period": 300,
                        "Stat": "Sum",
                    },
                },
                { "Id": "ad1", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)", "ReturnData": true },
            ],
        });
        account.call(Operation::PutMetricAlarm, band.clone());
        account.call(
            Operation::PutMetricAlarm,
            json!({
                "AlarmName": "static",
                "Namespace": "Audit",
                "MetricName": "PresignedGet",
                "Statistic": "Sum",
                "Period": 60,
                "EvaluationPeriods": 1,
                "Threshold": 0.5,
                "ComparisonOperator": "GreaterThanThreshold",
                "Tags": [{ "Key": "stack", "Value": "s3" }],
            }),
        );
        let find = |name: &str| account.call(Operation::DescribeAlarms, json!({ "AlarmNames": [name] }));
        let found = find("presigned/band")["MetricAlarms"][0].clone();
        for member in
            ["ComparisonOperator", "ThresholdMetricId", "TreatMissingData", "AlarmActions", "Metrics"]
        {
            assert_eq!(found[member], band[member], "{member}");
        }
        let found = find("static")["MetricAlarms"][0].clone();
        assert_eq!(found["Threshold"], json!(0.5));
        assert!(found["StateUpdatedTimestamp"].as_str().unwrap().ends_with('Z'));
        let arn = found["AlarmArn"].clone();
        let tag = json!({ "ResourceARN": arn, "Tags": [{ "Key": "digest", "Value": "0123" }] });
        account.call(Operation::TagAlarm, tag);
        let tags = account.call(Operation::ListAlarmTags, json!({ "ResourceARN": arn }));
        assert_eq!(tags["Tags"].as_array().unwrap().len(), 2);
        account.call(Operation::UntagAlarm, json!({ "ResourceARN": arn, "TagKeys": ["digest"] }));
        let tags = account.call(Operation::ListAlarmTags, json!({ "ResourceARN": arn }));
        assert_eq!(tags["Tags"].as_array().unwrap().len(), 1);
        account.call(Operation::DeleteAlarms, json!({ "AlarmNames": ["presigned/band", "static"] }));
        assert_eq!(account.call(Operation::DescribeAlarms, json!({}))["MetricAlarms"], json!([]));
    });
}

#[test]
fn dashboards() {
    in_environment("round_trips::dashboards", &[], || {
        let account = Account::new();
        let name = json!({ "DashboardName": "presigned" });
        assert_eq!(account.cause(Operation::GetDashboard, name.clone()), Cause::Missing);
        let body = r#"{"widgets":[{"type":"text","properties":{"markdown":"a & <b>"}}]}"#;
        let put = json!({ "DashboardName": "presigned", "DashboardBody": body });
        account.call(Operation::PutDashboard, put);
        let found = account.call(Operation::GetDashboard, name.clone());
        assert_eq!((&found["DashboardBody"], &found["DashboardName"]), (&json!(body), &json!("presigned")));
        account.call(Operation::DeleteDashboards, json!({ "DashboardNames": ["presigned"] }));
        assert_eq!(account.cause(Operation::GetDashboard, name), Cause::Missing);
    });
}

#[test]
fn topics() {
    in_environment("round_trips::topics", &[], || {
        let account = Account::new();
        let created = account.call(
            Operation::CreateTopic,
            json!({ "Name": "audit", "Attributes": { "DisplayName": "Audit & co" } }),
        );
        let arn = "arn:aws:sns:eu-central-1:123456789012:audit";
        assert_eq!(created, json!({ "TopicArn": arn }));
        let topic = || json!({ "TopicArn": arn });
        let found = account.call(Operation::GetTopicAttributes, topic());
        assert_eq!(found["Attributes"]["DisplayName"], "Audit & co");
        let tags = json!([{ "Key": "stack", "Value": "s3" }]);
        account.call(Operation::TagTopic, json!({ "ResourceArn": arn, "Tags": tags }));
        let found = account.call(Operation::ListTopicTags, json!({ "ResourceArn": arn }));
        assert_eq!(found, json!({ "Tags": tags }));
        account.call(Operation::UntagTopic, json!({ "ResourceArn": arn, "TagKeys": ["stack"] }));
        let left = account.call(Operation::ListTopicTags, json!({ "ResourceArn": arn }));
        assert_eq!(left, json!({ "Tags": [] }));
        let subscribe = |number: usize| {
            let endpoint = format!("person{number}@example.com");
            json!({ "TopicArn": arn, "Protocol": "email", "Endpoint": endpoint, "ReturnSubscriptionArn": true })
        };
        // A page has 100.
        let made: Vec<_> =
            (0..101).map(|number| account.call(Operation::Subscribe, subscribe(number))).collect();
        let found = account.call(Operation::ListSubscriptionsByTopic, topic());
        let found = found["Subscriptions"].as_array().unwrap();
        assert_eq!(found.len(), made.len());
        for (subscription, made) in found.iter().zip(&made) {
            assert_eq!(subscription["SubscriptionArn"], made["SubscriptionArn"]);
            account.call(Operation::Unsubscribe, made.clone());
        }
        let left = account.call(Operation::ListSubscriptionsByTopic, topic());
        assert_eq!(left, json!({ "Subscriptions": [] }));
        account.call(Operation::DeleteTopic, topic());
        assert_eq!(account.cause(Operation::GetTopicAttributes, topic()), Cause::Missing);
    });
}
