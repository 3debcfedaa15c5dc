//! The filter patterns of public repositories that the specification has gathered.

use std::path::Path;

use serde_json::Value;

/// Names and texts of those that the service takes.
pub(crate) fn read(shared: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(shared.join("spec/cases/filter-pattern.jsonl")).unwrap();
    let cases = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let word = |case: &Value, name: &str| case[name].as_str().unwrap().to_owned();
    let real: Vec<_> = cases
        .filter(|case| case["id"].as_str().unwrap().starts_with("RW") && case["valid"] == true)
        .map(|case| (word(&case, "id"), word(&case, "pattern")))
        .collect();
    assert!(real.len() > 30, "{}", real.len());
    real
}
