//! Stacks that change, share an account with others, or lose what they know: what is theirs, what is not, and what is left alone.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

mod account;
mod desk;
mod made_stacks;

use account::{Account, Failure, Organization, When};
use desk::Desk;
use made_stacks::checked;
use serde_json::{Value, json};
use trailql::provision::{Action, Call, Kind, Operation, Outcome, Plan, PlanOptions, Services};
use trailql::report::plan::{PlanText, outcome as outcome_text, plan as plan_text, plan_json};

const REGION: &str = account::REGION;
const TEXT: PlanText = PlanText { colour: false, width: 100 };

fn account() -> Account {
    Account::new().in_organization(Organization::managed_here())
}

fn with_bucket() -> Account {
    let account = account();
    let location = json!({ "LocationConstraint": REGION });
    make(
        &account,
        Operation::CreateBucket,
        json!({ "Bucket": "b-trail", "CreateBucketConfiguration": location }),
    );
    account.forget_calls();
    account
}

fn make(account: &Account, operation: Operation, input: Value) -> Value {
    account.call(&Call::new(operation, input)).unwrap()
}

fn desk<'a>(account: &'a Account, stack: &str) -> Desk<'a> {
    let options = PlanOptions { name: stack.to_owned(), bucket_policy: true, ..PlanOptions::default() };
    Desk::at(account, stack, REGION, options)
}

/// Of somebody without a manifest, who lets the bucket be made.
fn with_bucket_to_come(account: &Account) -> Desk<'_> {
    let mut desk = desk(account, "s");
    desk.options.create_bucket = true;
    desk
}

fn filter(name: &str) -> String {
    format!(
        "[[metricFilters]]\nfilterName = '{name}'\nfilterPattern = '{{ $.eventName = ConsoleLogin }}'\n\
         [[metricFilters.metricTransformations]]\nmetricNamespace = 'n'\nmetricName = '{name}'\nmetricValue = '1'\n"
    )
}

fn group(name: &str) -> String {
    format!("[logGroup]\nlogGroupName = '{name}'\n")
}

fn query(name: &str, text: &str) -> String {
    format!("[[queryDefinitions]]\nname = '{name}'\nqueryString = '{text}'\n")
}

fn trail(name: &str) -> String {
    format!("[trail]\nName = '{name}'\nS3BucketName = 'b-trail'\n")
}

fn actions(plan: &Plan) -> Vec<String> {
    plan.changes
        .iter()
        .filter(|change| change.is_change())
        .map(|change| change.resource.id.to_string())
        .collect()
}

fn problems(plan: &Plan) -> Vec<String> {
    plan.problems.iter().map(ToString::to_string).collect()
}

fn queries(account: &Account) -> Vec<Value> {
    make(account, Operation::DescribeQueryDefinitions, json!({}))["queryDefinitions"]
        .as_array()
        .unwrap()
        .clone()
}

#[test]
fn what_something_new_takes_the_place_of_stays_until_that_is_there() {
    let account = with_bucket();
    let mut desk = desk(&account, "s");
    assert!(desk.apply(&checked(&format!("{}{}", group("g"), trail("old-trail")))).is_complete());
    let renamed = checked(&format!("{}{}", group("g"), trail("new-trail")));
    account.inject(When::Every(Operation::CreateTrail), Failure::LimitExceeded);
    let plan = desk.plan(&renamed).unwrap();
    let outcome = desk.run(&plan);
    assert_eq!(outcome.failed.len(), 1);
    assert_eq!(account.calls_of(Operation::DeleteTrail), []);
    let text = outcome_text(&plan, &outcome, TEXT);
    assert!(text.contains("not tried, for something before them failed"), "{text}");
    assert!(text.contains("trail `old-trail`"), "{text}");
    // One trail is there beside the one that is wanted.
    assert!(text.contains("(1 of 5 trails of the region in use)"), "{text}");

    account.heal();
    assert!(desk.apply(&renamed).is_complete());
    assert_eq!(account.calls_of(Operation::DeleteTrail).len(), 1);
    assert!(desk.plan(&renamed).unwrap().is_empty());
}

