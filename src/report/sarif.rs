//! Findings as SARIF 2.1.0, which code scanning services read.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity, Span};

use super::fingerprint::fingerprints;
use super::{Checked, Position, Positions};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// One run: the rules that fired, and a result a finding with its place, fix and fingerprint.
///
/// `rules` tells what is known of a code, and `reference` where one can read more about it. Columns are counted in
/// characters.
pub fn render(
    checked: &[Checked<'_>],
    rules: impl Fn(Code) -> Option<&'static Rule>,
    reference: impl Fn(&Rule) -> Option<&'static str>,
) -> String {
    let fired: BTreeMap<Code, Severity> = checked
        .iter()
        .flat_map(|checked| checked.diagnostics)
        .map(|finding| (finding.code, finding.severity))
        .collect();
    let descriptors: Vec<Value> = fired
        .iter()
        .map(|(code, severity)| match rules(*code) {
            Some(rule) => descriptor(rule, reference(rule)),
            None => json!({ "id": code.0, "defaultConfiguration": { "level": level(*severity) } }),
        })
        .collect();
    let index: BTreeMap<Code, usize> = fired.keys().enumerate().map(|(index, code)| (*code, index)).collect();
    let results: Vec<Value> = checked
        .iter()
        .filter(|checked| !checked.diagnostics.is_empty())
        .flat_map(|checked| results(checked, &index))
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": { "name": "trailql", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": descriptors },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn descriptor(rule: &Rule, reference: Option<&str>) -> Value {
    let mut text = rule.why.to_owned();
    let mut markdown = rule.why.to_owned();
    if !rule.bad.is_empty() {
        text.push_str(&format!("\n\nBad:\n{}\n\nGood:\n{}", rule.bad, rule.good));
        markdown.push_str(&format!("\n\nBad:\n\n```\n{}\n```\n\nGood:\n\n```\n{}\n```", rule.bad, rule.good));
    }
    let mut descriptor = json!({
        "id": rule.code.0,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": { "text": text, "markdown": markdown },
        "defaultConfiguration": { "level": level(rule.severity) },
    });
    if let (Some(reference), Some(members)) = (reference, descriptor.as_object_mut()) {
        members.insert("helpUri".into(), reference.into());
    }
    descriptor
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

fn results(checked: &Checked<'_>, index: &BTreeMap<Code, usize>) -> Vec<Value> {
    let positions = Positions::of(checked.source);
    let artifact = artifact(checked.name);
    checked
        .diagnostics
        .iter()
        .zip(fingerprints(checked))
        .map(|(finding, fingerprint)| {
            let mut result = Map::new();
            result.insert("ruleId".into(), finding.code.0.into());
            result.insert("ruleIndex".into(), index.get(&finding.code).copied().into());
            result.insert("level".into(), level(finding.severity).into());
            result.insert("message".into(), json!({ "text": message(finding) }));
            result.insert("locations".into(), json!([location(&artifact, finding.span(), &positions)]));
            result.insert("partialFingerprints".into(), json!({ "trailql/v1": fingerprint }));
            let related = related(finding, &artifact, &positions);
            if !related.is_empty() {
                result.insert("relatedLocations".into(), related.into());
            }
            if let Some(fix) = &finding.fix {
                let replacements: Vec<Value> = fix
                    .edits
                    .iter()
                    .map(|edit| {
                        json!({
                            "deletedRegion": region(edit.span, &positions),
                            "insertedContent": { "text": edit.replacement },
                        })
                    })
                    .collect();
                let change = json!({ "artifactLocation": artifact, "replacements": replacements });
                let fix = json!({ "description": { "text": fix.title }, "artifactChanges": [change] });
                result.insert("fixes".into(), json!([fix]));
            }
            Value::Object(result)
        })
        .collect()
}

fn message(finding: &Diagnostic) -> String {
    match &finding.help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.clone(),
    }
}

fn related(finding: &Diagnostic, artifact: &Value, positions: &Positions<'_>) -> Vec<Value> {
    let further = finding.labels.iter().skip(1).enumerate();
    further
        .map(|(id, label)| {
            let mut location = location(artifact, label.span, positions);
            if let Some(members) = location.as_object_mut() {
                members.insert("id".into(), id.into());
                members.insert("message".into(), json!({ "text": label.text }));
            }
            location
        })
        .collect()
}

fn location(artifact: &Value, span: Span, positions: &Positions<'_>) -> Value {
    json!({ "physicalLocation": { "artifactLocation": artifact, "region": region(span, positions) } })
}

fn region(span: Span, positions: &Positions<'_>) -> Value {
    let place = |at: usize| {
        let Position { line, column, .. } = positions.at(at);
        (line, column)
    };
    let ((line, column), (end_line, end_column)) = (place(span.range().start), place(span.range().end));
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

/// What stays as it is in the path of a URI.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where a file is: below the root of the sources, unless its path begins at the root of the machine.
fn artifact(name: &str) -> Value {
    let path = name.replace('\\', "/");
    let encoded = |path: &str| utf8_percent_encode(path, IN_PATH).to_string();
    match path.strip_prefix('/') {
        Some(path) => json!({ "uri": format!("file:///{}", encoded(path)) }),
        None => {
            let path = path.strip_prefix("./").unwrap_or(&path);
            json!({ "uri": encoded(path), "uriBaseId": "%SRCROOT%" })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_uri() {
        assert_eq!(artifact("./a b/é.tf"), json!({ "uri": "a%20b/%C3%A9.tf", "uriBaseId": "%SRCROOT%" }));
        assert_eq!(artifact("/tmp/a#.tf"), json!({ "uri": "file:///tmp/a%23.tf" }));
    }
}
