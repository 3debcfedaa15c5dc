//! What was exported, read back: the same texts, whatever is in them, and both spellings of a format alike.

use proptest::prelude::*;
use serde_json::Value;
use trailql::check::Language;
use trailql::host::{self, HostKind};
use trailql::provision::{ExportFormat, ExportOptions};
use trailql::stack::{CheckedStack, MetricDataQuery};
use trailql::syntax::Expression;

use super::{EXAMPLE, RICH, all_options, checked, hcl, json_of, said, stack_of, stacks, text_of, yaml};

const FORMATS: &[(ExportFormat, HostKind)] = &[
    (ExportFormat::CloudFormation, HostKind::CloudFormation),
    (ExportFormat::CloudFormationJson, HostKind::CloudFormation),
    (ExportFormat::Terraform, HostKind::Terraform),
    (ExportFormat::TerraformJson, HostKind::TerraformJson),
];

type Texts = Vec<(Language, String)>;

/// The patterns, queries and expressions of a stack that a format can hold.
fn texts_of(stack: &CheckedStack) -> Texts {
    let stack = stack.definition();
    let mut texts: Texts = Vec::new();
    let filters = stack.metric_filters.iter();
    texts.extend(filters.map(|one| (Language::FilterPattern, one.filter_pattern.value.clone())));
    let queries = stack.query_definitions.iter();
    texts.extend(queries.map(|one| (Language::LogsInsights, one.query_string.value.clone())));
    let expression = |query: &MetricDataQuery| {
        let text = query.expression.as_ref()?.value.clone();
        let is_query = Expression::is_query(&text);
        Some((if is_query { Language::MetricsInsights } else { Language::MetricMath }, text))
    };
    let of_alarms = stack.alarms.iter().flat_map(|alarm| &alarm.metrics);
    texts.extend(of_alarms.filter_map(expression));
    let math = stack.anomaly_detectors.iter().filter_map(|one| one.metric_math_anomaly_detector.as_ref());
    texts.extend(math.flat_map(|math| &math.metric_data_queries.value).filter_map(expression));
    for dashboard in &stack.dashboards {
        let found = host::extract(HostKind::Dashboard, &dashboard.dashboard_body).embedded;
        texts.extend(found.into_iter().map(|one| (one.language, one.text)));
    }
    texts.sort();
    texts
}

fn read_back(stack: &CheckedStack, options: &ExportOptions) {
    let expected = texts_of(stack);
    for (format, kind) in FORMATS {
        let text = text_of(stack, *format, options);
        let found = host::extract(*kind, &text);
        assert!(found.diagnostics.is_empty(), "{format:?}: {:?}\n{text}", found.diagnostics);
        let holes: usize = found.embedded.iter().map(|one| one.holes.len()).sum();
        assert_eq!(holes, 0, "{format:?}\n{text}");
        let mut found: Texts = found.embedded.into_iter().map(|one| (one.language, one.text)).collect();
        found.sort();
        assert_eq!(found, expected, "{format:?}\n{text}");
    }
    let written = text_of(stack, ExportFormat::CloudFormation, options);
    let mut template = json_of(stack, ExportFormat::CloudFormationJson, options);
    template.as_object_mut().unwrap().remove("Metadata").expect("what comments say");
    assert_eq!(yaml::read(&written), template, "{written}");
    holds_definitions(stack, &template["Resources"]);
    let written = text_of(stack, ExportFormat::Terraform, options);
    let mut configuration = json_of(stack, ExportFormat::TerraformJson, options);
    without_comments(&mut configuration);
    assert_eq!(hcl::read(&written), configuration, "{written}");
    holds_names(stack, &configuration["resource"]);
}

