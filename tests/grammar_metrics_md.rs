//! Runs the fenced examples of `grammar.md` of Metrics Insights and metric math.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells by failing and prints its count"
)]

use std::collections::BTreeSet;

use trailql::series::math::{MathOperand, MathRun, MathValue, Origin};
use trailql::series::query::{QueryRun, TagTable};
use trailql::series::{
    MetricIdentity, MetricStore, Period, Point, StorageResolution, TimeRange, TimeSeries, Unit,
};
use trailql::syntax::math::{self, MathExpression};
use trailql::syntax::metrics::{self, ParseOptions};
use trailql::{Diagnostic, EpochMillis, MetricsQuery, Severity};

mod fences;

use fences::fences;

const PAGE: &str = include_str!("../grammar.md");

#[test]
fn every_example_of_metrics_holds() {
    let (mut ran, mut failures) = (0, Vec::new());
    for (line, info, body) in fences(PAGE) {
        let (language, codes) = info.split_once(' ').unwrap_or((info, ""));
        let codes: BTreeSet<&str> = codes.split_whitespace().collect();
        let failed: Vec<String> = match language {
            "metrics" | "metrics-error" | "metrics-warning" => {
                folded(&body).iter().filter_map(|query| finds(query, language, &codes)).collect()
            }
            "metrics-run" => gives(&body).into_iter().collect(),
            "metrics-data" => says(&body, &codes),
            "math" | "math-error" => body.iter().filter_map(|text| reads(text, &codes)).collect(),
            "math-run" => reckons(&body).into_iter().collect(),
            _ => continue,
        };
        ran += 1;
        failures.extend(failed.into_iter().map(|failure| format!("line {line}: {failure}")));
    }
    println!("{ran} fences");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(ran > 60, "only {ran} fences");
}

#[test]
fn every_rule_of_metrics_has_an_example() {
    let shown: BTreeSet<&str> = fences(PAGE).iter().flat_map(|(_, info, _)| info.split(' ')).collect();
    let rules = metrics::codes::RULES.iter().chain(math::codes::RULES).map(|rule| rule.code.0);
    // Too long and too deep for the page.
    let wanted = |code: &&str| !["MI033", "MI044", "MM009", "MM011"].contains(code);
    let lacking: Vec<&str> = rules.filter(wanted).filter(|code| !shown.contains(code)).collect();
    assert!(lacking.is_empty(), "without an example: {lacking:?}");
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

fn codes_of(findings: &[Diagnostic]) -> BTreeSet<&str> {
    findings.iter().map(|finding| finding.code.0).collect()
}

fn finds(query: &str, language: &str, expected: &BTreeSet<&str>) -> Option<String> {
    let parsed = MetricsQuery::parse_lossy(query, &ParseOptions::default());
    let mut findings = parsed.diagnostics;
    findings.extend(parsed.ast.iter().flat_map(MetricsQuery::check));
    let is_error = language == "metrics-error";
    let agree = findings.iter().all(|finding| (finding.severity == Severity::Error) == is_error);
    (codes_of(&findings) != *expected || !agree).then(|| format!("`{query}`: {findings:?}"))
}

/// Metrics of the form `App/Calls{userName=alice} 1 2,3 -`: the values of each minute.
fn store(lines: &[&str]) -> MetricStore {
    let mut store = MetricStore::new();
    for line in lines {
        let (metric, values) = line.split_once(' ').unwrap();
        let (name, dimensions) = metric.trim_end_matches('}').split_once('{').unwrap_or((metric, ""));
        let (namespace, name) = name.split_once('/').unwrap();
        let dimensions = dimensions.split(',').filter_map(|pair| pair.split_once('=')).collect();
        let metric = MetricIdentity::new(namespace, name).with(dimensions);
        for (minute, values) in (0..).zip(values.split(' ')) {
            for value in values.split(',').filter(|value| *value != "-") {
                let at = EpochMillis(minute * 60_000);
                let value = value.parse().unwrap();
                store.put(&metric, Unit::Count, StorageResolution::Minute, at, value).unwrap();
            }
        }
    }
    store
}

fn told(series: &TimeSeries) -> String {
    let minutes = series.points.iter().map(|point| point.at.0 / 60_000).max().map_or(0, |last| last + 1);
    let value = |minute: i64| {
        let point = series.points.iter().find(|point| point.at.0 == minute * 60_000);
        point.map_or("-".to_owned(), |point| point.value.to_string())
    };
    (0..minutes).map(value).collect::<Vec<_>>().join(" ")
}

fn gives(body: &[&str]) -> Option<String> {
    let parts: Vec<&[&str]> = body.split(|line| *line == "---").collect();
    let [query, metrics, expected] = parts[..] else { panic!("not three parts: {body:?}") };
    let query: MetricsQuery = query.join("\n").parse().unwrap();
    let tags = TagTable::default();
    let range = TimeRange { start: EpochMillis(0), end: EpochMillis(3_600_000) };
    let result = query.run(&store(metrics), &QueryRun::new(range, Period::MINUTE, &tags)).unwrap();
    let series = result.rows.into_iter().map(|row| row.into_series());
    let found: Vec<String> = series.map(|series| format!("{}: {}", series.label, told(&series))).collect();
    (found != expected).then(|| format!("`{query}` gives {found:?}"))
}

fn says(body: &[&str], expected: &BTreeSet<&str>) -> Vec<String> {
    let parts: Vec<&[&str]> = body.split(|line| *line == "---").collect();
    let [queries, metrics] = parts[..] else { panic!("not two parts: {body:?}") };
    let store = store(metrics);
    let failed = queries.iter().filter_map(|text| {
        let found = text.parse::<MetricsQuery>().unwrap().check_data(&store);
        (codes_of(&found) != *expected).then(|| format!("`{text}`: {found:?}"))
    });
    failed.collect()
}

fn reads(text: &str, expected: &BTreeSet<&str>) -> Option<String> {
    let parsed = MathExpression::parse_lossy(text, &Default::default());
    (codes_of(&parsed.diagnostics) != *expected).then(|| format!("`{text}`: {:?}", parsed.diagnostics))
}

fn reckons(body: &[&str]) -> Option<String> {
    let parts: Vec<&[&str]> = body.split(|line| *line == "---").collect();
    let [[expression], metrics, [expected]] = parts[..] else { panic!("not three parts: {body:?}") };
    let operand = |line: &&str| {
        let (id, values) = line.split_once(' ').unwrap();
        let values = (0..).zip(values.split(' ')).filter(|(_, value)| *value != "-");
        let points = values
            .map(|(minute, value)| Point { at: EpochMillis(minute * 60_000), value: value.parse().unwrap() });
        let series = TimeSeries { label: id.to_owned(), points: points.collect() };
        MathOperand { id: id.to_owned(), origin: Origin::Metric, value: MathValue::Series(series) }
    };
    let operands: Vec<MathOperand> = metrics.iter().map(operand).collect();
    let range = TimeRange { start: EpochMillis(0), end: EpochMillis(240_000) };
    let run = MathRun::new(range, Period::MINUTE, &operands);
    let value = expression.parse::<MathExpression>().unwrap().evaluate(&run).unwrap();
    let found = value.series().first().map(told).unwrap_or_default();
    (found != *expected).then(|| format!("`{expression}` gives {found}"))
}
