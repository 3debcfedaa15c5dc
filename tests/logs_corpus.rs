//! Runs `tests/corpus/logs/*.toml`: parse, diagnostics, fixes, canonical text, rows; whole and in parts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells by failing and prints its count"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use trailql::eval::logs::{MemoryGroups, MemoryRecord, QueryRows, QueryWindow, RunLimits};
use trailql::plan::logs::{CompileOptions, LogsPlan, MissingNegation};
use trailql::syntax::logs::{ParseOptions, SavedQueries, SavedQuery};
use trailql::values::{LookupTable, Number, Value};
use trailql::{Diagnostic, EpochMillis, LogsQuery};

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
    input: Option<String>,
    events: Option<Vec<Event>>,
    columns: Option<Vec<String>>,
    rows: Option<Vec<BTreeMap<String, String>>>,
    order: Option<Order>,
    level: Option<String>,
    start: Option<String>,
    end: Option<String>,
    now: Option<String>,
    missing_negation: Option<Negation>,
    #[serde(default)]
    groups: BTreeMap<String, Vec<Event>>,
    #[serde(default)]
    group_input: BTreeMap<String, String>,
    #[serde(default)]
    lookups: BTreeMap<String, String>,
    #[serde(default)]
    saved: BTreeMap<String, String>,
    #[serde(default)]
    lenient: bool,
    #[serde(default)]
    accepts: bool,
    error: Option<Vec<String>>,
    at: Option<Vec<String>>,
    fixed: Option<String>,
    warning: Option<Vec<String>>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Order {
    Exact,
    Free,
}

#[derive(Clone, Copy, Deserialize)]
enum Negation {
    Match,
    NoMatch,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    at: Option<String>,
    json: Option<String>,
    text: Option<String>,
    stream: Option<String>,
    log: Option<String>,
    ingested: Option<String>,
    #[serde(default)]
    fields: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    events: Vec<Event>,
}

type Inputs = BTreeMap<String, Input>;
/// A plan, where there is no error, and what was found.
type Compiled = (Option<LogsPlan>, Vec<Diagnostic>);

#[test]
fn every_case_of_the_corpus_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/logs");
    let inputs: Inputs =
        toml::from_str(&std::fs::read_to_string(folder.join("inputs.toml")).unwrap()).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| {
        file.extension().is_some_and(|ending| ending == "toml") && !file.ends_with("inputs.toml")
    });
    files.sort();
    let (mut ran, mut failures) = (0, Vec::new());
    for file in &files {
        let corpus: Corpus = toml::from_str(&std::fs::read_to_string(file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut names = BTreeSet::new();
        for case in &corpus.case {
            ran += 1;
            let place = format!("{}: {}", file.file_name().unwrap().display(), case.name);
            assert!(names.insert(&case.name), "{place}: the name stands twice");
            assert!(!case.source.is_empty(), "{place}: no source");
            assert!(
                case.rows.is_some() || case.error.is_some() || case.accepts,
                "{place}: nothing is expected"
            );
            for failure in run(case, &inputs) {
                failures.push(format!("{place} ({})\n    {}\n    {failure}", case.source, case.query));
            }
        }
    }
    println!("{ran} cases");
    assert!(ran >= 500, "the corpus has shrunk to {ran} cases");
    assert!(failures.is_empty(), "{} failures in {ran} cases:\n{}", failures.len(), failures.join("\n"));
}

/// Each misuse with its message, its caret and its way out, as `tests/golden/logs_bad_input.txt` shows them.
#[test]
fn each_misuse_has_its_message_and_its_caret() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let text = std::fs::read_to_string(folder.join("corpus/logs/bad_input.toml")).unwrap();
    let corpus: Corpus = toml::from_str(&text).unwrap();
    let mut table = String::new();
    for case in corpus.case.iter().filter(|case| case.error.is_some() && case.query.len() < 1_000) {
        let (text, Ok((_, diagnostics))) = compile(case) else { continue };
        table.push_str(&format!("# {}\n{}\n", case.name, text));
        for diagnostic in &diagnostics {
            let (line, column) = place(&text, diagnostic.span().range().start);
            let at = diagnostic.span().slice(&text);
            let head = format!("{}[{}] {line}:{column} `{at}`", diagnostic.severity, diagnostic.code);
            table.push_str(&format!("  {head}: {}\n", diagnostic.message));
            if let Some(help) = &diagnostic.help {
                table.push_str(&format!("    help: {help}\n"));
            }
        }
        table.push('\n');
    }
    snapbox::assert_data_eq!(table, snapbox::file!["golden/logs_bad_input.txt"]);
}

