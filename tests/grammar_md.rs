//! Runs the fenced examples of `grammar.md`, and those of its tables of functions.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells by failing and prints its count"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use trailql::eval::logs::{MemoryGroups, MemoryRecord, QueryRows, QueryWindow, RunLimits};
use trailql::plan::logs::{CompileOptions, LogsPlan};
use trailql::syntax::logs::codes::RULES;
use trailql::syntax::logs::{FUNCTIONS, Level, ParseOptions, Signature};
use trailql::values::{LookupTable, Value};
use trailql::{Diagnostic, EpochMillis, FilterPattern, Limits, LogEvent, LogsQuery, Severity};

mod fences;

use fences::fences;

const PAGE: &str = include_str!("../grammar.md");

#[test]
fn every_example_of_the_grammar_holds() {
    let (mut filter, mut logs) = (0, 0);
    let mut failures = Vec::new();
    for (line, info, body) in fences(PAGE) {
        let mut words = info.split(' ');
        let language = words.next().unwrap();
        let codes: BTreeSet<&str> = words.clone().filter(|word| word.len() > 2).collect();
        match language {
            "filter" => filter += matches_as_marked(line, &body),
            "filter-error" | "filter-warning" => {
                for text in &body {
                    filter += 1;
                    reports(line, text, &codes, language == "filter-error");
                }
            }
            "logs" | "logs-error" | "logs-warning" => {
                let level = words.next().and_then(|word| word.parse().ok()).unwrap_or_default();
                for query in folded(&body) {
                    logs += 1;
                    failures.extend(compiles(line, &query, &codes, language, level));
                }
            }
            "logs-run" => {
                logs += 1;
                let times: Vec<EpochMillis> = words.map(time).collect();
                failures.extend(gives(line, &body, &times));
            }
            "ebnf" => {}
            // `tests/grammar_metrics_md.rs` runs these.
            "metrics" | "metrics-error" | "metrics-warning" | "metrics-run" | "metrics-data" => {}
            "math" | "math-error" | "math-run" => {}
            other => panic!("line {line}: a fence of the unknown language `{other}`"),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    println!("{filter} examples of filter patterns, {logs} of Logs Insights queries");
    assert!(filter > 100, "only {filter} examples of filter patterns");
    assert!(logs > 120, "only {logs} examples of Logs Insights queries");
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

/// The queries of a fence: one a line, and what is indented belongs to the query above it.
fn folded(body: &[&str]) -> Vec<String> {
    let mut queries: Vec<String> = Vec::new();
    for line in body {
        match queries.last_mut() {
            Some(query) if line.starts_with(' ') => *query = format!("{query}\n{line}"),
            _ => queries.push((*line).to_owned()),
        }
    }
    queries
}

/// The plan of a query, and everything that is found in it.
fn compiled(query: &str, level: Level) -> (Option<LogsPlan>, Vec<Diagnostic>) {
    let table = |csv: &str| Arc::new(LookupTable::from_csv(csv.as_bytes()).unwrap());
    let tables = BTreeMap::from([
        ("users".to_owned(), table("id,name,team\n1,Ann,red\n2,Bob,blue\n")),
        ("networks".to_owned(), table("cidr,region\n10.0.0.0/8,home\n10.1.0.0/16,office\n")),
    ]);
    let parsed = LogsQuery::parse_lossy(query, &ParseOptions::default());
    let mut findings = parsed.diagnostics;
    let mut plan = None;
    if let Some(query) = parsed.ast {
        let options = CompileOptions { level, tables, ..CompileOptions::default() };
        let (made, found) = query.compile_lossy(&options);
        plan = made;
        findings.extend(found);
    }
    (plan, findings)
}

fn compiles(
    line: usize,
    query: &str,
    expected: &BTreeSet<&str>,
    language: &str,
    level: Level,
) -> Option<String> {
    let (plan, findings) = compiled(query, level);
    let refused = language == "logs-error";
    let counts = |finding: &&Diagnostic| !refused || finding.is_error();
    let found: BTreeSet<&str> = findings.iter().filter(counts).map(|finding| finding.code.0).collect();
    let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let holds = found == *expected && plan.is_none() == refused;
    (!holds).then(|| format!("line {line}: `{query}`: {told:?}"))
}

fn gives(line: usize, body: &[&str], times: &[EpochMillis]) -> Option<String> {
    let mut parts = body.split(|line| *line == "---");
    let (query, events, expected) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    assert!(parts.next().is_none(), "line {line}: four parts");
    let query = query.join("\n");
    let found = match run(&query, events, times) {
        Ok(result) => told(&result),
        Err(error) => return Some(format!("line {line}: `{query}`: {error}")),
    };
    (found != expected).then(|| format!("line {line}: `{query}` gives\n    {}", found.join("\n    ")))
}

/// The result of a query on events of the form `[group> ] [10:00:00 ] message`.
fn run(query: &str, events: &[&str], times: &[EpochMillis]) -> Result<QueryRows, String> {
    let (plan, findings) = compiled(query, Level::default());
    let plan = plan.ok_or_else(|| findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
    let mut named: BTreeMap<&str, Vec<MemoryRecord>> = BTreeMap::new();
    for event in events {
        let (group, event) = event.split_once("> ").unwrap_or(("", *event));
        let (timestamp, message) = match event.split_once(' ') {
            Some((clock, message)) if clock.len() == 8 && clock.contains(':') => (Some(time(clock)), message),
            _ => (None, event),
        };
        let record = MemoryRecord { message: message.to_owned(), timestamp, ..MemoryRecord::default() };
        named.entry(group).or_default().push(record);
    }
    let mut groups = MemoryGroups::of_events(named.remove("").unwrap_or_default());
    for (name, events) in named {
        groups = groups.with_group(name, events);
    }
    let range = match times {
        [start, end] => Some((*start, *end)),
        _ => None,
    };
    let window = QueryWindow { now: times.last().copied().unwrap_or_else(|| time("12:00:00")), range };
    plan.run(&window, &RunLimits::default(), &mut groups).map_err(|error| error.to_string())
}

/// A time of the first of March 2026.
fn time(clock: &str) -> EpochMillis {
    let time: jiff::Timestamp = format!("2026-03-01T{clock}Z").parse().unwrap();
    EpochMillis(time.as_millisecond())
}

/// The rows as `name=value; name=value`, without the pointer and without what is missing.
fn told(result: &QueryRows) -> Vec<String> {
    let row = |row: &Vec<Value<'static>>| {
        let cells = result.columns.iter().zip(row).filter(|(name, _)| *name != "@ptr");
        let cells: Vec<String> =
            cells.filter_map(|(name, value)| Some(format!("{name}={}", value.render()?))).collect();
        if cells.is_empty() { "(nothing)".to_owned() } else { cells.join("; ") }
    };
    result.rows.iter().map(row).collect()
}

/// The row on which the tables' examples of functions are computed, and the three of those of aggregates.
const ROW: &str = r#"10:07:00 {"a":1,"status":"404","errorCode":"AccessDenied","ip":"10.0.0.5"}"#;
const ROWS: [&str; 3] =
    [r#"10:00:00 {"x":100,"t":"b"}"#, r#"10:02:00 {"x":300,"t":"a"}"#, r#"10:06:00 {"x":1100,"t":"a"}"#];

#[test]
fn every_example_of_the_tables_has_its_value() {
    let (mut examples, mut failures) = (0, Vec::new());
    for (number, row) in PAGE.lines().enumerate().filter(|(_, line)| line.starts_with("| ")) {
        let line = number + 1;
        // The last cell: `expression` → value
        let Some((before, value)) = row.trim_end_matches(" |").rsplit_once("` → ") else { continue };
        let Some((_, expression)) = before.rsplit_once("| `") else { continue };
        let expression = expression.replace("\\|", "|");
        let called = expression.split('(').next().unwrap();
        let aggregates = Signature::find(called).is_some_and(|known| known.aggregate);
        let (query, events): (String, &[&str]) = if expression.starts_with("by ") {
            (format!("stats count(*) as n {expression} | sort n desc, n"), &ROWS)
        } else if aggregates {
            (format!("stats {expression} as r"), &ROWS)
        } else {
            (format!("fields {expression} as r | display r"), &[ROW])
        };
        let result = run(&query, events, &[time("10:00:00"), time("11:00:00")]);
        let rows = result.map_or_else(|error| vec![error], |result| told(&result));
        let expected = match value.trim_matches('`') {
            "*missing*" => "(nothing)".to_owned(),
            value => format!("r={value}"),
        };
        if rows.join("; ") != expected {
            failures.push(format!("line {line}: `{expression}` gives {rows:?}"));
        }
        examples += 1;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    println!("{examples} examples of tables");
    assert!(examples > 100, "only {examples} examples in tables");
}

#[test]
fn every_function_has_its_row() {
    for signature in FUNCTIONS {
        let call = format!("| `{}(", signature.name);
        let row = PAGE.lines().find(|line| line.starts_with(&call));
        let row = row.unwrap_or_else(|| panic!("`{}` is in no table", signature.name));
        assert_eq!(row.contains("| L2; "), signature.level == Level::L2, "{row}");
    }
}

#[test]
fn every_rule_of_the_language_has_an_example() {
    // A query that is too long is too long for the page; maps and lists in `sort` are not reported yet.
    let wanted = |code: &str| code != "LI018";
    let shown: BTreeSet<&str> = fences(PAGE).iter().flat_map(|(_, info, _)| info.split(' ')).collect();
    let rules = RULES.iter().map(|rule| rule.code.0);
    let lacking: Vec<&str> = rules.filter(|code| wanted(code) && !shown.contains(code)).collect();
    assert!(lacking.is_empty(), "without an example: {lacking:?}");
}
