//! What goes wrong on the way: told, and mended by a second apply.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::emulator::{Plan, Trouble};
use crate::{Desk, Ran};

fn trouble(operation: &'static str, times: usize, trouble: Trouble) -> Plan {
    Plan { operation, times, trouble }
}

#[test]
fn what_fails_is_told_and_the_rest_is_done() {
    let desk = Desk::new();
    let denied = Trouble::Refused(
        400,
        "AccessDeniedException",
        "User: u is not authorized to perform: logs:PutMetricFilter",
    );
    desk.emulator.plan(trouble("PutMetricFilter", 99, denied));
    let ran = desk.apply();
    ran.says(
        2,
        &[
            "not allowed: logs:PutMetricFilter on arn:aws:logs:us-east-1:123456789012:log-group:aws-cloudtrail-logs-organization",
            "`trailql plan --iam-policy` prints all that the stack needs",
            "10 done, 2 failed",
        ],
    );
    desk.emulator.heal();
    assert_eq!(desk.planned(), "2 to create, 10 unchanged");
    desk.apply().says(0, &["2 done"]);
    assert_eq!(desk.planned(), "nothing to do: 12 unchanged");
}

#[test]
fn what_needs_something_that_failed_is_not_tried() {
    let desk = Desk::new();
    let full = Trouble::Refused(400, "LimitExceededException", "Resource limit exceeded.");
    desk.emulator.plan(trouble("CreateLogGroup", 99, full));
    let ran = desk.apply();
    ran.says(
        2,
        &[
            "logs:CreateLogGroup would exceed a quota",
            "not tried, for something before them failed",
            "trail `organization-trail`",
        ],
    );
    let seen = desk.emulator.seen();
    assert!(
        !seen.contains(&"CreateTrail".to_owned()) && !seen.contains(&"PutMetricFilter".to_owned()),
        "{seen:?}"
    );
    desk.emulator.heal();
    desk.apply().says(0, &["done"]);
    assert_eq!(desk.planned(), "nothing to do: 12 unchanged");
}

/// Troubles that pass: one apply gets through.
#[test]
fn what_passes_is_waited_out() {
    let desk = Desk::new();
    let throttled = || Trouble::Refused(400, "ThrottlingException", "Rate exceeded");
    desk.emulator.plan(trouble("DescribeLogGroups", 1, throttled()));
    desk.emulator.plan(trouble("PutMetricFilter", 2, throttled()));
    desk.emulator.plan(trouble("PutMetricAlarm", 1, Trouble::Refused(400, "Throttling", "Rate exceeded")));
    desk.emulator.plan(trouble(
        "PutRolePolicy",
        1,
        Trouble::Refused(409, "ConcurrentModification", "somebody else"),
    ));
    let unseen = "Access denied. Check the trust relationships for your role.";
    desk.emulator.plan(trouble(
        "CreateTrail",
        2,
        Trouble::Refused(400, "InvalidCloudWatchLogsRoleArnException", unseen),
    ));
    desk.apply().says(0, &["12 done"]);
    assert_eq!(desk.planned(), "nothing to do: 12 unchanged");
}

/// The network fails before or behind the work, at calls of every protocol and of every kind of access.
#[test]
fn a_cut_line_never_makes_a_thing_twice_nor_loses_one() {
    for (operation, cut) in [
        ("CreateLogGroup", Trouble::CutAfter),
        ("CreateLogGroup", Trouble::CutBefore),
        ("CreateRole", Trouble::CutAfter),
        ("CreateTrail", Trouble::CutAfter),
        ("PutMetricFilter", Trouble::CutBefore),
        ("PutMetricAlarm", Trouble::CutAfter),
        ("PutQueryDefinition", Trouble::CutAfter),
        ("PutQueryDefinition", Trouble::CutBefore),
        ("CreateTopic", Trouble::CutBefore),
    ] {
        let desk = Desk::new();
        desk.emulator.plan(trouble(operation, 1, cut.clone()));
        let ran = desk.apply();
        assert!(ran.status == 0 || ran.out.contains("failed"), "{operation} {cut:?}: {ran:#?}");
        desk.emulator.heal();
        desk.apply();
        assert_eq!(desk.planned(), "nothing to do: 12 unchanged", "{operation} {cut:?}");
        // Of everything there is one.
        desk.run(&["destroy", "--yes", "--delete-data", "stack.toml"]).says(0, &["12 done"]);
        assert_eq!(desk.planned(), "12 to create", "{operation} {cut:?}");
    }
}

