//! Each kind of resource as an account has and answers it, beyond what the scenario holds: what is no difference, what is kept,
//! what is told, and what comes back as a stack.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

mod account;
mod made_stacks;

use account::{ACCOUNT, Account, REGION};
use serde_json::{Value, json};
use trailql::provision::{
    Action, Call, Fault, Imported, Kept, Manifest, Operation, Place, Plan, PlanOptions, Services, Wanted,
    import,
};
use trailql::report::plan::{PlanText, outcome as outcome_text, plan as plan_text, plan_json};
use trailql::stack::{CheckedStack, Stack};

const TEXT: PlanText = PlanText { colour: false, width: 200 };

fn place() -> Place {
    Place { account: ACCOUNT.into(), partition: "aws".into(), region: REGION.into(), organization: None }
}

/// A stack with a log group, a filter and what else is said.
fn stack(more: &str) -> CheckedStack {
    let text = format!(
        "name = 'watch'\nlogGroup = {{ logGroupName = 'trail', retentionInDays = 90 }}\n{more}\n[[metricFilters]]\n\
         filterName = 'downloads'\nfilterPattern = '{{ $.eventName = GetObject }}'\n\
         metricTransformations = [{{ metricNamespace = 'n', metricName = 'm', metricValue = '1', defaultValue = 0 }}]\n"
    );
    made_stacks::checked(&text)
}

/// An account, and what a stack's manifest says of it.
struct Lived {
    account: Account,
    manifest: Manifest,
}

impl Lived {
    fn new() -> Self {
        Lived { account: Account::new(), manifest: Manifest::new("watch", &place()) }
    }

    fn call(&self, operation: Operation, input: Value) -> Value {
        self.account.call(&Call::new(operation, input)).unwrap()
    }

    fn plan(&self, stack: &CheckedStack) -> Plan {
        let options = PlanOptions { name: "watch".to_owned(), ..PlanOptions::default() };
        Plan::apply(stack, &place(), &self.manifest, &self.account, &|_| (), &options).unwrap()
    }

    fn apply(&mut self, stack: &CheckedStack) -> String {
        let plan = self.plan(stack);
        assert!(plan.problems.is_empty(), "{:?}", plan.problems);
        let outcome = plan.run(&self.account, &|_| (), &|_| ());
        assert!(outcome.is_complete(), "{}", outcome_text(&plan, &outcome, TEXT));
        for change in plan.changes.iter().filter(|change| change.action != Action::Delete) {
            self.manifest.record(&change.resource, change.adopted);
        }
        plan_text(&plan, TEXT)
    }

    /// Everything that the stack holds is there: a plan has nothing to do.
    fn assert_settled(&self, stack: &CheckedStack) {
        let plan = self.plan(stack);
        assert!(
            plan.is_empty() && plan.problems.is_empty(),
            "{:?}\n{}",
            plan.problems,
            plan_text(&plan, TEXT)
        );
    }

    fn import(&self) -> Imported {
        import("trail", &place(), &self.account, &|_| ()).unwrap().unwrap()
    }
}

const ALARM: &str = "AlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nStatistic = 'Sum'\nPeriod = 300\n\
                     EvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'\n\
                     TreatMissingData = 'notBreaching'\n";

fn topic(endpoint: &str, protocol: &str) -> CheckedStack {
    stack(&format!(
        "topics = [{{ Name = 'security', Subscriptions = [{{ Protocol = '{protocol}', Endpoint = '{endpoint}' }}] }}]\n\
         [[alarms]]\n{ALARM}AlarmActions = ['topic:security']"
    ))
}

#[test]
fn a_subscription_that_ended_is_made_again() {
    let mut lived = Lived::new();
    let stack = topic("team@example.com", "email");
    lived.apply(&stack);
    lived.account.confirm_subscriptions("team@example.com");
    lived.assert_settled(&stack);
    lived.account.end_subscriptions("team@example.com");
    assert!(lived.import().stack.topics[0].subscriptions.is_empty(), "who has left is not told");
    let text = lived.apply(&stack);
    assert!(text.contains("Subscriptions"), "{text}");
    assert_eq!(lived.account.calls_of(Operation::Subscribe).len(), 2);
    lived.assert_settled(&stack);
}

