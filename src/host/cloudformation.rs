//! CloudFormation templates, and what becomes one: by hand, by CDK, for SAM, in the Serverless Framework.

use crate::Span;
use crate::check::Language;

use super::node::Node;
use super::template::{self, Dialect};
use super::terraform::{self, Role};
use super::text::{LONGEST, Text};
use super::{Extracted, dashboard, json, yaml};

const PATTERN: Role = Role::Text(Language::FilterPattern);

/// Where texts are, by type of resource.
const PROPERTIES: &[(&str, &[&str], Role)] = &[
    ("AWS::CloudWatch::Alarm", &["Metrics", "Expression"], Role::Expression),
    (
        "AWS::CloudWatch::AnomalyDetector",
        &["MetricMathAnomalyDetector", "MetricDataQueries", "Expression"],
        Role::Expression,
    ),
    ("AWS::CloudWatch::Dashboard", &["DashboardBody"], Role::Dashboard),
    ("AWS::Logs::AccountPolicy", &["PolicyDocument"], Role::Policy),
    ("AWS::Logs::MetricFilter", &["FilterPattern"], PATTERN),
    ("AWS::Logs::QueryDefinition", &["QueryString"], Role::Text(Language::LogsInsights)),
    ("AWS::Logs::SubscriptionFilter", &["FilterPattern"], PATTERN),
];

/// The texts of a template in JSON or YAML.
pub(super) fn extract(file: &str) -> Extracted {
    let mut extracted = Extracted::default();
    let whole = Text::verbatim(file, 0);
    let looks_like_json = file.trim_start().starts_with('{');
    let refused = match looks_like_json.then(|| json::read(&whole)) {
        Some(Ok(root)) => {
            document(&root, &mut extracted);
            return extracted;
        }
        Some(Err(fault)) => Some(fault),
        None => None,
    };
    let (documents, fault) = yaml::read(file);
    documents.iter().for_each(|root| document(root, &mut extracted));
    if let Some(fault) = fault {
        extracted.diagnostics.push(match refused {
            Some(refused) => dashboard::not_json(&refused, &whole, "the file"),
            None => terraform::not_read(file, fault.at, "YAML", &fault.reason),
        });
    }
    extracted
}

/// The texts of a template, or of a file of the Serverless Framework.
fn document(root: &Node, extracted: &mut Extracted) {
    let is_serverless = root.get("Resources").is_none();
    let template = Template { is_serverless };
    for (name, resource) in root.at(&["Resources"]).into_iter().flat_map(Node::members) {
        template.resource(name, resource, extracted);
    }
    if is_serverless {
        for resources in root.at(&["resources"]) {
            for (name, resource) in resources.at(&["Resources"]).into_iter().flat_map(Node::members) {
                template.resource(name, resource, extracted);
            }
        }
        for (name, function) in root.at(&["functions"]).into_iter().flat_map(Node::members) {
            for filter in function.at(&["events", "cloudwatchLog", "filter"]) {
                PATTERN.extract(name, &template.value(filter), extracted);
            }
        }
    }
}

struct Template {
    /// Whether `${…}` is a variable in every text.
    is_serverless: bool,
}

impl Template {
    fn resource(&self, name: &str, resource: &Node, extracted: &mut Extracted) {
        let (Some(kind), Some(properties)) =
            (resource.get("Type").and_then(Node::as_str), resource.get("Properties"))
        else {
            return;
        };
        if kind == "AWS::Serverless::Function" {
            for (_, event) in properties.at(&["Events"]).into_iter().flat_map(Node::members) {
                if event.get("Type").and_then(Node::as_str) == Some("CloudWatchLogs") {
                    for pattern in event.at(&["Properties", "FilterPattern"]) {
                        PATTERN.extract(name, &self.value(pattern), extracted);
                    }
                }
            }
        }
        for (known, path, role) in PROPERTIES.iter().filter(|(known, ..)| *known == kind) {
            let properties = self.value(properties);
            let language = properties.get("QueryLanguage");
            let is_insights = language.is_none_or(|language| language.as_str() == Some("CWLI"));
            if *known == "AWS::Logs::QueryDefinition" && !is_insights {
                continue;
            }
            for value in properties.at(path) {
                role.extract(name, value, extracted);
            }
        }
    }

    /// The value of a node with its functions applied, as far as the file says.
    fn value(&self, node: &Node) -> Node {
        match node {
            Node::Text(text) if self.is_serverless && text.value.contains("${") => {
                Node::Text(template::read(text, Dialect::Serverless, &|_| None))
            }
            Node::List(items, span) => Node::List(items.iter().map(|item| self.value(item)).collect(), *span),
            Node::Map(members, span) => match members.as_slice() {
                [(name, argument)] if is_function(&name.value) => {
                    self.function(&name.value, argument, *span).unwrap_or(Node::Unknown(*span))
                }
                members => {
                    let members = members.iter().map(|(name, value)| (name.clone(), self.value(value)));
                    Node::Map(members.collect(), *span)
                }
            },
            node => node.clone(),
        }
    }

    /// The value of a function; none where only a deployment knows it.
    fn function(&self, name: &str, argument: &Node, span: Span) -> Option<Node> {
        match name {
            "Fn::Sub" => self.sub(argument).map(Node::Text),
            "Fn::Join" => {
                let Node::List(parts, _) = argument else { return None };
                let [separator, list] = parts.as_slice() else { return None };
                let Node::List(items, _) = self.value(list) else { return None };
                let texts: Option<Vec<Text>> = items.into_iter().map(Node::into_text).collect();
                Text::joined(separator.as_str()?, texts?).map(Node::Text)
            }
            "Fn::If" => {
                let Node::List(parts, _) = argument else { return None };
                let [_, yes, no] = parts.as_slice() else { return None };
                Some(Node::Either(vec![self.value(yes), self.value(no)], span))
            }
            "Fn::ToJsonString" => Some(self.value(argument)),
            _ => None,
        }
    }

    /// `Fn::Sub`: of a text, or of a text and what its names stand for.
    fn sub(&self, argument: &Node) -> Option<Text> {
        let empty = Node::Unknown(argument.span());
        let (text, names) = match argument {
            Node::Text(text) => (text, &empty),
            Node::List(parts, _) => match parts.as_slice() {
                [Node::Text(text), names] => (text, names),
                _ => return None,
            },
            _ => return None,
        };
        let known = |name: &str| {
            let value = self.value(names.get(name)?);
            value.as_str().map(str::to_owned)
        };
        let most = text.value.matches("${").count();
        let longest =
            names.members().filter_map(|(_, value)| value.as_str()).map(str::len).max().unwrap_or(0);
        (most.saturating_mul(longest) <= LONGEST).then(|| template::read(text, Dialect::Sub, &known))
    }
}

fn is_function(name: &str) -> bool {
    name.starts_with("Fn::") || matches!(name, "Ref" | "Condition")
}
