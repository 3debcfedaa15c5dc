//! Runs `tests/corpus/series/*.toml`: statistics, what a store makes of values, what filters publish, imports.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells by failing and prints its count"
)]

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use trailql::series::exchange::{
    ImportError, ImportedSeries, csv, metric_data, metric_statistics, put_into_store,
};
use trailql::series::{
    MetricData, MetricFilterRun, MetricIdentity, MetricStore, Period, Point, Statistic, StatisticSet,
    StorageResolution, TimeRange, TimeSeries, TransformationSpec, Unit,
};
use trailql::{EpochMillis, FilterPattern, Limits, LogEvent};

mod corpus_files;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corpus {
    case: Vec<Case>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    /// A statistic's text, its canonical text or its refusal, and the number of samples from which on it is sound.
    statistic: Option<String>,
    canonical: Option<String>,
    least_samples: Option<u64>,
    /// Values of one minute, and what statistics say of them; `none` where they say nothing.
    values: Option<Vec<f64>>,
    expect: Option<BTreeMap<String, Expected>>,
    /// What a store takes in, and what it gives.
    puts: Option<Vec<Put>>,
    period: Option<u64>,
    start: Option<String>,
    end: Option<String>,
    points: Option<BTreeMap<String, Vec<(String, f64)>>>,
    unavailable: Option<BTreeMap<String, String>>,
    units: Option<Vec<String>>,
    /// A filter, its events, and what it publishes: by dimensions the sums of the minutes.
    pattern: Option<String>,
    transformation: Option<Transformation>,
    events: Option<Vec<Event>>,
    sums: Option<BTreeMap<String, Vec<(String, f64)>>>,
    counts: Option<BTreeMap<String, Vec<(String, f64)>>>,
    #[serde(default)]
    dropped: BTreeMap<String, u64>,
    cardinality: Option<BTreeMap<String, u64>>,
    /// An import, and its series.
    form: Option<Form>,
    text: Option<String>,
    series: Option<Vec<Series>>,
    into_store: Option<usize>,
    error: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    Value(f64),
    Nothing(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Put {
    at: String,
    value: Option<f64>,
    #[serde(default = "once")]
    count: u64,
    /// Sample count, sum, minimum, maximum.
    set: Option<[f64; 4]>,
    unit: Option<String>,
    #[serde(default)]
    second: bool,
}

fn once() -> u64 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transformation {
    value: String,
    default: Option<f64>,
    #[serde(default)]
    dimensions: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    at: Option<String>,
    message: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    Csv,
    MetricData,
    MetricStatistics,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Series {
    label: Option<String>,
    metric: Option<String>,
    statistic: Option<String>,
    period: Option<u32>,
    unit: Option<String>,
    points: Vec<(String, f64)>,
}

#[test]
fn every_case_of_the_corpus_holds() {
    let (mut ran, mut failures, mut refused) = (0, Vec::new(), String::new());
    for (file, corpus) in corpus_files::of::<Corpus>("series") {
        let mut names = BTreeSet::new();
        for case in &corpus.case {
            ran += 1;
            let place = format!("{file}: {}", case.name);
            assert!(names.insert(&case.name), "{place}: the name stands twice");
            assert!(!case.source.is_empty(), "{place}: no source");
            let found = run(case, &mut refused);
            failures.extend(found.into_iter().map(|failure| format!("{place} ({}): {failure}", case.source)));
        }
    }
    println!("{ran} cases");
    assert!(failures.is_empty(), "{} failures in {ran} cases:\n{}", failures.len(), failures.join("\n"));
    assert!(ran >= 100, "the corpus has shrunk to {ran} cases");
    snapbox::assert_data_eq!(refused, snapbox::file!["golden/series_bad_input.txt"].raw());
}

/// What does not hold; refusals are noted with their text.
fn run(case: &Case, refused: &mut String) -> Vec<String> {
    let mut failures = Vec::new();
    if let Some(text) = &case.statistic {
        statistic(case, text, refused, &mut failures);
    } else if let Some(values) = &case.values {
        let mut store = MetricStore::new();
        for value in values {
            store.put(&metric(), Unit::None, StorageResolution::Minute, time("10:00:00"), *value).unwrap();
        }
        expectations(case, store.get(&metric()).unwrap(), &mut failures);
    } else if let Some(puts) = &case.puts {
        stored(case, puts, refused, &mut failures);
    } else if let Some(pattern) = &case.pattern {
        published(case, pattern, &mut failures);
    } else if let Some(text) = &case.text {
        imported(case, text, refused, &mut failures);
    } else {
        failures.push("nothing is asked".to_owned());
    }
    failures
}

fn statistic(case: &Case, text: &str, refused: &mut String, failures: &mut Vec<String>) {
    match (text.parse::<Statistic>(), &case.canonical, &case.error) {
        (Ok(statistic), Some(canonical), None) => {
            if statistic.to_string() != *canonical {
                failures.push(format!("printed as `{statistic}`, not as `{canonical}`"));
            }
            if statistic.least_samples() != case.least_samples {
                failures.push(format!("sound from {:?} samples on", statistic.least_samples()));
            }
        }
        (Err(error), None, Some(_)) => note(case, text, &error.to_string(), refused, failures),
        (found, ..) => failures.push(format!("`{text}`: {found:?}")),
    }
}

/// Notes a refusal, whose text must hold what the case says.
fn note(case: &Case, text: &str, error: &str, refused: &mut String, failures: &mut Vec<String>) {
    let text = text.trim_end();
    let text = if text.len() > 200 { "…" } else { text };
    refused.push_str(&format!("# {}\n{text}\n  error: {error}\n\n", case.name));
    let expected = case.error.as_deref().unwrap_or_default();
    if !error.contains(expected) || expected.is_empty() {
        failures.push(format!("`{expected}` is not in: {error}"));
    }
}

fn expectations(case: &Case, data: &MetricData, failures: &mut Vec<String>) {
    for (name, expected) in case.expect.iter().flatten() {
        let found = data.value(&name.parse().unwrap(), range(case));
        let holds = match (found, expected) {
            (Some(found), Expected::Value(expected)) => {
                (found - expected).abs() <= 1e-12 * expected.abs().max(1.0)
            }
            (None, Expected::Nothing(word)) => word == "none",
            _ => false,
        };
        if !holds {
            failures.push(format!("{name} is {found:?}"));
        }
    }
}

fn stored(case: &Case, puts: &[Put], refused: &mut String, failures: &mut Vec<String>) {
    let mut store = MetricStore::new();
    for put in puts {
        let unit = put.unit.as_deref().map_or(Unit::None, |unit| unit.parse().unwrap());
        let resolution = if put.second { StorageResolution::Second } else { StorageResolution::Minute };
        let at = time(&put.at);
        let done = match (put.value, put.set) {
            (Some(value), None) => store.put_repeated(&metric(), unit, resolution, at, value, put.count),
            (None, Some([sample_count, sum, minimum, maximum])) => {
                let set = StatisticSet { sample_count, sum, minimum, maximum };
                store.put_statistics(&metric(), unit, resolution, at, set)
            }
            _ => panic!("a put has a value or a set"),
        };
        if let Err(error) = done {
            if case.error.is_none() {
                failures.push(format!("refused: {error}"));
            }
            return note(
                case,
                &format!("put {:?} {:?}", put.value, put.set),
                &error.to_string(),
                refused,
                failures,
            );
        }
    }
    if case.error.is_some() {
        failures.push("not refused".to_owned());
    }
    let data = store.get(&metric()).unwrap();
    expectations(case, data, failures);
    for (name, expected) in case.points.iter().flatten() {
        let period = Period::from_seconds(case.period.unwrap_or(60)).unwrap();
        compare(name, &data.points(&name.parse().unwrap(), period, range(case)), expected, failures);
    }
    for (name, reason) in case.unavailable.iter().flatten() {
        let found = data.unavailable(&name.parse().unwrap(), range(case)).map(|found| found.to_string());
        if !found.as_deref().is_some_and(|found| found.contains(reason)) {
            failures.push(format!("{name} is unavailable: {found:?}"));
        }
    }
    if let Some(units) = &case.units {
        let found: Vec<String> = data.units().iter().map(Unit::to_string).collect();
        if found != *units {
            failures.push(format!("the units {found:?}"));
        }
    }
}

fn published(case: &Case, pattern: &str, failures: &mut Vec<String>) {
    let pattern: FilterPattern = pattern.parse().unwrap();
    let transformation = case.transformation.as_ref().expect("a filter has a transformation");
    let spec = TransformationSpec {
        namespace: "app".into(),
        name: "latency".into(),
        value: transformation.value.clone(),
        default_value: transformation.default,
        dimensions: transformation.dimensions.clone().into_iter().collect(),
        unit: Some("Count".into()),
    };
    let mut filter = MetricFilterRun::new(spec.check(&pattern).unwrap());
    let matcher = pattern.compile(&Limits::default()).unwrap();
    let mut store = MetricStore::new();
    for event in case.events.iter().flatten() {
        let message = LogEvent::new(&event.message);
        let message = event.at.as_deref().map_or(message, |at| message.at(time(at)));
        filter.observe(&mut store, &matcher, &message).unwrap();
    }
    for (statistic, expected) in [(Statistic::Sum, &case.sums), (Statistic::SampleCount, &case.counts)] {
        let Some(expected) = expected else { continue };
        let names: Vec<String> = store.metrics().map(|(metric, _)| metric.dimensions.to_string()).collect();
        if names != expected.keys().cloned().collect::<Vec<_>>() {
            failures.push(format!("the metrics {names:?}"));
            continue;
        }
        for ((_, data), (name, expected)) in store.metrics().zip(expected) {
            let found = data.points(&statistic, Period::MINUTE, range(case));
            compare(&format!("{statistic} of {{{name}}}"), &found, expected, failures);
        }
    }
    let dropped: BTreeMap<String, u64> =
        filter.emission().dropped.iter().map(|(reason, count)| (reason.to_string(), *count)).collect();
    if dropped != case.dropped {
        failures.push(format!("dropped {dropped:?}"));
    }
    if let Some(expected) = &case.cardinality {
        let found = filter.cardinality();
        let mut found_values: BTreeMap<String, u64> =
            found.dimensions.iter().map(|dimension| (dimension.name.clone(), dimension.values)).collect();
        found_values.insert("metrics".into(), found.metrics);
        found_values.insert("busiest hour".into(), found.busiest_hour.map_or(0, |hour| hour.pairs));
        if found_values != *expected {
            failures.push(format!("cardinality {found_values:?}"));
        }
    }
}

fn import(form: Form, text: &str) -> Result<Vec<ImportedSeries>, ImportError> {
    match form {
        Form::Csv => csv::parse(text),
        Form::MetricData => metric_data::parse(text).map(|output| output.series),
        Form::MetricStatistics => metric_statistics::parse(text),
    }
}

fn imported(case: &Case, text: &str, refused: &mut String, failures: &mut Vec<String>) {
    let mut series = match import(case.form.expect("an import has a form"), text) {
        Ok(series) => series,
        Err(error) if case.error.is_some() => return note(case, text, &error.to_string(), refused, failures),
        Err(error) => return failures.push(format!("refused: {error}")),
    };
    if let Some(expected) = &case.series {
        if expected.len() != series.len() {
            failures.push(format!("{} series", series.len()));
        }
        for (found, expected) in series.iter().zip(expected) {
            let told = (
                found.metric.as_ref().map(MetricIdentity::to_string),
                found.statistic.map(|statistic| statistic.to_string()),
                found.period.map(Period::seconds),
                found.unit.map(|unit| unit.to_string()),
            );
            let should =
                (expected.metric.clone(), expected.statistic.clone(), expected.period, expected.unit.clone());
            if told != should || found.label != expected.label.clone().unwrap_or_default() {
                failures.push(format!("found {:?} {told:?}", found.label));
            }
            compare(&found.label, &found.points, &expected.points, failures);
        }
    }
    if let Some(expected) = case.into_store {
        for series in &mut series {
            series.metric.get_or_insert_with(metric);
        }
        let mut store = MetricStore::new();
        match put_into_store(&series, &mut store) {
            Ok(count) if count == expected && case.error.is_none() => {}
            Err(error) if case.error.is_some() => {
                return note(case, text, &error.to_string(), refused, failures);
            }
            found => failures.push(format!("into the store: {found:?}")),
        }
        for (name, data) in store.metrics() {
            if *name == metric() {
                expectations(case, data, failures);
            }
        }
    } else if case.error.is_some() {
        failures.push("not refused".to_owned());
    }
}

fn compare(what: &str, found: &[Point], expected: &[(String, f64)], failures: &mut Vec<String>) {
    let expected: Vec<Point> =
        expected.iter().map(|(at, value)| Point { at: time(at), value: *value }).collect();
    if found != expected {
        failures.push(format!("{what}: expected {expected:?}, found {found:?}"));
    }
}

fn metric() -> MetricIdentity {
    MetricIdentity::new("app", "latency")
}

fn range(case: &Case) -> TimeRange {
    TimeRange {
        start: time(case.start.as_deref().unwrap_or("2024-09-01T00:00:00Z")),
        end: time(case.end.as_deref().unwrap_or("2024-09-05T00:00:00Z")),
    }
}

/// A time of day on 2024-09-02, or a full time.
fn time(text: &str) -> EpochMillis {
    let full = if text.contains('T') { text.to_owned() } else { format!("2024-09-02T{text}Z") };
    EpochMillis(
        full.parse::<jiff::Timestamp>().unwrap_or_else(|_| panic!("no time: {text}")).as_millisecond(),
    )
}

/// The last column of the table of statistics in `grammar.md`.
#[test]
fn the_examples_of_the_grammar_have_their_values() {
    let mut store = MetricStore::new();
    for value in [1.0, 2.0, 3.0, 4.0, 100.0] {
        store.put(&metric(), Unit::None, StorageResolution::Minute, time("10:00:00"), value).unwrap();
    }
    let (range, data) = (store.range().unwrap(), store.get(&metric()).unwrap());
    let page = include_str!("../grammar.md");
    let rows = page.lines().skip_while(|line| !line.starts_with("| statistic |")).skip(2);
    let mut examples = 0;
    for row in rows.take_while(|line| line.starts_with('|')) {
        let (before, value) = row.trim_end_matches(" |").rsplit_once("` = ").unwrap();
        let statistic: Statistic = before.rsplit_once('`').unwrap().1.parse().unwrap();
        assert_eq!(data.value(&statistic, range), Some(value.parse().unwrap()), "{row}");
        examples += 1;
    }
    assert_eq!(examples, 12);
}

/// The three exports of one small metric.
#[test]
fn exports_are_as_they_were() {
    let mut store = MetricStore::new();
    let alice = metric().with([("userName", "alice, \"al\""), ("group", "ops")].into_iter().collect());
    for (at, value) in [("10:00:00", 1.5), ("10:00:59", 2.0), ("10:03:00", 1e21), ("10:04:00", 1e-7)] {
        store.put(&alice, Unit::Seconds, StorageResolution::Minute, time(at), value).unwrap();
    }
    let range = store.range().unwrap();
    let of = |(metric, data): (&MetricIdentity, &MetricData), statistic: &str| ImportedSeries {
        label: "latency".into(),
        metric: Some(metric.clone()),
        statistic: Some(statistic.parse().unwrap()),
        period: Some(Period::MINUTE),
        unit: data.units().first().copied(),
        ..ImportedSeries::of_points(data.points(&statistic.parse().unwrap(), Period::MINUTE, range))
    };
    let series: Vec<ImportedSeries> = ["Sum", "SampleCount", "p90", "TM(10%:90%)"]
        .iter()
        .flat_map(|statistic| store.metrics().map(|entry| of(entry, statistic)))
        .collect();
    let sum: TimeSeries = series.first().unwrap().clone().into_series();
    snapbox::assert_data_eq!(csv::print_points(&sum), snapbox::file!["golden/series_points.csv"].raw());
    snapbox::assert_data_eq!(csv::print(&series), snapbox::file!["golden/series_long.csv"].raw());
    snapbox::assert_data_eq!(
        metric_data::print(&series),
        snapbox::file!["golden/series_metric_data.json": Text].raw()
    );
    snapbox::assert_data_eq!(
        metric_statistics::print(&series).unwrap(),
        snapbox::file!["golden/series_metric_statistics.json": Text].raw()
    );
}
