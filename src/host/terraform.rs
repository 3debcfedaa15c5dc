//! Terraform: which arguments of which resources hold patterns and queries, in HCL and in JSON.

use crate::check::Language;
use crate::{Diagnostic, Span};

use super::node::Node;
use super::template::{self, Dialect};
use super::text::Text;
use super::{Embedded, Extracted, codes, dashboard, hcl, json};

/// A resource, data source or module.
#[derive(Debug)]
pub(super) struct Definition {
    /// The type of a resource or data source; `module` for a module.
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) body: Node,
}

/// What a text is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    Text(Language),
    /// A query over metrics, or metric math.
    Expression,
    Dashboard,
    /// JSON with a filter pattern in it.
    Policy,
}

const PATTERN: Role = Role::Text(Language::FilterPattern);
const QUERY: Role = Role::Text(Language::LogsInsights);

/// Where texts are, by type.
const ARGUMENTS: &[(&str, &[&str], Role)] = &[
    ("aws_cloudwatch_dashboard", &["dashboard_body"], Role::Dashboard),
    ("aws_cloudwatch_log_account_policy", &["policy_document"], Role::Policy),
    ("aws_cloudwatch_log_metric_filter", &["pattern"], PATTERN),
    ("aws_cloudwatch_log_subscription_filter", &["filter_pattern"], PATTERN),
    ("aws_cloudwatch_metric_alarm", &["metric_query", "expression"], Role::Expression),
    ("aws_cloudwatch_query_definition", &["query_string"], QUERY),
    ("awscc_cloudwatch_alarm", &["metrics", "expression"], Role::Expression),
    ("awscc_cloudwatch_dashboard", &["dashboard_body"], Role::Dashboard),
    ("awscc_logs_metric_filter", &["filter_pattern"], PATTERN),
    ("awscc_logs_query_definition", &["query_string"], QUERY),
    ("awscc_logs_subscription_filter", &["filter_pattern"], PATTERN),
];

/// The same for modules, by a part of their source.
const MODULES: &[(&str, &[&str], Role)] = &[
    ("log-metric-filter", &["pattern"], PATTERN),
    ("log-subscription-filter", &["filter_pattern"], PATTERN),
    ("metric-alarm", &["metric_query", "expression"], Role::Expression),
    ("query-definition", &["query_string"], QUERY),
];

/// Whether a type, or `module`, may hold texts.
pub(super) fn is_known(kind: &str) -> bool {
    kind == "module" || ARGUMENTS.iter().any(|(known, ..)| *known == kind)
}

/// The texts of a `.tf` file.
pub(super) fn extract(file: &str) -> Extracted {
    let mut extracted = Extracted::default();
    match hcl::read(file) {
        Ok(definitions) => definitions.iter().for_each(|definition| texts(definition, &mut extracted)),
        Err(fault) => {
            extracted.diagnostics.push(not_read(file, fault.at, "Terraform", &fault.reason));
        }
    }
    extracted
}

/// The texts of a `.tf.json` file.
pub(super) fn extract_json(file: &str) -> Extracted {
    let mut extracted = Extracted::default();
    let whole = Text::verbatim(file, 0);
    match json::read(&whole) {
        Ok(root) => {
            for kind in ["resource", "data"] {
                for types in root.at(&[kind]) {
                    for (kind, named) in types.members().filter(|(kind, _)| is_known(kind)) {
                        definitions(kind, named, &mut extracted);
                    }
                }
            }
            for named in root.at(&["module"]) {
                definitions("module", named, &mut extracted);
            }
        }
        Err(fault) => extracted.diagnostics.push(dashboard::not_json(&fault, &whole, "the file")),
    }
    extracted
}

fn definitions(kind: &str, named: &Node, extracted: &mut Extracted) {
    for named in named.items() {
        for (name, bodies) in named.members() {
            for body in bodies.items() {
                let body =
                    body.clone().map_texts(&|text| template::read(&text, Dialect::Terraform, &|_| None));
                let (kind, name) = (kind.to_owned(), name.to_owned());
                texts(&Definition { kind, name, body }, extracted);
            }
        }
    }
}

/// The texts of a definition.
fn texts(definition: &Definition, extracted: &mut Extracted) {
    let Definition { kind, name, body } = definition;
    let owner = format!("{kind}.{name}");
    let source = body.get("source").and_then(Node::as_str).unwrap_or_default();
    let arguments = match kind.as_str() {
        "module" => MODULES.iter().filter(|(part, ..)| source.contains(part)).collect::<Vec<_>>(),
        kind => ARGUMENTS.iter().filter(|(known, ..)| *known == kind).collect(),
    };
    let language = body.at(&["query_language"]);
    let is_insights = language.iter().all(|language| language.as_str() == Some("CWLI"));
    for (_, path, role) in arguments {
        for value in body.at(path) {
            if is_insights || !matches!(role, Role::Text(Language::LogsInsights)) {
                role.extract(&owner, value, extracted);
            }
        }
    }
}

impl Role {
    /// The texts of a value that has this role.
    pub(super) fn extract(self, owner: &str, value: &Node, extracted: &mut Extracted) {
        for value in value.cases() {
            match self {
                Role::Dashboard => dashboard::extract_node(owner, value, extracted),
                Role::Policy => policy(owner, value, extracted),
                Role::Text(language) => {
                    let text = text_of(value);
                    extracted.embedded.extend(text.map(|text| Embedded::new(language, owner, text)));
                }
                Role::Expression => {
                    let text = text_of(value);
                    extracted.embedded.extend(text.and_then(|text| dashboard::expression(owner, text)));
                }
            }
        }
    }
}

fn text_of(value: &Node) -> Option<Text> {
    match value {
        Node::Text(text) => Some(text.clone()),
        Node::Unknown(span) => Some(Text::hole(*span)),
        _ => None,
    }
}

/// A policy for a whole account, which may hold a subscription filter.
fn policy(owner: &str, value: &Node, extracted: &mut Extracted) {
    let read;
    let value = match value {
        Node::Text(text) => match json::read(text) {
            Ok(node) => {
                read = node;
                &read
            }
            Err(_) => return,
        },
        value => value,
    };
    for pattern in value.at(&["FilterPattern"]) {
        PATTERN.extract(owner, pattern, extracted);
    }
}

/// A file that is not what its name says, at the place where it stops to be.
pub(super) fn not_read(file: &str, at: usize, what: &str, reason: &str) -> Diagnostic {
    let at = file.floor_char_boundary(at);
    let end = file.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let reason = reason.lines().next().unwrap_or_default().trim_end_matches('.');
    let message = format!("the file cannot be read as {what}: {reason}");
    Diagnostic::warning(codes::NOT_READ, Span::new(at, at + end), message)
        .help("what is behind this place is not checked until it can be read")
}
