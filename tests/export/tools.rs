//! What the tools that deploy an export refuse, replace or change on their own: names that meet, texts that look like theirs,
//! lengths, folders with other files.

use serde_json::{Value, json};
use trailql::host::{self, HostKind};
use trailql::provision::{ExportFormat, ExportOptions, Note, NoteKind, export};

use super::{EXAMPLE, checked, json_of, stack_of, text_of};

fn template(toml: &str) -> Value {
    json_of(&checked(toml).unwrap(), ExportFormat::CloudFormationJson, &ExportOptions::default())["Resources"]
        .take()
}

fn configuration(toml: &str) -> Value {
    json_of(&checked(toml).unwrap(), ExportFormat::TerraformJson, &ExportOptions::default())
}

fn notes(toml: &str, format: ExportFormat) -> Vec<Note> {
    export(&checked(toml).unwrap(), format, &ExportOptions::default()).notes
}

fn is_missing(notes: &[Note], part: &str) -> bool {
    notes.iter().any(|note| note.kind == NoteKind::Missing && note.text.contains(part))
}

/// A static alarm, with more members.
fn alarm(name: &str, members: &str) -> String {
    let name = toml::Value::from(name);
    format!(
        "[[alarms]]\nAlarmName = {name}\nNamespace = 'n'\nMetricName = 'm'\nPeriod = 300\nEvaluationPeriods = 1\n\
         Threshold = 1\nComparisonOperator = 'GreaterThanThreshold'\n{members}\n"
    )
}

const SUM: &str = "Statistic = 'Sum'";

/// Subscriptions of two topics, and a filter and an alarm, whose names come out alike.
const MEETING: &str = r#"
    logGroup = { logGroupName = "g" }
    topics = [
        { Name = "ops", Subscriptions = [{ Protocol = "email", Endpoint = "team-x@example.com" }] },
        { Name = "ops-team", Subscriptions = [{ Protocol = "email", Endpoint = "x@example.com" }] },
    ]
    [[metricFilters]]
    filterName = "404 Alarm"
    filterPattern = "x"
    metricTransformations = [{ metricNamespace = "n", metricName = "m", metricValue = "1" }]
"#;

#[test]
fn a_password_is_part_of_no_name() {
    let stack = checked(
        "[[topics]]\nName = 'ops'\nSubscriptions = [{ Protocol = 'https', Endpoint = 'https://hook:s3cretWord@example.com/a' }]\n",
    )
    .unwrap();
    for format in [ExportFormat::CloudFormation, ExportFormat::Terraform, ExportFormat::TerraformJson] {
        let text = text_of(&stack, format, &ExportOptions::default());
        assert_eq!(text.to_lowercase().matches("s3cret").count(), 1, "{text}");
    }
}

#[test]
fn nothing_meets_under_one_name() {
    let toml = format!("{MEETING}\n{}", alarm("Filter 404", SUM));
    let resources = template(&toml);
    let of = |kind: &str| {
        resources.as_object().unwrap().values().filter(|resource| resource["Type"] == kind).count()
    };
    assert_eq!(of("AWS::Logs::MetricFilter"), 1, "{resources}");
    assert_eq!(of("AWS::CloudWatch::Alarm"), 1);
    assert_eq!(of("AWS::SNS::Subscription"), 2);
    let subscriptions = configuration(&toml)["resource"]["aws_sns_topic_subscription"].take();
    let endpoints = subscriptions.as_object().unwrap().values().map(|one| one["endpoint"].clone());
    assert_eq!(endpoints.count(), 2, "{subscriptions}");
}

/// An update of a topic leaves subscriptions in it alone, so they are resources of their own.
#[test]
fn subscriptions_go_with_an_update() {
    let one =
        "[[topics]]\nName = 'ops'\nSubscriptions = [{ Protocol = 'email', Endpoint = 'a@example.com' }]\n";
    let resources = template(one);
    assert_eq!(resources["OpsTopic"]["Properties"], json!({ "TopicName": "ops" }));
    assert_eq!(
        resources["OpsAExampleComSubscription"]["Properties"],
        json!({ "TopicArn": { "Ref": "OpsTopic" }, "Protocol": "email", "Endpoint": "a@example.com" })
    );
}