#[test]
fn a_refusal_by_a_quota_tells_how_many_there_are() {
    for (operation, words) in [
        (Operation::CreateLogGroup, "would exceed a quota: "),
        (Operation::CreateLogGroup, "a region has at most 1,000,000 log groups"),
        (Operation::CreateBucket, "(1 buckets of the account in use)"),
        (Operation::CreateRole, "(1 of 1000 roles of the account in use)"),
        (Operation::CreateTopic, "(2 topics of the region in use)"),
    ] {
        let account = with_bucket();
        for name in ["one", "two"] {
            make(&account, Operation::CreateTopic, json!({ "Name": name }));
        }
        let trust = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Principal": { "Service": "x.amazonaws.com" }, "Action": "sts:AssumeRole" },
        ] });
        let role = json!({ "RoleName": "other", "AssumeRolePolicyDocument": trust.to_string() });
        make(&account, Operation::CreateRole, role);
        account.inject(When::Every(operation), Failure::LimitExceeded);
        let mut desk = with_bucket_to_come(&account);
        let topic = "[[topics]]\nName = 'alarms'\n";
        let trail = "[trail]\nName = 'the-trail'\nS3BucketName = 'b-new'\n";
        let stack = checked(&format!("{}{topic}{trail}", group("g")));
        let plan = desk.plan(&stack).unwrap();
        let text = outcome_text(&plan, &desk.run(&plan), TEXT);
        assert!(text.contains(words), "{operation}, {words}:\n{text}");
    }
}

#[test]
fn a_filter_moves_to_another_log_group() {
    let account = account();
    let mut desk = desk(&account, "s");
    desk.apply(&checked(&format!("{}{}", group("before"), filter("logins"))));
    let moved = checked(&format!("{}{}", group("behind"), filter("logins")));
    let plan = desk.plan(&moved).unwrap();
    let replaced = plan.changes.iter().find(|change| change.resource.id.kind == Kind::MetricFilter).unwrap();
    let Action::Replace { former, differences } = &replaced.action else { panic!("{:?}", replaced.action) };
    assert_eq!(former.key["logGroupName"], "before");
    assert_eq!(
        differences.iter().map(|one| (one.path.as_str(), one.before.clone().unwrap())).collect::<Vec<_>>(),
        [("logGroupName", json!("before"))]
    );
    let text = plan_text(&plan, TEXT);
    let told = "± metric filter  logins  takes the place of one that goes at the end\n    logGroupName\n      - before\n      + behind\n";
    assert!(text.contains(told), "{text}");
    assert!(text.ends_with("1 to create, 1 to replace, 1 to retag\n"), "{text}");
    let json = plan_json(&plan);
    let changes = json["changes"].as_array().unwrap();
    let of = |action: &str| changes.iter().find(|change| change["action"] == action).unwrap();
    assert_eq!(of("replace")["replaces"]["key"], json!({ "filterName": "logins", "logGroupName": "before" }));
    assert_eq!(of("delete")["name"], "logins");

    account.forget_calls();
    assert!(desk.run(&plan).is_complete());
    let at = |operation: Operation| {
        account.changes().iter().position(|one| one.call.operation == operation).unwrap()
    };
    assert!(at(Operation::PutMetricFilter) < at(Operation::DeleteMetricFilter), "there is always one");
    assert!(desk.plan(&moved).unwrap().is_empty());
}

