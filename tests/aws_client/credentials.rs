//! Where Region, endpoint and credentials come from, and what is said when there are none.

use std::time::{Duration, Instant};

use serde_json::json;
use trailql::provision::{AwsOptions, AwsServices, Call, Cause, Fault, Operation, Services};

use crate::recorder::{Recorder, Reply};
use crate::{SECRET, in_environment, options, run, running};

const NO_CREDENTIALS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")];

fn identity(aws: &AwsServices) -> Result<serde_json::Value, Fault> {
    aws.call(&Call::new(Operation::GetCallerIdentity, json!({})))
}

/// What is said of credentials; never what they are.
fn complaint(options: &AwsOptions) -> String {
    let fault = identity(&AwsServices::connect(options).unwrap()).unwrap_err();
    assert_eq!(fault.cause(), Cause::Session);
    assert!(!format!("{fault:?}").contains(SECRET), "{fault:?}");
    match fault {
        Fault::Credentials { message } => message,
        fault => panic!("{fault:?}"),
    }
}

#[test]
fn no_region() {
    in_environment("credentials::no_region", &[], || {
        let fault = AwsServices::connect(&AwsOptions::default()).unwrap_err();
        assert_eq!(fault, Fault::Region);
    });
}

#[test]
fn the_region_of_the_environment() {
    in_environment("credentials::the_region_of_the_environment", &[("AWS_REGION", "eu-north-1")], || {
        assert_eq!(AwsServices::connect(&AwsOptions::default()).unwrap().region(), "eu-north-1");
        let own = AwsOptions { region: Some("eu-south-1".to_owned()), ..AwsOptions::default() };
        assert_eq!(AwsServices::connect(&own).unwrap().region(), "eu-south-1");
    });
}

#[test]
fn the_profile_gives_region_endpoint_and_credentials() {
    let name = "credentials::the_profile_gives_region_endpoint_and_credentials";
    if running(name) {
        let profile = AwsOptions { profile: Some("audit".to_owned()), ..AwsOptions::default() };
        let aws = AwsServices::connect(&profile).unwrap();
        assert_eq!(aws.region(), "sa-east-1");
        identity(&aws).unwrap();
        return;
    }
    let server = Recorder::always(200, &[], IDENTITY);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    let text = format!(
        "[profile audit]\nregion = sa-east-1\nendpoint_url = {}\naws_access_key_id = AKIDOFPROFILE\n\
         aws_secret_access_key = {SECRET}\n",
        server.url()
    );
    std::fs::write(&file, text).unwrap();
    let variables = [NO_CREDENTIALS[0], NO_CREDENTIALS[1], ("AWS_CONFIG_FILE", file.to_str().unwrap())];
    run(name, &variables);
    let requests = server.take();
    assert_eq!(requests.len(), 1);
    let signed = requests[0].header("authorization").unwrap();
    assert!(signed.contains("AKIDOFPROFILE/") && signed.contains("/sa-east-1/sts/"), "{signed}");
}

const IDENTITY: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account>\
                        </GetCallerIdentityResult></GetCallerIdentityResponse>";

#[test]
fn the_endpoint_of_the_environment() {
    let name = "credentials::the_endpoint_of_the_environment";
    if running(name) {
        let aws = AwsServices::connect(&AwsOptions::default()).unwrap();
        assert_eq!(identity(&aws).unwrap()["Account"], "111122223333");
        aws.call(&Call::new(Operation::HeadBucket, json!({ "Bucket": "a-bucket" }))).unwrap();
        return;
    }
    let server = Recorder::always(200, &[], IDENTITY);
    run(name, &[("AWS_ENDPOINT_URL", &server.url()), ("AWS_REGION", "eu-central-1")]);
    let targets: Vec<_> = server.take().into_iter().map(|request| request.target().to_owned()).collect();
    assert_eq!(targets.len(), 2);
    assert_eq!(targets[1].trim_end_matches('/'), "/a-bucket", "the bucket is in the path");
}

