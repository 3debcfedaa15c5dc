//! A value of a file, whatever the file's format: what JSON, YAML and HCL have in common.

use crate::Span;

use super::text::Text;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(Text),
    List(Vec<Node>, Span),
    Map(Vec<(Text, Node)>, Span),
    /// A number, a boolean or null, as it is written.
    Plain(String, Span),
    /// One of these, as a condition decides.
    Either(Vec<Node>, Span),
    /// Known only to a deployment.
    Unknown(Span),
}

impl Node {
    /// Its place in the file.
    pub(super) fn span(&self) -> Span {
        match self {
            Node::Text(text) => text.source(),
            Node::List(_, span)
            | Node::Map(_, span)
            | Node::Plain(_, span)
            | Node::Either(_, span)
            | Node::Unknown(span) => *span,
        }
    }

    /// The member of this name, of a map.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        let Node::Map(members, _) = self else { return None };
        members.iter().rev().find(|(key, _)| key.known() == Some(name)).map(|(_, value)| value)
    }

    /// The members with a name, of a map.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &Node)> {
        let members: &[(Text, Node)] = match self {
            Node::Map(members, _) => members,
            _ => &[],
        };
        members.iter().filter_map(|(key, value)| Some((key.known()?, value)))
    }

    /// The text, where it is one in which nothing is unknown.
    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Node::Text(text) => text.known(),
            _ => None,
        }
    }

    /// What it can be: each side of a condition.
    pub(super) fn cases(&self) -> Vec<&Node> {
        match self {
            Node::Either(nodes, _) => nodes.iter().flat_map(Node::cases).collect(),
            node => vec![node],
        }
    }

    /// The items of a list; itself where it is none, for a single block or item may be written without a list.
    pub(super) fn items(&self) -> Vec<&Node> {
        self.cases()
            .into_iter()
            .flat_map(|node| match node {
                Node::List(items, _) => items.iter().flat_map(Node::cases).collect(),
                node => vec![node],
            })
            .collect()
    }

    /// Everything that a path of names leads to, through lists and conditions; every member has the name of each step, which
    /// may be one of several.
    pub(super) fn at(&self, path: &[&str]) -> Vec<&Node> {
        let Some((name, rest)) = path.split_first() else { return self.items() };
        self.items().into_iter().filter_map(|item| item.get(name)).flat_map(|value| value.at(rest)).collect()
    }

    /// The node as a text; what is unknown is a hole.
    pub(super) fn into_text(self) -> Option<Text> {
        match self {
            Node::Text(text) => Some(text),
            Node::Plain(written, span) => Some(Text::foreign(&written, span)),
            Node::Unknown(span) => Some(Text::hole(span)),
            Node::Either(_, span) => Some(Text::hole(span)),
            Node::List(..) | Node::Map(..) => None,
        }
    }
}
