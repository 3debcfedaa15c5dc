//! HCL: expressions as nodes, each text with the places of its bytes in the file.

use std::cell::Cell;
use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, FuncCall, ObjectKey, TraversalOperator};
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::template::{Element, HeredocTemplate};

use crate::Span;

use super::node::Node;
use super::spelling::Layer;
use super::text::Text;

/// A local value that names others is followed this far.
const DEEPEST: usize = 16;
/// So many bytes of local values are put in their places in a file: values that name one another several times have no end.
const MOST_EXPANDED: usize = 1 << 22;

/// A file, and the local values that it defines.
pub(super) struct Hcl<'f> {
    file: &'f str,
    locals: BTreeMap<&'f str, &'f Expression>,
    expanded: Cell<usize>,
}

impl<'f> Hcl<'f> {
    pub(super) fn new(file: &'f str, body: &'f Body) -> Self {
        let mut locals = BTreeMap::new();
        for block in body.blocks().filter(|block| block.ident.as_str() == "locals") {
            for attribute in block.body.attributes() {
                locals.insert(attribute.key.as_str(), &attribute.value);
            }
        }
        Hcl { file, locals, expanded: Cell::new(0) }
    }

    /// What is inside a block: attributes, and blocks by their name, several of a name as a list.
    pub(super) fn block(&self, block: &Block) -> Node {
        let mut members: Vec<(String, Vec<Node>)> = Vec::new();
        for structure in block.body.iter() {
            let (name, node) = match structure {
                Structure::Attribute(attribute) => {
                    (attribute.key.to_string(), self.expression(&attribute.value, 0))
                }
                Structure::Block(inner) => match dynamic(inner) {
                    Some((name, content)) => (name, self.block(content)),
                    None => (inner.ident.to_string(), self.block(inner)),
                },
            };
            match members.iter_mut().find(|(known, _)| *known == name) {
                Some((_, nodes)) => nodes.push(node),
                None => members.push((name, vec![node])),
            }
        }
        let span = span_of(block);
        let members = members.into_iter().filter_map(|(name, mut nodes)| {
            let node = if nodes.len() == 1 { nodes.pop()? } else { Node::List(nodes, span) };
            Some((Text::foreign(&name, span), node))
        });
        Node::Map(members.collect(), span)
    }

    fn expression(&self, expression: &Expression, depth: usize) -> Node {
        let span = span_of(expression);
        if depth > DEEPEST {
            return Node::Unknown(span);
        }
        let inner = |expression: &Expression| self.expression(expression, depth + 1);
        match expression {
            Expression::String(_) => Node::Text(self.quoted(span)),
            Expression::StringTemplate(template) => {
                let mut text = Text::spelled(vec![Layer::HclQuoted]);
                for element in template.iter() {
                    self.element(element, depth, &mut text, |slice, start, text| {
                        unescape(slice, start, text)
                    });
                }
                Node::Text(text)
            }
            Expression::HeredocTemplate(heredoc) => Node::Text(self.heredoc(heredoc, depth)),
            Expression::Parenthesis(parenthesis) => inner(parenthesis.inner()),
            Expression::Conditional(conditional) => {
                Node::Either(vec![inner(&conditional.true_expr), inner(&conditional.false_expr)], span)
            }
            Expression::Array(array) => Node::List(array.iter().map(inner).collect(), span),
            Expression::Object(object) => {
                let members = object.iter().filter_map(|(key, value)| {
                    let key = match key {
                        ObjectKey::Ident(name) => Text::foreign(name.as_str(), span_of(key)),
                        ObjectKey::Expression(key) => inner(key).into_text()?,
                    };
                    Some((key, inner(value.expr())))
                });
                Node::Map(members.collect(), span)
            }
            Expression::Null(_) | Expression::Bool(_) | Expression::Number(_) => {
                Node::Plain(span.slice(self.file).to_owned(), span)
            }
            Expression::Traversal(traversal) => {
                let is_local =
                    matches!(&traversal.expr, Expression::Variable(name) if name.as_str() == "local");
                match traversal.operators.as_slice() {
                    [only] if is_local => match only.value() {
                        TraversalOperator::GetAttr(name) => {
                            self.local(name.as_str()).map_or(Node::Unknown(span), inner)
                        }
                        _ => Node::Unknown(span),
                    },
                    _ => Node::Unknown(span),
                }
            }
            Expression::FuncCall(call) => self.call(call, span, depth),
            _ => Node::Unknown(span),
        }
    }

