//! Terraform, in HCL and in JSON: which resources hold patterns and queries, and where.

use hcl_edit::structure::Body;

use crate::check::Language;
use crate::{Diagnostic, Span, byte_order_mark};

use super::hcl::{Hcl, span_of};
use super::node::Node;
use super::resource::Resource;
use super::text::Text;
use super::{Embedded, Extracted, codes, dashboard, json, lowered, template};

/// What holds what: the type of a resource, the path to the text, what it is.
const HOLDERS: &[(&str, &[&str], What)] = &[
    ("aws_cloudwatch_log_metric_filter", &["pattern"], What::Text(Language::FilterPattern)),
    ("aws_cloudwatch_log_subscription_filter", &["filter_pattern"], What::Text(Language::FilterPattern)),
    ("aws_cloudwatch_query_definition", &["query_string"], What::Text(Language::LogsInsights)),
    ("aws_cloudwatch_metric_alarm", &["metric_query", "expression"], What::Expression),
    ("aws_cloudwatch_dashboard", &["dashboard_body"], What::Dashboard),
    ("awscc_logs_metric_filter", &["filter_pattern"], What::Text(Language::FilterPattern)),
    ("awscc_logs_subscription_filter", &["filter_pattern"], What::Text(Language::FilterPattern)),
    ("awscc_logs_query_definition", &["query_string"], What::Text(Language::LogsInsights)),
    ("awscc_cloudwatch_alarm", &["metrics", "expression"], What::Expression),
    (
        "awscc_cloudwatch_anomaly_detector",
        &["metric_math_anomaly_detector", "metric_data_queries", "expression"],
        What::Expression,
    ),
    ("awscc_cloudwatch_dashboard", &["dashboard_body"], What::Dashboard),
];

/// The same for modules: a part of their source.
const MODULES: &[(&str, &[&str], What)] = &[
    ("log-metric-filter", &["pattern"], What::Text(Language::FilterPattern)),
    ("log-subscription-filter", &["filter_pattern"], What::Text(Language::FilterPattern)),
    ("query-definition", &["query_string"], What::Text(Language::LogsInsights)),
    ("metric-alarm", &["metric_query", "expression"], What::Expression),
];

#[derive(Clone, Copy)]
enum What {
    Text(Language),
    /// Metric math, or a query of metrics.
    Expression,
    /// The body of a dashboard.
    Dashboard,
}

fn is_known(kind: &str) -> bool {
    HOLDERS.iter().any(|(known, ..)| *known == kind) || lowered::is_known(kind)
}

/// The texts of a `.tf` file, and its resources.
pub(super) fn read(file: &str) -> (Extracted, Vec<Resource>) {
    // To the parser the mark is blanks of as many bytes, so that every place is one of the file.
    let blanks = " ".repeat(byte_order_mark::length(file));
    let body: Body = match format!("{blanks}{}", byte_order_mark::behind(file)).parse() {
        Ok(body) => body,
        Err(error) => {
            let error: hcl_edit::parser::Error = error;
            let at = error.location().offset().min(file.len());
            let fault = not_read(file, at, "Terraform", error.message());
            return (Extracted { diagnostics: vec![fault], ..Extracted::default() }, Vec::new());
        }
    };
    let hcl = Hcl::new(file, &body);
    let mut resources = Vec::new();
    for block in body.blocks() {
        let (kind, label) = match (block.ident.as_str(), block.labels.as_slice()) {
            ("resource", [kind, name]) if is_known(kind.as_str()) => (Some(kind.as_str().to_owned()), name),
            ("module", [name]) => (None, name),
            _ => continue,
        };
        let body = hcl.block(block);
        resources.push(Resource {
            kind,
            name: label.as_str().to_owned(),
            place: span_of(label),
            is_certain: is_one(&body) && !is_changed_elsewhere(&body, file) && !has_dynamic(&block.body),
            body,
            document: 0,
        });
    }
    (texts(&resources), resources)
}

/// The same of a `.tf.json` file.
pub(super) fn read_json(file: &str) -> (Extracted, Vec<Resource>) {
    let text = Text::verbatim(file, 0);
    let root = match json::read(&text) {
        Ok(root) => root,
        Err(fault) => {
            let fault = dashboard::not_json(&fault, &text, "the file");
            return (Extracted { diagnostics: vec![fault], ..Extracted::default() }, Vec::new());
        }
    };
    let mut resources = Vec::new();
    for kinds in root.at(&["resource"]) {
        for (kind, names) in kinds.members().filter(|(kind, _)| is_known(kind)) {
            names.items().into_iter().for_each(|names| named(Some(kind), names, file, &mut resources));
        }
    }
    for names in root.at(&["module"]) {
        named(None, names, file, &mut resources);
    }
    (texts(&resources), resources)
}

