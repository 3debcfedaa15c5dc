//! A life from the empty account and back, through every operation.

use super::*;

/// The scenario of `spec/provisioning.md` 1, in its order, then its end.
fn calls() -> Vec<Call> {
    let of = Call::new;
    let bucket = json!({ "Bucket": BUCKET });
    let group = json!({ "logGroupName": GROUP });
    let group_arn = format!("arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:{GROUP}");
    let role = json!({ "RoleName": "delivery" });
    let inline = json!({ "RoleName": "delivery", "PolicyName": "logs" });
    let tags = json!([{ "Key": "trailql", "Value": "stack" }]);
    let topic = json!({ "TopicArn": TOPIC });
    let alarm_arn = format!("arn:aws:cloudwatch:eu-central-1:{ACCOUNT}:alarm:downloads");
    let detector = json!({ "Namespace": "trail", "MetricName": "downloads", "Stat": "Sum" });
    let allowed = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": format!("{group_arn}:log-stream:{ACCOUNT}_CloudTrail_eu-central-1*"),
    }] });
    let with = |base: &Value, more: Value| {
        let mut all = base.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let subscription = json!({ "TopicArn": TOPIC, "Protocol": "sqs", "Endpoint": "arn:aws:sqs:eu-central-1:111122223333:q" });
    vec![
        of(Operation::GetCallerIdentity, json!({})),
        of(Operation::DescribeOrganization, json!({})),
        of(Operation::ListOrganizationAccess, json!({})),
        of(
            Operation::CreateBucket,
            with(
                &bucket,
                json!({
                    "CreateBucketConfiguration": { "LocationConstraint": "eu-central-1" },
                }),
            ),
        ),
        of(Operation::ListBuckets, json!({})),
        of(Operation::HeadBucket, bucket.clone()),
        of(Operation::PutBucketPolicy, with(&bucket, json!({ "Policy": bucket_policy(ACCOUNT) }))),
        of(Operation::GetBucketPolicy, bucket.clone()),
        of(Operation::CreateLogGroup, with(&group, json!({ "tags": { "trailql": "stack" } }))),
        of(Operation::PutRetentionPolicy, with(&group, json!({ "retentionInDays": 90 }))),
        of(
            Operation::AssociateKmsKey,
            with(&group, json!({ "kmsKeyId": "arn:aws:kms:eu-central-1:111122223333:key/k" })),
        ),
        of(Operation::TagLogGroup, json!({ "resourceArn": group_arn, "tags": { "digest": "1" } })),
        of(Operation::UntagLogGroup, json!({ "resourceArn": group_arn, "tagKeys": ["digest"] })),
        of(Operation::ListLogGroupTags, json!({ "resourceArn": group_arn })),
        of(Operation::DescribeLogGroups, json!({ "logGroupNamePrefix": GROUP })),
        of(
            Operation::CreateRole,
            with(
                &role,
                json!({
                    "AssumeRolePolicyDocument": trust("cloudtrail.amazonaws.com"), "Tags": tags,
                }),
            ),
        ),
        of(
            Operation::UpdateAssumeRolePolicy,
            with(&role, json!({ "PolicyDocument": trust("cloudtrail.amazonaws.com") })),
        ),
        of(Operation::TagRole, with(&role, json!({ "Tags": tags }))),
        of(Operation::UntagRole, with(&role, json!({ "TagKeys": ["trailql"] }))),
        of(Operation::GetAccountSummary, json!({})),
        of(Operation::GetRole, role.clone()),
        of(Operation::PutRolePolicy, with(&inline, json!({ "PolicyDocument": allowed.to_string() }))),
        of(Operation::GetRolePolicy, inline.clone()),
        of(Operation::CreateTrail, with(&delivering_trail(), json!({ "TagsList": tags }))),
        of(Operation::UpdateTrail, with(&delivering_trail(), json!({ "EnableLogFileValidation": true }))),
        of(Operation::GetTrail, json!({ "Name": TRAIL })),
        of(Operation::DescribeTrails, json!({ "includeShadowTrails": false })),
        of(
            Operation::PutEventSelectors,
            json!({ "TrailName": TRAIL, "AdvancedEventSelectors": [
            { "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }] },
        ] }),
        ),
        of(Operation::GetEventSelectors, json!({ "TrailName": TRAIL })),
        of(Operation::StartLogging, json!({ "Name": TRAIL })),
        of(Operation::GetTrailStatus, json!({ "Name": TRAIL })),
        of(Operation::TagTrail, json!({ "ResourceId": TRAIL, "TagsList": tags })),
        of(Operation::UntagTrail, json!({ "ResourceId": TRAIL, "TagsList": [{ "Key": "trailql" }] })),
        of(Operation::ListTrailTags, json!({ "ResourceIdList": [TRAIL] })),
        of(
            Operation::TestMetricFilter,
            json!({ "filterPattern": "{ $.a = 1 }", "logEventMessages": ["{}"] }),
        ),
        of(Operation::PutMetricFilter, filter("presigned", "{ $.eventName = GetObject }")),
        of(Operation::DescribeMetricFilters, group.clone()),
        of(Operation::PutAnomalyDetector, json!({ "SingleMetricAnomalyDetector": detector })),
        of(Operation::DescribeAnomalyDetectors, json!({ "Namespace": "trail" })),
        of(Operation::CreateTopic, json!({ "Name": "alarms", "Tags": tags })),
        of(Operation::TagTopic, json!({ "ResourceArn": TOPIC, "Tags": tags })),
        of(Operation::UntagTopic, json!({ "ResourceArn": TOPIC, "TagKeys": ["trailql"] })),
        of(Operation::ListTopicTags, json!({ "ResourceArn": TOPIC })),
        of(Operation::GetTopicAttributes, topic.clone()),
        of(Operation::Subscribe, subscription),
        of(Operation::ListTopics, json!({})),
        of(Operation::ListSubscriptionsByTopic, topic.clone()),
        of(
            Operation::PutMetricAlarm,
            json!({
                "AlarmName": "downloads", "Namespace": "trail", "MetricName": "downloads", "Statistic": "Sum",
                "Period": 300, "EvaluationPeriods": 3, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold",
                "AlarmActions": [TOPIC], "Tags": tags,
            }),
        ),
        of(Operation::DescribeAlarms, json!({ "AlarmNames": ["downloads"], "AlarmTypes": ["MetricAlarm"] })),
        of(Operation::TagAlarm, json!({ "ResourceARN": alarm_arn, "Tags": tags })),
        of(Operation::UntagAlarm, json!({ "ResourceARN": alarm_arn, "TagKeys": ["trailql"] })),
        of(Operation::ListAlarmTags, json!({ "ResourceARN": alarm_arn })),
        of(Operation::PutQueryDefinition, json!({ "name": "trail/downloads", "queryString": "limit 1" })),
        of(Operation::DescribeQueryDefinitions, json!({ "queryDefinitionNamePrefix": "trail/" })),
        of(Operation::PutDashboard, json!({ "DashboardName": "trail", "DashboardBody": "{\"widgets\":[]}" })),
        of(Operation::GetDashboard, json!({ "DashboardName": "trail" })),
        of(Operation::ListDashboards, json!({ "DashboardNamePrefix": "tr" })),
        // `spec/provisioning.md` 1, the order to destroy; the saved query and the subscription go by their ids.
        of(Operation::DeleteAlarms, json!({ "AlarmNames": ["downloads"] })),
        of(Operation::DeleteDashboards, json!({ "DashboardNames": ["trail"] })),
        of(Operation::DeleteAnomalyDetector, json!({ "SingleMetricAnomalyDetector": detector })),
        of(Operation::DeleteMetricFilter, with(&group, json!({ "filterName": "presigned" }))),
        of(Operation::StopLogging, json!({ "Name": TRAIL })),
        of(Operation::DeleteTrail, json!({ "Name": TRAIL })),
        of(Operation::DeleteRolePolicy, inline),
        of(Operation::DeleteRole, role),
        of(Operation::DeleteTopic, topic),
        of(Operation::DisassociateKmsKey, group.clone()),
        of(Operation::DeleteRetentionPolicy, group.clone()),
        of(Operation::DeleteLogGroup, group),
        of(Operation::DeleteBucketPolicy, bucket.clone()),
        of(Operation::DeleteBucket, bucket),
    ]
}

#[test]
fn every_operation_is_known_and_nothing_is_left() {
    let account = Account::new().in_organization(Organization::managed_here());
    let mut later = Vec::new();
    for call in calls() {
        // What is in order for the constraints is in order for the account, which reads the pages by itself.
        assert_eq!(constraints::check(&call), []);
        if call.operation == Operation::DeleteTopic {
            for call in later.drain(..) {
                account.call(&call).unwrap();
            }
        }
        let answer = account.call(&call).unwrap_or_else(|fault| panic!("{call}: {fault}"));
        match call.operation {
            Operation::PutQueryDefinition => {
                let id = json!({ "queryDefinitionId": answer["queryDefinitionId"] });
                later.push(Call::new(Operation::DeleteQueryDefinition, id));
            }
            Operation::Subscribe => {
                let arn = json!({ "SubscriptionArn": answer["SubscriptionArn"] });
                later.push(Call::new(Operation::Unsubscribe, arn));
            }
            _ => {}
        }
    }
    let known: BTreeSet<_> = account.calls().into_iter().map(|recorded| recorded.call.operation).collect();
    assert_eq!(known, Operation::ALL.iter().copied().collect());
    assert!(account.is_empty(), "{}", account.snapshot());
}

/// What `Access` promises of an operation, the account keeps.
#[test]
fn puts_change_nothing_the_second_time_and_reads_never() {
    let account = Account::new().in_organization(Organization::managed_here());
    for call in calls() {
        let before = account.snapshot();
        account.call(&call).unwrap_or_else(|fault| panic!("{call}: {fault}"));
        let once = account.snapshot();
        match call.operation.access() {
            Access::Read => assert_eq!(once, before, "{call}"),
            Access::Put => {
                account.call(&call).unwrap_or_else(|fault| panic!("{call}, again: {fault}"));
                assert_eq!(account.snapshot(), once, "{call}");
            }
            Access::Create => assert_ne!(once, before, "{call}"),
            Access::Delete => {}
        }
    }
}