#[test]
fn a_password_is_sent_and_never_shown() {
    let mut lived = Lived::new();
    let stack = topic("https://hook:hunter2@example.com/alarms", "https");
    let plan = lived.plan(&stack);
    for shown in [plan_text(&plan, TEXT), plan_json(&plan).to_string()] {
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("https://hook:****@example.com/alarms"), "{shown}");
    }
    lived.apply(&stack);
    let sent = lived.account.calls_of(Operation::Subscribe);
    assert_eq!(sent[0].text("Endpoint"), Some("https://hook:hunter2@example.com/alarms"));
    assert!(!lived.manifest.print().contains("hunter2"), "{}", lived.manifest.print());
    lived.assert_settled(&stack);
    // And gone when the stack gives it up.
    lived.account.confirm_subscriptions("https://hook:hunter2@example.com/alarms");
    lived.apply(&topic("https://hook@example.com/alarms", "https"));
    assert_eq!(lived.account.calls_of(Operation::Unsubscribe).len(), 1);

    let mut lived = Lived::new();
    lived.apply(&stack);
    let imported = lived.import();
    assert!(imported.stack.topics[0].subscriptions.is_empty());
    let told = "the subscription of the topic `security` to `https://hook:****@example.com/alarms`: the service does not tell its password";
    assert!(imported.left_out.iter().any(|one| one == told), "{:?}", imported.left_out);
}

#[test]
fn a_topic_keeps_the_subscriptions_that_a_stack_can_say() {
    let mut lived = Lived::new();
    lived.apply(&topic("team@example.com", "email"));
    let input = json!({
        "TopicArn": place().topic_arn("security"), "Protocol": "firehose",
        "Endpoint": "arn:aws:firehose:eu-central-1:111122223333:deliverystream/s",
        "Attributes": { "SubscriptionRoleArn": "arn:aws:iam::111122223333:role/r" },
    });
    lived.call(Operation::Subscribe, input);
    let imported = lived.import();
    assert_eq!(imported.stack.topics[0].subscriptions.len(), 1);
    let is_told = |one: &String| one.contains("firehose") && one.contains("`SubscriptionRoleArn`");
    assert!(imported.left_out.iter().any(is_told), "{:?}", imported.left_out);
}

#[test]
fn what_a_stack_cannot_say_of_an_alarm_stays_or_is_shown() {
    let mut lived = Lived::new();
    let (one, two) = (
        stack(&format!("[[alarms]]\n{ALARM}")),
        stack(&format!("[[alarms]]\n{ALARM}AlarmDescription = 'd'")),
    );
    lived.apply(&one);
    let propagation = json!({ "AlarmTagsPropagation": { "Enabled": true } });
    let mut alarm = lived.account.calls_of(Operation::PutMetricAlarm)[0].input.clone();
    alarm.remove("Tags");
    alarm.insert("ActionConfiguration".to_owned(), propagation.clone());
    lived.call(Operation::PutMetricAlarm, Value::Object(alarm));
    lived.assert_settled(&one);
    lived.apply(&two);
    let sent = lived.account.calls_of(Operation::PutMetricAlarm);
    assert_eq!(
        sent.last().unwrap().input["ActionConfiguration"],
        propagation,
        "an update replaces everything"
    );
    let left_out = lived.import().left_out;
    assert!(
        left_out.contains(&"`ActionConfiguration` of the alarm `a`: a stack has no place for it".to_owned()),
        "{left_out:?}"
    );

    // An alarm on a query in another language is another alarm: its members go, and are shown.
    let query = json!({ "AlarmName": "a", "EvaluationInterval": 60, "EvaluationCriteria": { "PromQLCriteria": { "Query": "up" } } });
    lived.call(Operation::PutMetricAlarm, query);
    let text = lived.apply(&one);
    assert!(text.contains("EvaluationCriteria") && text.contains("EvaluationInterval"), "{text}");
    lived.assert_settled(&one);
}

