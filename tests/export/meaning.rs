//! What an export means: order, references, data that stay, and what is said of what is not in it.

use serde_json::{Value, json};
use trailql::provision::{ExportFormat, ExportOptions, NoteKind, export};

use super::{EXAMPLE, RICH, checked, json_of, stack_of, text_of};

fn template(path: &str, options: &ExportOptions) -> Value {
    json_of(&stack_of(path), ExportFormat::CloudFormationJson, options)["Resources"].take()
}

fn configuration(path: &str, options: &ExportOptions) -> Value {
    json_of(&stack_of(path), ExportFormat::TerraformJson, options)
}

fn known() -> ExportOptions {
    ExportOptions {
        account: Some("111122223333".into()),
        organization: Some("o-abcdefghij".into()),
        bucket_policy: true,
        ..ExportOptions::default()
    }
}

#[test]
fn what_is_not_referred_to_is_waited_for() {
    let resources = template(EXAMPLE, &known());
    assert_eq!(resources["Trail"]["DependsOn"], "TrailBucketPolicy");
    assert_eq!(
        resources["Trail"]["Properties"]["CloudWatchLogsRoleArn"],
        json!({ "Fn::GetAtt": ["DeliveryRole", "Arn"] })
    );
    assert_eq!(resources["PresignedURLAnomalyAlarm"]["DependsOn"], "PresignedURLSumDetector");
    assert_eq!(
        resources["PresignedURLAnomalyAlarm"]["Properties"]["AlarmActions"],
        json!([{ "Ref": "SecurityTopic" }])
    );
    let resources = configuration(EXAMPLE, &known())["resource"].take();
    assert_eq!(
        resources["aws_cloudtrail"]["organization_trail"]["depends_on"],
        json!(["aws_iam_role_policy.organization_trail", "aws_s3_bucket_policy.example_organization_trail"])
    );
    assert_eq!(
        resources["aws_cloudwatch_metric_alarm"]["presigned_url_anomaly"]["depends_on"],
        json!(["awscc_cloudwatch_anomaly_detector.presigned_url_sum"])
    );
}

#[test]
fn data_stay() {
    let options = ExportOptions { bucket: true, ..ExportOptions::default() };
    let resources = template(EXAMPLE, &options);
    for id in ["LogGroup", "TrailBucket"] {
        // A name that is taken would block the deployment after one that was rolled back.
        assert_eq!(resources[id]["DeletionPolicy"], "RetainExceptOnCreate");
        assert_eq!(resources[id]["UpdateReplacePolicy"], "Retain");
    }
    let resources = configuration(EXAMPLE, &options)["resource"].take();
    assert_eq!(
        resources["aws_cloudwatch_log_group"]["aws_cloudtrail_logs_organization"]["skip_destroy"],
        true
    );
    assert_eq!(
        resources["aws_s3_bucket"]["example_organization_trail"]["lifecycle"]["prevent_destroy"],
        true
    );
    assert!(configuration(EXAMPLE, &ExportOptions::default())["resource"].get("aws_s3_bucket").is_none());
}

