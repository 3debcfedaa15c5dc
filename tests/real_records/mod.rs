//! CloudTrail records of the shared data.

use std::path::Path;

use serde_json::Value;

/// The files that CloudTrail wrote; what a tool's authors made up is not among them.
pub(crate) const REAL: [&str; 4] = ["invictus", "otrf", "stratus", "traildiscover"];

/// The records of these files.
pub(crate) fn read(shared: &Path, names: &[&str]) -> Vec<Value> {
    let mut records = Vec::new();
    for name in names {
        let text = std::fs::read_to_string(shared.join(format!("data/cloudtrail/{name}.ndjson"))).unwrap();
        records.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
    }
    records
}