    /// The value of a local, while there is room for another.
    fn local(&self, name: &str) -> Option<&'f Expression> {
        let value = *self.locals.get(name)?;
        let expanded = self.expanded.get() + span_of(value).range().len();
        self.expanded.set(expanded);
        (expanded <= MOST_EXPANDED).then_some(value)
    }

    fn call(&self, call: &FuncCall, span: Span, depth: usize) -> Node {
        let mut arguments = call.args.iter().map(|argument| self.expression(argument, depth + 1));
        let Some(first) = arguments.next() else { return Node::Unknown(span) };
        let is_plain = call.name.namespace.is_empty();
        match call.name.name.as_str() {
            "jsonencode" if is_plain => first,
            "trimspace" if is_plain => match first.into_text() {
                Some(text) => Node::Text(text.trimmed()),
                None => Node::Unknown(span),
            },
            "chomp" if is_plain => match first.into_text() {
                Some(text) => Node::Text(text.chomped()),
                None => Node::Unknown(span),
            },
            "join" if is_plain => {
                let Some(list) = arguments.next() else { return Node::Unknown(span) };
                joined(first, list, span)
            }
            "format" if is_plain => match first {
                Node::Text(text) => formatted(&text, arguments.collect(), span),
                _ => Node::Unknown(span),
            },
            _ => Node::Unknown(span),
        }
    }

    /// The text of a string without interpolations, quotes around it.
    fn quoted(&self, span: Span) -> Text {
        let mut text = Text::spelled(vec![Layer::HclQuoted]);
        let range = span.range();
        let inside = span.slice(self.file).strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match inside {
            Some("") => text.push_escape("", Span::at(range.start + 1)),
            Some(inside) => unescape(inside, range.start + 1, &mut text),
            None => text.push_hole(span),
        }
        text
    }

    fn element(
        &self,
        element: &Element,
        depth: usize,
        text: &mut Text,
        literal: impl Fn(&str, usize, &mut Text),
    ) {
        let span = span_of(element);
        match element {
            Element::Literal(_) => literal(span.slice(self.file), span.range().start, text),
            Element::Interpolation(interpolation) => match self.expression(&interpolation.expr, depth + 1) {
                Node::Text(inner) if inner.known().is_some() => text.append(inner),
                _ => {
                    text.map.spell(Vec::new());
                    text.push_hole(span);
                }
            },
            Element::Directive(_) => text.push_hole(span),
        }
    }

    fn heredoc(&self, heredoc: &HeredocTemplate, depth: usize) -> Text {
        let indent = heredoc.indent().unwrap_or(0);
        let layer = Layer::HclHeredoc { indent };
        let mut text = Text::spelled(vec![layer]);
        let mut is_line_start = true;
        for element in heredoc.template.iter() {
            text.map.spell(vec![layer]);
            let span = span_of(element);
            if let Element::Literal(_) = element {
                let mut start = span.range().start;
                for line in span.slice(self.file).split_inclusive('\n') {
                    let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
                    let cut = if is_line_start { blank.min(indent) } else { 0 };
                    unmark(line.get(cut..).unwrap_or_default(), start + cut, &mut text);
                    is_line_start = line.ends_with('\n');
                    start += line.len();
                }
            } else {
                self.element(element, depth, &mut text, |_, _, _| {});
                is_line_start = false;
            }
        }
        text
    }
}

pub(super) fn span_of(spanned: &impl hcl_edit::Span) -> Span {
    spanned.span().map(Span::from).unwrap_or_default()
}