#[test]
fn the_endpoint_of_one_service() {
    let name = "credentials::the_endpoint_of_one_service";
    if running(name) {
        let aws = AwsServices::connect(&AwsOptions::default()).unwrap();
        aws.call(&Call::new(Operation::HeadBucket, json!({ "Bucket": "a-bucket" }))).unwrap();
        return;
    }
    let server = Recorder::always(200, &[], "");
    run(name, &[("AWS_ENDPOINT_URL_S3", &server.url()), ("AWS_REGION", "eu-central-1")]);
    let requests = server.take();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].target().trim_end_matches('/'), "/a-bucket");
}

#[test]
fn no_credentials() {
    in_environment("credentials::no_credentials", &NO_CREDENTIALS, || {
        let server = Recorder::always(200, &[], IDENTITY);
        let said = complaint(&options(&server.url()));
        for source in ["environment", "profile", "container", "instance metadata"] {
            assert!(said.contains(source), "{said}");
        }
        assert!(server.take().is_empty(), "nothing was sent");
    });
}

#[test]
fn an_absent_instance_metadata_does_not_take_long() {
    let name = "credentials::an_absent_instance_metadata_does_not_take_long";
    if running(name) {
        let begin = Instant::now();
        assert_eq!(AwsServices::connect(&AwsOptions::default()).unwrap_err(), Fault::Region);
        assert!(begin.elapsed() < Duration::from_secs(6), "{:?}", begin.elapsed());
        let begin = Instant::now();
        complaint(&options("http://127.0.0.1:1"));
        assert!(begin.elapsed() < Duration::from_secs(6), "{:?}", begin.elapsed());
        return;
    }
    let silent = Recorder::start(|_| Reply::Silence);
    let url = silent.url();
    let metadata = [("AWS_EC2_METADATA_DISABLED", ""), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url)];
    run(name, &[NO_CREDENTIALS[0], NO_CREDENTIALS[1], metadata[0], metadata[1]]);
    assert!(!silent.take().is_empty(), "the metadata was asked for");
}

#[test]
fn the_credentials_of_an_instance() {
    let name = "credentials::the_credentials_of_an_instance";
    if running(name) {
        let server = Recorder::always(200, &[], IDENTITY);
        identity(&AwsServices::connect(&options(&server.url())).unwrap()).unwrap();
        assert!(server.take()[0].header("authorization").unwrap().contains("AKIDOFINSTANCE/"));
        return;
    }
    let metadata = Recorder::start(|request| {
        let ttl = [("x-aws-ec2-metadata-token-ttl-seconds", "21600")];
        if request.target().ends_with("/api/token") {
            return Reply::new(200, &ttl, "token");
        }
        // Newer clients ask an extended path first and take this for `not known`.
        if request.target().contains("-extended") {
            return Reply::new(404, &[], "");
        }
        if request.target().trim_end_matches('/').ends_with("security-credentials") {
            return Reply::new(200, &[], "role");
        }
        let body = format!(
            r#"{{"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "AKIDOFINSTANCE",
                 "SecretAccessKey": "{SECRET}", "Token": "t", "Expiration": "2099-01-01T00:00:00Z",
                 "LastUpdated": "2026-11-30T08:00:00Z"}}"#
        );
        Reply::new(200, &[], body)
    });
    let url = metadata.url();
    let variables = [("AWS_EC2_METADATA_DISABLED", ""), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url)];
    run(name, &[NO_CREDENTIALS[0], NO_CREDENTIALS[1], variables[0], variables[1]]);
}

#[test]
fn half_of_the_credentials() {
    let variables = [("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", SECRET)];
    in_environment("credentials::half_of_the_credentials", &variables, || {
        complaint(&options("http://127.0.0.1:1"));
    });
}

