//! The alarm of the presigned-URL scenario on labelled counts: it comes within two periods, and at most once for nothing.
//!
//! The example's own counts always run; the labelled two weeks run where `TRAILQL_SHARED` names the folder that holds
//! `data`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test tells by failing and prints what it left out"
)]

mod shared_folder;

use std::path::Path;

use serde_json::Value;
use trailql::EpochMillis;
use trailql::anomaly::{BandWidth, Detector, DetectorConfiguration};
use trailql::series::Period;

const PERIOD: i64 = 300_000;
const PERIODS: usize = 14 * 288;

/// Two of two values above the upper edge at a width of 2: where the alarm begins, as numbers of periods.
fn alarms(values: &[f64], start: i64) -> Vec<usize> {
    let mut detector = Detector::new(DetectorConfiguration::new(Period::from_seconds(300).unwrap()));
    let (mut was_above, mut was_alarm, mut alarms) = (false, false, Vec::new());
    for (index, value) in values.iter().enumerate() {
        let at = EpochMillis(start + index as i64 * PERIOD);
        let is_above = detector.band(at, BandWidth::default()).is_some_and(|band| *value > band.upper);
        let is_alarm = is_above && was_above;
        if is_alarm && !was_alarm {
            alarms.push(index);
        }
        (was_above, was_alarm) = (is_above, is_alarm);
        detector.observe(at, Some(*value));
    }
    alarms
}

/// `first` is the period with the first injected event, `end` the one after the last.
fn judge(alarms: &[usize], first: usize, end: usize) {
    let (inside, outside): (Vec<usize>, Vec<usize>) =
        alarms.iter().partition(|alarm| (first..=end).contains(*alarm));
    assert!(inside.first().is_some_and(|alarm| alarm - first < 2), "{alarms:?}, injected from {first} on");
    assert!(outside.len() <= 1, "{outside:?} outside {first}..{end}");
}

fn millis(text: &Value) -> i64 {
    text.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

fn period_of(text: &Value, start: i64) -> usize {
    usize::try_from((millis(text) - start) / PERIOD).unwrap()
}

#[test]
fn the_example() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/presigned-url/expected.json");
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let start = "2024-09-02T00:00:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let mut values = vec![0.0; PERIODS];
    for (day, counts) in expected["presignedPerPeriod"].as_object().unwrap() {
        for (time, count) in counts.as_object().unwrap() {
            let at = Value::from(format!("{day}T{time}:00Z"));
            values[period_of(&at, start)] = count.as_f64().unwrap();
        }
    }
    let anomaly = &expected["anomaly"];
    judge(&alarms(&values, start), period_of(&anomaly["start"], start), period_of(&anomaly["end"], start));
}

#[test]
fn the_labelled_two_weeks() {
    let Some(shared) = shared_folder::folder() else { return };
    let path = shared.join("data/synthetic-2weeks.ndjson.gz.labels.json");
    let labels: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let counts = |name: &str| -> Vec<f64> {
        labels[name].as_array().unwrap().iter().map(|count| count.as_f64().unwrap()).collect()
    };
    let start = millis(&labels["start"]);
    let first = counts("anomalyGetObject").iter().position(|count| *count > 0.0).unwrap();
    let end = period_of(&labels["anomaly"]["end"], start);
    judge(&alarms(&counts("queryStringGetObject"), start), first, end);
}
