//! Runs `tests/corpus/anomaly/*.toml`: drawn days, and what a detector expects of the next.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test tells by failing and prints its count"
)]

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use trailql::EpochMillis;
use trailql::anomaly::{
    AdaptationSpeed, BandWidth, Detector, DetectorConfiguration, DetectorState, OutlierFilteringStrength,
};
use trailql::series::{Period, TimeRange};

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
    #[serde(default = "monday")]
    start: String,
    #[serde(default = "five_minutes")]
    period: u64,
    /// The detector's time zone; the days are played in it unless `plays_in` says otherwise.
    #[serde(default = "utc")]
    zone: String,
    plays_in: Option<String>,
    speed: Option<String>,
    filtering: Option<String>,
    unit: Option<String>,
    #[serde(default)]
    periodic_spikes: bool,
    width: Option<f64>,
    excluded: Option<[String; 2]>,
    days: Vec<Days>,
    #[serde(default)]
    check: Vec<Check>,
    state: Option<String>,
    why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    count: usize,
    values: BTreeMap<String, Piece>,
    weekend: Option<BTreeMap<String, Piece>>,
    #[serde(default)]
    spread: f64,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum Piece {
    Value(f64),
    Missing(#[allow(dead_code, reason = "the word itself")] String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    at: String,
    #[serde(default)]
    inside: Vec<f64>,
    #[serde(default)]
    outside: Vec<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
}

fn monday() -> String {
    "2024-09-02".to_owned()
}

fn five_minutes() -> u64 {
    300
}

fn utc() -> String {
    "UTC".to_owned()
}

fn configuration(case: &Case) -> DetectorConfiguration {
    let zone = TimeZone::get(&case.zone).unwrap();
    let millis = |text: &str| {
        EpochMillis(zone.to_timestamp(text.parse::<DateTime>().unwrap()).unwrap().as_millisecond())
    };
    DetectorConfiguration {
        time_zone: zone.clone(),
        excluded: case
            .excluded
            .iter()
            .map(|[start, end]| TimeRange { start: millis(start), end: millis(end) })
            .collect(),
        adaptation_speed: match case.speed.as_deref() {
            None | Some("NORMAL") => AdaptationSpeed::Normal,
            Some("FAST") => AdaptationSpeed::Fast,
            Some("SLOW") => AdaptationSpeed::Slow,
            Some(other) => panic!("{other}"),
        },
        outlier_filtering: match case.filtering.as_deref() {
            None | Some("MODERATE") => OutlierFilteringStrength::Moderate,
            Some("MINIMAL") => OutlierFilteringStrength::Minimal,
            Some("STRICT") => OutlierFilteringStrength::Strict,
            Some(other) => panic!("{other}"),
        },
        periodic_spikes: case.periodic_spikes,
        unit: case.unit.as_deref().map(|unit| unit.parse().unwrap()).unwrap_or_default(),
        ..DetectorConfiguration::new(Period::from_seconds(case.period).unwrap())
    }
}

/// The period starts and values of a case; the last day ends where its last check is.
fn played(case: &Case) -> Vec<(Timestamp, Time, usize, Option<f64>)> {
    let zone = TimeZone::get(case.plays_in.as_deref().unwrap_or(&case.zone)).unwrap();
    let first: Date = case.start.parse().unwrap();
    let mut all = Vec::new();
    let mut number = 0_i64;
    for days in &case.days {
        for _ in 0..days.count {
            let date = first.checked_add(number.days()).unwrap();
            let is_weekend = date.weekday().to_monday_zero_offset() >= 5;
            let pieces = days.weekend.as_ref().filter(|_| is_weekend).unwrap_or(&days.values);
            let start = zone.to_timestamp(date.at(0, 0, 0, 0)).unwrap();
            let end = zone.to_timestamp(date.tomorrow().unwrap().at(0, 0, 0, 0)).unwrap();
            let mut at = start;
            while at < end {
                let clock = zone.to_datetime(at).time();
                let piece = pieces
                    .iter()
                    .rfind(|(from, _)| from.parse::<Time>().unwrap() <= clock)
                    .map(|(_, piece)| piece.clone());
                let step = (all.len() * 7 % 5) as f64 - 2.0;
                let value = match piece {
                    Some(Piece::Value(value)) => Some(value + (step * days.spread / 2.0 * 2.0).round() / 2.0),
                    _ => None,
                };
                let value = value.map(|value| if days.spread.fract() == 0.0 { value.round() } else { value });
                let value = value
                    .map(|value| if pieces.values().all(is_nonnegative) { value.max(0.0) } else { value });
                all.push((at, clock, number as usize, value));
                at += (case.period as i64).seconds();
            }
            number += 1;
        }
    }
    all
}

fn is_nonnegative(piece: &Piece) -> bool {
    !matches!(piece, Piece::Value(value) if *value < 0.0)
}

fn run(case: &Case) -> Vec<String> {
    let mut faults = Vec::new();
    let mut detector = Detector::new(configuration(case));
    let width = BandWidth::new(case.width.unwrap_or(2.0)).unwrap();
    let last_day = case.days.iter().map(|days| days.count).sum::<usize>().saturating_sub(1);
    let mut checked = 0;
    for (at, clock, day, value) in played(case) {
        let at = EpochMillis(at.as_millisecond());
        let checks =
            case.check.iter().filter(|check| check.at.parse::<Time>().unwrap() == clock && day == last_day);
        for check in checks {
            checked += 1;
            let Some(band) = detector.band(at, width) else {
                faults.push(format!("no band at {}: {:?}", check.at, detector.why_not()));
                continue;
            };
            let mut say = |what: String| faults.push(format!("at {}: {what}, {band:?}", check.at));
            check
                .inside
                .iter()
                .filter(|value| !band.contains(**value))
                .for_each(|value| say(format!("{value} is outside")));
            check
                .outside
                .iter()
                .filter(|value| band.contains(**value))
                .for_each(|value| say(format!("{value} is inside")));
            if check.lower.is_some_and(|lower| lower != band.lower)
                || check.upper.is_some_and(|upper| upper != band.upper)
            {
                say("another edge".to_owned());
            }
        }
        detector.observe(at, value);
    }
    if checked != case.check.len() {
        faults.push(format!("{checked} of {} checks", case.check.len()));
    }
    let state = match detector.state() {
        DetectorState::PendingTraining => "PENDING_TRAINING",
        DetectorState::TrainedInsufficientData => "TRAINED_INSUFFICIENT_DATA",
        DetectorState::Trained => "TRAINED",
    };
    if case.state.as_deref().is_some_and(|expected| expected != state) {
        faults.push(format!("state {state}"));
    }
    if let Some(why) = &case.why {
        let found = detector.why_not().map(|why| why.to_string()).unwrap_or_default();
        if found != *why {
            faults.push(found);
        }
    }
    faults
}

#[test]
fn every_case() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/anomaly/band.toml"))
            .unwrap();
    let corpus: Corpus = toml::from_str(&text).unwrap();
    let mut faults = String::new();
    for case in &corpus.case {
        assert!(!case.source.is_empty(), "{} has no source", case.name);
        for fault in run(case) {
            faults.push_str(&format!("{}: {fault}\n", case.name));
        }
    }
    println!("{} cases", corpus.case.len());
    assert!(faults.is_empty(), "\n{faults}");
}