#[test]
fn broken_settings_are_not_repeated() {
    let name = "credentials::broken_settings_are_not_repeated";
    if running(name) {
        complaint(&options("http://127.0.0.1:1"));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (file, output) = (folder.path().join("config"), folder.path().join("output.json"));
    let process = format!("[default]\ncredential_process = cat {}\n", output.display());
    for (settings, printed) in [
        (
            format!("[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key {SECRET}\n"),
            String::new(),
        ),
        (format!("[default\naws_secret_access_key = {SECRET}\n"), String::new()),
        (format!("[default]\naws_secret_access_key = {SECRET}\n"), String::new()),
        (process.clone(), format!(r#"{{"Version": 1, "SecretAccessKey": "{SECRET}"}}"#)),
        (process.clone(), format!(r#"{{"Version": 1, "SecretAccessKey": "{SECRET}}}"#)),
        (process.clone(), SECRET.to_owned()),
        (
            process,
            format!(
                r#"{{"Version": 1, "AccessKeyId": "AKIDEXAMPLE", "SecretAccessKey": "{SECRET}",
            "Expiration": "{SECRET}"}}"#
            ),
        ),
    ] {
        std::fs::write(&file, settings).unwrap();
        std::fs::write(&output, printed).unwrap();
        run(name, &[NO_CREDENTIALS[0], NO_CREDENTIALS[1], ("AWS_CONFIG_FILE", file.to_str().unwrap())]);
    }
}

#[test]
fn a_profile_that_is_not_there() {
    in_environment("credentials::a_profile_that_is_not_there", &NO_CREDENTIALS, || {
        let profile = AwsOptions { profile: Some("nobody".to_owned()), ..options("http://127.0.0.1:1") };
        let said = complaint(&profile);
        assert!(said.contains("`nobody`"), "{said}");
    });
}

#[test]
fn credentials_that_take_too_long() {
    let name = "credentials::credentials_that_take_too_long";
    if running(name) {
        let server = Recorder::always(200, &[], IDENTITY);
        let impatient =
            AwsOptions { attempt_timeout: Some(Duration::from_millis(300)), ..options(&server.url()) };
        let begin = Instant::now();
        let said = complaint(&impatient);
        assert!(said.contains("took too long"), "{said}");
        assert!(begin.elapsed() < Duration::from_secs(6), "{:?}", begin.elapsed());
        assert!(server.take().is_empty(), "nothing was sent");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    std::fs::write(&file, "[default]\ncredential_process = sleep 5\n").unwrap();
    run(name, &[NO_CREDENTIALS[0], NO_CREDENTIALS[1], ("AWS_CONFIG_FILE", file.to_str().unwrap())]);
}

#[test]
fn expired_credentials() {
    let name = "credentials::expired_credentials";
    if running(name) {
        let server = Recorder::always(200, &[], IDENTITY);
        let said = complaint(&options(&server.url()));
        assert!(said.contains("expired at 2020-01-02T03:04:05Z"), "{said}");
        assert!(server.take().is_empty(), "nothing was sent");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (file, output) = (folder.path().join("config"), folder.path().join("output.json"));
    let process = format!(
        r#"{{"Version": 1, "AccessKeyId": "AKIDEXPIRED", "SecretAccessKey": "{SECRET}", "SessionToken": "t",
             "Expiration": "2020-01-02T03:04:05Z"}}"#
    );
    std::fs::write(&output, process).unwrap();
    std::fs::write(&file, format!("[default]\ncredential_process = cat {}\n", output.display())).unwrap();
    run(name, &[NO_CREDENTIALS[0], NO_CREDENTIALS[1], ("AWS_CONFIG_FILE", file.to_str().unwrap())]);
}

#[test]
fn the_proxy_of_the_environment() {
    let name = "credentials::the_proxy_of_the_environment";
    if running(name) {
        identity(&AwsServices::connect(&options("http://sts.example.invalid")).unwrap()).unwrap();
        return;
    }
    let proxy = Recorder::always(200, &[], IDENTITY);
    run(name, &[("HTTP_PROXY", &proxy.url()), ("http_proxy", &proxy.url())]);
    let requests = proxy.take();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].target().starts_with("http://sts.example.invalid"), "{requests:?}");
}
