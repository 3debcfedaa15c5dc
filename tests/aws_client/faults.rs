//! What a person is told when a service refuses, or cannot be reached, or does not answer.

use std::net::TcpListener;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trailql::provision::{AwsOptions, AwsServices, Call, Cause, Fault, Operation, Services};

use crate::moto::cbor;
use crate::recorder::{Recorder, Reply};
use crate::{SECRET, in_environment, options};

fn connect(url: &str) -> AwsServices {
    AwsServices::connect(&options(url)).unwrap()
}

fn ask(aws: &AwsServices, operation: Operation, input: Value) -> Result<Value, Fault> {
    let answer = aws.call(&Call::new(operation, input));
    if let Err(fault) = &answer {
        assert!(!format!("{fault} {fault:?}").contains(SECRET), "{fault:?}");
    }
    answer
}

fn alarms(aws: &AwsServices) -> Fault {
    ask(aws, Operation::DescribeAlarms, json!({})).unwrap_err()
}

fn refused(url: &str, operation: Operation, input: Value) -> (String, String, Option<u16>) {
    match ask(&connect(url), operation, input) {
        Err(Fault::Service { code, message, status }) => (code, message, status),
        other => panic!("{operation}: {other:?}"),
    }
}

fn service(code: &str, message: &str, status: u16) -> (String, String, Option<u16>) {
    (code.to_owned(), message.to_owned(), Some(status))
}

#[test]
fn nobody_listens() {
    in_environment("faults::nobody_listens", &[], || {
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let fault = alarms(&connect(&format!("http://{free}")));
        let Fault::Unreachable { endpoint, reason } = &fault else { panic!("{fault:?}") };
        assert_eq!(*endpoint, format!("http://{free}"));
        assert!(reason.to_lowercase().contains("connection refused"), "{reason}");
        assert_eq!(fault.cause(), Cause::Network);
    });
}

#[test]
fn no_such_host() {
    in_environment("faults::no_such_host", &[], || {
        // The name is reserved for names that do not exist (RFC 2606).
        let fault = alarms(&connect("https://monitoring.invalid"));
        let Fault::Unreachable { endpoint, reason } = &fault else { panic!("{fault:?}") };
        assert_eq!(endpoint, "https://monitoring.invalid");
        // Where no resolver answers at all, the time for a connection is over first.
        assert!(reason.contains("dns") || reason.contains("time"), "{reason}");
    });
}

#[test]
fn somebody_who_does_not_speak_tls() {
    in_environment("faults::somebody_who_does_not_speak_tls", &[], || {
        let server = Recorder::always(200, &[], "{}");
        let url = server.url().replace("http:", "https:");
        let fault = alarms(&connect(&url));
        let Fault::Unreachable { endpoint, reason } = &fault else { panic!("{fault:?}") };
        assert_eq!(*endpoint, url);
        assert!(!reason.is_empty());
    });
}

#[test]
fn a_connection_that_never_comes_about() {
    in_environment("faults::a_connection_that_never_comes_about", &[], || {
        // Nobody answers the greeting of TLS, so no request is sent.
        let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("https://{}", silent.local_addr().unwrap());
        let impatient = AwsOptions { connect_timeout: Some(Duration::from_millis(300)), ..options(&url) };
        let begin = Instant::now();
        let fault = alarms(&AwsServices::connect(&impatient).unwrap());
        assert!(begin.elapsed() < Duration::from_secs(10));
        let Fault::Unreachable { endpoint, reason } = &fault else { panic!("{fault:?}") };
        assert_eq!(*endpoint, url);
        assert!(reason.contains("timeout"), "{reason}");
    });
}

#[test]
fn an_endpoint_that_is_no_url() {
    in_environment("faults::an_endpoint_that_is_no_url", &[], || {
        let fault = alarms(&connect("not a url"));
        assert!(matches!(fault, Fault::Unsupported { .. }), "{fault:?}");
        assert!(fault.to_string().contains("not a url"), "{fault}");
    });
}

#[test]
fn the_connection_is_cut_after_the_request() {
    in_environment("faults::the_connection_is_cut_after_the_request", &[], || {
        for half in [false, true] {
            let server = Recorder::start(move |_| if half { Reply::HalfAnAnswer } else { Reply::Cut });
            let fault =
                ask(&connect(&server.url()), Operation::GetTrail, json!({ "Name": "t" })).unwrap_err();
            let Fault::NoAnswer { endpoint, reason } = &fault else { panic!("{fault:?}") };
            assert_eq!(*endpoint, server.url());
            assert!(!reason.is_empty());
            assert_eq!(fault.cause(), Cause::Unknown);
            assert_eq!(server.take().len(), 1, "nothing is sent twice");
        }
    });
}

