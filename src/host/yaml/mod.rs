//! YAML: its documents as values, each scalar with the places of its bytes in the file.

mod scalar;

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, Tag};

use crate::Span;

use super::node::Node;
use super::text::Text;

/// Deeper lists and maps are refused.
const DEEPEST: usize = 128;
/// Values of one file; aliases of aliases could otherwise be without end.
const MOST_VALUES: usize = 1 << 20;

/// Why a text is no YAML.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) reason: String,
}

/// The documents of a file as far as they could be read, and why not further. A short tag such as `!Sub` is a map of one
/// member, `Fn::Sub`.
pub(super) fn read(file: &str) -> (Vec<Node>, Option<Fault>) {
    let mut reader = Reader { file, places: Places::new(file), ..Reader::default() };
    let mut parser = Parser::new_from_str(file);
    let mut fault = None;
    while let Some(next) = parser.next_event() {
        match next {
            Ok((event, span)) => {
                let start = reader.places.byte(span.start.index());
                let end = reader.places.byte(span.end.index());
                if let Err(reason) = reader.take(event, Span::new(start, end)) {
                    fault = Some(Fault { at: start, reason });
                    break;
                }
            }
            Err(error) => {
                let at = reader.places.byte(error.marker().index());
                fault = Some(Fault { at, reason: error.info().to_owned() });
                break;
            }
        }
    }
    while !reader.open.is_empty() {
        reader.close(Span::at(file.len()));
    }
    (reader.documents, fault)
}

/// Which byte a character of the file begins at.
#[derive(Default)]
struct Places {
    /// Empty where every character is one byte.
    bytes: Vec<usize>,
    length: usize,
}

impl Places {
    fn new(file: &str) -> Self {
        let bytes =
            if file.is_ascii() { Vec::new() } else { file.char_indices().map(|(at, _)| at).collect() };
        Places { bytes, length: file.len() }
    }

    fn byte(&self, character: usize) -> usize {
        let byte = if self.bytes.is_empty() { Some(character) } else { self.bytes.get(character).copied() };
        byte.unwrap_or(self.length).min(self.length)
    }
}

/// A value with what it costs to repeat it.
#[derive(Clone)]
struct Value {
    node: Node,
    count: usize,
    depth: usize,
}

/// A list or map that is not yet closed.
struct Open {
    /// The members of a map, or the items of a list.
    nodes: Vec<Node>,
    is_map: bool,
    start: Span,
    anchor: usize,
    tag: Option<String>,
    count: usize,
    depth: usize,
}

#[derive(Default)]
struct Reader<'f> {
    file: &'f str,
    places: Places,
    open: Vec<Open>,
    anchors: HashMap<usize, Value>,
    documents: Vec<Node>,
    count: usize,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), String> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let node = Node::Text(scalar::read(self.file, &value, style, span));
                self.finish(node, anchor, function(tag.as_deref()), 1, 0);
            }
            Event::SequenceStart(anchor, tag) => self.begin(false, anchor, tag.as_deref(), span)?,
            Event::MappingStart(anchor, tag) => self.begin(true, anchor, tag.as_deref(), span)?,
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned();
                let fits = |value: &Value| {
                    self.count + value.count <= MOST_VALUES && self.open.len() + value.depth <= DEEPEST
                };
                match value.filter(fits) {
                    Some(value) => self.finish(value.node, 0, None, value.count, value.depth),
                    None => self.finish(Node::Unknown(span), 0, None, 1, 0),
                }
            }
            _ => {}
        }
        if self.count > MOST_VALUES { Err("there are too many values".into()) } else { Ok(()) }
    }

    fn begin(&mut self, is_map: bool, anchor: usize, tag: Option<&Tag>, start: Span) -> Result<(), String> {
        if self.open.len() >= DEEPEST {
            return Err("lists and maps are nested too deep here".into());
        }
        let tag = function(tag);
        self.open.push(Open { nodes: Vec::new(), is_map, start, anchor, tag, count: 1, depth: 0 });
        Ok(())
    }

    fn close(&mut self, end: Span) {
        let Some(open) = self.open.pop() else { return };
        let span = open.start.to(end);
        let node =
            if open.is_map { Node::Map(members(open.nodes), span) } else { Node::List(open.nodes, span) };
        self.finish(node, open.anchor, open.tag, open.count, open.depth + 1);
    }

    /// A value that is whole: a member, an item or a document.
    fn finish(&mut self, node: Node, anchor: usize, tag: Option<String>, count: usize, depth: usize) {
        let node = match tag {
            Some(name) => {
                let span = node.span();
                Node::Map(vec![(Text::foreign(&name, Span::at(span.range().start)), node)], span)
            }
            None => node,
        };
        if anchor != 0 {
            self.anchors.insert(anchor, Value { node: node.clone(), count, depth });
            self.count += count;
        }
        self.count += 1;
        match self.open.last_mut() {
            Some(open) => {
                open.nodes.push(node);
                open.count += count;
                open.depth = open.depth.max(depth);
            }
            None => self.documents.push(node),
        }
    }
}

/// Names and values in turn as members; `<<` brings those of another map.
fn members(nodes: Vec<Node>) -> Vec<(Text, Node)> {
    let mut merged = Vec::new();
    let mut members = Vec::new();
    let mut nodes = nodes.into_iter();
    while let Some(key) = nodes.next() {
        let place = key.span();
        let value = nodes.next().unwrap_or(Node::Unknown(place));
        let key = key.into_text().unwrap_or_else(|| Text::hole(place));
        match value {
            Node::Map(brought, _) if key.value == "<<" => merged.extend(brought),
            value => members.push((key, value)),
        }
    }
    // The last of a name counts.
    merged.extend(members);
    merged
}

/// The function of CloudFormation that a short tag stands for.
fn function(tag: Option<&Tag>) -> Option<String> {
    let tag = tag.filter(|tag| tag.handle == "!" && !tag.suffix.is_empty())?;
    Some(match tag.suffix.as_str() {
        name @ ("Ref" | "Condition") => name.to_owned(),
        name => format!("Fn::{name}"),
    })
}
