//! The examples of every rule, held against everything that is said of a text: a bad one raises its rule alone, a good one
//! nothing, and a fix leaves no finding of its rule and no new one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

use std::collections::BTreeSet;

use trailql::check::{Language, Options, check, registry};
use trailql::syntax::Rule;
use trailql::{Diagnostic, Severity};

/// What is said of a text of the language that the rule is about, or of a stack file.
fn findings(rule: &Rule, text: &str) -> Vec<Diagnostic> {
    match language(rule, text) {
        Some(language) => check(text, language, &Options::default()),
        None => in_a_stack(text),
    }
}

/// The language of a rule's examples; `None` for stack files.
fn language(rule: &Rule, text: &str) -> Option<Language> {
    match rule.code.0.get(..2).unwrap() {
        "FP" => Some(Language::FilterPattern),
        "LI" => Some(Language::LogsInsights),
        "MI" => Some(Language::MetricsInsights),
        "MM" => Some(Language::MetricMath),
        // A rule on records speaks of patterns and of queries.
        "CT" if text.trim_start().starts_with(['{', '[', '"', '%']) => Some(Language::FilterPattern),
        "CT" => Some(Language::LogsInsights),
        _ => None,
    }
}

#[cfg(feature = "stack")]
fn in_a_stack(text: &str) -> Vec<Diagnostic> {
    // A stack has a name, and where it watches a trail or counts, a log group; the examples leave out what they do not need.
    let mut file = String::new();
    if !text.contains("nam") || text.contains("Nam") && !text.starts_with("nam") {
        file.push_str("name = 'stack'\n");
    }
    file.push_str(text);
    if !text.contains("[logGroup]") {
        file.push_str("\n[logGroup]\nlogGroupName = 'cloud-trail'\n");
    }
    trailql::stack::Stack::parse_lossy(&file).diagnostics
}

#[cfg(not(feature = "stack"))]
fn in_a_stack(_text: &str) -> Vec<Diagnostic> {
    panic!("there are no rules of stack files without them")
}

/// The bad examples that are too long to stand in the source.
fn bad(rule: &Rule) -> String {
    match (rule.code.0, rule.bad) {
        ("FP201", "") => format!("\"{}\"", "x".repeat(1023)),
        ("FP205", "") => format!("{{ {}$.a = 1{} }}", "(".repeat(300), ")".repeat(300)),
        (code, "") => panic!("{code} has no bad example, and none is made here"),
        (_, bad) => bad.to_owned(),
    }
}

fn codes(findings: &[Diagnostic]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.0).collect()
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    registry::rules()
}

#[test]
fn what_is_wrong_with_the_examples() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let bad = bad(rule);
        let found = findings(rule, &bad);
        if codes(&found) != [rule.code.0] {
            wrong.push(format!("{}: `{bad}` raises {found:#?}", rule.code));
        }
        let left = findings(rule, rule.good);
        if !left.is_empty() {
            wrong.push(format!("{}: good `{}` raises {:?}", rule.code, rule.good, left));
        }
    }
    assert!(wrong.is_empty(), "{} of the examples:\n{}", wrong.len(), wrong.join("\n"));
}