#[test]
fn defaults_of_alarms_have_one_form() {
    for more in [
        "WarmUpConfiguration = { WarmUpPeriodDurationInMinutes = 5 }",
        "WarmUpConfiguration = { WarmUpPeriodDurationInMinutes = 5, OnlyStartEvaluatingAfterWarmUpPeriodEnds = false }",
        "EvaluationWindow = { WallClockWindow = {} }",
        "EvaluationWindow = { WallClockWindow = { Timezone = 'UTC' } }",
    ] {
        for describes in [false, true] {
            let mut lived = Lived::new();
            lived.account.describe_defaults(describes);
            let stack = stack(&format!("[[alarms]]\n{ALARM}{more}"));
            lived.apply(&stack);
            lived.assert_settled(&stack);
        }
    }
}

#[test]
fn the_result_of_an_alarm_is_sent() {
    let mut lived = Lived::new();
    let stack = stack(
        "[[alarms]]\nAlarmName = 'a'\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'\n\
         TreatMissingData = 'notBreaching'\nMetrics = [\n\
         { Id = 'm1', ReturnData = false, MetricStat = { Metric = { Namespace = 'n', MetricName = 'm' }, Period = 300, Stat = 'Sum' } },\n\
         { Id = 'e1', ReturnData = true, Expression = 'm1 * 2' }]",
    );
    lived.apply(&stack);
    let sent = lived.account.calls_of(Operation::PutMetricAlarm);
    let returned = |id: &str| {
        let entries = sent[0].input["Metrics"].as_array().unwrap();
        entries.iter().find(|entry| entry["Id"] == id).unwrap()["ReturnData"].clone()
    };
    assert_eq!((returned("m1"), returned("e1")), (json!(false), json!(true)));
    lived.assert_settled(&stack);
}

fn detector(more: &str) -> CheckedStack {
    stack(&format!(
        "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = {{ Namespace = 'n', MetricName = 'm', Stat = 'Sum' }}\n{more}"
    ))
}

#[test]
fn a_detector_goes_back_to_its_defaults() {
    for keeps in [false, true] {
        let mut lived = Lived::new();
        lived.account.keep_settings(keeps);
        lived.apply(&detector(
            "MetricCharacteristics = { PeriodicSpikes = true }\n\
             Configuration = { MetricTimezone = 'Europe/Berlin', AdaptationSpeed = 'FAST', OutlierFilteringStrength = 'STRICT', \
             ExcludedTimeRanges = [{ StartTime = '2026-01-01T00:00:00', EndTime = '2026-01-02T00:00:00' }] }",
        ));
        let some = detector("Configuration = { AdaptationSpeed = 'FAST' }");
        lived.apply(&some);
        lived.assert_settled(&some);
        let plain = detector("");
        lived.apply(&plain);
        lived.assert_settled(&plain);
    }
}

#[test]
fn the_account_of_a_detector_may_be_said() {
    for account in ["", ", AccountId = '111122223333'"] {
        for describes in [false, true] {
            let mut lived = Lived::new();
            lived.account.describe_defaults(describes);
            let stack = stack(&format!(
                "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = {{ Namespace = 'n', MetricName = 'm', Stat = 'Sum'{account} }}"
            ));
            lived.apply(&stack);
            lived.assert_settled(&stack);
            assert_eq!(lived.import().stack.anomaly_detectors.len(), 1);
            // It is the same detector whether its account is said or not.
            lived.assert_settled(&detector(""));
        }
    }
}

#[test]
fn the_tags_of_a_group_are_told() {
    let mut lived = Lived::new();
    lived.apply(&stack(""));
    let arn = place().log_group_arn("trail");
    lived.call(Operation::TagLogGroup, json!({ "resourceArn": arn, "tags": { "team": "ops" } }));
    let left_out = lived.import().left_out;
    assert_eq!(left_out.len(), 1, "{left_out:?}");
    assert!(left_out[0].starts_with("the tag `team` of the log group `trail`: "), "{left_out:?}");
}

#[test]
fn a_retention_policy_of_the_account_is_told() {
    let mut lived = Lived::new();
    let stack = stack("");
    lived.apply(&stack);
    lived.account.retention_policy("everything-short", Some(30));
    lived.assert_settled(&stack);
    let told = "the retention of the log group `trail`: the account's policy `everything-short` decides it";
    assert_eq!(lived.plan(&stack).left_out, [told]);
    let imported = lived.import();
    assert_eq!(imported.stack.log_group.as_ref().unwrap().retention_in_days, None);
    assert!(imported.left_out.iter().any(|one| one == told), "{:?}", imported.left_out);
}

