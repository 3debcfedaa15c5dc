//! The seed pattern over the labelled two weeks and the real records, against independent counts.
//!
//! Runs where `TRAILQL_SHARED` names the folder that holds `data`.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test tells by failing and prints its count"
)]

mod shared_folder;

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

const SEED: &str =
    "{ ($.eventName = GetObject) && ($.additionalEventData.AuthenticationMethod=QueryString) }";

/// The objects that `trailql match --format json` prints.
fn matches(pattern: &str, path: &Path) -> Vec<Value> {
    let out = Command::new(env!("CARGO_BIN_EXE_trailql"))
        .args(["match", "--format", "json", pattern])
        .arg(path)
        .output()
        .unwrap();
    assert!(matches!(out.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn gunzipped(path: &Path) -> String {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn gzip(path: &Path, text: &str) {
    let mut out =
        flate2::write::GzEncoder::new(std::fs::File::create(path).unwrap(), flate2::Compression::fast());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap();
}

#[test]
fn five_minute_counts_equal_the_labels_in_every_form() {
    let Some(shared) = shared_folder::folder() else { return };
    let plain = shared.join("data/synthetic-2weeks.ndjson.gz");
    let labels: Value =
        serde_json::from_str(&std::fs::read_to_string(plain.with_extension("gz.labels.json")).unwrap())
            .unwrap();
    let expected: Vec<u64> = labels["queryStringGetObject"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| count.as_u64().unwrap())
        .collect();
    assert_eq!(labels["bucketSeconds"], 300);
    let start: jiff::Timestamp = labels["start"].as_str().unwrap().parse().unwrap();

    let records: Vec<String> = gunzipped(&plain).lines().map(str::to_owned).collect();
    let folder = tempfile::tempdir().unwrap();
    let delivery = folder.path().join("AWSLogs/111122223333/CloudTrail/us-east-1");
    std::fs::create_dir_all(&delivery).unwrap();
    for (index, chunk) in records.chunks(500).enumerate() {
        let name = format!("111122223333_CloudTrail_us-east-1_20240902T0000Z_{index:016}.json.gz");
        gzip(&delivery.join(name), &format!("{{\"Records\":[{}]}}", chunk.join(",")));
    }
    let exported = folder.path().join("exported.cwl");
    let lines: Vec<String> = records
        .iter()
        .map(|record| {
            let time: jiff::Timestamp = serde_json::from_str::<Value>(record).unwrap()["eventTime"]
                .as_str()
                .unwrap()
                .parse()
                .unwrap();
            json!({ "timestamp": time.as_millisecond(), "message": record }).to_string()
        })
        .collect();
    std::fs::write(&exported, lines.join("\n")).unwrap();

    for (form, path) in
        [("NDJSON", &plain), ("delivery files", &delivery), ("CloudWatch Logs events", &exported)]
    {
        let mut counts = vec![0u64; expected.len()];
        for found in matches(SEED, path) {
            let since = found["timestamp"].as_i64().unwrap() - start.as_millisecond();
            counts[usize::try_from(since / 300_000).unwrap()] += 1;
        }
        assert_eq!(counts, expected, "{form}");
        println!("{form}: {} buckets, {} matches", counts.len(), counts.iter().sum::<u64>());
    }
}

/// One condition, evaluated by plain code over `serde_json::Value`.
struct Reference {
    pattern: &'static str,
    holds: fn(&Value) -> bool,
}

/// Patterns of the benchmark catalogues, and what they mean.
const REFERENCES: [Reference; 6] = [
    Reference {
        pattern: "{ ($.errorCode = \"*UnauthorizedOperation\") || ($.errorCode = \"AccessDenied*\") }",
        holds: |event| {
            let code = event["errorCode"].as_str().unwrap_or_default();
            code.ends_with("UnauthorizedOperation") || code.starts_with("AccessDenied")
        },
    },
    Reference {
        pattern: "{ $.userIdentity.type = \"Root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\" }",
        holds: |event| {
            event["userIdentity"]["type"] == "Root"
                && event["userIdentity"].get("invokedBy").is_none()
                && event["eventType"].as_str().is_some_and(|kind| kind != "AwsServiceEvent")
        },
    },
    Reference {
        pattern: "{ $.readOnly IS FALSE || $.readOnly NOT EXISTS }",
        holds: |event| event.get("readOnly").is_none_or(|flag| flag == false),
    },
    Reference {
        pattern: "{ $.errorCode NOT EXISTS && $.eventName = %^Get|^List% }",
        holds: |event| {
            let name = event["eventName"].as_str().unwrap_or_default();
            event.get("errorCode").is_none() && (name.starts_with("Get") || name.starts_with("List"))
        },
    },
    Reference {
        pattern: "{ $.resources[*].type = \"AWS::S3::Object\" }",
        holds: |event| {
            let resources = event["resources"].as_array().map(Vec::as_slice).unwrap_or_default();
            resources.iter().any(|resource| resource["type"] == "AWS::S3::Object")
        },
    },
    Reference {
        pattern: "{ ($.eventName = Put* || $.eventName = Create*) && $.requestParameters.* = \"*\" }",
        holds: |event| {
            let name = event["eventName"].as_str().unwrap_or_default();
            let members = event["requestParameters"].as_object();
            (name.starts_with("Put") || name.starts_with("Create"))
                && members.is_some_and(|all| all.values().any(|value| value.is_string() || value.is_number()))
        },
    },
];

#[test]
fn real_records_match_as_plain_code_says() {
    let Some(shared) = shared_folder::folder() else { return };
    let folder = shared.join("data/cloudtrail");
    let mut checked = 0;
    for name in ["invictus", "otrf", "panther-tests", "stratus", "traildiscover"] {
        let path = folder.join(format!("{name}.ndjson"));
        let records: Vec<Value> = std::fs::read_to_string(&path)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let delivered = folder.join(format!("{name}.records.json.gz"));
        for reference in &REFERENCES {
            let expected: Vec<u64> = (0u64..)
                .zip(&records)
                .filter(|(_, record)| (reference.holds)(record))
                .map(|(index, _)| index)
                .collect();
            for path in [&path, &delivered].into_iter().filter(|path| path.exists()) {
                let found: Vec<u64> = matches(reference.pattern, path)
                    .iter()
                    .map(|found| found["index"].as_u64().unwrap())
                    .collect();
                assert_eq!(found, expected, "{} on {}", reference.pattern, path.display());
                checked += records.len();
            }
        }
    }
    println!("{checked} record and pattern pairs");
    assert!(checked > 10_000);
}
