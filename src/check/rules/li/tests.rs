//! What the family says of its own examples, and of queries that AWS and others have published.

use super::super::examples;
use crate::check::{Language, Options, Records, check};
use crate::{Diagnostic, Severity};

#[test]
fn the_bad_example_of_each_rule_raises_it_alone_and_the_good_one_nothing() {
    examples::hold(super::RULES, Language::LogsInsights);
}

/// What is said of published queries, read one by one and found to be so.
const PUBLISHED: &[(&str, &[&str])] = &[
    // Null user names are all kept: the case is there to show it.
    ("7.2-29", &["LI358"]),
    // Says nothing of calls without `invokedBy`, and has a dot that is no dot.
    ("7.2-46", &["LI310", "LI334"]),
    // `/ServiceLog.*/`, which the reference has to explain `.*`.
    ("7.3-63", &["LI309"]),
    // `FIELDS message_length` and the like right before `stats`.
    ("7.4-98", &["LI352"]),
    ("7.4-99", &["LI352"]),
    ("7.4-127", &["LI352"]),
    ("7.5-157", &["LI352"]),
    ("7.5-159", &["LI352"]),
    // A hundred of the streams, in no order.
    ("7.4-109", &["LI348"]),
    // `sort Mem, CPU desc`.
    ("7.4-126", &["LI347"]),
];

#[test]
fn published_queries_raise_nothing_but_what_is_so() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/logs");
    let mut queries = 0;
    for file in ["7_2_cloudtrail", "7_3_rows", "7_4_stats", "7_5_services", "7_6_structures"] {
        let text = std::fs::read_to_string(format!("{folder}/{file}.toml")).unwrap();
        let table: toml::Table = text.parse().unwrap();
        for case in table["case"].as_array().unwrap() {
            let (name, query) = (case["name"].as_str().unwrap(), case["query"].as_str().unwrap());
            let is_trail = case.get("input").and_then(|input| input.as_str()) == Some("CT");
            let records = if is_trail { Records::CloudTrail } else { Records::Auto };
            let found = ours(query, records);
            let number = name.split(' ').next().unwrap();
            let known =
                PUBLISHED.iter().find(|(known, _)| *known == number).map_or(&[][..], |(_, codes)| codes);
            let codes: Vec<&str> = found.iter().map(|finding| finding.code.0).collect();
            assert_eq!(codes, known, "{name}: {query}\n{found:#?}");
            queries += 1;
        }
    }
    assert!(queries > 150, "{queries} queries");
}

#[test]
fn a_guard_beside_a_negated_test_or_in_another_filter_settles_it() {
    for query in [
        "filter ispresent(errorCode) and errorCode != \"AccessDenied\"",
        "filter ispresent(errorCode) | filter eventSource = \"s3.amazonaws.com\" and errorCode != \"AccessDenied\"",
        "filter errorCode != \"AccessDenied\" or isempty(errorCode)",
        "filter errorCode like /Denied/ and errorCode not like /^Access/",
        "filter userIdentity.type = \"IAMUser\" and userIdentity.userName != \"alice\"",
    ] {
        let found = ours(query, Records::CloudTrail);
        assert!(found.iter().all(|finding| finding.code.0 != "LI310"), "{query}: {found:#?}");
    }
    let open = "filter userIdentity.type != \"IAMUser\" and userIdentity.userName != \"alice\"";
    assert_eq!(codes(open), ["LI310"]);
}

#[test]
fn what_several_filters_say_holds_together_until_a_name_changes() {
    assert_eq!(codes("filter a = \"x\" | filter a = \"y\""), ["LI308"]);
    assert_eq!(codes("filter a > 5 and a < 3"), ["LI313"]);
    assert_eq!(codes("filter a = \"Get\" and a like /^Put/"), ["LI313"]);
    assert_eq!(codes("filter a = 5 and not ispresent(a)"), ["LI313"]);
    for query in [
        "filter a = \"x\" | fields b as a | filter a = \"y\"",
        "filter a = \"x\" | stats count(*) as a by b | filter a = 2",
        "filter a >= 5 and a <= 5",
        "filter a = \"01\" and a = 1",
        "filter a > 3 or a < 5",
    ] {
        assert!(codes(query).iter().all(|code| !matches!(*code, "LI308" | "LI313")), "{query}");
    }
}

#[test]
fn a_count_of_rows_may_be_filtered_by_any_number_that_groups_have() {
    for query in [
        "stats count(errorCode) as n by eventSource | filter n = 0",
        "stats count(*) as n by a | filter n > 1",
        "stats count(*) as n by bin(5m) | fillmissing with 0 for n | filter n = 0",
    ] {
        assert!(!codes(query).contains(&"LI323"), "{query}");
    }
    assert_eq!(codes("stats count() as n by a | filter n >= 1"), ["LI323"]);
    assert_eq!(codes("stats count() as n by a | filter n < 1"), ["LI323"]);
}

fn ours(query: &str, records: Records) -> Vec<Diagnostic> {
    let mut found = check(query, Language::LogsInsights, &Options { records, ..Options::default() });
    found.retain(|finding| super::RULES.iter().any(|rule| rule.code == finding.code));
    assert!(found.iter().all(|finding| finding.severity <= Severity::Warning), "{query}");
    found
}

fn codes(query: &str) -> Vec<&'static str> {
    ours(query, Records::Auto).iter().map(|finding| finding.code.0).collect()
}

#[test]
fn many_large_regexes_take_no_time() {
    let legs: Vec<String> =
        (0..200).map(|number| format!("a like /\\w{{200}}{number}/ or a = \"t{number}\"")).collect();
    let text = format!("filter {}", legs.join(" or "));
    let query: crate::LogsQuery = text.parse().unwrap();
    let mut findings = Vec::new();
    let start = std::time::Instant::now();
    super::check(&super::Context { text: &text, query: &query, schema: None }, &mut findings);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
