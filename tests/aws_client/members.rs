//! Every member of every operation goes through unchanged, both ways, by the models that botocore ships.
//!
//! Emulators get some operations wrong and lack others, among them all of anomaly detectors and saved queries, so what
//! the client sends is read by the model, and what it reads is written by the model.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use trailql::provision::{AwsServices, Call, Fault, Operation, Services};

use crate::moto::model::Model;
use crate::recorder::{Recorder, Reply};
use crate::sample::sample;
use crate::{in_environment, moto, options, wire};

/// Members that are in the model but not in the SDK yet; a call with one is refused.
const NOT_IN_THE_SDK: [(Operation, &str); 1] = [(Operation::CreateRole, "MaxSigninSessionDuration")];

/// The member that leads to the next page, where there are pages.
const PAGED: [(Operation, &str); 11] = [
    (Operation::ListOrganizationAccess, "NextToken"),
    (Operation::DescribeLogGroups, "nextToken"),
    (Operation::DescribeMetricFilters, "nextToken"),
    (Operation::DescribeQueryDefinitions, "nextToken"),
    (Operation::DescribeAlarms, "NextToken"),
    (Operation::DescribeAnomalyDetectors, "NextToken"),
    (Operation::ListDashboards, "NextToken"),
    (Operation::ListTrailTags, "NextToken"),
    (Operation::ListBuckets, "ContinuationToken"),
    (Operation::ListTopics, "NextToken"),
    (Operation::ListSubscriptionsByTopic, "NextToken"),
];

#[test]
fn every_member_of_every_operation() {
    in_environment("members::every_member_of_every_operation", &[], || {
        let replies = Arc::new(Mutex::new(Vec::<Reply>::new()));
        let queue = Arc::clone(&replies);
        let server = Recorder::start(move |_| queue.lock().unwrap().remove(0));
        let aws = AwsServices::connect(&options(&server.url())).unwrap();
        let environment = moto::environment();
        for operation in Operation::ALL {
            let model = Model::load(&environment, operation.service().prefix());
            // Two unions have two members, and the longest enumerations are one list of units.
            for turn in 0..2 {
                let token = PAGED.iter().find(|(paged, _)| paged == operation).map(|(_, token)| *token);
                let (input, output) = samples(&model, *operation, turn);
                *replies.lock().unwrap() = replies_in_pages(&model, *operation, &output, token);
                let answer = aws.call(&Call::new(*operation, input.clone()));
                let answer = answer.unwrap_or_else(|fault| panic!("{operation} with {input}: {fault}"));
                assert_eq!(answer, merged(&output, token), "the answer of {operation}");
                let mut expected = input;
                for request in server.take() {
                    let sent = wire::request(&model, operation.name(), &request);
                    assert_eq!(sent, expected, "the request of {operation}");
                    if let Some(token) = token {
                        expected[token] = output[token].clone();
                    }
                }
                assert!(replies.lock().unwrap().is_empty(), "{operation} reads all pages");
            }
        }
    });
}

fn samples(model: &Model, operation: Operation, turn: usize) -> (Value, Value) {
    let definition = model.operation(operation.name());
    let one = |way: &str| match definition[way]["shape"].as_str() {
        Some(shape) => sample(model, shape, way, turn),
        None => json!({}),
    };
    let (mut input, mut output) = (one("input"), one("output"));
    for (lacking, member) in NOT_IN_THE_SDK {
        if lacking == operation {
            assert!(input.as_object_mut().unwrap().remove(member).is_some());
        }
    }
    // The answers of GetRole and CreateRole have the same member.
    if let Some(role) = output.get_mut("Role") {
        role.as_object_mut().unwrap().remove("MaxSigninSessionDuration");
    }
    (input, output)
}

/// A page with a token, and one without that has the lists again.
fn replies_in_pages(model: &Model, operation: Operation, output: &Value, token: Option<&str>) -> Vec<Reply> {
    let output = encoded(operation, output.clone());
    let mut replies = vec![wire::answer(model, operation.name(), &output)];
    if let Some(token) = token {
        let mut last = output;
        last.as_object_mut().unwrap().remove(token);
        replies.push(wire::answer(model, operation.name(), &last));
    }
    replies
}