/// `Fn::Sub` reads `${b/AWSLogs/${AWS::AccountId}` as one variable, whatever it came from.
#[test]
fn no_text_runs_into_a_variable() {
    let toml = "[trail]\nName = 'trail'\nS3BucketName = 'a-bucket'\nS3KeyPrefix = 'a${b'\n";
    let stack = checked(toml).unwrap();
    let options = ExportOptions { bucket_policy: true, ..ExportOptions::default() };
    let resources = json_of(&stack, ExportFormat::CloudFormationJson, &options)["Resources"].take();
    let statements = &resources["TrailBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"];
    assert_eq!(
        statements[1]["Resource"],
        json!({ "Fn::Sub": [
            "arn:${AWS::Partition}:s3:::a-bucket${Text1}${AWS::AccountId}/*",
            { "Text1": "/a${b/AWSLogs/" },
        ] })
    );
}

/// What looks like a variable is what `cfn-lint` (E1029) asks to be substituted; other braces stay as they are.
#[test]
fn what_looks_like_a_variable_is_none() {
    let description = |text: &str| {
        let resources = template(&alarm("a", &format!("{SUM}\nAlarmDescription = '{text}'")));
        resources["AAlarm"]["Properties"]["AlarmDescription"].clone()
    };
    let substituted = |text: &str| json!({ "Fn::Sub": ["${Text1}", { "Text1": text }] });
    for text in ["in ${AWS::Region}", "${ or ${AAlarm.Arn}"] {
        assert_eq!(description(text), substituted(text));
    }
    assert_eq!(description("${Nothing} ${ AWS::Region"), "${Nothing} ${ AWS::Region");
    let toml = format!("description = 'in ${{AWS::Region}}'\n{}", alarm("a", SUM));
    let stack = checked(&toml).unwrap();
    let whole = json_of(&stack, ExportFormat::CloudFormationJson, &ExportOptions::default());
    assert!(whole.get("Description").is_none(), "a description takes no function");
    assert!(is_missing(&notes(&toml, ExportFormat::CloudFormation), "the description has `${…}`"));
}

#[test]
fn what_cloudformation_replaces_is_told() {
    let toml = alarm("a", &format!("{SUM}\nAlarmDescription = 'see {{{{resolve:ssm:owner}}}}'"));
    assert!(is_missing(
        &notes(&toml, ExportFormat::CloudFormation),
        "a text of `AAlarm` has `{{resolve:…}}`"
    ));
    assert!(!is_missing(&notes(&toml, ExportFormat::Terraform), "resolve"));
}

#[test]
fn what_terraform_composes_is_told() {
    let of = |text: &str| {
        notes(&alarm("a", &format!("{SUM}\nAlarmDescription = '{text}'")), ExportFormat::Terraform)
    };
    assert!(is_missing(&of("cafe\u{301}"), "a text of `aws_cloudwatch_metric_alarm.a` is not what it is"));
    assert!(!is_missing(&of("café"), "is not what it is"));
}

/// Measured with Terraform 1.11.4: of a string of the JSON syntax a mark of byte order at its start is taken away, and where a
/// carriage return is in it `$$${` and `%%%{` are read as they stand.
#[test]
fn what_the_json_syntax_changes_is_spelled() {
    let of = |text: &str| {
        let description = format!("{SUM}\nAlarmDescription = {}", toml::Value::from(text));
        let mut resources = configuration(&alarm("a", &description))["resource"].take();
        resources["aws_cloudwatch_metric_alarm"]["a"]["alarm_description"].take()
    };
    assert_eq!(of("\u{feff}a\u{feff}"), "${\"\\ufeffa\\ufeff\"}");
    assert_eq!(of("a\r$${b}"), "${\"a\\r$$${b}\"}");
    assert_eq!(of("%%{ a$\r"), "${\"%%%{ a$\\r\"}");
    assert_eq!(of("a\r\n${b} %{c}"), "a\r\n$${b} %%{c}");
}

/// The provider takes blanks away from both ends of a pattern.
#[test]
fn blanks_around_a_pattern_are_told() {
    let of = |pattern: &str| {
        let toml = format!(
            "[[metricFilters]]\nfilterName = 'f'\nfilterPattern = '{pattern}'\nmetricTransformations = [{{ metricNamespace = \
             'n', metricName = 'm', metricValue = '1' }}]\n"
        );
        notes(&toml, ExportFormat::Terraform)
    };
    assert!(is_missing(&of(" Error "), "the pattern of `f` is without the blanks around it"));
    assert!(!is_missing(&of("Error x"), "blanks"));
}

