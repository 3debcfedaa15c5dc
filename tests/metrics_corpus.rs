//! Runs `tests/corpus/metrics/*.toml`: parse, findings, canonical text, formatting, results.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells by failing and prints its count"
)]

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use trailql::syntax::metrics::{Dialect, ParseOptions};
use trailql::{Diagnostic, MetricsQuery, Span};

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
    query: String,
    /// The errors of a query that is refused.
    codes: Option<BTreeSet<String>>,
    /// All that is found in a query that is not.
    #[serde(default)]
    finds: BTreeSet<String>,
    #[serde(default)]
    grafana: bool,
    canonical: Option<String>,
    /// What the fixes of all findings, from the last to the first, make of it.
    fixed: Option<String>,
    groups: Option<Vec<String>>,
}

impl Case {
    fn options(&self) -> ParseOptions {
        let dialect = if self.grafana { Dialect::Grafana } else { Dialect::Strict };
        ParseOptions { dialect, ..ParseOptions::default() }
    }

    /// The tree, and everything found.
    fn read(&self) -> (Option<MetricsQuery>, Vec<Diagnostic>) {
        let parsed = MetricsQuery::parse_lossy(&self.query, &self.options());
        let mut findings = parsed.diagnostics;
        findings.extend(parsed.ast.iter().flat_map(MetricsQuery::check));
        findings.sort_by_key(Diagnostic::span);
        (parsed.ast, findings)
    }
}

fn corpora() -> Vec<(String, Corpus)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/metrics");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let toml = files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "toml"));
    toml.map(|file| {
        let corpus = toml::from_str(&std::fs::read_to_string(file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        (file.file_name().unwrap().to_string_lossy().into_owned(), corpus)
    })
    .collect()
}

#[test]
fn every_case_of_the_corpus_holds() {
    let (mut ran, mut failures) = (0, Vec::new());
    for (file, corpus) in corpora() {
        let mut names = BTreeSet::new();
        for case in &corpus.case {
            ran += 1;
            let place = format!("{file}: {}", case.name);
            assert!(names.insert(&case.name), "{place}: the name stands twice");
            assert!(!case.source.is_empty(), "{place}: no source");
            for failure in run(case) {
                failures.push(format!("{place} ({})\n    `{}`\n    {failure}", case.source, case.query));
            }
        }
    }
    println!("{ran} cases");
    assert!(ran > 0, "no cases");
    assert!(failures.is_empty(), "{} failures in {ran} cases:\n{}", failures.len(), failures.join("\n"));
}

/// What does not hold.
fn run(case: &Case) -> Vec<String> {
    let mut failures = Vec::new();
    let (query, findings) = case.read();
    if let Some(fixed) = &case.fixed {
        let fixes = findings.iter().rev().filter_map(|finding| finding.fix.as_ref());
        let made = fixes.fold(case.query.clone(), |text, fix| fix.apply(&text));
        if made != *fixed {
            failures.push(format!("is mended to `{made}`"));
        }
    }
    let errors: BTreeSet<String> = findings
        .iter()
        .filter(|finding| finding.is_error())
        .map(|finding| finding.code.to_string())
        .collect();
    let Some(query) = query else {
        if case.codes.as_ref() != Some(&errors) {
            failures.push(format!("expected the errors {:?}, found {findings:#?}", case.codes));
        }
        return failures;
    };
    if case.codes.is_some() {
        failures.push(format!("is read, should be refused; found {findings:#?}"));
    }
    let found: BTreeSet<String> = findings.iter().map(|finding| finding.code.to_string()).collect();
    if found != case.finds {
        failures.push(format!("expected the findings {:?}, found {findings:#?}", case.finds));
    }
    let printed = query.to_string();
    let room = ParseOptions { max_chars: usize::MAX, ..case.options() };
    if MetricsQuery::parse_lossy(&printed, &room).ast.as_ref() != Some(&query) {
        failures.push(format!("prints as `{printed}`, which does not parse to the same tree"));
    }
    if case.canonical.as_ref().is_some_and(|canonical| *canonical != printed) {
        failures.push(format!("prints as `{printed}`"));
    }
    let formatted = MetricsQuery::format_with(&case.query, &case.options()).unwrap();
    if MetricsQuery::format_with(&formatted, &room).as_ref() != Ok(&formatted) {
        failures.push(format!("formats as `{formatted}`, which does not settle"));
    }
    if let Some(groups) = &case.groups {
        let found: Vec<String> = query.group_by.iter().map(ToString::to_string).collect();
        let groups: Vec<String> = groups.iter().map(|key| quoted_where_reserved(key)).collect();
        if found != groups {
            failures.push(format!("groups by {found:?}"));
        }
    }
    failures
}

/// A key as the printer writes it.
fn quoted_where_reserved(key: &str) -> String {
    let bare = !key.contains(['"', '.']);
    if bare && trailql::syntax::metrics::is_reserved(key) { format!("\"{key}\"") } else { key.to_owned() }
}

/// Each misuse with its message, its caret and its way out, as `tests/golden/metrics_bad_input.txt` shows them.
#[test]
fn each_misuse_has_its_message_and_its_caret() {
    let mut table = String::new();
    let mut misuses = 0;
    for (_, corpus) in corpora().into_iter().filter(|(file, _)| file == "bad_input.toml") {
        for case in &corpus.case {
            misuses += 1;
            table.push_str(&format!("# {}\n{}\n", case.name, case.query));
            for finding in case.read().1 {
                let (line, column) = place(&case.query, finding.span());
                let at = finding.span().slice(&case.query);
                let head = format!("{}[{}] {line}:{column} `{at}`", finding.severity, finding.code);
                table.push_str(&format!("  {head}: {}\n", finding.message));
                if let Some(help) = &finding.help {
                    table.push_str(&format!("    help: {help}\n"));
                }
                if let Some(fix) = &finding.fix {
                    table.push_str(&format!("    fixed: {}\n", fix.apply(&case.query)));
                }
            }
            table.push('\n');
        }
    }
    println!("{misuses} misuses");
    assert!(misuses >= 120, "only {misuses} misuses");
    snapbox::assert_data_eq!(table, snapbox::file!["golden/metrics_bad_input.txt"].raw());
}

/// Line and column, from one.
fn place(text: &str, span: Span) -> (usize, usize) {
    let before = &text[..span.range().start];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}
