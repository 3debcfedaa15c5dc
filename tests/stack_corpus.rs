//! Runs `tests/corpus/stack/*.toml` and the examples of the rules of stack files: code, place, fix.
#![cfg(feature = "stack")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test tells by failing and prints its count"
)]

use serde::Deserialize;
use trailql::check::registry;
use trailql::stack::{
    Extent, Located, MetricAlarm, MetricFilter, MetricTransformationEntry, Places, Stack, StackFile,
    StackOptions, Text, codes,
};
use trailql::{Diagnostic, Edit, Span};

mod corpus_files;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corpus {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    /// The stack file; `{filter}`, `{alarm}` and so on stand for whole definitions that are in order.
    text: String,
    /// Each finding: its code and the text it points at, as in `PR003 cloud trail`; in the order of their places.
    findings: Vec<String>,
    /// The text after all fixes.
    fixed: Option<String>,
    /// A part of some message.
    message: Option<String>,
}

const PARTS: &[(&str, &str)] = &[
    (
        "{filter}",
        "[[metricFilters]]\nfilterName = 'f'\nfilterPattern = '{ $.eventName = GetObject }'\n\
         metricTransformations = [{ metricNamespace = 'trail', metricName = 'downloads', metricValue = '1', defaultValue = 0 }]\n",
    ),
    (
        "{alarm}",
        "[[alarms]]\nAlarmName = 'a'\nNamespace = 'trail'\nMetricName = 'downloads'\nStatistic = 'Sum'\nPeriod = 300\n\
         EvaluationPeriods = 3\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'\n",
    ),
    (
        "{m1}",
        "{ Id = 'm1', MetricStat = { Metric = { Namespace = 'trail', MetricName = 'downloads' }, Period = 300, Stat = 'Sum' } }",
    ),
    (
        "{trail}",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nIsMultiRegionTrail = true\n",
    ),
    (
        "{detector}",
        "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = { Namespace = 'trail', MetricName = 'downloads', Stat = 'Sum' }\n",
    ),
];

#[test]
fn every_case_holds() {
    let (mut count, mut failures) = (0, Vec::new());
    for (_, corpus) in corpus_files::of::<Corpus>("stack") {
        for case in corpus.case {
            count += 1;
            assert!(!case.source.is_empty());
            failures.extend(judge(&case).err().map(|fault| format!("{}: {fault}", case.name)));
        }
    }
    assert!(failures.is_empty(), "{} of {count} cases:\n{}", failures.len(), failures.join("\n"));
    println!("{count} cases of stack files");
    assert!(count > 60, "only {count} cases");
}

fn judge(case: &Case) -> Result<(), String> {
    let text = PARTS.iter().fold(case.text.clone(), |text, (name, part)| text.replace(name, part));
    let found = findings(&text);
    let said: Vec<String> =
        found.iter().map(|finding| format!("{} {}", finding.code, finding.span().slice(&text))).collect();
    if said != case.findings {
        return Err(format!("expected {:?}, found {said:?}:{}", case.findings, listed(&found)));
    }
    if let Some(message) = &case.message
        && !found.iter().any(|finding| finding.message.contains(message.as_str()))
    {
        return Err(format!("no message has {message:?}:{}", listed(&found)));
    }
    if let Some(expected) = &case.fixed {
        let expected = PARTS.iter().fold(expected.clone(), |text, (name, part)| text.replace(name, part));
        let mut fixes: Vec<_> = found.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        fixes.reverse();
        let fixed = fixes.iter().fold(text.clone(), |text, fix| fix.apply(&text));
        if fixed != expected {
            return Err(format!("fixed to {fixed:?}"));
        }
    }
    Ok(())
}

fn listed(found: &[Diagnostic]) -> String {
    found.iter().map(|finding| format!("\n    {finding}")).collect()
}

/// Everything that is said of a text.
fn findings(text: &str) -> Vec<Diagnostic> {
    let parsed = Stack::parse_lossy(text);
    match parsed.ast {
        None => parsed.diagnostics,
        Some(stack) => stack.check(text).diagnostics,
    }
}