#[test]
fn of_several_saved_queries_of_a_name_none_is_picked() {
    let mut lived = Lived::new();
    let query = |text: &str| stack(&format!("[[queryDefinitions]]\nname = 'who'\nqueryString = '{text}'"));
    lived.apply(&query("limit 5"));
    lived.call(Operation::PutQueryDefinition, json!({ "name": "who", "queryString": "limit 7" }));
    let before = lived.account.snapshot();
    let plan = lived.plan(&query("limit 6"));
    let told: Vec<String> = plan.problems.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["there are several of the name: saved query `who`"]);
    assert!(plan.problems[0].help().contains("delete or rename the others"), "{}", plan.problems[0].help());
    plan.run(&lived.account, &|_| (), &|_| ());
    assert_eq!(lived.account.snapshot(), before);
    // Neither when the stack gives it up, nor when it goes; what else there is to do is done.
    let is_kept = |plan: &Plan| {
        plan.problems.is_empty()
            && plan.changes.iter().any(|change| change.action == Action::Keep(Kept::OneOfSeveral))
    };
    let gone = lived.plan(&stack(""));
    assert!(is_kept(&gone), "{gone:?}");
    let destroy = Plan::destroy(
        &query("limit 5"),
        &place(),
        &lived.manifest,
        &lived.account,
        &|_| (),
        &PlanOptions::default(),
    );
    let destroy = destroy.unwrap();
    assert!(is_kept(&destroy), "{destroy:?}");
    assert!(destroy.run(&lived.account, &|_| (), &|_| ()).is_complete());
    let left = lived.call(Operation::DescribeQueryDefinitions, json!({}));
    assert_eq!(left["queryDefinitions"].as_array().unwrap().len(), 2);
    assert_eq!(lived.call(Operation::DescribeMetricFilters, json!({}))["metricFilters"], json!([]));
    // Nor are they read into a stack, which could not tell them apart.
    let imported = lived.import();
    assert_eq!(imported.stack.query_definitions.len(), 0);
    let told =
        "the saved queries `who`: there are several of the name, which is all that a stack knows of them";
    assert!(imported.left_out.iter().any(|one| one == told), "{:?}", imported.left_out);
}

#[test]
fn a_query_that_names_its_groups_gets_none() {
    for (text, groups) in [
        ("limit 5", json!(["trail"])),
        ("sources | limit 5", json!(["trail"])),
        ("# whose\nSOURCE logGroups(namePrefix: [\"a\"]) | limit 5", Value::Null),
        ("  source logGroups(namePrefix: [\"a\"])\n| limit {{n}}", Value::Null),
        ("SOURCE logGroups(namePrefix: [{{prefix}}]) | limit 5", Value::Null),
        ("limit {{n}}", json!(["trail"])),
    ] {
        let parameters: Vec<String> = [("n", "3"), ("prefix", "\"a\"")]
            .iter()
            .filter(|(name, _)| text.contains(&format!("{{{{{name}}}}}")))
            .map(|(name, default)| format!("{{ name = '{name}', defaultValue = '{default}' }}"))
            .collect();
        let more = format!(
            "[[queryDefinitions]]\nname = 'q'\nqueryString = '''{text}'''\nparameters = [{}]",
            parameters.join(", ")
        );
        let text_of = format!("logGroup = {{ logGroupName = 'trail', retentionInDays = 90 }}\n{more}\n");
        let parsed = Stack::parse(&text_of).unwrap();
        let Some(checked) = parsed.check(&text_of).ast else {
            assert!(text.starts_with("sources"), "{:#?}", parsed.check(&text_of).diagnostics);
            continue;
        };
        let mut lived = Lived::new();
        lived.apply(&checked);
        let sent = &lived.account.calls_of(Operation::PutQueryDefinition)[0].input;
        assert_eq!(sent.get("logGroupNames").cloned().unwrap_or_default(), groups, "{text}");
        lived.assert_settled(&checked);
    }
}

