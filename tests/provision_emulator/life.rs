//! Applied, applied again, changed, drifted, imported, destroyed.

use std::fs;

use serde_json::{Value, json};
use trailql::provision::Manifest;
use trailql::stack::Stack;

use crate::Desk;

const GROUP: &str = "aws-cloudtrail-logs-organization";

#[test]
fn the_whole_life() {
    let desk = Desk::new();
    desk.run(&["plan", "stack.toml"])
        .says(2, &["12 to create", "there is no bucket `example-organization-trail`"]);
    desk.apply().says(0, &["12 to create", "made alarm `presigned-URL-anomaly`", "12 done"]);
    // What is made is written down.
    let manifest = Manifest::parse(&fs::read_to_string(desk.path("stack.manifest.json")).unwrap()).unwrap();
    assert_eq!((manifest.entries.len(), manifest.account.as_str()), (12, "123456789012"));
    // A second time there is nothing to do, and nothing is changed.
    desk.emulator.seen();
    desk.apply().says(0, &["nothing to do: 12 unchanged"]);
    let seen = desk.emulator.seen();
    let is_read =
        |name: &String| ["Get", "List", "Describe", "HEAD", "GET"].iter().any(|read| name.starts_with(read));
    assert!(seen.iter().all(is_read), "{seen:?}");

    // Nor is there for somebody without the manifest.
    fs::remove_file(desk.path("stack.manifest.json")).unwrap();
    desk.run(&["drift", "--detailed-exitcode", "stack.toml"]).says(0, &["nothing to do"]);

    // The stack changes.
    desk.rewrite("EvaluationPeriods = 2", "EvaluationPeriods = 3");
    desk.rewrite("retentionInDays = 90", "retentionInDays = 365");
    let ran = desk.run(&["plan", "--detailed-exitcode", "stack.toml"]);
    ran.says(1, &["2 to change, 10 unchanged", "EvaluationPeriods", "retentionInDays"]);
    let plan = desk.run(&["plan", "--format", "json", "stack.toml"]);
    let plan: Value = serde_json::from_str(&plan.out).unwrap();
    let changed: Vec<&Value> =
        plan["changes"].as_array().unwrap().iter().filter(|change| change["action"] == "update").collect();
    assert_eq!(changed[0]["differences"], json!([{ "path": "retentionInDays", "before": 90, "after": 365 }]));
    // For a program, what was planned and what became of it are one document.
    let ran = desk.run(&["apply", "--yes", "--format", "json", "stack.toml"]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    let done =
        json!([{ "kind": "logGroup", "name": GROUP }, { "kind": "alarm", "name": "presigned-URL-anomaly" }]);
    assert_eq!((&told["outcome"]["done"], &told["outcome"]["failed"]), (&done, &json!([])));
    assert_eq!(told["plan"]["changes"].as_array().unwrap().len(), 12);
    assert_eq!(desk.planned(), "nothing to do: 12 unchanged");

    // A metric filter of the same name takes the place of the one before.
    desk.rewrite("($.userIdentity.userName=*)", "($.userIdentity.userName != root)");
    desk.apply().says(0, &["1 to change", "filterPattern", "1 done"]);
    assert_eq!(desk.planned(), "nothing to do: 12 unchanged");

    // A dry run and a run without anybody to ask do nothing.
    desk.rewrite("retentionInDays = 365", "retentionInDays = 30");
    desk.emulator.seen();
    desk.run(&["apply", "--dry-run", "stack.toml"]).says(0, &["1 to change"]);
    desk.run(&["apply", "stack.toml"]).says(2, &["`--yes` goes on without asking"]);
    assert!(!desk.emulator.seen().contains(&"PutRetentionPolicy".to_owned()));
    desk.rewrite("retentionInDays = 30", "retentionInDays = 365");

    // Somebody changes something by hand.
    desk.emulator.logs("PutRetentionPolicy", json!({ "logGroupName": GROUP, "retentionInDays": 7 }));
    desk.run(&["drift", "--detailed-exitcode", "stack.toml"]).says(1, &["log group", "- 7", "+ 365"]);
    desk.run(&["drift", "stack.toml"]).says(0, &["1 to change"]);
    desk.apply().says(0, &["1 done"]);

    // A filter less is a filter to delete.
    let text = fs::read_to_string(desk.stack()).unwrap();
    let start = text.find("[[topics]]").unwrap();
    fs::write(desk.stack(), text.get(..start).unwrap()).unwrap();
    let ran = desk.run(&["apply", "--yes", "--bucket-policy", "stack.toml"]);
    ran.says(
        0,
        &["- alarm", "- topic", "- saved query", "- dashboard", "deleted alarm `presigned-URL-anomaly`"],
    );
    fs::write(desk.stack(), text).unwrap();
    desk.apply().says(0, &["4 to create, 1 to change", "5 done"]);

    // What holds data stays, until it is asked for.
    desk.run(&["destroy", "--yes", "stack.toml"])
        .says(0, &["1 to retag, 1 kept", "it holds data", "11 done"]);
    desk.run(&["destroy", "--yes", "--delete-data", "stack.toml"]).says(0, &["2 done"]);
    assert!(!desk.path("stack.manifest.json").exists(), "nothing is left to be written down");
    assert_eq!(desk.planned(), "12 to create");
}

#[test]
fn an_account_is_read_back_as_a_stack() {
    let desk = Desk::new();
    desk.apply().says(0, &["12 done"]);
    desk.run(&["plan", "--from-aws", "no-such-group", "--region", "us-east-1", "found.toml"])
        .says(2, &["there is no log group `no-such-group` in us-east-1"]);
    assert!(!desk.path("found.toml").exists());
    desk.run(&["plan", "--from-aws", GROUP, "--region", "us-east-1", "found.toml"]).says(0, &[]);
    desk.run(&["plan", "--from-aws", GROUP, "--region", "us-east-1", "found.toml"])
        .says(2, &["`found.toml` is there already"]);
    let written = Stack::parse(&fs::read_to_string(desk.stack()).unwrap()).unwrap();
    let found = Stack::parse(&fs::read_to_string(desk.path("found.toml")).unwrap()).unwrap();
    assert_eq!(found.metric_filters, written.metric_filters, "by name");
    assert_eq!(found.log_group, written.log_group);
    assert_eq!(found.query_definitions, written.query_definitions);
    assert_eq!(found.topics, written.topics);
    assert_eq!(found.dashboards.len(), 1);
    assert_eq!(found.anomaly_detectors.len(), 1);
    assert_eq!(found.alarms.len(), 1);
    assert_eq!(found.alarms[0].alarm_actions[0].as_str(), "topic:security");
    let trail = found.trail.unwrap();
    assert_eq!(trail.s3_bucket_name.as_str(), "example-organization-trail");
    // What was read is what is there, and whose it is.
    assert_eq!(found.name, written.name);
    desk.run(&["plan", "found.toml"]).says(0, &["nothing to do: 12 unchanged"]);
}

#[test]
fn the_service_is_asked_before_patterns_are_put_to_work() {
    let desk = Desk::new();
    fs::write(desk.path("events.ndjson"), "{\"eventName\":\"GetObject\"}\n{\"eventName\":\"PutObject\"}\n")
        .unwrap();
    let arguments = [
        "apply",
        "--yes",
        "--create-bucket",
        "--bucket-policy",
        "--verify-remote",
        "events.ndjson",
        "stack.toml",
    ];
    desk.run(&arguments)
        .says(0, &["2 metric filters tried by the service on 2 events: it agrees", "12 done"]);
    assert_eq!(desk.emulator.seen().iter().filter(|name| *name == "TestMetricFilter").count(), 2);
}

#[test]
fn statements_of_a_bucket_are_printed_without_asking_anybody() {
    let desk = Desk::new();
    let statements = |further: &[&str]| {
        let known = ["plan", "--bucket-statements", "--account", "111122223333"];
        desk.run(&[known.as_slice(), further, &["stack.toml"]].concat())
    };
    statements(&[]).says(2, &["the trail is one of an organization", "give `--organization`"]);
    let own = ["--organization", "o-exampleorgid"];
    statements(&own).says(0, &["AWSLogs/111122223333/*", "AWSLogs/o-exampleorgid/*"]);
    // A delegated administrator's trail is the management account's.
    let managed = [own.as_slice(), &["--management-account", "999988887777"]].concat();
    statements(&managed).says(
        0,
        &["AWSLogs/999988887777/*", "arn:aws:cloudtrail:us-east-1:999988887777:trail/organization-trail"],
    );
    assert!(desk.emulator.seen().is_empty(), "nobody was called");
}

#[test]
fn an_unchecked_stack_goes_nowhere() {
    let desk = Desk::new();
    desk.rewrite("$.eventName = GetObject", "$.eventName == GetObject");
    desk.apply().says(2, &["error[FP007]"]);
    assert!(desk.emulator.seen().is_empty(), "nobody was called");
}

#[test]
fn what_is_no_region_is_not_looked_for() {
    let desk = Desk::new();
    let says = "`nowhere` is no Region; write it as `us-east-1`";
    desk.run(&["plan", "--region", "nowhere", "stack.toml"]).says(2, &[says]);
    desk.rewrite("region = \"us-east-1\"", "region = \"nowhere\"");
    desk.run(&["plan", "stack.toml"]).says(2, &["error[PR003]", "`nowhere` is no Region"]);
    desk.rewrite("region = \"nowhere\"", "");
    let profile = "[default]\nregion = nowhere\n";
    fs::create_dir(desk.path(".aws")).unwrap();
    fs::write(desk.path(".aws/config"), profile).unwrap();
    desk.run(&["plan", "stack.toml"]).says(2, &[says]);
    assert!(desk.emulator.seen().is_empty(), "nobody was called");
}

#[test]
fn documents_need_no_account() {
    let desk = Desk::new();
    let policy = desk.run(&[
        "plan",
        "--iam-policy",
        "--account",
        "111122223333",
        "--organization",
        "o-abcdefghij",
        "stack.toml",
    ]);
    policy.says(
        0,
        &[
            "logs:PutMetricFilter",
            "iam:PassRole",
            "arn:aws:cloudtrail:us-east-1:111122223333:trail/organization-trail",
        ],
    );
    let statements = desk.run(&[
        "plan",
        "--bucket-statements",
        "--account",
        "111122223333",
        "--organization",
        "o-abcdefghij",
        "stack.toml",
    ]);
    let statements: Value = serde_json::from_str(&statements.out).unwrap();
    assert_eq!(statements[2]["Resource"], "arn:aws:s3:::example-organization-trail/AWSLogs/o-abcdefghij/*");
    assert!(desk.emulator.seen().is_empty());
}
