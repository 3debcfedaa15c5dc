//! The tree of a template: texts, lists, maps with comments, and the intrinsic functions that an export needs.

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
    Sub(String),
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
    pub(super) topics: Vec<String>,
    /// Whether the log group is in the template; else it is a parameter.
    pub(super) has_log_group: bool,
    pub(super) has_bucket: bool,
}

/// A value as a part of the template.
pub(super) fn lowered(value: &Value, ids: &Ids) -> Node {
    match value {
        Value::Text(text) => Node::Text(text.clone()),
        Value::Code(text) => Node::Code(text.clone()),
        Value::Pieces(pieces) => Node::Sub(pieces.iter().map(|piece| substitution(piece, ids)).collect()),
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

/// A piece of a text of `Fn::Sub`.
fn substitution(piece: &Piece, ids: &Ids) -> String {
    match piece {
        Piece::Text(text) => escaped(text),
        Piece::Fact(Fact::Partition) => "${AWS::Partition}".into(),
        Piece::Fact(Fact::Account) => "${AWS::AccountId}".into(),
        Piece::Fact(Fact::Region) => "${AWS::Region}".into(),
        Piece::Fact(Fact::Organization) => format!("${{{ORGANIZATION}}}"),
        Piece::Fact(Fact::LogGroupArn) => {
            debug_assert!(ids.has_log_group);
            format!(
                "arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:${{{LOG_GROUP}}}"
            )
        }
        Piece::Fact(Fact::BucketArn) => {
            debug_assert!(ids.has_bucket);
            format!("${{{BUCKET}.Arn}}")
        }
    }
}

/// A text in which `Fn::Sub` finds nothing to substitute.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        escaped.push_str(before);
        escaped.push_str(if behind.contains('}') { "${!" } else { "${" });
        rest = behind;
    }
    escaped + rest
}
