//! The problem matcher over what `check` really prints.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test tells by failing")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[test]
fn the_matcher_reads_each_line_of_the_concise_format() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(".github/trailql-matcher.json")).unwrap();
    let matcher: Value = serde_json::from_str(&text).unwrap();
    let pattern = &matcher["problemMatcher"][0]["pattern"][0];
    let regex = regex::Regex::new(pattern["regexp"].as_str().unwrap()).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_trailql"))
        .args([
            "check",
            "--format",
            "concise",
            "-e",
            "{ $.eventName == ConsoleLogin }",
            "-e",
            "filter a == 1",
        ])
        .output()
        .unwrap();
    let output = String::from_utf8(run.stdout).unwrap();
    let found: Vec<Vec<String>> = output
        .lines()
        .filter_map(|line| regex.captures(line))
        .map(|captures| {
            ["file", "line", "column", "severity", "code", "message"]
                .map(|name| captures[pattern[name].as_u64().unwrap() as usize].to_owned())
                .to_vec()
        })
        .collect();
    assert_eq!(found.len(), 2, "{output}");
    assert_eq!(found[0], ["<expression>", "1", "15", "error", "FP007", "`==` is no operator"]);
    assert_eq!(found[1][1..5], ["1", "10", "info", "LI110"]);
}