/// What is spelled so is read as what it says.
#[test]
fn a_text_in_an_interpolation_is_itself() {
    let pattern = "{ $.a = \"%%{$\r\n}${b}\" }";
    let toml = format!(
        "[[metricFilters]]\nfilterName = 'f'\nfilterPattern = {}\nmetricTransformations = [{{ metricNamespace = 'n', \
         metricName = 'm', metricValue = '1' }}]\n",
        toml::Value::from(pattern)
    );
    let text = text_of(&checked(&toml).unwrap(), ExportFormat::TerraformJson, &ExportOptions::default());
    let found = host::extract(HostKind::TerraformJson, &text).embedded;
    assert_eq!(found.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), [pattern], "{text}");
    assert!(found.iter().all(|one| one.holes.is_empty()));
}

/// The provider's own checks: lengths in bytes, where the service counts characters, and two decimals.
#[test]
fn alarms_that_the_classic_resource_refuses_are_of_the_other_provider() {
    let kinds = |toml: &str| {
        let resources = configuration(toml)["resource"].take();
        resources.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    let described =
        |length: usize| alarm("a", &format!("{SUM}\nAlarmDescription = '{}'", "é".repeat(length)));
    assert_eq!(kinds(&described(512)), ["aws_cloudwatch_metric_alarm"]);
    assert_eq!(kinds(&described(513)), ["awscc_cloudwatch_alarm"]);
    assert_eq!(kinds(&alarm(&"a".repeat(255), SUM)), ["aws_cloudwatch_metric_alarm"]);
    assert_eq!(kinds(&alarm(&"é".repeat(128), SUM)), ["awscc_cloudwatch_alarm"]);
    for (statistic, kind) in [
        ("p99.99", "aws_cloudwatch_metric_alarm"),
        ("p100", "aws_cloudwatch_metric_alarm"),
        ("tm5", "aws_cloudwatch_metric_alarm"),
        ("p99.999", "awscc_cloudwatch_alarm"),
        ("ts0.125", "awscc_cloudwatch_alarm"),
    ] {
        assert_eq!(kinds(&alarm("a", &format!("ExtendedStatistic = '{statistic}'"))), [kind], "{statistic}");
    }
    let in_math = "[[alarms]]\nAlarmName = 'a'\nEvaluationPeriods = 1\nThreshold = 1\n\
        ComparisonOperator = 'GreaterThanThreshold'\nMetrics = [{ Id = 'm1', MetricStat = { Period = 300, \
        Stat = 'p99.999', Metric = { Namespace = 'n', MetricName = 'm' } } }]\n";
    assert_eq!(kinds(in_math), ["awscc_cloudwatch_alarm"]);
}

/// Of a saved query both providers take 255 bytes of the name, and one of them 10,000 of the text.
#[test]
fn queries_that_both_providers_refuse_are_told() {
    let named = |name: &str| format!("[[queryDefinitions]]\nname = '{name}'\nqueryString = 'limit 5'\n");
    assert!(!is_missing(&notes(&named(&"q".repeat(255)), ExportFormat::Terraform), "saved query"));
    let long = named(&"é".repeat(128));
    assert!(is_missing(
        &notes(&long, ExportFormat::Terraform),
        "its name has 256 bytes, and the providers take 255"
    ));
    assert!(configuration(&long).get("resource").is_none());
    assert!(!is_missing(&notes(&long, ExportFormat::CloudFormation), "saved query"));
    let wide = format!(
        "[[queryDefinitions]]\nname = 'q'\nqueryString = '''\n# {}\nlimit {{{{n}}}}'''\nparameters = [{{ name = 'n', \
         defaultValue = '5' }}]\n",
        "é".repeat(5_000)
    );
    assert!(is_missing(&notes(&wide, ExportFormat::Terraform), "its text has "));
}

/// `aws_cloudtrail` and `aws_cloudwatch_log_group` take nothing but an ARN; the service takes ids and aliases too.
#[test]
fn keys_are_asked_for_their_arns() {
    let toml = "[logGroup]\nlogGroupName = 'g'\n[trail]\nName = 'trail'\nS3BucketName = 'a-bucket'\nKmsKeyId = 'KEY'\n";
    let of = |key: &str| configuration(&toml.replace("KEY", key));
    let asked = of("alias/trail");
    assert_eq!(asked["data"]["aws_kms_key"], json!({ "trail_trail": { "key_id": "alias/trail" } }));
    assert_eq!(
        asked["resource"]["aws_cloudtrail"]["trail"]["kms_key_id"],
        "${data.aws_kms_key.trail_trail.arn}"
    );
    let known = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    assert!(of(known)["data"].get("aws_kms_key").is_none());
    assert_eq!(of(known)["resource"]["aws_cloudtrail"]["trail"]["kms_key_id"], known);
}

/// Several configurations, or a team's own files, lie in one folder.
#[test]
fn a_folder_has_room_for_others() {
    let stack = stack_of(EXAMPLE);
    let options = ExportOptions { no_providers: true, ..ExportOptions::default() };
    let export = export(&stack, ExportFormat::TerraformJson, &options);
    let configuration: Value = serde_json::from_str(&export.text).unwrap();
    assert!(configuration.get("terraform").is_none() && configuration.get("provider").is_none());
    let said = export.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>().join("\n");
    let providers = "the folder's own providers are `hashicorp/aws` ~> 6.0 and `hashicorp/awscc` ~> 1.105 in the Region `us-east-1`";
    assert!(said.contains(providers), "{said}");
    assert!(said.contains("needs `import` blocks"), "{said}");
    assert!(said.contains("`local.presigned_url_bucket_policy_statements`"), "{said}");
    for kind in configuration["data"].as_object().unwrap().values() {
        assert_eq!(kind.as_object().unwrap().keys().collect::<Vec<_>>(), ["presigned_url"]);
    }
    let locals = configuration["locals"].as_object().unwrap();
    assert_eq!(locals.keys().collect::<Vec<_>>(), ["//", "presigned_url_bucket_policy_statements"]);
}

/// `apply` makes no filters where there is no log group for them.
#[test]
fn a_log_group_that_is_asked_for_is_told() {
    let toml = "name = 'Ours'\n[[metricFilters]]\nfilterName = 'f'\nfilterPattern = 'Error'\n\
        metricTransformations = [{ metricNamespace = 'n', metricName = 'm', metricValue = '1' }]\n";
    for (format, name) in [
        (ExportFormat::CloudFormation, "the parameter `LogGroupName` says"),
        (ExportFormat::Terraform, "`var.ours_log_group_name` says"),
    ] {
        let notes = notes(toml, format);
        assert!(notes.iter().any(|note| note.text.starts_with(name)), "{notes:?}");
    }
}

/// Versions of providers that have what is used of them (`tests/terraform_arguments.toml`).
#[test]
fn providers_are_new_enough() {
    let version = |toml: &str, provider: &str| {
        configuration(toml)["terraform"]["required_providers"][provider]["version"].take()
    };
    let clock = format!("{SUM}\nEvaluationWindow = {{ WallClockWindow = {{ Timezone = 'UTC' }} }}");
    let toml = alarm("a", &clock);
    assert_eq!(version(&toml, "aws"), "~> 6.69");
    assert_eq!(version(&toml, "awscc"), Value::Null);
    assert_eq!(
        configuration(&toml)["resource"]["aws_cloudwatch_metric_alarm"]["a"]["evaluation_window"],
        json!({ "wall_clock_window": { "timezone": "UTC" } })
    );
    let sliding = format!(
        "{SUM}\nEvaluationWindow = {{ SlidingWindow = {{}} }}\nAlarmDescription = '{}'",
        "é".repeat(600)
    );
    let toml = alarm("a", &sliding);
    assert_eq!(version(&toml, "awscc"), "~> 1.100");
    let detector = "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = { Namespace = 'n', MetricName = 'm', Stat = 'Sum' }\n";
    assert_eq!(version(&format!("{detector}{toml}"), "awscc"), "~> 1.105");
    // The provider has it as a text, and it is what counts where nothing is said.
    assert!(
        configuration(&toml)["resource"]["awscc_cloudwatch_alarm"]["a"].get("evaluation_window").is_none()
    );
}
