//! A configuration in JSON: every string is a template, blocks are objects, several of a name a list.

use serde_json::Value as Json;

use super::super::value::Value;
use super::Labels;
use super::body::{Argument, Block, Body, Item};
use super::text::{template_of_pieces, template_of_text};

/// The whole configuration; what a comment would say is behind `//`, which Terraform passes over.
pub(super) fn text(head: &[String], blocks: &[Block], labels: &Labels) -> String {
    let writer = Writer { labels };
    let mut root = Object::default();
    root.members.push(("//".to_owned(), Tree::Leaf(Json::from(head.join("\n")))));
    for block in blocks {
        let path: Vec<&str> =
            std::iter::once(block.kind.as_str()).chain(block.labels.iter().map(String::as_str)).collect();
        let mut body = writer.body(&block.body);
        if !block.comment.is_empty() {
            body.members.insert(0, ("//".to_owned(), Tree::Leaf(Json::from(block.comment.as_str()))));
        }
        root.put(&path, Tree::Object(body));
    }
    let mut out = String::new();
    Tree::Object(root).write(0, &mut out);
    out.push('\n');
    out
}

/// JSON whose members keep their order.
enum Tree {
    Leaf(Json),
    List(Vec<Tree>),
    Object(Object),
}

#[derive(Default)]
struct Object {
    members: Vec<(String, Tree)>,
}

impl Object {
    /// Puts a tree at the end of a path of names.
    fn put(&mut self, path: &[&str], tree: Tree) {
        let Some((name, rest)) = path.split_first() else { return };
        let at = self.members.iter().position(|(known, _)| known == name);
        if rest.is_empty() {
            self.members.push(((*name).to_owned(), tree));
            return;
        }
        if at.is_none() {
            self.members.push(((*name).to_owned(), Tree::Object(Object::default())));
        }
        let at = at.unwrap_or(self.members.len() - 1);
        if let Some((_, Tree::Object(inner))) = self.members.get_mut(at) {
            inner.put(rest, tree);
        }
    }
}

struct Writer<'l> {
    labels: &'l Labels,
}

impl Writer<'_> {
    fn body(&self, body: &Body) -> Object {
        let mut object = Object::default();
        for item in &body.0 {
            match item {
                Item::Argument(name, argument) => {
                    object.members.push((name.clone(), self.argument(argument)));
                }
                Item::Block(name, inner) => {
                    let inner = Tree::Object(self.body(inner));
                    match object.members.iter_mut().find(|(known, _)| known == name) {
                        Some((_, Tree::List(blocks))) => blocks.push(inner),
                        Some((_, one)) => {
                            let first = std::mem::replace(one, Tree::List(Vec::new()));
                            *one = Tree::List(vec![first, inner]);
                        }
                        None => object.members.push((name.clone(), inner)),
                    }
                }
            }
        }
        object
    }

    fn argument(&self, argument: &Argument) -> Tree {
        match argument {
            Argument::Value(value) => self.value(value),
            Argument::Document(document) => {
                let mut text = String::new();
                self.document(document, &mut text);
                Tree::Leaf(Json::from(text))
            }
            Argument::Expression(written) => Tree::Leaf(Json::from(format!("${{{written}}}"))),
            Argument::Type(written) => Tree::Leaf(Json::from(*written)),
            Argument::Addresses(addresses) => {
                Tree::List(addresses.iter().map(|one| Tree::Leaf(Json::from(one.as_str()))).collect())
            }
        }
    }

    fn value(&self, value: &Value) -> Tree {
        match value {
            Value::Text(text) | Value::Code(text) => Tree::Leaf(Json::from(template_of_text(text))),
            Value::Pieces(pieces) => Tree::Leaf(Json::from(template_of_pieces(pieces, self.labels))),
            Value::Whole(number) => Tree::Leaf(Json::from(*number)),
            Value::Real(number) => Tree::Leaf(number_of(*number)),
            Value::Flag(flag) => Tree::Leaf(Json::from(*flag)),
            Value::Reference(reference) => {
                let expression = self.labels.reference(*reference);
                let inside = expression.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                let written = inside.map_or_else(|| format!("${{{expression}}}"), str::to_owned);
                Tree::Leaf(Json::from(written))
            }
            Value::List(values) => Tree::List(values.iter().map(|value| self.value(value)).collect()),
            Value::Map(members) => {
                let members =
                    members.0.iter().map(|(name, value)| (template_of_text(name), self.value(value)));
                Tree::Object(Object { members: members.collect() })
            }
        }
    }

    /// A document as JSON text that is a template: what is interpolated needs no escape of JSON, for it is made of
    /// letters, digits and signs that have none.
    fn document(&self, value: &Value, out: &mut String) {
        match self.value(value) {
            Tree::Leaf(leaf) => out.push_str(&leaf.to_string()),
            Tree::List(_) | Tree::Object(_) => match value {
                Value::List(values) => {
                    out.push('[');
                    for (index, value) in values.iter().enumerate() {
                        out.push_str(if index > 0 { "," } else { "" });
                        self.document(value, out);
                    }
                    out.push(']');
                }
                Value::Map(members) => {
                    out.push('{');
                    for (index, (name, value)) in members.0.iter().enumerate() {
                        out.push_str(if index > 0 { "," } else { "" });
                        out.push_str(&Json::from(template_of_text(name)).to_string());
                        out.push(':');
                        self.document(value, out);
                    }
                    out.push('}');
                }
                _ => {}
            },
        }
    }
}

/// A whole number without a fraction, as a person writes it.
fn number_of(number: f64) -> Json {
    serde_json::from_str(&number.to_string()).unwrap_or_else(|_| Json::from(number))
}

impl Tree {
    fn write(&self, depth: usize, out: &mut String) {
        let inner = "  ".repeat(depth + 1);
        let outer = "  ".repeat(depth);
        match self {
            Tree::Leaf(leaf) => out.push_str(&leaf.to_string()),
            Tree::List(trees) if trees.is_empty() => out.push_str("[]"),
            Tree::List(trees) => {
                out.push('[');
                for (index, tree) in trees.iter().enumerate() {
                    out.push_str(if index > 0 { ",\n" } else { "\n" });
                    out.push_str(&inner);
                    tree.write(depth + 1, out);
                }
                out.push('\n');
                out.push_str(&outer);
                out.push(']');
            }
            Tree::Object(object) if object.members.is_empty() => out.push_str("{}"),
            Tree::Object(object) => {
                out.push('{');
                for (index, (name, tree)) in object.members.iter().enumerate() {
                    out.push_str(if index > 0 { ",\n" } else { "\n" });
                    out.push_str(&inner);
                    out.push_str(&Json::from(name.as_str()).to_string());
                    out.push_str(": ");
                    tree.write(depth + 1, out);
                }
                out.push('\n');
                out.push_str(&outer);
                out.push('}');
            }
        }
    }
}