/// The client gives up after half a minute, and what may be sent twice is sent again.
#[test]
fn a_service_that_says_nothing_is_asked_again() {
    let desk = Desk::new();
    desk.emulator.plan(trouble("PutMetricAlarm", 1, Trouble::Silent(Duration::from_secs(40))));
    desk.apply().says(0, &["12 done"]);
    assert_eq!(desk.emulator.seen().iter().filter(|name| *name == "PutMetricAlarm").count(), 2);
}

#[test]
fn a_session_that_ends_is_told() {
    let desk = Desk::new();
    let over = Trouble::Refused(403, "ExpiredToken", "The security token included in the request is expired");
    desk.emulator.plan(trouble("GetCallerIdentity", 9, over));
    desk.apply().says(2, &["the session is not valid", "aws sso login"]);
}

#[test]
fn nobody_there_no_region_and_no_credentials() {
    let desk = Desk::new();
    let run = |variables: &[(&str, &str)], stack: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_trailql"))
            .args(["plan", stack])
            .current_dir(desk.stack().parent().unwrap())
            .env_clear()
            .env("HOME", desk.stack().parent().unwrap())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let keys = [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "secret")];
    // A port that nobody listens at.
    let nowhere = [keys[0], keys[1], ("AWS_ENDPOINT_URL", "http://127.0.0.1:9")];
    let told = run(&nowhere, "stack.toml");
    assert!(told.contains("cannot reach") && told.contains("127.0.0.1:9"), "{told}");
    let told = run(&[], "stack.toml");
    assert!(told.contains("no credentials") && told.contains("AWS_PROFILE"), "{told}");
    desk.rewrite("region = \"us-east-1\"\n", "");
    let told = run(&keys, "stack.toml");
    assert!(told.contains("no region is set") && told.contains("AWS_REGION"), "{told}");
}

#[test]
fn where_nothing_can_be_written_down_nothing_is_made() {
    let desk = Desk::new();
    let arguments = [
        "apply",
        "--yes",
        "--create-bucket",
        "--bucket-policy",
        "--manifest",
        "nowhere/m.json",
        "stack.toml",
    ];
    desk.run(&arguments).says(2, &["nowhere/m.json"]);
    assert!(desk.planned().starts_with("12 to create"), "{}", desk.planned());
}

#[test]
fn a_manifest_of_another_account_is_no_state_to_compare_with() {
    let desk = Desk::new();
    desk.apply().says(0, &["12 done"]);
    let path = desk.path("stack.manifest.json");
    let text = fs::read_to_string(&path).unwrap().replace("123456789012", "999988887777");
    fs::write(&path, text).unwrap();
    desk.run(&["drift", "stack.toml"]).says(2, &["the manifest was written for the account 999988887777"]);
    desk.run(&["destroy", "--yes", "stack.toml"]).says(2, &["the manifest was written for the account"]);
}

#[test]
fn as_json_a_command_prints_one_document_of_one_shape() {
    let desk = Desk::new();
    let apply = ["apply", "--yes", "--format", "json", "--create-bucket", "--bucket-policy", "stack.toml"];
    let document = |ran: &Ran| serde_json::from_str::<serde_json::Value>(&ran.out).unwrap();
    let first = desk.run(&apply);
    assert_eq!(document(first.says(0, &[]))["outcome"]["done"].as_array().unwrap().len(), 12);
    let again = document(desk.run(&apply).says(0, &[]));
    assert_eq!(again["outcome"], serde_json::Value::Null);
    assert_eq!(again["plan"]["changes"].as_array().unwrap().len(), 12);
}
