//! Runs the fenced examples of `grammar.md`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells by failing and prints its count"
)]

use std::collections::BTreeSet;

use trailql::{FilterPattern, Limits, LogEvent, Severity};

#[test]
fn every_example_of_the_grammar_holds() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/grammar.md")).unwrap();
    let mut examples = 0;
    for (line, info, body) in fences(&page) {
        let mut words = info.split(' ');
        let language = words.next().unwrap();
        let codes: BTreeSet<&str> = words.collect();
        match language {
            "filter" => examples += matches_as_marked(line, &body),
            "filter-error" | "filter-warning" => {
                for text in &body {
                    examples += 1;
                    reports(line, text, &codes, language == "filter-error");
                }
            }
            "ebnf" => {}
            other => panic!("line {line}: a fence of the unknown language `{other}`"),
        }
    }
    println!("{examples} examples");
    assert!(examples > 100, "only {examples} examples");
}

/// The fences of a page: line, information string, lines.
fn fences(page: &str) -> Vec<(usize, &str, Vec<&str>)> {
    let mut found = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let body = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
            found.push((number + 1, info, body));
        }
    }
    found
}

fn matches_as_marked(line: usize, body: &[&str]) -> usize {
    let (source, messages) = body.split_first().unwrap();
    let parsed = FilterPattern::parse(source);
    let pattern = parsed.unwrap_or_else(|errors| panic!("line {line}: `{source}`: {errors}"));
    let matcher = pattern.compile(&Limits::default()).unwrap();
    for marked in messages {
        let (mark, message) = marked.split_at(2);
        let expected = match mark {
            "+ " => true,
            "- " => false,
            other => panic!("line {line}: the mark `{other}` is neither `+ ` nor `- `"),
        };
        assert_eq!(
            matcher.is_match(&LogEvent::new(message)),
            expected,
            "line {line}: `{source}` on `{message}`"
        );
    }
    assert!(!messages.is_empty(), "line {line}: no messages");
    messages.len()
}

fn reports(line: usize, source: &str, expected: &BTreeSet<&str>, refused: bool) {
    let parsed = FilterPattern::parse_lossy(source);
    let found: BTreeSet<&str> = parsed
        .diagnostics
        .iter()
        .filter(|finding| (finding.severity == Severity::Error) == refused)
        .map(|finding| finding.code.0)
        .collect();
    assert_eq!(&found, expected, "line {line}: `{source}`");
    assert_eq!(parsed.ast.is_none(), refused, "line {line}: `{source}`");
}
