//! Findings as a Code Quality report, which GitLab shows in merge requests.

use serde_json::{Value, json};

use crate::Severity;

use super::fingerprint::fingerprints;
use super::printable::one_line;
use super::{Checked, Position, Positions};

/// A JSON array with one object a finding: `description`, `check_name`, `fingerprint`, `severity` and `location`.
pub fn render(checked: &[Checked<'_>]) -> String {
    let issues: Vec<Value> =
        checked.iter().filter(|checked| !checked.diagnostics.is_empty()).flat_map(issues).collect();
    format!("{:#}\n", Value::Array(issues))
}

fn issues(checked: &Checked<'_>) -> Vec<Value> {
    let positions = Positions::of(checked.source);
    let path = checked.name.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let place = |at: usize| {
        let Position { line, column, .. } = positions.at(at);
        json!({ "line": line, "column": column })
    };
    checked
        .diagnostics
        .iter()
        .zip(fingerprints(checked))
        .map(|(finding, fingerprint)| {
            let range = finding.span().range();
            json!({
                "description": format!("{}: {}", finding.code, one_line(&finding.message)),
                "check_name": finding.code.0,
                "fingerprint": fingerprint,
                "severity": severity(finding.severity),
                "location": {
                    "path": path,
                    "positions": { "begin": place(range.start), "end": place(range.end) },
                },
            })
        })
        .collect()
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "minor",
        Severity::Hint => "info",
    }
}
