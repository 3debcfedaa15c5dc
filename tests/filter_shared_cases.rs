//! The documented and real-world filter patterns of the specification's cases file.
//!
//! Runs where `TRAILQL_SHARED` names the folder that holds `spec/cases`; prints how many rows ran.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test tells by failing and prints its count"
)]

mod shared_folder;

use trailql::{FilterPattern, Limits, LogEvent};

#[test]
fn every_row_of_the_cases_file_holds() {
    let Some(shared) = shared_folder::folder() else { return };
    let text = std::fs::read_to_string(shared.join("spec/cases/filter-pattern.jsonl")).unwrap();
    let (mut rows, mut events, mut failures) = (0, 0, Vec::new());
    for line in text.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let id = row["id"].as_str().unwrap();
        let source = row["pattern"].as_str().unwrap();
        rows += 1;
        let parsed = FilterPattern::parse(source);
        if parsed.is_ok() != row["valid"].as_bool().unwrap() {
            failures.push(format!("{id}: `{source}`: {parsed:?}"));
            continue;
        }
        let Ok(pattern) = parsed else { continue };
        assert_eq!(FilterPattern::parse(&pattern.to_string()), Ok(pattern.clone()), "{id} prints exactly");
        let matcher = pattern.compile(&Limits::default()).unwrap();
        for (list, expected) in [("match", true), ("no_match", false)] {
            for message in row[list].as_array().unwrap() {
                let message = message.as_str().unwrap();
                events += 1;
                if matcher.is_match(&LogEvent::new(message)) != expected {
                    failures.push(format!("{id}: `{source}` on `{message}` should be {expected}"));
                }
            }
        }
    }
    println!("{rows} rows, {events} events");
    assert!(rows >= 177, "only {rows} rows");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
