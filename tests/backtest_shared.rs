//! The scenario over the shared two weeks: counts against the labels, the alarm against the injected burst. Switched on by
//! `TRAILQL_SHARED`.
#![cfg(all(feature = "stack", feature = "events"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells by failing and prints its figures"
)]

mod shared_folder;

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use trailql::backtest::{Backtest, BacktestOptions};
use trailql::events::{Published, ReadOptions, collect_sources, publish};
use trailql::stack::{CheckedStack, Stack};

const MINUTE: i64 = 60_000;

fn stack() -> CheckedStack {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/presigned-url/stack.toml");
    let source = std::fs::read_to_string(path).unwrap();
    let checked = Stack::parse(&source).unwrap().check(&source);
    assert!(checked.diagnostics.is_empty(), "{:#?}", checked.diagnostics);
    checked.ast.unwrap()
}

fn replayed(stack: &CheckedStack, events: &Path, threads: usize) -> (Published, Backtest) {
    let filters: Vec<_> = stack
        .filters()
        .iter()
        .map(|filter| (filter.matcher.clone(), filter.transformation.clone()))
        .collect();
    let sources = collect_sources([events]).sources;
    let published = publish(&filters, &sources, &ReadOptions::default(), threads, &Arc::default()).unwrap();
    let backtest =
        Backtest::run(stack, &published.store, published.times.unwrap(), &BacktestOptions::default())
            .unwrap();
    (published, backtest)
}

/// Alarms inside and outside of a window, and how long after its start the first one came, in milliseconds.
fn judged(backtest: &Backtest, window: (i64, i64)) -> (usize, usize, Option<i64>) {
    let alarm = backtest.alarms.first().unwrap();
    // An alarm right behind the window still sees its last periods.
    let is_inside = |start: i64| (window.0..window.1 + alarm.span_millis).contains(&start);
    let starts: Vec<i64> = alarm.episodes().iter().map(|episode| episode.start.0).collect();
    let inside: Vec<i64> = starts.iter().copied().filter(|&start| is_inside(start)).collect();
    (inside.len(), starts.len() - inside.len(), inside.first().map(|first| first - window.0))
}

fn millis(text: &Value) -> i64 {
    text.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

#[test]
fn the_labelled_two_weeks_count_as_labelled_and_raise_the_alarm() {
    let Some(shared) = shared_folder::folder() else { return };
    let events = shared.join("data/synthetic-2weeks.ndjson.gz");
    let labels = shared.join("data/synthetic-2weeks.ndjson.gz.labels.json");
    let labels: Value = serde_json::from_str(&std::fs::read_to_string(labels).unwrap()).unwrap();
    let stack = stack();
    let (published, backtest) = replayed(&stack, &events, 2);

    let start = millis(labels.get("start").unwrap());
    let counts: Vec<f64> = labels
        .get("queryStringGetObject")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n.as_f64().unwrap())
        .collect();
    let metric = stack.filters().first().unwrap().metric();
    let data = published.store.get(&metric).unwrap();
    let statistic = "Sum".parse().unwrap();
    let period = trailql::series::Period::from_seconds(300).unwrap();
    for (index, expected) in (0_i64..).zip(&counts) {
        let from = trailql::EpochMillis(start + index * 300_000);
        let range =
            trailql::series::TimeRange { start: from, end: trailql::EpochMillis(from.0 + period.millis()) };
        assert_eq!(data.value(&statistic, range).unwrap_or(0.0), *expected, "period {index}");
    }

    let anomaly = &labels["anomaly"];
    // The window of the labels opens some minutes before the first injected event.
    let of_user = stack.filters().last().unwrap().metric();
    let of_user = of_user.with([("userName", anomaly["user"].as_str().unwrap())].into_iter().collect());
    let first = published.store.get(&of_user).unwrap().range().unwrap().start;
    let window = (first.0, millis(&anomaly["end"]));
    let (inside, outside, delay) = judged(&backtest, window);
    let period = backtest.watched.first().unwrap().period;
    let delay = delay.expect("the burst raises the alarm");
    println!(
        "{} counts; the alarm came {} min after the minute of the first injected event, {outside} outside",
        counts.len(),
        delay / MINUTE
    );
    assert!(inside >= 1);
    assert!(delay <= 2 * period.millis(), "{} min", delay / MINUTE);
    assert!(outside <= 1, "{outside} alarms outside of the window");
    let user = backtest.causes.first().unwrap().rows.first().unwrap();
    assert_eq!(user.group, [Some("unauthorizedUser".to_owned())]);
}

#[test]
fn the_example_raises_its_alarm_once_and_names_the_user_whatever_the_threads() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/presigned-url");
    let expected: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    let stack = stack();
    let (published, backtest) = replayed(&stack, &folder.join("events.ndjson.gz"), 1);
    let matches: Vec<u64> = published.filters.iter().map(|filter| filter.emission().matches).collect();
    assert_eq!(
        matches,
        [expected["presigned"].as_u64().unwrap(), expected["presignedWithUserName"].as_u64().unwrap()]
    );
    let anomaly = &expected["anomaly"];
    let (inside, outside, _) = judged(&backtest, (millis(&anomaly["start"]), millis(&anomaly["end"])));
    assert_eq!((inside, outside), (1, 0));
    let causes = backtest.causes.first().unwrap();
    let user = causes.rows.first().unwrap();
    assert_eq!(user.group, [Some(anomaly["userName"].as_str().unwrap().to_owned())]);
    assert_eq!(user.during, anomaly["presigned"].as_f64().unwrap());

    let (_, parallel) = replayed(&stack, &folder.join("events.ndjson.gz"), 3);
    assert_eq!(format!("{backtest:?}"), format!("{parallel:?}"));
}