/// Takes out what JSON has for comments, and reads the documents in it. A text that only an expression spells is itself again.
fn without_comments(value: &mut Value) {
    let read = |text: &str| {
        let inside = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let quoted = inside.filter(|inside| inside.starts_with('"'));
        quoted.map_or_else(|| text.to_owned(), |quoted| serde_json::from_str(quoted).expect("a text"))
    };
    match value {
        Value::String(text) => *text = read(text),
        Value::Object(members) => {
            members.remove("//");
            *members =
                std::mem::take(members).into_iter().map(|(name, value)| (read(&name), value)).collect();
            for (name, value) in members.iter_mut() {
                match value {
                    Value::String(document) if ["policy", "assume_role_policy"].contains(&name.as_str()) => {
                        *value = serde_json::from_str(document).expect("a document is JSON");
                    }
                    value => without_comments(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_comments),
        _ => {}
    }
}

/// Whether a template has all definitions, in their order, with their texts.
fn holds_definitions(stack: &CheckedStack, resources: &Value) {
    let stack = stack.definition();
    let of = |kind: &str, member: &str| -> Vec<String> {
        let of_kind = resources.as_object().unwrap().values().filter(|one| one["Type"] == kind);
        let mut texts: Vec<String> =
            of_kind.map(|one| said(&one["Properties"][member]).unwrap_or_default()).collect();
        texts.sort();
        texts
    };
    let sorted = |texts: Vec<&trailql::stack::Text>| {
        let mut texts: Vec<String> = texts.into_iter().map(|text| text.value.clone()).collect();
        texts.sort();
        texts
    };
    let filters = || stack.metric_filters.iter();
    assert_eq!(
        of("AWS::Logs::MetricFilter", "FilterName"),
        sorted(filters().map(|one| &one.filter_name).collect())
    );
    let alarms = || stack.alarms.iter();
    assert_eq!(
        of("AWS::CloudWatch::Alarm", "AlarmName"),
        sorted(alarms().map(|one| &one.alarm_name).collect())
    );
    let descriptions = alarms().filter_map(|one| one.alarm_description.as_ref()).collect();
    let found = of("AWS::CloudWatch::Alarm", "AlarmDescription");
    assert_eq!(found.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>(), sorted(descriptions));
    let queries = stack.query_definitions.iter();
    assert_eq!(of("AWS::Logs::QueryDefinition", "Name"), sorted(queries.map(|one| &one.name).collect()));
    let dashboards = stack.dashboards.iter();
    assert_eq!(
        of("AWS::CloudWatch::Dashboard", "DashboardBody"),
        sorted(dashboards.map(|one| &one.dashboard_body).collect())
    );
    let count = of("AWS::CloudWatch::AnomalyDetector", "Stat").len();
    assert_eq!(count, stack.anomaly_detectors.len());
    for id in resources.as_object().unwrap().keys() {
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric()) && id.len() <= 255, "{id}");
    }
}

/// The same of a configuration, whose strings are templates.
fn holds_names(stack: &CheckedStack, resources: &Value) {
    let stack = stack.definition();
    let of = |kind: &str, member: &str| -> Vec<String> {
        let of_kind = resources[kind].as_object().into_iter().flatten();
        of_kind.map(|(_, one)| plain(one[member].as_str().unwrap_or_default())).collect()
    };
    let same = |found: Vec<Vec<String>>, expected: Vec<&trailql::stack::Text>| {
        let mut found = found.concat();
        let mut expected: Vec<String> = expected.into_iter().map(|text| text.value.clone()).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
    };
    let filters = stack.metric_filters.iter().map(|one| &one.filter_name).collect();
    same(vec![of("aws_cloudwatch_log_metric_filter", "name")], filters);
    let alarms = stack.alarms.iter().map(|one| &one.alarm_name).collect();
    let found = ["aws_cloudwatch_metric_alarm", "awscc_cloudwatch_alarm"].map(|kind| of(kind, "alarm_name"));
    same(found.to_vec(), alarms);
    let queries = stack.query_definitions.iter().map(|one| &one.name).collect();
    let found =
        ["aws_cloudwatch_query_definition", "awscc_logs_query_definition"].map(|kind| of(kind, "name"));
    same(found.to_vec(), queries);
    let dashboards = stack.dashboards.iter().map(|one| &one.dashboard_body).collect();
    same(vec![of("aws_cloudwatch_dashboard", "dashboard_body")], dashboards);
    for (kind, named) in resources.as_object().unwrap() {
        for label in named.as_object().unwrap().keys() {
            let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(
                label.chars().all(is_name) && !label.starts_with(|c: char| c.is_ascii_digit()),
                "{kind} {label}"
            );
        }
    }
}

/// What a template without interpolations says.
fn plain(template: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            text.push_str(&rest[1..3]);
            rest = &rest[3..];
        } else {
            assert!(!rest.starts_with("${") && !rest.starts_with("%{"), "{template}");
            text.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    text
}

#[test]
fn examples_come_back() {
    for path in [EXAMPLE, RICH] {
        let stack = stack_of(path);
        assert!(texts_of(&stack).len() > 5, "{path}");
        all_options().iter().for_each(|options| read_back(&stack, options));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, max_global_rejects: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_stack_comes_back(text in stacks::stack(), bucket in any::<bool>(), bucket_policy in any::<bool>()) {
        let stack = checked(&text);
        prop_assume!(stack.is_ok(), "refused");
        let options = ExportOptions { bucket, bucket_policy, ..ExportOptions::default() };
        read_back(&stack.unwrap(), &options);
    }
}

/// Most generated stacks are in order, so that the property says something.
#[test]
fn most_generated_stacks_are_in_order() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut refused = Vec::new();
    for _ in 0..100 {
        let text = stacks::stack().new_tree(&mut runner).unwrap().current();
        refused.extend(checked(&text).err());
    }
    assert!(refused.len() < 50, "{} of 100: {refused:#?}", refused.len());
}