#[test]
fn a_detector_learns_another_statistic() {
    let account = account();
    let detector = |stat: &str| {
        format!(
            "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = {{ Namespace = 'n', MetricName = 'logins', Stat = '{stat}' }}\n"
        )
    };
    let mut desk = desk(&account, "s");
    let stack = |stat: &str| checked(&format!("{}{}{}", group("g"), filter("logins"), detector(stat)));
    desk.apply(&stack("Sum"));
    let plan = desk.plan(&stack("Maximum")).unwrap();
    let text = plan_text(&plan, TEXT);
    assert!(text.contains("    SingleMetricAnomalyDetector.Stat\n      - Sum\n      + Maximum\n"), "{text}");
    assert!(desk.run(&plan).is_complete());
    let left = make(&account, Operation::DescribeAnomalyDetectors, json!({}));
    assert_eq!(left["AnomalyDetectors"].as_array().unwrap().len(), 1);
}

#[test]
fn where_two_could_take_the_place_of_one_neither_does() {
    let account = account();
    let detector = |stat: &str| {
        format!(
            "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = {{ Namespace = 'n', MetricName = 'logins', Stat = '{stat}' }}\n"
        )
    };
    let head = format!("{}{}", group("g"), filter("logins"));
    let mut desk = desk(&account, "s");
    desk.apply(&checked(&format!("{head}{}", detector("Sum"))));
    let plan = desk.plan(&checked(&format!("{head}{}{}", detector("Maximum"), detector("Minimum")))).unwrap();
    let text = plan_text(&plan, TEXT);
    assert!(text.ends_with("2 to create, 1 to change, 1 to delete, 1 unchanged\n"), "{text}");
    assert!(!text.contains('±'), "{text}");
}

#[test]
fn what_was_there_before_keeps_what_it_had() {
    let account = account();
    let arn = format!("arn:aws:sns:{REGION}:{}:shared", account::ACCOUNT);
    make(
        &account,
        Operation::CreateTopic,
        json!({ "Name": "shared", "Tags": [{ "Key": "team", "Value": "ops" }] }),
    );
    let pager = json!({ "TopicArn": arn, "Protocol": "email", "Endpoint": "pager@example.com" });
    make(&account, Operation::Subscribe, pager);
    account.confirm_subscriptions("pager@example.com");
    let mut desk = desk(&account, "s");
    desk.options.adopt = true;
    let named = "tags = { team = 'ops' }\n[[topics]]\nName = 'shared'\n\
                 Subscriptions = [{ Protocol = 'email', Endpoint = 'pager@example.com' }]\n";
    assert!(desk.apply(&checked(named)).is_complete());
    let plan = desk.plan(&checked("[[topics]]\nName = 'shared'\n")).unwrap();
    assert_eq!(actions(&plan), [""; 0]);
    let told = "what the stack no longer gives to the topic `shared`: it was there before, and keeps it";
    assert_eq!(plan.left_out, [told]);
}