/// Line and column, both from 1.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before.get(start..).unwrap_or_default().chars().count() + 1)
}

/// What does not hold.
fn run(case: &Case, inputs: &Inputs) -> Vec<String> {
    let mut failures = Vec::new();
    let (text, compiled) = compile(case);
    let (plan, diagnostics) = match compiled {
        Ok(compiled) => compiled,
        // A saved query cannot be expanded: that has a code and no place.
        Err(message) if case.error.as_deref() == Some(&["LI038".to_owned()]) => {
            assert!(!message.is_empty());
            return failures;
        }
        Err(message) => return vec![format!("cannot be expanded: {message}")],
    };
    let codes = |errors: bool| -> Vec<String> {
        diagnostics.iter().filter(|d| d.is_error() == errors).map(|d| d.code.to_string()).collect()
    };
    if let Some(expected) = &case.error {
        if codes(true) != *expected {
            failures.push(format!("expected the errors {expected:?}, found {}", told(&diagnostics, &text)));
        } else if let Some(places) = &case.at {
            let found: Vec<&str> =
                diagnostics.iter().filter(|d| d.is_error()).map(|d| d.span().slice(&text)).collect();
            if found != *places {
                failures.push(format!("expected the carets at {places:?}, found them at {found:?}"));
            }
        }
    } else if plan.is_none() {
        failures.push(format!("refused: {}", told(&diagnostics, &text)));
    }
    if let Some(expected) = &case.warning
        && codes(false) != *expected
    {
        failures.push(format!("expected the warnings {expected:?}, found {}", told(&diagnostics, &text)));
    }
    if let Some(expected) = &case.fixed {
        let edits = diagnostics.iter().filter_map(|d| d.fix.as_ref()).rev();
        let fixed = edits.fold(text.clone(), |text, fix| fix.apply(&text));
        if fixed != *expected {
            failures.push(format!("is mended to `{fixed}`, not to `{expected}`"));
        }
    }
    failures.extend(prints(case, &text));
    let (Some(plan), Some(expected)) = (plan, &case.rows) else { return failures };
    for part_events in [usize::MAX, 1, 2] {
        let how =
            if part_events == usize::MAX { "whole".to_owned() } else { format!("in parts of {part_events}") };
        match result(case, inputs, &plan, part_events) {
            Ok(rows) => failures.extend(compare(case, expected, &rows).map(|text| format!("{how}: {text}"))),
            Err(error) => failures.push(format!("{how}: {error}")),
        }
    }
    failures
}

/// The text once saved queries are expanded, its plan, and what was found.
fn compile(case: &Case) -> (String, Result<Compiled, String>) {
    let parse = ParseOptions { lenient_newline: case.lenient, ..ParseOptions::default() };
    let mut text = case.query.clone();
    if !case.saved.is_empty() {
        let mut saved = SavedQueries::default();
        for (name, query) in &case.saved {
            if let Err(error) = saved.insert(name.as_str(), SavedQuery::new(query.as_str())) {
                return (text, Err(error.to_string()));
            }
        }
        let parsed = LogsQuery::parse_lossy(&text, &parse);
        if let Some(query) = &parsed.ast {
            let level = case.level.as_deref().unwrap_or("L3").parse().unwrap();
            let refused: Vec<_> = query.check(level).into_iter().filter(|d| d.code.0 == "LI037").collect();
            if !refused.is_empty() {
                return (text, Ok((None, refused)));
            }
            text = match saved.expand_calls(&text, query) {
                Ok(text) => text,
                Err(error) => return (text, Err(error.to_string())),
            };
        }
    }
    let parsed = LogsQuery::parse_lossy(&text, &parse);
    let mut diagnostics = parsed.diagnostics;
    let options = CompileOptions {
        level: case.level.as_deref().unwrap_or("L3").parse().unwrap(),
        missing_negation: match case.missing_negation {
            Some(Negation::NoMatch) => MissingNegation::NoMatch,
            Some(Negation::Match) | None => MissingNegation::Match,
        },
        tables: case
            .lookups
            .iter()
            .map(|(name, csv)| (name.clone(), Arc::new(LookupTable::from_csv(csv.as_bytes()).unwrap())))
            .collect(),
        groups: Some(case.groups.keys().chain(case.group_input.keys()).cloned().collect()),
    };
    let mut plan = None;
    if let Some(query) = parsed.ast {
        let (compiled, found) = query.compile_lossy(&options);
        plan = compiled;
        diagnostics.extend(found);
    }
    diagnostics.sort_by_key(Diagnostic::span);
    (text, Ok((plan, diagnostics)))
}