/// The resources of a type, by their names.
fn named(kind: Option<&str>, names: &Node, file: &str, resources: &mut Vec<Resource>) {
    let Node::Map(names, _) = names else { return };
    for (key, bodies) in names {
        let Some(name) = key.known() else { continue };
        for body in bodies.items() {
            let body = templates(body);
            resources.push(Resource {
                kind: kind.map(str::to_owned),
                name: name.to_owned(),
                place: key.source(),
                is_certain: is_one(&body)
                    && !is_changed_elsewhere(&body, file)
                    && body.get("dynamic").is_none(),
                body,
                document: 0,
            });
        }
    }
}

/// Whether there is exactly one of a resource.
fn is_one(body: &Node) -> bool {
    let count = body.get("count").map(|count| matches!(count, Node::Plain(number, _) if number == "1"));
    count != Some(false) && body.get("for_each").is_none()
}

/// Whether Terraform leaves alone what others change in a resource, so that the file does not say what it is. Tags do not matter.
fn is_changed_elsewhere(body: &Node, file: &str) -> bool {
    let is_tags = |ignored: &Node| {
        let written = ignored.as_str().unwrap_or_else(|| ignored.span().slice(file));
        written.starts_with("tags")
    };
    !body.at(&["lifecycle", "ignore_changes"]).into_iter().all(is_tags)
}

/// Whether the number of some blocks is known to a deployment only.
fn has_dynamic(body: &Body) -> bool {
    body.blocks().any(|block| block.ident.as_str() == "dynamic" || has_dynamic(&block.body))
}

fn texts(resources: &[Resource]) -> Extracted {
    let mut extracted = Extracted::default();
    for one in resources {
        match &one.kind {
            Some(kind) => resource(kind, &one.name, &one.body, &mut extracted),
            None => module(&one.name, &one.body, &mut extracted),
        }
    }
    extracted
}

fn resource(kind: &str, name: &str, body: &Node, extracted: &mut Extracted) {
    let owner = format!("{kind}.{name}");
    let is_other_language = body
        .get("query_language")
        .is_some_and(|language| language.as_str().is_none_or(|language| language != "CWLI"));
    for (_, path, what) in HOLDERS.iter().filter(|(known, ..)| *known == kind) {
        if !(is_other_language && *path == ["query_string"]) {
            take(&owner, body, path, *what, extracted);
        }
    }
}

fn module(name: &str, body: &Node, extracted: &mut Extracted) {
    let Some(source) = body.get("source").and_then(Node::as_str) else { return };
    let owner = format!("module.{name}");
    for (_, path, what) in MODULES.iter().filter(|(part, ..)| source.contains(part)) {
        take(&owner, body, path, *what, extracted);
    }
}

fn take(owner: &str, body: &Node, path: &[&str], what: What, extracted: &mut Extracted) {
    for node in body.at(path) {
        match what {
            What::Dashboard => dashboard::extract_node(owner, node, extracted),
            What::Text(language) => {
                let text = node.clone().into_text();
                extracted.embedded.extend(text.map(|text| Embedded::new(language, owner, text)));
            }
            What::Expression => {
                let text = node.clone().into_text();
                extracted.embedded.extend(text.and_then(|text| dashboard::expression(owner, text)));
            }
        }
    }
}

/// The same with the interpolations of its strings as holes.
fn templates(node: &Node) -> Node {
    match node {
        Node::Text(text) => Node::Text(template::terraform(text)),
        Node::List(items, span) => Node::List(items.iter().map(templates).collect(), *span),
        Node::Map(members, span) => {
            let members = members.iter().map(|(key, value)| (key.clone(), templates(value)));
            Node::Map(members.collect(), *span)
        }
        other => other.clone(),
    }
}

/// A file that is not what its name says, at the place where it stops to be.
pub(super) fn not_read(file: &str, at: usize, what: &str, reason: &str) -> Diagnostic {
    let at = file.floor_char_boundary(at);
    let end = file.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let reason = reason.lines().next().unwrap_or_default().trim_end_matches('.');
    let message = format!("the file cannot be read as {what}: {reason}");
    Diagnostic::warning(codes::NOT_READ, Span::new(at, at + end), message)
        .help("nothing in the file is checked until it can be read")
}
