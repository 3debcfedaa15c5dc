//! HCL as Terraform writes it: its blocks as values, each string with the places of its bytes in the file.

mod functions;
mod strings;
mod value;

use hcl_edit::structure::{Block, BlockLabel, Body, Structure};
use hcl_edit::{Span as _, parser};

use crate::Span;

use super::node::Node;
use super::terraform::Definition;
use super::text::Text;
use value::{Budget, Values};

/// Why a text is no HCL.
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) reason: String,
}

/// The resources, data sources and modules of a file.
pub(super) fn read(file: &str) -> Result<Vec<Definition>, Fault> {
    let body = parser::parse_body(file)
        .map_err(|error| Fault { at: error.location().offset(), reason: error.message().to_owned() })?;
    let budget = Budget::default();
    let values = Values::new(file, &body, &budget);
    Ok(body.blocks().filter_map(|block| definition(&values, block)).collect())
}

fn definition(values: &Values<'_>, block: &Block) -> Option<Definition> {
    let labels: Vec<&str> = block.labels.iter().map(BlockLabel::as_str).collect();
    let (kind, name) = match (block.ident.as_str(), labels.as_slice()) {
        ("resource" | "data", [kind, name]) => ((*kind).to_owned(), (*name).to_owned()),
        ("module", [name]) => ("module".to_owned(), (*name).to_owned()),
        _ => return None,
    };
    if !super::terraform::is_known(&kind) {
        return None;
    }
    let each = block.body.get_attribute("for_each").map(|attribute| values.node(&attribute.value));
    let values = values.with_each(each);
    Some(Definition { kind, name, body: body(&values, &block.body) })
}

/// The attributes and blocks of a body, a block as a member whose value is its body.
fn body(values: &Values<'_>, body_: &Body) -> Node {
    let mut members = Vec::new();
    for structure in body_ {
        match structure {
            Structure::Attribute(attribute) => {
                let key = Text::verbatim(attribute.key.as_str(), start(attribute.key.span()));
                members.push((key, values.node(&attribute.value)));
            }
            Structure::Block(block) => {
                let name = block.labels.first().map(BlockLabel::as_str);
                let content = block.body.get_blocks("content").next();
                let (key, inner) = match (block.ident.as_str(), name, content) {
                    ("dynamic", Some(name), Some(content)) => (name, &content.body),
                    (ident, ..) => (ident, &block.body),
                };
                let key = Text::verbatim(key, start(block.ident.span()));
                members.push((key, body(values, inner)));
            }
        }
    }
    Node::Map(grouped(members), place(body_.span()))
}

/// Blocks of one name as a list.
fn grouped(members: Vec<(Text, Node)>) -> Vec<(Text, Node)> {
    let mut all: Vec<(Text, Node)> = Vec::new();
    for (key, value) in members {
        match all.iter_mut().find(|(known, _)| known.value == key.value) {
            Some((_, Node::List(items, span))) => {
                *span = span.to(value.span());
                items.push(value);
            }
            Some((_, known)) => {
                let span = known.span().to(value.span());
                let first = std::mem::replace(known, Node::Unknown(span));
                *known = Node::List(vec![first, value], span);
            }
            None => all.push((key, value)),
        }
    }
    all
}

fn start(range: Option<std::ops::Range<usize>>) -> usize {
    range.map_or(0, |range| range.start)
}

fn place(range: Option<std::ops::Range<usize>>) -> Span {
    range.map(Span::from).unwrap_or_default()
}
