//! Which log group is meant: names, resources of the file, and expressions that can be nothing but the same.

use std::collections::BTreeMap;

use crate::host::cloudformation;
use crate::host::node::Node;
use crate::host::text::Text;

use super::members::{Dialect, Reader};

/// Types of resources that are log groups.
const OF_TERRAFORM: &[&str] =
    &["aws_cloudwatch_log_group.", "awscc_logs_log_group.", "data.aws_cloudwatch_log_group."];

/// The log groups of a file: what each is called, by what refers to it.
#[derive(Debug, Default)]
pub(super) struct Groups {
    names: BTreeMap<String, Option<String>>,
}

/// What tells one log group from others: two of one key are the same, two of different keys may be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(pub(super) String);

impl Key {
    /// Whether two groups may be the same.
    pub(super) fn may_be(&self, other: &Key) -> bool {
        let is_open = |key: &Key| key.0.contains("${");
        self == other || is_open(self) || is_open(other)
    }
}

impl Groups {
    /// A log group of the file by its address, and its name where that is known or spelled.
    pub(super) fn declare(&mut self, address: String, called: Option<String>) {
        self.names.insert(address, called);
    }

    /// The key of a group that is given by its name or ARN.
    pub(super) fn key(&self, dialect: Dialect, spelled: &str) -> Key {
        // The ARN of a group ends so where it stands for its streams.
        let spelled = spelled.strip_suffix(":*").unwrap_or(spelled);
        if let Some((_, name)) = spelled.rsplit_once(":log-group:") {
            return Key(name.to_owned());
        }
        let expression = spelled.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let Some(expression) = expression.filter(|inside| !inside.contains("${")) else {
            return Key(spelled.to_owned());
        };
        let attributes: &[&str] = match dialect {
            Dialect::CloudFormation => &[".Arn"],
            _ => &[".arn", ".name", ".id"],
        };
        let group = attributes.iter().find_map(|attribute| expression.strip_suffix(attribute));
        let group = match (dialect, group) {
            (Dialect::CloudFormation, group) => group.unwrap_or(expression),
            (_, Some(group)) => group,
            (_, None) => return Key(spelled.to_owned()),
        };
        let is_group =
            OF_TERRAFORM.iter().any(|kind| group.starts_with(kind)) && !group.contains(['(', ' ', '?']);
        match self.names.get(group) {
            Some(Some(name)) => Key(name.clone()),
            // No name has an `@`.
            Some(None) => Key(format!("@{group}")),
            None if is_group => Key(format!("@{group}")),
            None => Key(spelled.to_owned()),
        }
    }
}

/// A text, with what only a deployment knows as the expression that stands for it. Expressions that are spelled alike have
/// the same value.
pub(super) fn spelled(reader: &Reader<'_>, dialect: Dialect, node: &Node) -> Option<String> {
    if dialect == Dialect::CloudFormation
        && let Node::Map(members, _) = node
    {
        let [(function, argument)] = members.as_slice() else { return None };
        return match function.known()? {
            "Ref" | "Fn::GetAtt" => Some(format!("${{{}}}", attribute(argument)?)),
            // Variables of its own.
            "Fn::Sub" if !matches!(argument, Node::Text(_)) => None,
            "Fn::Sub" | "Fn::Join" => match cloudformation::resolved(node) {
                Node::Text(text) => Some(with_expressions(reader, &text)),
                _ => None,
            },
            _ => None,
        };
    }
    match node {
        Node::Text(text) => Some(with_expressions(reader, text)),
        Node::Unknown(span) => Some(format!("${{{}}}", reader.expression(*span))),
        _ => None,
    }
}

/// `Group.Arn`, in one text or in two.
fn attribute(argument: &Node) -> Option<String> {
    match argument {
        Node::Text(text) => text.known().map(str::to_owned),
        Node::List(items, _) => {
            let parts: Option<Vec<&str>> = items.iter().map(Node::as_str).collect();
            Some(parts?.join("."))
        }
        _ => None,
    }
}

fn with_expressions(reader: &Reader<'_>, text: &Text) -> String {
    let mut spelled = String::new();
    let mut copied = 0;
    for hole in &text.holes {
        spelled.push_str(text.value.get(copied..hole.at).unwrap_or_default());
        spelled.push_str(&format!("${{{}}}", reader.expression(hole.source)));
        copied = hole.at;
    }
    spelled + text.value.get(copied..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_the_same_by_its_name_and_by_its_arn() {
        let mut groups = Groups::default();
        let terraform = Dialect::Terraform;
        groups.declare("aws_cloudwatch_log_group.trail".to_owned(), Some("cloud-trail".to_owned()));
        groups.declare("aws_cloudwatch_log_group.other".to_owned(), None);
        let key = |spelled: &str| groups.key(terraform, spelled).0;
        for same in [
            "cloud-trail",
            "${aws_cloudwatch_log_group.trail.name}",
            "${aws_cloudwatch_log_group.trail.arn}:*",
            "arn:aws:logs:us-east-1:111122223333:log-group:cloud-trail:*",
            "arn:${data.aws_partition.current.partition}:logs:us-east-1:${var.account}:log-group:cloud-trail:*",
        ] {
            assert_eq!(key(same), "cloud-trail", "{same}");
        }
        assert_eq!(
            key("${aws_cloudwatch_log_group.other.arn}:*"),
            key("${aws_cloudwatch_log_group.other.id}")
        );
        assert_eq!(
            key("${aws_cloudwatch_log_group.many[0].arn}:*"),
            key("${aws_cloudwatch_log_group.many[0].id}")
        );
        assert_eq!(key("${var.group}"), "${var.group}");
        assert_ne!(key("${aws_cloudwatch_log_group.other.name}"), "other");
        assert!(Key("${var.group}".into()).may_be(&Key("a".into())));
        assert!(!Key("b".into()).may_be(&Key("a".into())));
    }
}
