//! Runs `tests/corpus/metrics/*.toml`: parse, findings, canonical text, formatting, results.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells by failing and prints its count"
)]

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use trailql::series::query::{QueryResult, QueryRun, TagTable};
use trailql::series::{MetricIdentity, MetricStore, Period, StorageResolution, TimeRange, Unit};
use trailql::syntax::metrics::{Dialect, ParseOptions};
use trailql::{Diagnostic, EpochMillis, MetricsQuery, Span};

mod corpus_files;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corpus {
    case: Vec<Case>,
    #[serde(default)]
    metric: Vec<Metric>,
    #[serde(default)]
    family: Vec<Family>,
}

/// A metric with its observations by minute.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metric {
    namespace: String,
    name: String,
    #[serde(default)]
    dimensions: BTreeMap<String, String>,
    account: Option<String>,
    unit: Option<String>,
    observations: BTreeMap<String, Vec<f64>>,
}

/// Metrics that differ in their dimensions and values: that of number `i` has `name-0i` in each dimension that is not
/// fixed, and the values `i` and `2 i` in the minutes 0 and 1.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    namespace: String,
    name: String,
    dimensions: Vec<String>,
    #[serde(default)]
    fixed: BTreeMap<String, String>,
    count: u32,
}

impl Corpus {
    fn store(&self) -> MetricStore {
        let mut store = MetricStore::new();
        for metric in &self.metric {
            let mut identity = MetricIdentity::new(&metric.namespace, &metric.name).with(
                metric.dimensions.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            );
            identity.account = metric.account.clone();
            let unit = metric.unit.as_ref().map_or(Unit::Count, |unit| unit.parse().unwrap());
            for (minute, values) in &metric.observations {
                for value in values {
                    let at = at_minute(minute.parse().unwrap());
                    store.put(&identity, unit, StorageResolution::Minute, at, *value).unwrap();
                }
            }
        }
        for family in &self.family {
            for number in 1..=family.count {
                let value = |name: &String| {
                    family.fixed.get(name).cloned().unwrap_or_else(|| format!("{name}-{number:02}"))
                };
                let dimensions = family.dimensions.iter().map(|name| (name.clone(), value(name))).collect();
                let identity = MetricIdentity::new(&family.namespace, &family.name).with(dimensions);
                for (minute, value) in [(0, f64::from(number)), (1, f64::from(2 * number))] {
                    store
                        .put(&identity, Unit::Count, StorageResolution::Minute, at_minute(minute), value)
                        .unwrap();
                }
            }
        }
        store
    }
}

/// Minutes from noon of the first of March 2026.
fn at_minute(minute: i64) -> EpochMillis {
    EpochMillis((1_772_366_400 + minute * 60) * 1_000)
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
    /// In seconds.
    #[serde(default = "minute")]
    period: u64,
    /// The range of minutes.
    #[serde(default = "three_minutes")]
    minutes: [i64; 2],
    /// The minute from which buckets count, where that is not 1970.
    origin: Option<i64>,
    account: Option<String>,
    label: Option<String>,
    tags: Option<String>,
    /// `label: value value -`, a value for each bucket of the range.
    rows: Option<Vec<String>>,
    /// The values of the labels, where their being absent counts.
    tuples: Option<Vec<Vec<String>>>,
    /// What the notes of a result begin with.
    #[serde(default)]
    notes: Vec<String>,
    /// What the error of a run begins with.
    error: Option<String>,
}

fn minute() -> u64 {
    60
}

fn three_minutes() -> [i64; 2] {
    [0, 3]
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

#[test]
fn every_case_of_the_corpus_holds() {
    let (mut ran, mut failures) = (0, Vec::new());
    for (file, corpus) in corpus_files::of::<Corpus>("metrics") {
        let mut names = BTreeSet::new();
        let store = corpus.store();
        for case in &corpus.case {
            ran += 1;
            let place = format!("{file}: {}", case.name);
            assert!(names.insert(&case.name), "{place}: the name stands twice");
            assert!(!case.source.is_empty(), "{place}: no source");
            for failure in run(case, &store) {
                failures.push(format!("{place} ({})\n    `{}`\n    {failure}", case.source, case.query));
            }
        }
    }
    println!("{ran} cases");
    assert!(ran > 0, "no cases");
    assert!(failures.is_empty(), "{} failures in {ran} cases:\n{}", failures.len(), failures.join("\n"));
}

/// What does not hold.
fn run(case: &Case, store: &MetricStore) -> Vec<String> {
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
    failures.extend(gives(case, &query, store));
    failures
}

/// What does not hold of the result.
fn gives(case: &Case, query: &MetricsQuery, store: &MetricStore) -> Vec<String> {
    let tags = case.tags.as_ref().map(|csv| TagTable::from_csv(csv.as_bytes()).unwrap()).unwrap_or_default();
    let [start, end] = case.minutes.map(at_minute);
    let run = QueryRun {
        origin: case.origin.map_or(EpochMillis(0), at_minute),
        account: case.account.as_deref(),
        label: case.label.as_deref(),
        ..QueryRun::new(TimeRange { start, end }, Period::from_seconds(case.period).unwrap(), &tags)
    };
    let result = match (query.run(store, &run), &case.error) {
        (Ok(result), None) => result,
        (Err(error), Some(expected)) if error.to_string().starts_with(expected) => return vec![],
        (found, expected) => return vec![format!("gives {found:?}, not the error {expected:?}")],
    };
    let mut failures = Vec::new();
    let found = told(&result, &run);
    if case.rows.as_ref().is_some_and(|rows| *rows != found) {
        failures.push(format!("gives {found:#?}"));
    }
    if let Some(expected) = &case.tuples {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(absent)".to_owned());
        let tuples: Vec<Vec<String>> =
            result.rows.iter().map(|row| row.group.iter().map(shown).collect()).collect();
        if tuples != *expected {
            failures.push(format!("has the groups {tuples:?}"));
        }
    }
    let notes: Vec<String> = result.notes.iter().map(ToString::to_string).collect();
    let agree = notes.len() == case.notes.len()
        && notes.iter().zip(&case.notes).all(|(note, expected)| note.starts_with(expected));
    if !agree && case.rows.is_some() {
        failures.push(format!("has the notes {notes:?}"));
    }
    failures
}

fn told(result: &QueryResult, run: &QueryRun<'_>) -> Vec<String> {
    let width = result.period.millis();
    let first = run.range.start.0 - (run.range.start.0 - run.origin.0).rem_euclid(width);
    let row = |row: &trailql::series::query::QueryRow| {
        let mut values = String::new();
        for at in (first..run.range.end.0).step_by(usize::try_from(width).unwrap()) {
            match row.points.iter().find(|point| point.at.0 == at) {
                Some(point) => values.push_str(&format!(" {}", point.value)),
                None => values.push_str(" -"),
            }
        }
        assert!(row.points.iter().all(|point| (point.at.0 - first) % width == 0), "a point off the grid");
        format!("{}:{values}", row.label)
    };
    result.rows.iter().map(row).collect()
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
    for (_, corpus) in
        corpus_files::of::<Corpus>("metrics").into_iter().filter(|(file, _)| file == "bad_input.toml")
    {
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
    let before = text.get(..span.range().start).unwrap();
    let line = before.rsplit('\n').next().unwrap();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}