/// The statements of the specification (`spec/provisioning.md` 1, row 3), with account and organization known.
#[test]
fn the_bucket_lets_the_trail_write() {
    let source = json!({ "Fn::Sub": "arn:${AWS::Partition}:cloudtrail:${AWS::Region}:111122223333:trail/organization-trail" });
    let principal = json!({ "Service": "cloudtrail.amazonaws.com" });
    let write = |sid: &str, owner: &str| {
        json!({
            "Sid": sid, "Effect": "Allow", "Principal": principal, "Action": "s3:PutObject",
            "Resource": { "Fn::Sub": format!("arn:${{AWS::Partition}}:s3:::example-organization-trail/AWSLogs/{owner}/*") },
            "Condition": { "StringEquals": { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": source } }
        })
    };
    let expected = json!([
        {
            "Sid": "CloudTrailAclCheck", "Effect": "Allow", "Principal": principal, "Action": "s3:GetBucketAcl",
            "Resource": { "Fn::Sub": "arn:${AWS::Partition}:s3:::example-organization-trail" },
            "Condition": { "StringEquals": { "aws:SourceArn": source } }
        },
        write("CloudTrailWrite", "111122223333"),
        write("CloudTrailWriteOrganization", "o-abcdefghij"),
    ]);
    let resources = template(EXAMPLE, &known());
    assert_eq!(resources["TrailBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"], expected);
    let shown = template(EXAMPLE, &ExportOptions { bucket_policy: false, ..known() });
    assert_eq!(shown["Trail"]["Metadata"]["BucketPolicyStatements"], expected);
    assert!(shown.get("TrailBucketPolicy").is_none());
}

/// The streams of the specification (`spec/provisioning.md` 1, row 5).
#[test]
fn the_role_writes_its_streams() {
    let group = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${LogGroup}";
    let resources = template(EXAMPLE, &known());
    let statements =
        resources["DeliveryRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"].clone();
    let actions: Vec<&Value> = statements.as_array().unwrap().iter().map(|one| &one["Action"]).collect();
    assert_eq!(actions, ["logs:CreateLogStream", "logs:PutLogEvents"]);
    for statement in statements.as_array().unwrap() {
        assert_eq!(
            statement["Resource"],
            json!([
                { "Fn::Sub": format!("{group}:log-stream:111122223333_CloudTrail_${{AWS::Region}}*") },
                { "Fn::Sub": format!("{group}:log-stream:o-abcdefghij_*") },
            ])
        );
    }
}

/// Terraform takes false where nothing is said of `return_data`, the service true.
#[test]
fn what_is_returned_is_said() {
    let resources = configuration(EXAMPLE, &known())["resource"].take();
    let queries = &resources["aws_cloudwatch_metric_alarm"]["presigned_url_anomaly"]["metric_query"];
    let returned: Vec<&Value> =
        queries.as_array().unwrap().iter().map(|query| &query["return_data"]).collect();
    assert_eq!(returned, [true, true]);
}

#[test]
fn what_is_unknown_is_asked_for() {
    let stack = stack_of(EXAMPLE);
    let open = json_of(&stack, ExportFormat::CloudFormationJson, &ExportOptions::default());
    assert_eq!(open["Parameters"]["OrganizationId"]["Type"], "String");
    let closed = json_of(&stack, ExportFormat::CloudFormationJson, &known());
    assert!(closed.get("Parameters").is_none());
    let data = |options: &ExportOptions| configuration(EXAMPLE, options)["data"].take();
    let kinds = |data: &Value| data.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        kinds(&data(&ExportOptions::default())),
        ["aws_caller_identity", "aws_organizations_organization", "aws_partition"]
    );
    assert_eq!(kinds(&data(&known())), ["aws_partition"]);
    let without_group = "[[metricFilters]]\nfilterName = 'f'\nfilterPattern = 'Error'\n\
        metricTransformations = [{ metricNamespace = 'n', metricName = 'm', metricValue = '1' }]\n";
    let stack = checked(without_group).unwrap();
    let template = json_of(&stack, ExportFormat::CloudFormationJson, &ExportOptions::default());
    assert_eq!(
        template["Resources"]["FFilter"]["Properties"]["LogGroupName"],
        json!({ "Ref": "LogGroupName" })
    );
    assert_eq!(template["Parameters"]["LogGroupName"]["Type"], "String");
    let text = text_of(&stack, ExportFormat::Terraform, &ExportOptions::default());
    assert!(text.contains("log_group_name = var.log_group_name\n"), "{text}");
    assert!(text.contains("variable \"log_group_name\" {\n"), "{text}");
}

/// The quotas of CloudFormation: 1 to 500 resources, 51,200 bytes in a call.
#[test]
fn what_cloudformation_refuses_is_said() {
    let notes = |toml: &str| -> Vec<String> {
        let export = export(&checked(toml).unwrap(), ExportFormat::CloudFormation, &ExportOptions::default());
        export.notes.into_iter().map(|note| note.text).collect()
    };
    assert_eq!(notes("name = 'a'"), ["the template has 0 resources, and CloudFormation takes 1 to 500"]);
    let topics = |count: usize| -> String {
        (0..count).map(|number| format!("[[topics]]\nName = 't{number}'\n")).collect()
    };
    assert!(notes(&topics(500)).iter().all(|note| !note.contains("resources")));
    let said = notes(&topics(501));
    assert!(said.iter().any(|note| note.contains("501 resources")), "{said:?}");
    assert!(notes(&topics(5)).is_empty());
    let large = format!(
        "[[topics]]\nName = 't'\n[[queryDefinitions]]\nname = 'q'\nqueryString = '''\n# {}\nlimit 5'''\n",
        "x".repeat(9_900)
    );
    let large: String = (0..6)
        .map(|number| large.replace("'t'", &format!("'t{number}'")).replace("'q'", &format!("'q{number}'")))
        .collect();
    assert!(notes(&large).iter().any(|note| note.ends_with("is deployed from a bucket")));
}

/// Nothing is dropped in silence: what is not in the text is in the notes and in the head of the file.
#[test]
fn what_is_missing_is_said() {
    for format in [ExportFormat::CloudFormation, ExportFormat::Terraform] {
        let export = export(&stack_of(RICH), format, &ExportOptions::default());
        let missing = export.notes.iter().filter(|note| note.kind == NoteKind::Missing);
        let missing: Vec<&str> = missing.map(|note| note.text.as_str()).collect();
        for part in ["`rich/by user`", "`AdaptationSpeed = FAST`", "`OutlierFilteringStrength = STRICT`"] {
            assert!(missing.iter().any(|text| text.contains(part)), "{format:?}: {part} in {missing:?}");
            assert!(export.text.contains(part), "{format:?}: {part}");
        }
    }
}

/// A file is written whole or not at all, and a stack that is refused leaves what is there alone.
#[test]
fn a_file_is_written_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("template.yaml");
    let run = |stack: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_trailql"));
        let command =
            command.args(["export", "--format", "cloudformation", "--output"]).arg(&file).arg(stack);
        command.output().unwrap().status.code()
    };
    assert_eq!(run(EXAMPLE), Some(0));
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(written, text_of(&stack_of(EXAMPLE), ExportFormat::CloudFormation, &ExportOptions::default()));
    assert_eq!(run("tests/cmd/stacks/broken.toml"), Some(2));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), written);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