/// The name and the content of `dynamic "name" { content { … } }`.
fn dynamic(block: &Block) -> Option<(String, &Block)> {
    let label = (block.ident.as_str() == "dynamic").then(|| block.labels.first())??;
    let content = block.body.blocks().find(|inner| inner.ident.as_str() == "content")?;
    Some((label.as_str().to_owned(), content))
}

/// The next bytes of a quoted string, escapes undone.
fn unescape(inside: &str, start: usize, text: &mut Text) {
    let mut at = 0;
    let mut run = 0;
    while let Some(rest) = inside.get(at..).filter(|rest| !rest.is_empty()) {
        let Some((said, length)) = escape(rest) else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        text.push(inside.get(run..at).unwrap_or_default(), start + run);
        text.push_escape(&said, Span::new(start + at, start + at + length));
        at += length;
        run = at;
    }
    text.push(inside.get(run..).unwrap_or_default(), start + run);
}

/// The same of a heredoc, which has no escapes but those of interpolations.
fn unmark(line: &str, start: usize, text: &mut Text) {
    let mut run = 0;
    for (at, _) in line.match_indices("$${").chain(line.match_indices("%%{")).collect::<BTreeMap<_, _>>() {
        text.push(line.get(run..at).unwrap_or_default(), start + run);
        let said = line.get(at + 1..at + 3).unwrap_or_default();
        text.push_escape(said, Span::new(start + at, start + at + 3));
        run = at + 3;
    }
    text.push(line.get(run..).unwrap_or_default(), start + run);
}

/// What an escape at the start of `rest` spells, and its length.
fn escape(rest: &str) -> Option<(String, usize)> {
    if rest.starts_with("$${") || rest.starts_with("%%{") {
        return Some((rest.get(1..3)?.to_owned(), 3));
    }
    let letter = rest.strip_prefix('\\')?.chars().next()?;
    let code = |digits: usize| {
        let number = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
        Some((char::from_u32(number)?.to_string(), 2 + digits))
    };
    match letter {
        'n' => Some(("\n".into(), 2)),
        'r' => Some(("\r".into(), 2)),
        't' => Some(("\t".into(), 2)),
        '"' | '\\' => Some((letter.to_string(), 2)),
        'u' => code(4),
        'U' => code(8),
        _ => None,
    }
}

/// The texts of a list, with a separator between them.
pub(super) fn joined(separator: Node, list: Node, span: Span) -> Node {
    let (Some(separator), Node::List(items, _)) = (separator.into_text(), list) else {
        return Node::Unknown(span);
    };
    let mut text = Text::default();
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            // The separator stands once in the file, and is not to be written over at one of its places.
            match separator.known() {
                Some(known) => text.push_foreign(known, separator.source()),
                None => text.push_hole(separator.source()),
            }
        }
        let source = item.span();
        text.append(item.into_text().unwrap_or_else(|| Text::hole(source)));
    }
    Node::Text(text)
}

/// What `format` makes of a text: each verb is the next argument.
fn formatted(format: &Text, arguments: Vec<Node>, span: Span) -> Node {
    let mut text = Text::default();
    let mut arguments = arguments.into_iter();
    let mut run = 0;
    let mut at = 0;
    let written = format.value.as_str();
    while let Some(found) = written.get(at..).and_then(|rest| rest.find('%')).map(|found| at + found) {
        text.append(format.part(run..found));
        let verb = written.get(found + 1..).and_then(|rest| rest.chars().next());
        match verb {
            Some('%') => {
                let mut percent = Text::spelled(format.map.spelling_at(found));
                percent.push_escape("%", format.map.to_source(Span::new(found, found + 2)));
                text.append(percent);
            }
            Some('s' | 'd' | 'v' | 'q') => match arguments.next() {
                Some(Node::Text(argument)) if verb != Some('q') => text.append(argument),
                Some(argument) => text.push_hole(argument.span()),
                None => return Node::Unknown(span),
            },
            _ => return Node::Unknown(span),
        }
        at = found + 2;
        run = at;
    }
    text.append(format.part(run..written.len()));
    text.map.within(Layer::Format);
    Node::Text(text)
}
