//! Findings as one JSON document, for programs.

use serde_json::{Value, json};

use crate::{Diagnostic, Span};

use super::{Checked, Position, Positions};

/// The findings as an array of objects, pretty-printed: `file`, `code`, `severity`, `message`, `start` and `end`
/// (`line`, `column`, `offset`), `labels`, `help`, `fix`, `service_text`; the last three may be null.
///
/// The shape is stable: members may be added, none is renamed or removed.
pub fn render(checked: &[Checked<'_>]) -> String {
    let findings: Vec<Value> = checked
        .iter()
        .flat_map(|checked| {
            let positions = Positions::of(checked.source);
            checked.diagnostics.iter().map(move |diagnostic| finding(checked.name, diagnostic, &positions))
        })
        .collect();
    format!("{:#}\n", Value::Array(findings))
}

fn finding(file: &str, diagnostic: &Diagnostic, positions: &Positions<'_>) -> Value {
    let (start, end) = ends(diagnostic.span(), positions);
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| {
            let (start, end) = ends(label.span, positions);
            json!({ "start": start, "end": end, "text": label.text })
        })
        .collect();
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let edits: Vec<Value> = fix
            .edits
            .iter()
            .map(|edit| {
                let (start, end) = ends(edit.span, positions);
                json!({ "start": start, "end": end, "replacement": edit.replacement })
            })
            .collect();
        json!({ "title": fix.title, "edits": edits })
    });
    json!({
        "file": file,
        "code": diagnostic.code.0,
        "severity": diagnostic.severity.as_str(),
        "message": diagnostic.message,
        "start": start,
        "end": end,
        "labels": labels,
        "help": diagnostic.help,
        "fix": fix,
        "service_text": diagnostic.service_text,
    })
}

fn ends(span: Span, positions: &Positions<'_>) -> (Value, Value) {
    let place = |at: usize| {
        let Position { line, column, offset } = positions.at(at);
        json!({ "line": line, "column": column, "offset": offset })
    };
    (place(span.range().start), place(span.range().end))
}