#[test]
fn the_bad_example_of_each_rule_raises_it_alone_and_the_good_one_nothing() {
    let mut failures = Vec::new();
    let mut codes = Vec::new();
    for rule in
        registry::rules().filter(|rule| rule.code.0.starts_with("PR") || rule.code.0.starts_with("ES"))
    {
        codes.push(rule.code);
        let found = findings(rule.bad);
        if found.iter().map(|finding| (finding.code, finding.severity)).collect::<Vec<_>>()
            != [(rule.code, rule.severity)]
        {
            failures.push(format!("{} bad:{}", rule.code, listed(&found)));
        }
        for fix in found.iter().filter_map(|finding| finding.fix.as_ref()) {
            let left = findings(&fix.apply(rule.bad));
            if !left.is_empty() {
                failures.push(format!("{} fixed:{}", rule.code, listed(&left)));
            }
        }
        let found = findings(rule.good);
        if !found.is_empty() {
            failures.push(format!("{} good:{}", rule.code, listed(&found)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let own = codes::RULES.iter().filter(|rule| codes.contains(&rule.code)).count();
    assert_eq!(own, codes::RULES.len(), "each is registered");
    assert!(codes.len() >= 60, "only {} rules", codes.len());
    codes.dedup();
    assert_eq!(
        codes.len(),
        registry::rules().filter(|rule| codes.contains(&rule.code)).count(),
        "codes are unique"
    );
}

#[test]
fn the_example_is_in_order() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/presigned-url/stack.toml");
    let found = findings(&std::fs::read_to_string(path).unwrap());
    assert!(found.is_empty(), "{}", listed(&found));
}

/// Definitions of a file that writes its texts without quotes.
struct Unquoted;

impl Places for Unquoted {
    fn lift(&self, text: &Text, mut finding: Diagnostic) -> Diagnostic {
        let start = text.span.range().start;
        for label in &mut finding.labels {
            let inside = label.span.range();
            label.span = Span::new(start + inside.start, start + inside.end);
        }
        Diagnostic { fix: None, ..finding }
    }

    fn rewrite(&self, text: &Text, replacement: &str) -> Option<Edit> {
        Some(Edit { span: text.span, replacement: replacement.to_owned() })
    }
}

#[test]
fn definitions_of_any_file_are_checked_at_their_places() {
    let text =
        |value: &str, start: usize| Text { value: value.into(), span: Span::new(start, start + value.len()) };
    let transformation = MetricTransformationEntry {
        metric_namespace: text("trail", 40),
        metric_name: text("downloads", 50),
        metric_value: text("1", 60),
        default_value: None,
        unit: None,
        dimensions: Default::default(),
    };
    let filter = MetricFilter {
        filter_name: text("f", 0),
        filter_pattern: text("{ $.eventName == GetObject }", 10),
        metric_transformations: Located { value: vec![transformation], span: Span::new(40, 61) },
        log_group_name: None,
    };
    let alarm = MetricAlarm {
        alarm_name: text("a", 70),
        namespace: Some(text("trail", 80)),
        metric_name: Some(text("elsewhere", 90)),
        statistic: Some(text("Sum", 100)),
        period: Some(Located::bare(300)),
        evaluation_periods: Located::bare(3),
        threshold: Some(Located::bare(1.0)),
        comparison_operator: text("GreaterThanTreshold", 110),
        ..MetricAlarm::default()
    };
    let stack = Stack { metric_filters: vec![filter], alarms: vec![alarm], ..Stack::default() };
    let options = StackOptions { extent: Extent::Part, ..StackOptions::default() };
    let found = stack.check_in(&Unquoted, &options).diagnostics;
    let said: Vec<_> = found.iter().map(|finding| (finding.code.0, finding.span())).collect();
    assert_eq!(said, [("FP007", Span::new(24, 26)), ("PR005", Span::new(110, 129))], "{}", listed(&found));
    let edit = &found.last().unwrap().fix.as_ref().unwrap().edits[0];
    assert_eq!((edit.span, edit.replacement.as_str()), (Span::new(110, 129), "GreaterThanThreshold"));
}

#[test]
fn of_a_part_nothing_is_said_that_others_may_mend() {
    let text = PARTS
        .iter()
        .fold("{trail}{filter}{detector}{alarm}".to_owned(), |text, (name, part)| text.replace(name, part));
    let text = text.replace("MetricName = 'downloads'\nStatistic", "MetricName = 'uploads'\nStatistic");
    let stack = Stack::parse(&text).unwrap();
    let codes = |extent| {
        let found = stack
            .check_in(&StackFile(&text), &StackOptions { extent, ..StackOptions::default() })
            .diagnostics;
        found.iter().map(|finding| finding.code.0).collect::<Vec<_>>()
    };
    assert_eq!(codes(Extent::Whole), ["PR103", "PR220", "PR101"]);
    assert!(codes(Extent::Part).is_empty(), "{:?}", codes(Extent::Part));
    // What the trail records is known, and whether another file emits `uploads` is not.
    assert_eq!(codes(Extent::Joined), ["PR103"]);
}

#[test]
fn a_filter_on_another_log_group_is_none_of_the_trail() {
    let text = "{trail}{filter}{filter}";
    let text = PARTS.iter().fold(text.to_owned(), |text, (name, part)| text.replace(name, part));
    let mut stack = Stack::parse(&text).unwrap();
    let options = StackOptions { extent: Extent::Joined, ..StackOptions::default() };
    let codes = |stack: &Stack| {
        let found = stack.check_in(&StackFile(&text), &options).diagnostics;
        found.iter().map(|finding| finding.code.0).collect::<Vec<_>>()
    };
    assert_eq!(codes(&stack), ["PR103", "PR006", "PR103"], "both on the trail's");
    for filter in stack.metric_filters.iter_mut().skip(1) {
        filter.log_group_name = Some(Located::bare("elsewhere".to_owned()));
    }
    assert_eq!(codes(&stack), ["PR103"], "the second on another group, where its name is free");
}