#[test]
fn the_server_never_answers() {
    in_environment("faults::the_server_never_answers", &[], || {
        let server = Recorder::start(|_| Reply::Silence);
        let patient = AwsOptions { attempt_timeout: Some(Duration::from_secs(2)), ..options(&server.url()) };
        let aws = AwsServices::connect(&patient).unwrap();
        let begin = Instant::now();
        let fault = alarms(&aws);
        assert!(begin.elapsed() < Duration::from_secs(10));
        let Fault::NoAnswer { endpoint, reason } = &fault else { panic!("{fault:?}") };
        assert_eq!(*endpoint, server.url());
        assert!(reason.contains("timeout") || reason.contains("timed out"), "{reason}");
        assert_eq!(server.take().len(), 1, "nothing is sent twice");
        // What is still on its way does not hold up the end.
        drop(aws);
        assert!(begin.elapsed() < Duration::from_secs(10));
    });
}

#[test]
fn refusals_of_json() {
    in_environment("faults::refusals_of_json", &[], || {
        let server = Recorder::always(
            400,
            &[("Content-Type", "application/x-amz-json-1.1")],
            r#"{"__type": "com.amazonaws.logs#ResourceAlreadyExistsException", "message": "it is there"}"#,
        );
        let group = json!({ "logGroupName": "g" });
        let refusal = refused(&server.url(), Operation::CreateLogGroup, group.clone());
        assert_eq!(refusal, service("ResourceAlreadyExistsException", "it is there", 400));
        assert_eq!(server.take().len(), 1);

        // A code that the operation's model does not have, and the member's other spelling.
        let server = Recorder::always(400, &[], r#"{"__type": "ThrottlingException", "Message": "slower"}"#);
        let refusal = refused(&server.url(), Operation::CreateLogGroup, group.clone());
        assert_eq!(refusal, service("ThrottlingException", "slower", 400));
        assert_eq!(server.take().len(), 1, "the client does not retry");

        let server = Recorder::always(503, &[("Content-Type", "text/html")], "<html>come back later</html>");
        let (code, message, status) = refused(&server.url(), Operation::CreateLogGroup, group);
        assert_eq!((code.as_str(), status), ("Http503", Some(503)));
        assert!(message.contains("503"), "{message}");
    });
}

#[test]
fn refusals_of_query() {
    in_environment("faults::refusals_of_query", &[], || {
        let server = Recorder::always(
            409,
            &[("Content-Type", "text/xml")],
            "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>\
             <Code>EntityAlreadyExists</Code><Message>Role with name r already exists.</Message></Error>\
             <RequestId>1</RequestId></ErrorResponse>",
        );
        let role = json!({ "RoleName": "r", "AssumeRolePolicyDocument": "{}" });
        let refusal = refused(&server.url(), Operation::CreateRole, role);
        assert_eq!(refusal, service("EntityAlreadyExists", "Role with name r already exists.", 409));

        let server = Recorder::always(
            403,
            &[],
            "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code>\
             <Message>The security token included in the request is expired</Message></Error></ErrorResponse>",
        );
        let fault = ask(&connect(&server.url()), Operation::GetCallerIdentity, json!({})).unwrap_err();
        assert_eq!(fault.cause(), Cause::Session, "{fault}");
    });
}

#[test]
fn refusals_of_cbor() {
    in_environment("faults::refusals_of_cbor", &[], || {
        let headers = [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")];
        // The service keeps the codes of its older protocol in a header.
        let server = Recorder::start(move |_| {
            let query = ("x-amzn-query-error", "ResourceNotFound;Sender");
            let body = cbor::error("com.amazonaws.cloudwatch#DashboardNotFoundError", "no dashboard d");
            Reply::new(404, &[headers[0], headers[1], query], body)
        });
        let dashboard = json!({ "DashboardName": "d" });
        let fault = ask(&connect(&server.url()), Operation::GetDashboard, dashboard).unwrap_err();
        assert_eq!(fault.cause(), Cause::Missing, "{fault:?}");
        assert_eq!(fault.to_string(), "ResourceNotFound: no dashboard d");

        let server = Recorder::start(move |_| {
            Reply::new(400, &headers, cbor::error("LimitExceededFault", "too many alarms"))
        });
        let (code, message, _) =
            refused(&server.url(), Operation::PutMetricAlarm, json!({ "AlarmName": "a" }));
        assert_eq!((code.as_str(), message.as_str()), ("LimitExceededFault", "too many alarms"));
    });
}

#[test]
fn refusals_of_buckets() {
    in_environment("faults::refusals_of_buckets", &[], || {
        let bucket = || json!({ "Bucket": "a-bucket" });
        let server = Recorder::always(
            404,
            &[("Content-Type", "application/xml")],
            "<Error><Code>NoSuchBucketPolicy</Code><Message>The bucket policy does not exist</Message></Error>",
        );
        let refusal = refused(&server.url(), Operation::GetBucketPolicy, bucket());
        assert_eq!(refusal, service("NoSuchBucketPolicy", "The bucket policy does not exist", 404));

        for (status, code) in [(404, "NotFound"), (403, "AccessDenied"), (400, "BadRequest")] {
            let server = Recorder::start(move |_| Reply::new(status, &[], ""));
            let (found, message, with) = refused(&server.url(), Operation::HeadBucket, bucket());
            assert_eq!((found.as_str(), with), (code, Some(status)), "{message}");
            assert!(message.contains(&status.to_string()), "{message}");
        }
    });
}

#[test]
fn a_bucket_in_another_region() {
    in_environment("faults::a_bucket_in_another_region", &[], || {
        let server = Recorder::start(|request| {
            let home = request.header("authorization").unwrap().contains("/eu-west-1/s3/");
            let region = [("x-amz-bucket-region", "eu-west-1")];
            Reply::new(if home { 200 } else { 301 }, &region, "")
        });
        let aws = connect(&server.url());
        let answer = ask(&aws, Operation::HeadBucket, json!({ "Bucket": "a-bucket" })).unwrap();
        assert_eq!(answer["BucketRegion"], "eu-west-1");
        assert_eq!(server.take().len(), 2);
        assert_eq!(aws.region(), "eu-central-1");

        let bucket = json!({ "Bucket": "a-bucket" });
        assert!(ask(&aws, Operation::CreateBucket, bucket).is_err(), "a bucket is not made elsewhere");
        assert_eq!(server.take().len(), 1);
    });
}

#[test]
fn pages_that_never_end() {
    in_environment("faults::pages_that_never_end", &[], || {
        let server = Recorder::always(200, &[], r#"{"logGroups": [], "nextToken": "again"}"#);
        let fault = ask(&connect(&server.url()), Operation::DescribeLogGroups, json!({})).unwrap_err();
        assert!(matches!(fault, Fault::Unsupported { .. }), "{fault:?}");
        assert_eq!(server.take().len(), 2);
    });
}

#[test]
fn two_threads_at_once() {
    in_environment("faults::two_threads_at_once", &[], || {
        // Neither is answered before both have asked.
        let both = Arc::new(Barrier::new(2));
        let server = Recorder::start(move |_| {
            both.wait();
            Reply::new(200, &[], r#"{"logGroups": []}"#)
        });
        let aws = connect(&server.url());
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let answer = ask(&aws, Operation::DescribeLogGroups, json!({})).unwrap();
                    assert_eq!(answer, json!({ "logGroups": [] }));
                });
            }
        });
    });
}

