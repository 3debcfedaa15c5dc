//! Runs `tests/corpus/math/*.toml`: metric math parsed, printed and evaluated.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells by failing and prints its count"
)]

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use trailql::EpochMillis;
use trailql::series::math::{BandRequest, MathOperand, MathRun, MathValue, Origin};
use trailql::series::{Period, Point, TimeRange, TimeSeries};
use trailql::syntax::math::{MathExpression, MathParseOptions};

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
    expression: String,
    /// The codes of one that is refused.
    codes: Option<BTreeSet<String>>,
    canonical: Option<String>,
    /// Metrics by id: a value a minute, `-` for none.
    #[serde(default)]
    metrics: BTreeMap<String, String>,
    /// Queries with groups by id: `label: values`.
    #[serde(default)]
    queries: BTreeMap<String, Vec<String>>,
    /// Results of other expressions by id.
    #[serde(default)]
    results: BTreeMap<String, String>,
    #[serde(default = "minute")]
    period: u64,
    label: Option<String>,
    /// The values of a result that is one series.
    gives: Option<String>,
    /// The series of one that is an array.
    array: Option<Vec<String>>,
    /// What the error begins with.
    error: Option<String>,
}

fn minute() -> u64 {
    60
}

/// How many minutes the range has.
const MINUTES: i64 = 5;

fn points(values: &str, period: u64) -> Vec<Point> {
    let step = i64::try_from(period).unwrap() * 1_000;
    let at = (0..).map(|index| EpochMillis(index * step));
    let known = at.zip(values.split_whitespace()).filter(|(_, value)| *value != "-");
    known.map(|(at, value)| Point { at, value: value.parse().unwrap() }).collect()
}

fn told(series: &TimeSeries, period: u64) -> String {
    let step = i64::try_from(period).unwrap() * 1_000;
    let last = series.points.iter().map(|point| point.at.0 / step).max().unwrap_or(-1);
    let value = |slot: i64| {
        let point = series.points.iter().find(|point| point.at.0 == slot * step);
        point.map_or("-".to_owned(), |point| point.value.to_string())
    };
    (0..=last).map(value).collect::<Vec<_>>().join(" ")
}

/// A band that is as wide to each side as asked for.
fn band(request: &BandRequest<'_>) -> Result<[TimeSeries; 2], String> {
    if request.subject == "untrained" {
        return Err("it is not trained".to_owned());
    }
    let edge = |label: &str, off: f64| TimeSeries {
        label: label.to_owned(),
        points: request
            .series
            .points
            .iter()
            .map(|point| Point { value: point.value + off, ..*point })
            .collect(),
    };
    Ok([edge("lower", -request.width), edge("upper", request.width)])
}

#[test]
fn every_case_of_the_corpus_holds() {
    let (mut ran, mut failures) = (0, Vec::new());
    for (file, corpus) in corpus_files::of::<Corpus>("math") {
        let mut names = BTreeSet::new();
        for case in &corpus.case {
            ran += 1;
            let place = format!("{file}: {}", case.name);
            assert!(names.insert(&case.name), "{place}: the name stands twice");
            assert!(!case.source.is_empty(), "{place}: no source");
            for failure in run(case) {
                failures.push(format!("{place} ({})\n    `{}`\n    {failure}", case.source, case.expression));
            }
        }
    }
    println!("{ran} cases");
    assert!(ran > 0, "no cases");
    assert!(failures.is_empty(), "{} failures in {ran} cases:\n{}", failures.len(), failures.join("\n"));
}

/// What does not hold.
fn run(case: &Case) -> Vec<String> {
    let parsed = MathExpression::parse_lossy(&case.expression, &MathParseOptions::default());
    let codes: BTreeSet<String> = parsed.diagnostics.iter().map(|finding| finding.code.to_string()).collect();
    let Some(expression) = parsed.ast else {
        let agree = case.codes.as_ref() == Some(&codes);
        return if agree { vec![] } else { vec![format!("is refused: {:#?}", parsed.diagnostics)] };
    };
    let mut failures = Vec::new();
    if case.codes.is_some() {
        failures.push("is read, should be refused".to_owned());
    }
    let printed = expression.to_string();
    if case.canonical.as_ref().is_some_and(|canonical| *canonical != printed) {
        failures.push(format!("prints as `{printed}`"));
    }
    if MathExpression::parse(&printed).as_ref() != Ok(&expression) {
        failures.push(format!("prints as `{printed}`, which does not parse to the same tree"));
    }
    let one =
        |id: &String, values: &String| TimeSeries { label: id.clone(), points: points(values, case.period) };
    let mut operands = Vec::new();
    for (id, values) in &case.metrics {
        let value = MathValue::Series(one(id, values));
        operands.push(MathOperand { id: id.clone(), origin: Origin::Metric, value });
    }
    for (id, values) in &case.results {
        let value = MathValue::Series(one(id, values));
        operands.push(MathOperand { id: id.clone(), origin: Origin::Math, value });
    }
    for (id, rows) in &case.queries {
        let row = |row: &String| {
            let (label, values) = row.split_once(": ").unwrap();
            TimeSeries { label: label.to_owned(), points: points(values, case.period) }
        };
        let value = MathValue::Array(rows.iter().map(row).collect());
        operands.push(MathOperand { id: id.clone(), origin: Origin::Query, value });
    }
    let range = TimeRange { start: EpochMillis(0), end: EpochMillis(MINUTES * 60_000) };
    let run = MathRun {
        bands: &band,
        label: case.label.as_deref(),
        ..MathRun::new(range, Period::from_seconds(case.period).unwrap(), &operands)
    };
    let told = |series: &TimeSeries| told(series, case.period);
    match (expression.evaluate(&run), &case.gives, &case.array, &case.error) {
        (Ok(MathValue::Series(series)), Some(expected), None, None) => {
            if told(&series) != *expected {
                failures.push(format!("gives `{}`", told(&series)));
            }
        }
        (Ok(MathValue::Array(array)), None, Some(expected), None) => {
            let found: Vec<String> =
                array.iter().map(|series| format!("{}: {}", series.label, told(series))).collect();
            if found != *expected {
                failures.push(format!("gives {found:?}"));
            }
        }
        (Err(error), None, None, Some(expected)) if error.to_string().starts_with(expected) => {}
        (found, ..) => failures.push(format!("gives {found:?}")),
    }
    failures
}
