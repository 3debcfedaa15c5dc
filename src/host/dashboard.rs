//! The bodies of dashboards: the queries of log widgets, and the expressions of metric widgets
//! (`spec/metrics-insights.md` 7.1).

use crate::check::Language;
use crate::syntax::Expression;
use crate::{Diagnostic, Span};

use super::node::Node;
use super::text::Text;
use super::{Embedded, Extracted, codes, json};

/// The texts of a file that is the body of a dashboard.
pub(super) fn extract(file: &str) -> Extracted {
    let mut extracted = Extracted::default();
    match json::read(&Text::verbatim(file, 0)) {
        Ok(body) => widgets("", &body, &mut extracted.embedded),
        Err(fault) => extracted.diagnostics.push(not_json(&fault, &Text::verbatim(file, 0), "the file")),
    }
    extracted
}

/// The texts of a body that is written as a text.
pub(super) fn extract_text(owner: &str, body: &Text, found: &mut Vec<Embedded>) -> Option<Diagnostic> {
    match json::read(body) {
        Ok(body) => {
            widgets(owner, &body, found);
            None
        }
        // What a hole brings may make it JSON.
        Err(_) if !body.holes.is_empty() => None,
        Err(fault) => Some(not_json(&fault, body, "the dashboard's body")),
    }
}

/// The texts of a body, as it is written or as the file builds it.
pub(super) fn extract_node(owner: &str, body: &Node, extracted: &mut Extracted) {
    for body in body.cases() {
        match body {
            Node::Text(text) => {
                extracted.diagnostics.extend(extract_text(owner, text, &mut extracted.embedded))
            }
            body => widgets(owner, body, &mut extracted.embedded),
        }
    }
}

/// A text that is no JSON, at the place where it stops to be.
pub(super) fn not_json(fault: &json::Fault, text: &Text, what: &str) -> Diagnostic {
    let end = text.value.get(fault.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let place = text.map.to_source(Span::new(fault.at, fault.at + end));
    Diagnostic::warning(codes::NOT_READ, place, format!("{what} is no JSON: {}", fault.reason))
}

fn widgets(owner: &str, body: &Node, found: &mut Vec<Embedded>) {
    for widget in body.at(&["widgets"]) {
        let is_log = widget.get("type").and_then(Node::as_str) == Some("log");
        let language = widget.at(&["properties", "queryLanguage"]);
        let is_insights = language.iter().all(|language| language.as_str() == Some("CWLI"));
        if is_log && is_insights {
            for query in widget.at(&["properties", "query"]) {
                if let Node::Text(text) = query {
                    found.push(Embedded::new(Language::LogsInsights, owner, text.clone()));
                }
            }
        }
        for entry in widget.at(&["properties", "metrics"]) {
            for text in entry.at(&["expression"]) {
                if let Node::Text(text) = text {
                    found.extend(expression(owner, text.clone()));
                }
            }
        }
    }
}

/// An expression: a query, or metric math. Which of them cannot be told where it begins with a hole.
pub(super) fn expression(owner: &str, text: Text) -> Option<Embedded> {
    let begins = text.value.len() - text.value.trim_start().len();
    let is_open = text.holes.first().is_some_and(|hole| hole.at <= begins);
    if is_open && !text.value.trim().is_empty() {
        return None;
    }
    let language =
        if Expression::is_query(&text.value) { Language::MetricsInsights } else { Language::MetricMath };
    Some(Embedded::new(language, owner, text))
}