/// HCL's `<<-` takes away what all lines begin with, and needs a line end; each text comes out as it was all the same.
#[test]
fn texts_of_several_lines_are_readable_where_that_is_exact() {
    let of = |text: &str| {
        let toml = format!(
            "[[queryDefinitions]]\nname = 'q'\nqueryString = {}\n",
            toml::Value::String(text.to_owned())
        );
        let text = text_of(&checked(&toml).unwrap(), ExportFormat::Terraform, &ExportOptions::default());
        let (_, value) = text.split_once("query_string = ").unwrap();
        value.trim_end().strip_suffix('}').unwrap().trim_end().to_owned()
    };
    assert_eq!(of("fields a\n| limit 5"), "chomp(<<-EOT\n    fields a\n    | limit 5\n  EOT\n  )");
    assert_eq!(of("fields a\n  | limit 5\n"), "<<-EOT\n    fields a\n      | limit 5\n  EOT");
    assert_eq!(of("# ${x} %{y}\nfields a\n"), "<<-EOT\n    # $${x} %%{y}\n    fields a\n  EOT");
    assert_eq!(of("fields a,\nEOT"), "chomp(<<-EOT_\n    fields a,\n    EOT\n  EOT_\n  )");
    assert_eq!(
        of("  fields a\n  | limit 5"),
        "\"  fields a\\n  | limit 5\"",
        "blanks that all lines begin with"
    );
    assert_eq!(of("fields a\n \n| limit 5"), "\"fields a\\n \\n| limit 5\"", "a line of blanks");
    assert_eq!(of("fields a\n| limit 5\n\n"), "<<-EOT\n    fields a\n    | limit 5\n\n  EOT");
    assert_eq!(of("fields a"), "\"fields a\"");
}