fn merged(output: &Value, token: Option<&str>) -> Value {
    let mut merged = output.clone();
    let Some(token) = token else { return merged };
    let members = merged.as_object_mut().unwrap();
    members.remove(token);
    // What is no list, such as whose buckets they are, is the same on every page.
    for list in members.values_mut().filter_map(Value::as_array_mut) {
        let again = list.clone();
        list.extend(again);
    }
    merged
}

/// IAM answers with policy documents in the encoding of URLs, by its documentation.
fn encoded(operation: Operation, mut output: Value) -> Value {
    let encode = |document: &mut Value| {
        let text = document.as_str().unwrap().to_owned();
        *document = json!(
            percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC).to_string()
        );
    };
    match operation {
        Operation::GetRolePolicy => encode(&mut output["PolicyDocument"]),
        Operation::GetRole | Operation::CreateRole => encode(&mut output["Role"]["AssumeRolePolicyDocument"]),
        _ => {}
    }
    output
}

#[test]
fn nothing_is_dropped_in_silence() {
    in_environment("members::nothing_is_dropped_in_silence", &[], || {
        let server = Recorder::always(200, &[], "{}");
        let aws = AwsServices::connect(&options(&server.url())).unwrap();
        let refused = |operation, input| match aws.call(&Call::new(operation, input)) {
            Err(Fault::Unsupported { reason }) => reason,
            other => panic!("{other:?}"),
        };
        for (operation, member) in NOT_IN_THE_SDK {
            let reason = refused(operation, json!({ member: 3600 }));
            assert_eq!(reason, format!("{operation} has no member `{member}`"));
        }
        assert_eq!(
            refused(
                Operation::PutMetricAlarm,
                json!({ "Metrics": [{ "Id": "a" }, { "Id": "b", "MetricStat": { "Statistic": "Sum" } }] })
            ),
            "cloudwatch:PutMetricAlarm has no member `Metrics[1].MetricStat.Statistic`"
        );
        assert_eq!(
            refused(Operation::PutMetricAlarm, json!({ "Period": 60.5 })),
            "`Period` of cloudwatch:PutMetricAlarm is not a whole number of 32 bits"
        );
        assert_eq!(
            refused(Operation::TagLogGroup, json!({ "tags": { "team": 1 } })),
            "`tags.team` of logs:TagResource is not a text"
        );
        assert_eq!(
            refused(
                Operation::PutMetricAlarm,
                json!({ "EvaluationWindow": { "SlidingWindow": {}, "WallClockWindow": {} } })
            ),
            "`EvaluationWindow` of cloudwatch:PutMetricAlarm is not an object with one member"
        );
        let reason =
            refused(Operation::TagTopic, json!({ "ResourceArn": "arn", "Tags": [{ "Value": "v" }] }));
        assert!(reason.starts_with("`Tags[0]` of sns:TagResource lacks a required member"), "{reason}");
        assert!(server.take().is_empty(), "nothing was sent");
    });
}

#[test]
fn a_text_that_the_sdk_does_not_know_goes_through() {
    in_environment("members::a_text_that_the_sdk_does_not_know_goes_through", &[], || {
        let model = Model::load(&moto::environment(), "logs");
        let group = json!({ "logGroupName": "g", "logGroupClass": "TOMORROW" });
        let answer = json!({ "logGroups": [group] }).to_string();
        let server = Recorder::start(move |_| Reply::new(200, &[], answer.as_str()));
        let aws = AwsServices::connect(&options(&server.url())).unwrap();
        aws.call(&Call::new(Operation::CreateLogGroup, group.clone())).unwrap();
        assert_eq!(wire::request(&model, "CreateLogGroup", &server.take()[0]), group);
        let found = aws.call(&Call::new(Operation::DescribeLogGroups, json!({}))).unwrap();
        assert_eq!(found["logGroups"][0], group);
    });
}