#[test]
fn what_a_stack_has_no_place_for_is_left_out_by_name() {
    let mut lived = Lived::new();
    lived.apply(&stack(&format!("[[alarms]]\n{ALARM}")));
    let filter = json!({
        "logGroupName": "trail", "filterName": "downloads", "filterPattern": "{ $.eventName = GetObject }",
        "metricTransformations": [{ "metricNamespace": "n", "metricName": "m", "metricValue": "1" }],
        "emitSystemFieldDimensions": ["@aws.account"], "applyOnTransformedLogs": true,
        "fieldSelectionCriteria": "@aws.region = \"eu-central-1\"",
    });
    lived.call(Operation::PutMetricFilter, filter);
    let left_out = lived.import().left_out;
    for member in ["applyOnTransformedLogs", "fieldSelectionCriteria", "emitSystemFieldDimensions"] {
        let told = format!("`{member}` of the metric filter `downloads`: a stack has no place for it");
        assert!(left_out.contains(&told), "{left_out:?}");
    }
}

/// An account of which some answers are otherwise.
struct Otherwise<'a>(&'a Account, Operation, fn(&mut Value));

impl Services for Otherwise<'_> {
    fn call(&self, call: &Call) -> Result<Value, Fault> {
        let mut answer = self.0.call(call)?;
        if call.operation == self.1 {
            (self.2)(&mut answer);
        }
        Ok(answer)
    }
}

#[test]
fn what_does_not_fit_is_told_as_such() {
    let mut lived = Lived::new();
    lived.apply(&detector(""));
    let left_out = |operation, change| {
        let services = Otherwise(&lived.account, operation, change);
        import("trail", &place(), &services, &|_| ()).unwrap().unwrap().left_out
    };
    let told = left_out(Operation::DescribeLogGroups, |answer| {
        answer["logGroups"][0]["retentionInDays"] = json!("long");
        answer["logGroups"][0]["logGroupClass"] = json!("INFREQUENT_ACCESS");
    });
    assert!(told[0].starts_with("`logGroupClass` of the log group `trail`"), "{told:?}");
    assert!(told[1].starts_with("log group `trail`: invalid type"), "{told:?}");
    let told = left_out(Operation::DescribeAnomalyDetectors, |answer| {
        answer["AnomalyDetectors"][0]["Configuration"] = json!({ "MetricTimezone": 1 });
    });
    assert!(told[0].starts_with("anomaly detector `n / m Sum`: invalid type"), "{told:?}");
}

#[test]
fn a_trail_with_a_topic_or_another_role_is_told() {
    let mut lived = Lived::new();
    lived.apply(&stack(""));
    let services = Otherwise(&lived.account, Operation::DescribeTrails, |answer| {
        let place = place();
        answer["trailList"] = json!([{
            "Name": "main", "TrailARN": place.trail_arn("main", false), "S3BucketName": "b", "SnsTopicARN": place.topic_arn("t"),
            "CloudWatchLogsLogGroupArn": format!("{}:*", place.log_group_arn("trail")),
            "CloudWatchLogsRoleArn": place.role_arn("service-role/trails"),
        }]);
    });
    let left_out = import("trail", &place(), &services, &|_| ()).unwrap().unwrap().left_out;
    assert_eq!(
        left_out,
        [
            "`SnsTopicARN` of the trail `main`: a stack has no place for it",
            "the role `arn:aws:iam::111122223333:role/service-role/trails` of the trail `main`: a stack gives a trail the role \
             `CloudTrailRoleForCloudWatchLogs_main`, which `apply` makes and points it to",
        ]
    );
}

#[test]
fn the_least_policy_lets_patterns_be_tried() {
    let policy = Wanted::of(&stack(""), &place(), "watch").iam_policy(&place());
    let statements = policy["Statement"].as_array().unwrap();
    let of = |action: &str| {
        let allows = |one: &&Value| one["Action"].as_array().is_some_and(|all| all.contains(&json!(action)));
        statements.iter().find(allows).unwrap()["Resource"].clone()
    };
    assert_eq!(of("logs:TestMetricFilter"), json!(["*"]));
}
