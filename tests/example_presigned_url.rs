//! Shows that the data in `examples/presigned-url` is what its generator writes, and that counting its
//! records gives the counts of `expected.json`.
#![cfg(feature = "events")]
#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a file that is not as expected fails the test")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use serde_json::{Value, json};

#[expect(dead_code, reason = "the command line of the example is not called here")]
#[path = "../examples/generate_presigned_url.rs"]
mod generator;

fn committed(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/presigned-url").join(name)).unwrap()
}

fn committed_events() -> String {
    let (gzip, mut text) = (committed("events.ndjson.gz"), String::new());
    flate2::read::MultiGzDecoder::new(gzip.as_slice()).read_to_string(&mut text).unwrap();
    text
}

fn committed_counts() -> Value {
    serde_json::from_slice(&committed("expected.json")).unwrap()
}

#[test]
fn the_generator_writes_the_committed_files() {
    let mut events = Vec::new();
    let expected = generator::generate(1, &mut events).unwrap();

    // Line by line first, so that a difference is shown as one record and not as six megabytes.
    let (generated, committed_text) = (String::from_utf8(events).unwrap(), committed_events());
    for (number, (ours, theirs)) in generated.lines().zip(committed_text.lines()).enumerate() {
        assert_eq!(ours, theirs, "record {}", number + 1);
    }
    assert!(generated == committed_text, "one text goes on where the other ends");
    assert!(expected.as_bytes() == committed("expected.json"), "expected.json is not what is generated");
}

#[test]
fn another_seed_moves_the_records_and_keeps_the_totals() {
    let mut events = Vec::new();
    let other: Value = serde_json::from_str(&generator::generate(2, &mut events).unwrap()).unwrap();
    let expected = committed_counts();
    assert!(events != committed_events().as_bytes(), "the seed changes nothing");
    assert_ne!(other["presignedPerPeriod"], expected["presignedPerPeriod"]);
    for total in ["records", "presigned", "anomaly"] {
        assert_eq!(other[total], expected[total]);
    }
}

/// Counts with nothing but `serde_json` and the text of `eventTime`.
#[test]
fn the_records_hold_what_expected_json_says() {
    let text = committed_events();
    let expected = committed_counts();
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json!(records.len()), expected["records"]);
    assert!(records.iter().map(|r| r["eventTime"].as_str().unwrap()).is_sorted());

    let mut periods = BTreeMap::<&str, BTreeMap<String, u64>>::new();
    let (mut users, mut accounts) = (BTreeMap::<&str, u64>::new(), BTreeMap::<&str, u64>::new());
    let (mut presigned, mut near_misses, mut in_anomaly) = (0, 0, 0);
    let (start, end) =
        (expected["anomaly"]["start"].as_str().unwrap(), expected["anomaly"]["end"].as_str().unwrap());
    for record in &records {
        let query = record["additionalEventData"]["AuthenticationMethod"] == "QueryString";
        let download = record["eventName"] == "GetObject";
        near_misses += u64::from(query != download);
        if !(query && download) {
            continue;
        }
        presigned += 1;
        let identity = &record["userIdentity"];
        if let Some(name) = identity["userName"].as_str() {
            *users.entry(name).or_default() += 1;
        }
        *accounts.entry(identity["accountId"].as_str().unwrap()).or_default() += 1;
        let time = record["eventTime"].as_str().unwrap();
        let minute: u32 = time[14..16].parse().unwrap();
        let period = format!("{}:{:02}", &time[11..13], minute - minute % 5);
        *periods.entry(&time[..10]).or_default().entry(period).or_default() += 1;
        if identity["userName"] == expected["anomaly"]["userName"] {
            assert!((start..end).contains(&time), "{time} is outside the anomaly");
            assert_eq!(identity["accountId"], expected["anomaly"]["accountId"]);
            in_anomaly += 1;
        }
    }
    assert_eq!(expected["periodSeconds"], 300);
    assert_eq!(json!(periods), expected["presignedPerPeriod"]);
    assert_eq!(json!(users), expected["presignedByUserName"]);
    assert_eq!(json!(accounts), expected["presignedByAccountId"]);
    assert_eq!(json!(presigned), expected["presigned"]);
    assert_eq!(json!(users.values().sum::<u64>()), expected["presignedWithUserName"]);
    assert_eq!(json!(in_anomaly), expected["anomaly"]["presigned"]);
    assert!(near_misses > 1_000, "{near_misses} records test the other half of the pattern");
}

/// What the README says of the anomaly.
#[test]
fn the_anomaly_stands_out_for_its_hour_and_not_for_its_height() {
    let expected = committed_counts();
    let anomaly = expected["anomaly"]["presigned"].as_u64().unwrap();
    let ordinary = expected["presigned"].as_u64().unwrap() - anomaly;
    assert_eq!(anomaly * 14 * 24 * 60, 8 * ordinary * 90, "eight times the average rate");

    let (mut in_anomaly, mut same_hours, mut as_high) = (Vec::new(), Vec::new(), 0);
    for (day, periods) in expected["presignedPerPeriod"].as_object().unwrap() {
        for (time, count) in periods.as_object().unwrap() {
            let count = count.as_u64().unwrap();
            let at_night = ("03:10".."04:40").contains(&time.as_str());
            match (at_night, day == "2024-09-12") {
                (true, true) => in_anomaly.push(count),
                (true, false) => same_hours.push(count),
                (false, _) => as_high += u64::from(count >= 4),
            }
        }
    }
    assert_eq!(
        (in_anomaly.len(), in_anomaly.iter().min(), in_anomaly.iter().max()),
        (18, Some(&4), Some(&5))
    );
    assert_eq!(same_hours.iter().max(), Some(&2));
    assert_eq!(as_high, 39);
}