#[test]
fn within_an_async_runtime() {
    in_environment("faults::within_an_async_runtime", &[], || {
        let server = Recorder::always(200, &[], r#"{"logGroups": []}"#);
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
            let aws = connect(&server.url());
            let answer = ask(&aws, Operation::DescribeLogGroups, json!({})).unwrap();
            assert_eq!(answer, json!({ "logGroups": [] }));
        });
    });
}

#[test]
fn the_user_agent_names_trailql() {
    in_environment("faults::the_user_agent_names_trailql", &[], || {
        let server = Recorder::always(200, &[], "{}");
        let aws = connect(&server.url());
        ask(&aws, Operation::DeleteLogGroup, json!({ "logGroupName": "g" })).unwrap();
        let request = server.take().remove(0);
        assert!(request.header("x-amz-user-agent").unwrap().contains("app/trailql"), "{request:?}");
        assert!(!format!("{aws:?}").contains(SECRET));
    });
}

#[test]
fn a_page_of_something_in_between_is_no_answer_of_the_service() {
    in_environment("faults::a_page_of_something_in_between_is_no_answer_of_the_service", &[], || {
        for (operation, input) in [
            (Operation::GetDashboard, json!({ "DashboardName": "d" })),
            (Operation::GetTrail, json!({ "Name": "t" })),
            (Operation::GetRole, json!({ "RoleName": "r" })),
            (Operation::GetBucketPolicy, json!({ "Bucket": "a-bucket" })),
        ] {
            for (status, cause) in [(404, Cause::Other), (403, Cause::Other), (502, Cause::Throttled)] {
                let html = [("Content-Type", "text/html")];
                let server = Recorder::start(move |_| Reply::new(status, &html, "<html>not here</html>"));
                let fault = ask(&connect(&server.url()), operation, input.clone()).unwrap_err();
                assert_eq!(fault.cause(), cause, "{operation} {fault:?}");
                assert!(fault.to_string().contains(&format!("HTTP status {status}")), "{fault}");
            }
        }
    });
}