#[test]
fn who_is_no_longer_told_is_unsubscribed() {
    let account = account();
    let told = |who: &[&str]| {
        let list: Vec<String> = who
            .iter()
            .map(|who| format!("{{ Protocol = 'email', Endpoint = '{who}@example.com' }}"))
            .collect();
        checked(&format!("[[topics]]\nName = 'security'\nSubscriptions = [{}]\n", list.join(", ")))
    };
    let mut desk = desk(&account, "s");
    desk.apply(&told(&["ann", "bob", "eve"]));
    ["ann", "bob"].iter().for_each(|who| account.confirm_subscriptions(&format!("{who}@example.com")));
    // Somebody who subscribed without the stack.
    let arn = format!("arn:aws:sns:{REGION}:{}:security", account::ACCOUNT);
    let zoe = json!({ "TopicArn": arn, "Protocol": "email", "Endpoint": "zoe@example.com" });
    make(&account, Operation::Subscribe, zoe);
    account.confirm_subscriptions("zoe@example.com");

    let fewer = told(&["bob", "joe"]);
    let plan = desk.plan(&fewer).unwrap();
    assert!(!plan.is_empty());
    // A failure on the way does not let them be forgotten.
    account.inject(When::Every(Operation::Unsubscribe), Failure::AccessDenied);
    assert_eq!(desk.run(&plan).failed.len(), 1);
    account.heal();
    assert!(desk.apply(&fewer).is_complete());
    let left = make(&account, Operation::ListSubscriptionsByTopic, json!({ "TopicArn": arn }));
    let mut left: Vec<&str> = left["Subscriptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["Endpoint"].as_str().unwrap())
        .collect();
    left.sort_unstable();
    // Who never confirmed cannot be unsubscribed, and lapses by herself.
    assert_eq!(left, ["bob@example.com", "eve@example.com", "joe@example.com", "zoe@example.com"]);
    assert!(desk.plan(&fewer).unwrap().is_empty());
}

#[test]
fn tags_that_are_given_up_go_and_those_of_others_stay() {
    let account = account();
    let stack =
        |tags: &str| checked(&format!("tags = {{ {tags} }}\n{}[[topics]]\nName = 'security'\n", group("g")));
    let mut desk = desk(&account, "s");
    desk.apply(&stack("team = 'a', stage = 'prod'"));
    let arn = format!("arn:aws:logs:{REGION}:{}:log-group:g", account::ACCOUNT);
    make(&account, Operation::TagLogGroup, json!({ "resourceArn": arn, "tags": { "owner": "audit" } }));
    assert!(desk.apply(&stack("team = 'b'")).is_complete());
    let tags = make(&account, Operation::ListLogGroupTags, json!({ "resourceArn": arn }))["tags"].clone();
    assert_eq!(tags, json!({ "team": "b", "owner": "audit", "trailql:stack": "s" }));
    let topic = format!("arn:aws:sns:{REGION}:{}:security", account::ACCOUNT);
    let tags = make(&account, Operation::ListTopicTags, json!({ "ResourceArn": topic }))["Tags"].clone();
    assert_eq!(tags, json!([{ "Key": "team", "Value": "b" }, { "Key": "trailql:stack", "Value": "s" }]));
}

#[test]
fn what_was_taken_away_by_hand_is_no_longer_the_stack_s() {
    let account = account();
    let mut desk = desk(&account, "s");
    desk.apply(&checked(&format!("{}{}", group("g"), query("shared", "limit 1"))));
    let id = queries(&account)[0]["queryDefinitionId"].clone();
    make(&account, Operation::DeleteQueryDefinition, json!({ "queryDefinitionId": id }));
    let without = checked(&group("g"));
    desk.apply(&without);
    // A colleague makes one of the same name.
    make(&account, Operation::PutQueryDefinition, json!({ "name": "shared", "queryString": "limit 2" }));
    assert_eq!(actions(&desk.plan(&without).unwrap()), [""; 0]);
}

#[test]
fn what_was_refused_and_then_made_by_somebody_else_is_not_the_stack_s() {
    let account = account();
    let stack = checked("[[topics]]\nName = 'security'\n");
    let mut desk = desk(&account, "s");
    account.inject(When::Every(Operation::CreateTopic), Failure::AccessDenied);
    desk.apply(&stack);
    account.heal();
    assert!(desk.manifest.entries.is_empty(), "nothing was made");
    make(&account, Operation::CreateTopic, json!({ "Name": "security" }));
    let plan = desk.plan(&stack).unwrap();
    assert_eq!(problems(&plan), ["topic `security` is there already, and this stack did not make it"]);
    assert_eq!(actions(&desk.plan_destruction(&stack)), [""; 0]);
}

#[test]
fn what_somebody_else_makes_between_plan_and_apply_is_not_the_stack_s() {
    let account = account();
    let stack = checked(&group("g"));
    let mut desk = desk(&account, "s");
    let plan = desk.plan(&stack).unwrap();
    make(
        &account,
        Operation::CreateLogGroup,
        json!({ "logGroupName": "g", "tags": { "owner": "platform" } }),
    );
    let outcome = desk.run(&plan);
    let text = outcome_text(&plan, &outcome, TEXT);
    assert!(text.contains("was made by somebody else since the plan was read"), "{text}");
    desk.options.delete_data = true;
    assert_eq!(actions(&desk.plan_destruction(&stack)), [""; 0]);
}

#[test]
fn two_stacks_share_a_log_group_that_was_there() {
    let account = account();
    make(&account, Operation::CreateLogGroup, json!({ "logGroupName": "trail" }));
    let one = checked(&format!("name = 'one'\n{}{}", group("trail"), filter("logins")));
    let two = checked(&format!("name = 'two'\n{}{}", group("trail"), filter("keys")));
    let adopting = |name: &str| {
        let mut desk = desk(&account, name);
        desk.options.adopt = true;
        desk
    };
    let (mut first, mut second) = (adopting("one"), adopting("two"));
    assert!(first.apply(&one).is_complete());
    assert!(second.apply(&two).is_complete());
    assert!(first.plan(&one).unwrap().is_empty(), "each has a tag of its own");
    assert!(second.plan(&two).unwrap().is_empty());

    // What the other made is not taken without asking.
    let greedy = checked(&format!("name = 'two'\n{}{}{}", group("trail"), filter("keys"), filter("logins")));
    second.options.adopt = false;
    let plan = second.plan(&greedy).unwrap();
    assert_eq!(problems(&plan), ["metric filter `logins` is there already, and this stack did not make it"]);

    // The one goes, its tag with it, and the other's stays.
    assert!(first.destroy(&one).is_complete());
    let arn = format!("arn:aws:logs:{REGION}:{}:log-group:trail", account::ACCOUNT);
    let tags = make(&account, Operation::ListLogGroupTags, json!({ "resourceArn": arn }))["tags"].clone();
    assert_eq!(tags.as_object().unwrap().len(), 1, "{tags}");
    assert!(second.plan(&two).unwrap().is_empty());
    assert!(first.plan_destruction(&one).is_empty());
    assert!(first.manifest.entries.is_empty(), "what it took over is of no concern any more");
}

#[test]
fn what_stays_when_the_stack_goes_does_not_claim_anything() {
    let account = account();
    let stack = checked(&format!("{}{}", group("g"), filter("logins")));
    let mut desk = desk(&account, "s");
    desk.apply(&stack);
    let plan = desk.plan_destruction(&stack);
    assert!(desk.run(&plan).is_complete());
    let arn = format!("arn:aws:logs:{REGION}:{}:log-group:g", account::ACCOUNT);
    let tags = make(&account, Operation::ListLogGroupTags, json!({ "resourceArn": arn }))["tags"].clone();
    assert_eq!(tags, json!({ "trailql:stack": "s" }));
    assert!(desk.plan_destruction(&stack).is_empty());
    // A stranger's filter of that name is his.
    let input = json!({ "logGroupName": "g", "filterName": "logins", "filterPattern": "ERROR",
        "metricTransformations": [{ "metricNamespace": "n", "metricName": "m", "metricValue": "1" }] });
    make(&account, Operation::PutMetricFilter, input);
    assert_eq!(
        problems(&self::desk(&account, "s").plan(&stack).unwrap()),
        ["metric filter `logins` is there already, and this stack did not make it"]
    );
}

#[test]
fn a_manifest_belongs_to_one_stack() {
    let account = account();
    let mut production = desk(&account, "production");
    production.apply(&checked(&format!("name = 'production'\n{}", query("sec/q", "limit 1"))));
    let mut copied = desk(&account, "staging");
    copied.manifest = production.manifest.clone();
    let staging = checked(&format!("name = 'staging'\n{}", query("sec/staging", "limit 1")));
    let plan = copied.plan(&staging).unwrap();
    assert_eq!(
        problems(&plan),
        ["the manifest is of the stack `production`, and this stack is called `staging`"]
    );
    assert!(plan.problems[0].help().contains("write `name = \"production\"` into it"));
    let plan = copied.plan_destruction(&staging);
    assert_eq!(plan.problems.len(), 1);
    assert_eq!(copied.run(&plan).done, []);
}

/// What a person is told of one fault on `PutQueryDefinition`.
fn after(failure: Failure, stack: &str, account: &Account, desk: &mut Desk<'_>) -> Outcome {
    account.forget_calls();
    account.inject(When::Of(Operation::PutQueryDefinition, 1), failure);
    let outcome = desk.apply(&checked(stack));
    account.heal();
    outcome
}

#[test]
fn a_saved_query_is_made_once_and_changed_for_certain() {
    for failure in [Failure::ServerErrorAfter, Failure::NoAnswerAfter, Failure::NoAnswerBefore] {
        let account = account();
        let mut desk = desk(&account, "s");
        let outcome = after(failure, &query("q", "limit 1"), &account, &mut desk);
        assert!(outcome.is_complete(), "{failure:?}: {outcome:?}");
        assert_eq!(queries(&account).len(), 1, "{failure:?}");
        let outcome = after(failure, &query("q", "limit 2"), &account, &mut desk);
        assert!(outcome.is_complete(), "{failure:?}: {outcome:?}");
        let left = queries(&account);
        assert_eq!((left.len(), &left[0]["queryString"]), (1, &json!("limit 2")), "{failure:?}");
    }
}

#[test]
fn a_query_that_was_not_changed_is_not_called_changed() {
    let account = account();
    let mut desk = desk(&account, "s");
    desk.apply(&checked(&query("q", "limit 1")));
    account.inject(When::Every(Operation::PutQueryDefinition), Failure::NoAnswerBefore);
    let outcome = desk.apply(&checked(&query("q", "limit 2")));
    assert_eq!(outcome.done, []);
    account.heal();
    assert_eq!(actions(&desk.plan(&checked(&query("q", "limit 2"))).unwrap()), ["saved query `q`"]);
}

#[test]
fn what_cloudwatch_finds_in_a_dashboard_is_told() {
    let account = account();
    let stack = checked(
        "[[dashboards]]\nDashboardName = 'd'\nDashboardBody = '{\"widgets\": [{\"type\": \"metric\", \"x\": 0, \"y\": 0, \
         \"width\": 6, \"height\": 3, \"properties\": {\"region\": \"eu-central-1\", \"metrics\": []}}]}'\n",
    );
    let mut desk = desk(&account, "s");
    let plan = desk.plan(&stack).unwrap();
    let outcome = desk.run(&plan);
    assert!(outcome.is_complete());
    let text = outcome_text(&plan, &outcome, TEXT);
    let told = "remark dashboard `d`: /widgets/0/properties/metrics: Should not have fewer than 1 items";
    assert!(text.contains(told), "{text}");
}

#[test]
fn a_filter_that_gets_a_regex_counts() {
    let account = account();
    let mut desk = desk(&account, "s");
    desk.apply(&checked(&format!("{}{}", group("g"), filter("logins"))));
    for index in 0..5 {
        let input = json!({ "logGroupName": "g", "filterName": format!("f{index}"), "filterPattern": "%a[0-9]%",
            "metricTransformations": [{ "metricNamespace": "n", "metricName": "m", "metricValue": "1" }] });
        make(&account, Operation::PutMetricFilter, input);
    }
    let plan = desk.plan(&checked(&format!(
        "{}{}",
        group("g"),
        filter("logins").replace("ConsoleLogin", "%L[a-z]gin%")
    )));
    assert_eq!(
        problems(&plan.unwrap()),
        ["metric filters with a regex of the log group: 5 are in use, 1 more are wanted, and the quota is 5"]
    );
}

#[test]
fn filters_need_a_log_group_of_a_class_that_has_them() {
    let account = account();
    let rarely = json!({ "logGroupName": "g", "logGroupClass": "INFREQUENT_ACCESS" });
    make(&account, Operation::CreateLogGroup, rarely);
    let mut desk = desk(&account, "s");
    desk.options.adopt = true;
    let plan = desk.plan(&checked(&format!("{}{}", group("g"), filter("logins")))).unwrap();
    assert_eq!(
        problems(&plan),
        ["the log group `g` is of the class INFREQUENT_ACCESS, which has no metric filters"]
    );
    assert!(desk.plan(&checked(&group("g"))).unwrap().problems.is_empty(), "without filters it will do");
}

fn tags_of_group(account: &Account, name: &str) -> Value {
    let arn = format!("arn:aws:logs:{REGION}:{}:log-group:{name}", account::ACCOUNT);
    make(account, Operation::ListLogGroupTags, json!({ "resourceArn": arn }))["tags"].clone()
}

#[test]
fn what_holds_data_can_still_be_taken_away_later_without_a_manifest() {
    let account = account();
    let stack = checked(&format!("{}{}{}", group("g"), trail("main-trail"), filter("logins")));
    let mut desk = with_bucket_to_come(&account);
    assert!(desk.apply(&stack).is_complete());
    // Each time by somebody without the manifest.
    let stranger = || with_bucket_to_come(&account);
    assert!(stranger().destroy(&stack).is_complete());
    assert!(stranger().plan_destruction(&stack).is_empty());
    let mut last = stranger();
    last.options.delete_data = true;
    assert!(last.destroy(&stack).is_complete());
    assert!(account.is_empty(), "{:#}", account.snapshot());
}

#[test]
fn a_log_group_that_the_stack_leaves_tells_nothing_more() {
    let account = account();
    make(&account, Operation::CreateLogGroup, json!({ "logGroupName": "shared" }));
    let mut desk = desk(&account, "s");
    desk.options.adopt = true;
    assert!(desk.apply(&checked(&format!("{}{}", group("shared"), filter("logins")))).is_complete());
    let moved = checked(&format!("{}{}", group("own"), filter("logins")));
    assert!(desk.apply(&moved).is_complete());
    assert_eq!(tags_of_group(&account, "shared"), json!({}));
    assert!(desk.plan(&moved).unwrap().changes.iter().all(|change| change.action == Action::Unchanged));
    // Also one that it made, and that stays for its data.
    let moved = checked(&format!("{}{}", group("third"), filter("logins")));
    assert!(desk.apply(&moved).is_complete());
    assert_eq!(tags_of_group(&account, "own"), json!({ "trailql:stack": "s" }));
    assert!(desk.plan(&moved).unwrap().is_empty());
}

#[test]
fn what_is_needed_stays_while_what_needs_it_does() {
    let account = account();
    let alarm = "[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'logins'\nStatistic = 'Sum'\nPeriod = 300\n\
                 EvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'\n\
                 AlarmActions = ['topic:security']\n[[topics]]\nName = 'security'\n";
    let head = format!("{}{}", group("g"), filter("logins"));
    let mut desk = desk(&account, "s");
    assert!(desk.apply(&checked(&format!("{head}{alarm}"))).is_complete());
    account.inject(When::Every(Operation::DeleteAlarms), Failure::AccessDenied);
    let plan = desk.plan(&checked(&head)).unwrap();
    let outcome = desk.run(&plan);
    assert_eq!(outcome.failed.len(), 1);
    assert_eq!(outcome.not_tried.iter().map(ToString::to_string).collect::<Vec<_>>(), ["topic `security`"]);
    account.heal();
    assert!(desk.apply(&checked(&head)).is_complete());
    assert!(desk.plan(&checked(&head)).unwrap().is_empty());
}

#[test]
fn what_lost_its_tag_or_was_made_anew_is_not_taken_away() {
    let account = account();
    let stack = checked(&group("g"));
    let mut desk = desk(&account, "s");
    desk.options.delete_data = true;
    desk.apply(&stack);
    make(&account, Operation::DeleteLogGroup, json!({ "logGroupName": "g" }));
    make(
        &account,
        Operation::CreateLogGroup,
        json!({ "logGroupName": "g", "tags": { "owner": "terraform" } }),
    );
    let plan = desk.plan(&stack).unwrap();
    assert_eq!(problems(&plan), ["log group `g` is there already, and this stack did not make it"]);
    assert!(plan.problems[0].help().contains("lost the tag `trailql:stack`"), "{}", plan.problems[0].help());
    assert_eq!(actions(&desk.plan_destruction(&stack)), [""; 0]);
}

#[test]
fn the_log_group_goes_last_for_it_tells_what_is_to_go() {
    let account = account();
    let stack = checked(&format!("{}{}", group("g"), trail("main-trail")));
    let stranger = || {
        let mut desk = with_bucket_to_come(&account);
        desk.options.delete_data = true;
        desk
    };
    assert!(stranger().apply(&stack).is_complete());
    account.inject(When::Every(Operation::DeleteBucket), Failure::AccessDenied);
    let outcome = stranger().destroy(&stack);
    assert_eq!((outcome.failed.len(), outcome.not_tried.len()), (1, 1), "{outcome:?}");
    account.heal();
    assert!(stranger().destroy(&stack).is_complete());
    assert!(account.is_empty(), "{:#}", account.snapshot());
}

#[test]
fn a_bucket_that_is_kept_is_told_while_the_group_is_wanted() {
    let account = account();
    let head = group("g");
    let with_trail = checked(&format!("{head}{}", trail("main-trail")));
    let mut desk = with_bucket_to_come(&account);
    desk.apply(&with_trail);
    assert!(desk.apply(&checked(&head)).is_complete(), "the bucket stays for its data");
    let mut stranger = with_bucket_to_come(&account);
    assert!(stranger.apply(&with_trail).is_complete());
    stranger.options.delete_data = true;
    assert!(stranger.destroy(&with_trail).is_complete());
    assert!(account.is_empty(), "{:#}", account.snapshot());
}

#[test]
fn what_was_taken_over_is_known_until_all_is_gone() {
    let account = account();
    make(&account, Operation::CreateTopic, json!({ "Name": "security" }));
    let stack = checked(&format!("{}{}[[topics]]\nName = 'security'\n", group("g"), filter("logins")));
    let mut desk = desk(&account, "s");
    desk.options.adopt = true;
    desk.apply(&stack);
    desk.options.adopt = false;
    account.inject(When::Every(Operation::DeleteMetricFilter), Failure::AccessDenied);
    assert!(!desk.destroy(&stack).is_complete());
    account.heal();
    assert_eq!(problems(&desk.plan(&stack).unwrap()), [""; 0]);
    assert!(desk.destroy(&stack).is_complete());
    assert_eq!(desk.manifest.entries.len(), 1, "the log group stays for its data");
}

#[test]
fn statements_that_were_refused_are_not_the_stack_s() {
    let account = with_bucket();
    let stack = checked(&format!("{}{}", group("g"), trail("main-trail")));
    let mut desk = desk(&account, "s");
    let others = json!({ "Version": "2012-10-17", "Statement": [{ "Sid": "x", "Effect": "Deny", "Principal": "*",
        "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::b-trail/*" }] });
    make(&account, Operation::PutBucketPolicy, json!({ "Bucket": "b-trail", "Policy": others.to_string() }));
    account.inject(When::Every(Operation::PutBucketPolicy), Failure::AccessDenied);
    assert!(!desk.apply(&stack).is_complete());
    let kinds: Vec<Kind> = desk.manifest.entries.iter().map(|entry| entry.resource.id.kind).collect();
    assert!(!kinds.contains(&Kind::BucketPolicy), "{kinds:?}");
}
