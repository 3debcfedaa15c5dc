//! The tree of a template: texts, lists, maps with comments, and the intrinsic functions that an export needs.

use super::super::names::logical_ids;
use super::super::outline::Outline;
use super::super::value::{Fact, Piece, Reference, Value};

pub(super) const LOG_GROUP: &str = "LogGroup";
pub(super) const ROLE: &str = "DeliveryRole";
pub(super) const BUCKET: &str = "TrailBucket";
pub(super) const BUCKET_POLICY: &str = "TrailBucketPolicy";
pub(super) const TRAIL: &str = "Trail";
pub(super) const ORGANIZATION: &str = "OrganizationId";
pub(super) const LOG_GROUP_NAME: &str = "LogGroupName";

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    /// A text on lines of its own.
    Code(String),
    /// A number or a boolean, as it is written.
    Plain(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
    Ref(String),
    GetAtt(String, &'static str),
    /// A text of `Fn::Sub`, with the texts that its own variables stand for.
    Sub(String, Vec<Entry>),
}

/// A member of a map.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: Node,
    /// Whether an empty line stands before it where that is possible.
    pub(super) is_spaced: bool,
    pub(super) comment: String,
}

impl Entry {
    pub(super) fn new(key: &str, value: Node) -> Self {
        Entry { key: key.to_owned(), value, is_spaced: false, comment: String::new() }
    }

    pub(super) fn spaced(self) -> Self {
        Entry { is_spaced: true, ..self }
    }

    pub(super) fn says(self, comment: &str) -> Self {
        Entry { comment: comment.to_owned(), ..self }
    }
}

/// What resources are called in the template, as far as that depends on the stack.
pub(super) struct Ids {
    pub(super) filters: Vec<String>,
    pub(super) detectors: Vec<String>,
    pub(super) topics: Vec<String>,
    pub(super) subscriptions: Vec<String>,
    pub(super) alarms: Vec<String>,
    pub(super) queries: Vec<String>,
    pub(super) dashboards: Vec<String>,
    /// Whether the log group is in the template; else it is a parameter.
    pub(super) has_log_group: bool,
    pub(super) has_bucket: bool,
}

impl Ids {
    /// The ids of an export, no two of them alike, whatever they name.
    pub(super) fn of(outline: &Outline<'_>) -> Self {
        let named = [
            outline.filters(),
            outline.detectors(),
            outline.topics(),
            outline.subscriptions(),
            outline.alarms(),
            outline.queries(),
            outline.dashboards(),
        ];
        let mut ids = logical_ids(&named.concat()).into_iter();
        let [filters, detectors, topics, subscriptions, alarms, queries, dashboards] =
            named.map(|of_kind| ids.by_ref().take(of_kind.len()).collect());
        Ids {
            filters,
            detectors,
            topics,
            subscriptions,
            alarms,
            queries,
            dashboards,
            has_log_group: outline.stack.log_group.is_some(),
            has_bucket: outline.made_bucket().is_some(),
        }
    }

    /// Whether linters take something in a text for a variable that a person forgot to substitute: `${AWS::Region}`, or the
    /// name of another part of the template.
    pub(super) fn seem_meant(&self, text: &str) -> bool {
        let names = text.split("${").skip(1).filter_map(|behind| Some(behind.split_once('}')?.0));
        names.map(|name| name.split_once('.').map_or(name, |(id, _)| id)).any(|name| {
            let fixed = [LOG_GROUP, ROLE, BUCKET, BUCKET_POLICY, TRAIL, ORGANIZATION, LOG_GROUP_NAME];
            name.starts_with("AWS::") || fixed.contains(&name) || self.of_definitions().any(|id| id == name)
        })
    }

    fn of_definitions(&self) -> impl Iterator<Item = &str> {
        let Ids { filters, detectors, topics, subscriptions, alarms, queries, dashboards, .. } = self;
        let all = [filters, detectors, topics, subscriptions, alarms, queries, dashboards];
        all.into_iter().flatten().map(String::as_str)
    }
}

/// A value as a part of the template.
pub(super) fn lowered(value: &Value, ids: &Ids) -> Node {
    match value {
        Value::Text(text) | Value::Code(text) if ids.seem_meant(text) => {
            substitution(&[Piece::Text(text.clone())], ids)
        }
        Value::Text(text) => Node::Text(text.clone()),
        Value::Code(text) => Node::Code(text.clone()),
        Value::Pieces(pieces) => substitution(pieces, ids),
        Value::Whole(number) => Node::Plain(number.to_string()),
        Value::Real(number) => Node::Plain(number.to_string()),
        Value::Flag(flag) => Node::Plain(flag.to_string()),
        Value::List(values) => Node::List(values.iter().map(|value| lowered(value, ids)).collect()),
        Value::Map(members) => {
            let entries = members.0.iter().map(|(key, value)| Entry::new(key, lowered(value, ids)));
            Node::Map(entries.collect())
        }
        Value::Reference(reference) => referred(*reference, ids),
    }
}

fn referred(reference: Reference, ids: &Ids) -> Node {
    match reference {
        Reference::LogGroupName if ids.has_log_group => Node::Ref(LOG_GROUP.into()),
        Reference::LogGroupName => Node::Ref(LOG_GROUP_NAME.into()),
        Reference::LogGroupStreams => Node::GetAtt(LOG_GROUP.into(), "Arn"),
        Reference::RoleArn => Node::GetAtt(ROLE.into(), "Arn"),
        Reference::RoleName => Node::Ref(ROLE.into()),
        Reference::BucketName => Node::Ref(BUCKET.into()),
        Reference::Topic(number) => Node::Ref(ids.topics.get(number).cloned().unwrap_or_default()),
    }
}

/// A text of `Fn::Sub`. What could be read as a variable together with what stands behind it is a variable's value, in which
/// nothing is substituted.
fn substitution(pieces: &[Piece], ids: &Ids) -> Node {
    let mut written = String::new();
    let mut variables = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) if text.contains("${") || text.ends_with('$') => {
                let name = format!("Text{}", variables.len() + 1);
                written.push_str(&format!("${{{name}}}"));
                variables.push(Entry::new(&name, Node::Text(text.clone())));
            }
            Piece::Text(text) => written.push_str(text),
            Piece::Fact(fact) => written.push_str(&variable(*fact, ids)),
        }
    }
    Node::Sub(written, variables)
}

fn variable(fact: Fact, ids: &Ids) -> String {
    match fact {
        Fact::Partition => "${AWS::Partition}".into(),
        Fact::Account => "${AWS::AccountId}".into(),
        Fact::Region => "${AWS::Region}".into(),
        Fact::Organization => format!("${{{ORGANIZATION}}}"),
        Fact::LogGroupArn => {
            debug_assert!(ids.has_log_group);
            format!(
                "arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:${{{LOG_GROUP}}}"
            )
        }
        Fact::BucketArn => {
            debug_assert!(ids.has_bucket);
            format!("${{{BUCKET}.Arn}}")
        }
    }
}