/// The canonical text means the same, and stays as it is when printed again.
fn prints(case: &Case, text: &str) -> Option<String> {
    let parse =
        ParseOptions { lenient_newline: case.lenient, max_chars: usize::MAX, ..ParseOptions::default() };
    let query = LogsQuery::parse_lossy(text, &parse).ast?;
    let printed = query.to_string();
    match LogsQuery::parse_lossy(&printed, &parse).ast {
        None => Some(format!("prints as `{printed}`, which does not parse")),
        Some(again) if again != query => Some(format!("prints as `{printed}`, which means something else")),
        Some(_) => None,
    }
}

fn told(diagnostics: &[Diagnostic], text: &str) -> String {
    let lines = diagnostics.iter().map(|d| format!("{d} (`{}`)", d.span().slice(text)));
    format!("[{}]", lines.collect::<Vec<_>>().join("; "))
}

fn result(case: &Case, inputs: &Inputs, plan: &LogsPlan, part_events: usize) -> Result<QueryRows, String> {
    let events_of =
        |name: &String| inputs.get(name).unwrap_or_else(|| panic!("no input {name}")).events.clone();
    let events = case.input.as_ref().map(events_of).or_else(|| case.events.clone()).unwrap_or_default();
    let mut groups = MemoryGroups::of_events(records(&events)).in_parts_of(part_events);
    for (name, events) in &case.groups {
        groups = groups.with_group(name, records(events));
    }
    for (name, input) in &case.group_input {
        groups = groups.with_group(name, records(&events_of(input)));
    }
    let now = case.now.as_deref().map_or(EpochMillis(0), time);
    let range = case.start.as_deref().map(time).zip(case.end.as_deref().map(time));
    plan.run(&QueryWindow { now, range }, &RunLimits::default(), &mut groups)
        .map_err(|error| error.to_string())
}

fn records(events: &[Event]) -> Vec<MemoryRecord> {
    let record = |event: &Event| MemoryRecord {
        message: event.json.clone().or_else(|| event.text.clone()).expect("an event has a text"),
        timestamp: event.at.as_deref().map(time),
        ingestion_time: event.ingested.as_deref().map(time),
        log_stream: event.stream.clone(),
        log: event.log.clone(),
        system: event.fields.iter().map(|(name, value)| (name.clone(), system_value(value))).collect(),
    };
    events.iter().map(record).collect()
}

fn system_value(value: &toml::Value) -> Value<'static> {
    match value {
        toml::Value::String(text) => Value::text_of(text.clone()),
        number => Value::Number(Number::spelled(number.to_string()).expect("a number")),
    }
}

fn time(text: &str) -> EpochMillis {
    let full = if text.contains('T') { text.to_owned() } else { format!("2026-03-01T{text}Z") };
    EpochMillis(
        full.parse::<jiff::Timestamp>().unwrap_or_else(|_| panic!("no time: {text}")).as_millisecond(),
    )
}

fn compare(case: &Case, expected: &[BTreeMap<String, String>], found: &QueryRows) -> Option<String> {
    let names: Vec<&String> = found.columns.iter().filter(|name| *name != "@ptr").collect();
    if let Some(columns) = &case.columns
        && names != columns.iter().collect::<Vec<_>>()
    {
        return Some(format!("expected the columns {columns:?}, found {names:?}"));
    }
    let row = |row: &Vec<Value<'static>>| -> BTreeMap<String, String> {
        let cells = found.columns.iter().zip(row).filter(|(name, _)| *name != "@ptr");
        cells.filter_map(|(name, value)| Some((name.clone(), value.render()?.into_owned()))).collect()
    };
    let mut rows: Vec<_> = found.rows.iter().map(row).collect();
    let mut expected = expected.to_vec();
    if case.order == Some(Order::Free) {
        rows.sort();
        expected.sort();
    }
    (rows != expected).then(|| format!("expected the rows\n      {expected:?}\n    found\n      {rows:?}"))
}
