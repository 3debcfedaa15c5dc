//! CloudFormation templates in YAML and JSON, by hand, by CDK, for SAM and in the Serverless Framework: which resources
//! hold patterns and queries, and what the intrinsic functions make of their texts.

use crate::byte_order_mark;
use crate::check::Language;

use super::hcl::joined;
use super::node::Node;
use super::resource::Resource;
use super::text::Text;
use super::{Embedded, Extracted, dashboard, json, lowered, template, terraform, yaml};

/// The texts of a template, and its resources.
pub(super) fn read(file: &str) -> (Extracted, Vec<Resource>) {
    let mut extracted = Extracted::default();
    let mut declared = Vec::new();
    let documents = if byte_order_mark::behind(file).trim_start().starts_with('{') {
        let text = Text::verbatim(file, 0);
        match json::read(&text) {
            Ok(root) => vec![root],
            Err(fault) => {
                extracted.diagnostics.push(dashboard::not_json(&fault, &text, "the file"));
                return (extracted, declared);
            }
        }
    } else {
        let (documents, fault) = yaml::read(file);
        if let Some((at, reason)) = fault {
            extracted.diagnostics.push(terraform::not_read(file, at, "YAML", &reason));
        }
        documents
    };
    for (document, root) in documents.iter().enumerate() {
        for resources in root.at(&["Resources"]) {
            self::resources(resources, &mut extracted);
            declare(resources, document, &mut declared);
        }
        if root.get("Resources").is_some() {
            continue;
        }
        // The Serverless Framework: a template inside, functions with events, and variables in every text.
        for resources in root.at(&["resources", "Resources"]) {
            let resources = &with_variables(resources);
            self::resources(resources, &mut extracted);
            declare(resources, document, &mut declared);
        }
        for functions in root.at(&["functions"]) {
            let functions = &with_variables(functions);
            for (name, function) in functions.members() {
                for filter in function.at(&["events", "cloudwatchLog", "filter"]) {
                    text(Language::FilterPattern, name, filter, &mut extracted);
                }
            }
        }
    }
    (extracted, declared)
}

/// The same with the variables of the Serverless Framework as holes, but in `Fn::Sub`, which sees to its own.
fn with_variables(node: &Node) -> Node {
    match node {
        Node::Text(text) => Node::Text(template::serverless(text)),
        Node::List(items, span) => Node::List(items.iter().map(with_variables).collect(), *span),
        Node::Map(members, span) => {
            let members = members.iter().map(|(key, value)| {
                let is_sub = key.known() == Some("Fn::Sub");
                (key.clone(), if is_sub { value.clone() } else { with_variables(value) })
            });
            Node::Map(members.collect(), *span)
        }
        other => other.clone(),
    }
}

/// Resources with the types that are of interest, their properties as they are written.
fn declare(resources: &Node, document: usize, declared: &mut Vec<Resource>) {
    let Node::Map(members, _) = resources else { return };
    // What a loop makes may be any of them.
    if members.iter().any(|(id, _)| id.value.starts_with("Fn::")) {
        for kind in ["AWS::Logs::MetricFilter", "AWS::CloudTrail::Trail"] {
            declared.push(Resource {
                kind: Some(kind.to_owned()),
                name: String::new(),
                place: resources.span(),
                body: Node::Unknown(resources.span()),
                is_certain: false,
                document,
            });
        }
    }
    for (id, resource) in members {
        let kind = resource.get("Type").and_then(Node::as_str).filter(|kind| lowered::is_known(kind));
        let (Some(name), Some(kind)) = (id.known(), kind) else { continue };
        declared.push(Resource {
            kind: Some(kind.to_owned()),
            name: name.to_owned(),
            place: id.source(),
            body: resource.get("Properties").cloned().unwrap_or(Node::Map(Vec::new(), resource.span())),
            is_certain: resource.get("Condition").is_none(),
            document,
        });
    }
}

fn resources(resources: &Node, extracted: &mut Extracted) {
    for (id, resource) in resources.members() {
        let Some(kind) = resource.get("Type").and_then(Node::as_str) else { continue };
        let Some(properties) = resource.get("Properties").map(resolved) else { continue };
        let mut texts = |language, path: &[&str]| {
            properties.at(path).into_iter().for_each(|node| text(language, id, node, extracted));
        };
        match kind {
            "AWS::Logs::MetricFilter" | "AWS::Logs::SubscriptionFilter" => {
                texts(Language::FilterPattern, &["FilterPattern"]);
            }
            "AWS::Logs::QueryDefinition" => {
                let language = properties.get("QueryLanguage");
                if language.is_none_or(|language| language.as_str() == Some("CWLI")) {
                    texts(Language::LogsInsights, &["QueryString"]);
                }
            }
            "AWS::Serverless::Function" => {
                for (_, event) in properties.at(&["Events"]).into_iter().flat_map(Node::members) {
                    if event.get("Type").and_then(Node::as_str) == Some("CloudWatchLogs") {
                        for node in event.at(&["Properties", "FilterPattern"]) {
                            text(Language::FilterPattern, id, node, extracted);
                        }
                    }
                }
            }
            "AWS::CloudWatch::Alarm" => expressions(id, &properties, &["Metrics", "Expression"], extracted),
            "AWS::CloudWatch::AnomalyDetector" => {
                let path = ["MetricMathAnomalyDetector", "MetricDataQueries", "Expression"];
                expressions(id, &properties, &path, extracted);
            }
            "AWS::CloudWatch::Dashboard" => {
                for body in properties.at(&["DashboardBody"]) {
                    dashboard::extract_node(id, body, extracted);
                }
            }
            _ => {}
        }
    }
}

fn text(language: Language, owner: &str, node: &Node, extracted: &mut Extracted) {
    let text = node.clone().into_text();
    extracted.embedded.extend(text.map(|text| Embedded::new(language, owner, text)));
}

fn expressions(owner: &str, properties: &Node, path: &[&str], extracted: &mut Extracted) {
    for node in properties.at(path) {
        let text = node.clone().into_text();
        extracted.embedded.extend(text.and_then(|text| dashboard::expression(owner, text)));
    }
}

/// The same with its intrinsic functions done as far as the template alone tells what they give.
pub(super) fn resolved(node: &Node) -> Node {
    match node {
        Node::Map(members, span) => {
            if let [(name, argument)] = members.as_slice()
                && let Some(name) = name.known().filter(|name| *name == "Ref" || name.starts_with("Fn::"))
            {
                return call(name, argument, *span);
            }
            let members = members.iter().map(|(key, value)| (key.clone(), resolved(value)));
            Node::Map(members.collect(), *span)
        }
        Node::List(items, span) => Node::List(items.iter().map(resolved).collect(), *span),
        other => other.clone(),
    }
}

fn call(name: &str, argument: &Node, span: crate::Span) -> Node {
    match (name, argument) {
        ("Fn::Sub", Node::Text(text)) => Node::Text(template::sub(text, &[])),
        ("Fn::Sub", Node::List(items, _)) => match items.as_slice() {
            [Node::Text(text), Node::Map(variables, _)] => Node::Text(template::sub(text, variables)),
            _ => Node::Unknown(span),
        },
        ("Fn::Join", Node::List(items, _)) => match items.as_slice() {
            [separator, list] => joined(resolved(separator), resolved(list), span),
            _ => Node::Unknown(span),
        },
        ("Fn::If", Node::List(items, _)) => Node::Either(items.iter().skip(1).map(resolved).collect(), span),
        ("Fn::ToJsonString", argument) => resolved(argument),
        _ => Node::Unknown(span),
    }
}
