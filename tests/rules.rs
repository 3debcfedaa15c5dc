//! The examples of every rule on a text, held against everything that is said of a text: a bad one raises its rule alone, a
//! good one nothing, and a fix leaves no finding at all. Rules of stack files are held in `stack_corpus`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

use std::collections::BTreeSet;
use std::fmt::Write;

use trailql::check::{Language, Options, check, registry};
use trailql::syntax::Rule;
use trailql::syntax::logs::Level;
use trailql::{Diagnostic, FilterPattern};

/// The language of a rule's example; `None` for rules that are not on a text in one of the languages.
fn language(rule: &Rule, example: &str) -> Option<Language> {
    match rule.code.0.split_at(2).0 {
        "FP" => Some(Language::FilterPattern),
        "LI" => Some(Language::LogsInsights),
        "MI" => Some(Language::MetricsInsights),
        "MM" => Some(Language::MetricMath),
        // The file of a user's own fields and events.
        "CT" if example.starts_with('[') => None,
        // Rules on records speak of patterns and of queries.
        "CT" if FilterPattern::parse(example).is_ok() && example.starts_with('{') => {
            Some(Language::FilterPattern)
        }
        "CT" => Some(Language::LogsInsights),
        _ => None,
    }
}

/// Rules that need more than the text: lookup tables, or the metrics that there are.
const OF_DATA: &[&str] = &["LI038", "MI006", "MI010", "MI011", "MI107"];

/// The bad example; made here where it would be too long to read.
fn bad(rule: &Rule) -> String {
    let nested = |depth: usize| ("(".repeat(depth), ")".repeat(depth));
    match rule.code.0 {
        "FP201" => format!("\"{}\"", "x".repeat(1_023)),
        "FP205" => format!("{{ {}$.a = 1{} }}", nested(300).0, nested(300).1),
        "LI018" => format!("filter a = \"{}\"", "x".repeat(10_000)),
        "LI033" => format!("filter {}a{}", nested(65).0, nested(65).1),
        "MI033" => format!("SELECT SUM(Errors) FROM App WHERE {}a = 'x'{}", nested(65).0, nested(65).1),
        "MI044" => format!(
            "SELECT SUM(Errors) FROM App WHERE a = '{}'",
            "x".repeat(1_000).repeat(2) + &"x".repeat(48)
        ),
        "MM009" => format!("{}1{}", nested(65).0, nested(65).1),
        "MM011" => "1+".repeat(1_024) + "1",
        _ => rule.bad.to_owned(),
    }
}

/// The rules with examples in one of the languages, and the language.
fn rules_on_texts() -> impl Iterator<Item = (&'static Rule, Language)> {
    registry::rules()
        .filter(|rule| !OF_DATA.contains(&rule.code.0) && !bad(rule).is_empty())
        .filter_map(|rule| Some((rule, language(rule, &bad(rule))?)))
}

fn findings(text: &str, language: Language) -> Vec<Diagnostic> {
    check(text, language, &Options::default())
}

/// What is said of the bad example.
fn of_bad(rule: &Rule, language: Language) -> Vec<Diagnostic> {
    let mut options = Options::default();
    if rule.code.0 == "LI037" {
        options.level = Level::L1;
    }
    check(&bad(rule), language, &options)
}

fn listed(found: &[Diagnostic]) -> String {
    found.iter().map(|finding| format!("\n    {finding}")).collect()
}

#[test]
fn a_bad_example_raises_its_rule_alone() {
    let mut failures = String::new();
    for (rule, language) in rules_on_texts() {
        let found = of_bad(rule, language);
        let said: Vec<_> = found.iter().map(|finding| (finding.code, finding.severity)).collect();
        // In a query only `WHERE` could nest, where parentheses are refused as such.
        let is_alone = rule.code.0 == "MI033" || said.len() == 1;
        if !is_alone || !said.contains(&(rule.code, rule.severity)) {
            writeln!(failures, "{} {}:{}", rule.code, rule.severity, listed(&found)).unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn a_good_example_raises_nothing() {
    let mut failures = String::new();
    for (rule, language) in rules_on_texts() {
        let found = findings(rule.good, language);
        if !found.is_empty() {
            writeln!(failures, "{} `{}`:{}", rule.code, rule.good, listed(&found)).unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn a_fix_leaves_nothing_to_say() {
    let (mut failures, mut fixes) = (String::new(), 0);
    for (rule, language) in rules_on_texts() {
        for fix in of_bad(rule, language).into_iter().filter_map(|finding| finding.fix) {
            fixes += 1;
            let mended = fix.apply(&bad(rule));
            let left = findings(&mended, language);
            if !left.is_empty() {
                writeln!(failures, "{} became `{mended}`:{}", rule.code, listed(&left)).unwrap();
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(fixes >= 60, "only {fixes} fixes");
}

#[test]
fn what_is_said_of_a_rule_reads_like_the_others() {
    let mut codes = BTreeSet::new();
    for rule in registry::rules() {
        let code = rule.code.0;
        assert!(codes.insert(code), "{code} stands twice");
        let (family, number) = code.split_at(2);
        assert!(family.bytes().all(|byte| byte.is_ascii_uppercase()), "{code}");
        assert!(number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        assert!(!rule.title.ends_with('.'), "{code}: {}", rule.title);
        let first = rule.title.split([' ', '\'']).next().unwrap();
        let is_name = first.chars().skip(1).any(|c| c.is_ascii_uppercase());
        assert!(is_name || !first.starts_with(|c: char| c.is_uppercase()), "{code}: {}", rule.title);
        assert!(rule.why.ends_with('.') && !rule.why.contains("  "), "{code}: {}", rule.why);
        assert!(
            rule.see.is_empty() || rule.see.starts_with("https://docs.aws.amazon.com/"),
            "{code}: {}",
            rule.see
        );
        assert!(registry::find(&code.to_ascii_lowercase()) == Some(rule), "{code} is not found");
    }
    assert!(codes.len() >= 250, "only {} rules", codes.len());
}

#[test]
fn every_rule_on_a_text_has_a_bad_example() {
    let without: Vec<&str> = registry::rules()
        .filter(|rule| language(rule, rule.bad).is_some() && bad(rule).is_empty())
        .map(|rule| rule.code.0)
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

#[cfg(feature = "stack")]
#[test]
fn the_examples_of_an_additions_file() {
    let found = |text| trailql::schema::Additions::from_toml(text).diagnostics;
    let mut held = 0;
    for rule in registry::rules().filter(|rule| rule.code.0 >= "CT090" && rule.code.0 < "CU") {
        held += 1;
        let said: Vec<_> = found(rule.bad).iter().map(|finding| (finding.code, finding.severity)).collect();
        assert_eq!(said, [(rule.code, rule.severity)], "{}: {}", rule.code, rule.bad);
        assert!(found(rule.good).is_empty(), "{}: {:#?}", rule.code, found(rule.good));
    }
    assert!(held >= 2, "only {held} rules");
}
