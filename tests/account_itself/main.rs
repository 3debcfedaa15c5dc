//! The account in memory that other tests stand on: it does what the specification and AWS's pages say.
#![cfg(feature = "provision")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

#[path = "../account/mod.rs"]
mod account;

use std::collections::BTreeSet;

use account::{ACCOUNT, Account, Failure, Organization, When};
use serde_json::{Value, json};
use trailql::provision::{Access, Call, Cause, Fault, Operation, Services, constraints};

const BUCKET: &str = "trail-bucket";
const GROUP: &str = "aws-cloudtrail-logs";
const TRAIL: &str = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/organization-trail";
const TOPIC: &str = "arn:aws:sns:eu-central-1:111122223333:alarms";

#[track_caller]
fn ok(account: &Account, operation: Operation, input: Value) -> Value {
    account.call(&Call::new(operation, input)).unwrap_or_else(|fault| panic!("{operation}: {fault}"))
}

#[track_caller]
fn refused(account: &Account, operation: Operation, input: Value) -> String {
    let before = account.snapshot();
    let fault = account.call(&Call::new(operation, input)).unwrap_err();
    assert_eq!(account.snapshot(), before, "a refused call changes nothing");
    fault.to_string()
}

#[track_caller]
fn code(account: &Account, operation: Operation, input: Value) -> String {
    let text = refused(account, operation, input);
    text.split_once(':').map(|(code, _)| code.to_owned()).unwrap_or(text)
}

fn group(account: &Account) {
    ok(account, Operation::CreateLogGroup, json!({ "logGroupName": GROUP }));
}

fn filter(name: &str, pattern: &str) -> Value {
    json!({
        "logGroupName": GROUP, "filterName": name, "filterPattern": pattern,
        "metricTransformations": [{ "metricNamespace": "trail", "metricName": "downloads", "metricValue": "1" }],
    })
}

/// What a trail's bucket has to allow (`spec/provisioning.md` 1, row 3).
fn bucket_policy(folder: &str) -> String {
    let principal = json!({ "Service": "cloudtrail.amazonaws.com" });
    json!({ "Version": "2012-10-17", "Statement": [
        {
            "Effect": "Allow", "Principal": principal, "Action": "s3:GetBucketAcl",
            "Resource": format!("arn:aws:s3:::{BUCKET}"),
            "Condition": { "StringEquals": { "aws:SourceArn": TRAIL } },
        },
        {
            "Effect": "Allow", "Principal": principal, "Action": "s3:PutObject",
            "Resource": format!("arn:aws:s3:::{BUCKET}/AWSLogs/{folder}*"),
            "Condition": { "StringEquals": {
                "aws:SourceArn": TRAIL, "s3:x-amz-acl": "bucket-owner-full-control",
            } },
        },
    ] })
    .to_string()
}

fn bucket(account: &Account, policy: &str) {
    ok(
        account,
        Operation::CreateBucket,
        json!({
            "Bucket": BUCKET, "CreateBucketConfiguration": { "LocationConstraint": "eu-central-1" },
        }),
    );
    ok(account, Operation::PutBucketPolicy, json!({ "Bucket": BUCKET, "Policy": policy }));
}

fn trust(service: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole",
    }] })
    .to_string()
}

fn role(account: &Account, stream: &str) {
    ok(
        account,
        Operation::CreateRole,
        json!({
            "RoleName": "delivery", "AssumeRolePolicyDocument": trust("cloudtrail.amazonaws.com"),
        }),
    );
    let policy = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": format!("arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:{GROUP}:log-stream:{stream}"),
    }] });
    ok(
        account,
        Operation::PutRolePolicy,
        json!({
            "RoleName": "delivery", "PolicyName": "logs", "PolicyDocument": policy.to_string(),
        }),
    );
}

fn trail() -> Value {
    json!({ "Name": "organization-trail", "S3BucketName": BUCKET })
}

fn delivering_trail() -> Value {
    json!({
        "Name": "organization-trail", "S3BucketName": BUCKET, "IsMultiRegionTrail": true,
        "CloudWatchLogsLogGroupArn": format!("arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:{GROUP}:*"),
        "CloudWatchLogsRoleArn": format!("arn:aws:iam::{ACCOUNT}:role/delivery"),
    })
}

/// Everything that a delivering trail stands on.
fn ground(account: &Account) {
    group(account);
    bucket(account, &bucket_policy(ACCOUNT));
    role(account, &format!("{ACCOUNT}_CloudTrail_eu-central-1*"));
}

fn names(list: &Value, member: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[member].as_str().unwrap().to_owned()).collect()
}

mod faults;
mod life;
mod logs;
mod metrics;
mod trails;
