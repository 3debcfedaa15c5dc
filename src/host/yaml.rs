//! YAML: documents as nodes, each scalar with the places of its bytes in the file, whatever its style.

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marked, Tag};

use crate::Span;

use super::node::Node;
use super::spelling::Layer;
use super::text::Text;

/// Deeper lists and maps are refused.
const DEEPEST: usize = 128;

/// Aliases may repeat what they name; more nodes than this are refused.
const MOST_NODES: usize = 500_000;

/// The documents of a file up to the first fault; where that is, and what it is.
pub(super) fn read(file: &str) -> (Vec<Node>, Option<(usize, String)>) {
    let mut builder = Builder {
        file,
        places: Places::of(file),
        open: Vec::new(),
        documents: Vec::new(),
        anchors: Vec::new(),
        nodes: 0,
    };
    for event in Parser::new_from_str(file) {
        let (event, span) = match event {
            Ok(read) => read,
            Err(error) => {
                let at = builder.places.byte(error.marker().index());
                return (builder.documents, Some((at, error.info().to_owned())));
            }
        };
        if let Err(reason) = builder.event(event, span) {
            let at = builder.places.byte(span.start.index());
            return (builder.documents, Some((at, reason.to_owned())));
        }
    }
    (builder.documents, None)
}

/// Characters to bytes.
struct Places {
    /// The byte of each character, where they are not the same number.
    bytes: Option<Vec<usize>>,
    length: usize,
}

impl Places {
    fn of(file: &str) -> Self {
        let bytes = (!file.is_ascii()).then(|| file.char_indices().map(|(at, _)| at).collect());
        Places { bytes, length: file.len() }
    }

    fn byte(&self, character: usize) -> usize {
        match &self.bytes {
            Some(bytes) => bytes.get(character).copied().unwrap_or(self.length),
            None => character.min(self.length),
        }
    }
}

/// A list or map that is not closed yet.
struct Open {
    start: usize,
    tag: Option<String>,
    anchor: usize,
    items: Vec<Node>,
    is_map: bool,
}

struct Builder<'f> {
    file: &'f str,
    places: Places,
    open: Vec<Open>,
    documents: Vec<Node>,
    /// What each anchor names, by its number.
    anchors: Vec<(usize, Node)>,
    nodes: usize,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, marked: Marked) -> Result<(), &'static str> {
        let start = self.places.byte(marked.start.index());
        let end = self.places.byte(marked.end.index()).max(start);
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let start = behind_properties(self.file, start);
                let node = scalar(self.file, &value, style, Span::new(start, end));
                self.complete(node, anchor, tag_of(tag.as_deref()), Span::new(start, end))
            }
            Event::SequenceStart(anchor, tag) => self.begin(start, tag_of(tag.as_deref()), anchor, false),
            Event::MappingStart(anchor, tag) => self.begin(start, tag_of(tag.as_deref()), anchor, true),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let span = Span::new(open.start, end);
                let node = if open.is_map {
                    Node::Map(members(open.items), span)
                } else {
                    Node::List(open.items, span)
                };
                self.complete(node, open.anchor, open.tag, span)
            }
            Event::Alias(anchor) => {
                let known = self.anchors.iter().rev().find(|(number, _)| *number == anchor);
                let node = known.map_or(Node::Unknown(Span::new(start, end)), |(_, node)| node.clone());
                self.nodes += size(&node);
                self.complete(node, 0, None, Span::new(start, end))
            }
            _ => Ok(()),
        }
    }

    fn begin(
        &mut self,
        start: usize,
        tag: Option<String>,
        anchor: usize,
        is_map: bool,
    ) -> Result<(), &'static str> {
        if self.open.len() >= DEEPEST {
            return Err("lists and maps are nested too deep here");
        }
        self.open.push(Open { start, tag, anchor, items: Vec::new(), is_map });
        Ok(())
    }

    fn complete(
        &mut self,
        node: Node,
        anchor: usize,
        tag: Option<String>,
        span: Span,
    ) -> Result<(), &'static str> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err("the file repeats itself too often by aliases");
        }
        let node = match tag {
            Some(name) => Node::Map(vec![(Text::foreign(&name, span), node)], span),
            None => node,
        };
        if anchor > 0 {
            self.anchors.push((anchor, node.clone()));
        }
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None => self.documents.push(node),
        }
        Ok(())
    }
}

fn size(node: &Node) -> usize {
    let mut open = vec![node];
    let mut count = 0;
    while let Some(node) = open.pop() {
        count += 1;
        match node {
            Node::List(items, _) | Node::Either(items, _) => open.extend(items),
            Node::Map(members, _) => open.extend(members.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    count
}

/// Keys and values in turn; what `<<` brings comes first, so that a key of the map itself wins.
fn members(items: Vec<Node>) -> Vec<(Text, Node)> {
    let (mut merged, mut own) = (Vec::new(), Vec::new());
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        match (key.into_text(), value) {
            (Some(key), Node::Map(members, _)) if key.known() == Some("<<") => merged.extend(members),
            (Some(key), value) => own.push((key, value)),
            (None, _) => {}
        }
    }
    merged.extend(own);
    merged
}

/// The long name of a short tag: `!Sub` is `Fn::Sub`.
fn tag_of(tag: Option<&Tag>) -> Option<String> {
    let tag = tag.filter(|tag| tag.handle == "!")?;
    Some(match tag.suffix.as_str() {
        "Ref" => "Ref".to_owned(),
        "Condition" => "Condition".to_owned(),
        name => format!("Fn::{name}"),
    })
}

/// Where a scalar itself begins, behind its tag and anchor.
fn behind_properties(file: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(rest) = file.get(at..).filter(|rest| rest.starts_with(['!', '&'])) {
        let name = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let behind = rest.get(name..).unwrap_or_default();
        at += name + (behind.len() - behind.trim_start().len());
    }
    at
}

fn scalar(file: &str, value: &str, style: ScalarStyle, span: Span) -> Node {
    let source = span.slice(file);
    let start = span.range().start;
    let text = match style {
        ScalarStyle::Plain if is_plain_value(value) => return Node::Plain(value.to_owned(), span),
        ScalarStyle::Plain => flow(source, value, start, Layer::YamlPlain),
        ScalarStyle::SingleQuoted => flow(source, value, start, Layer::YamlSingle),
        ScalarStyle::DoubleQuoted => flow(source, value, start, Layer::YamlDouble),
        ScalarStyle::Literal | ScalarStyle::Folded => block(file, value, style, start),
    };
    Node::Text(text.unwrap_or_else(|| Text::foreign(value, span)))
}

/// Whether a plain scalar is a number, a boolean or null.
fn is_plain_value(value: &str) -> bool {
    matches!(value, "" | "~" | "null" | "true" | "false") || value.parse::<f64>().is_ok()
}

/// A scalar that begins on the line of its key, in quotes or none: line ends in it are blanks or line feeds of the text.
fn flow(source: &str, value: &str, start: usize, layer: Layer) -> Option<Text> {
    let quote = match layer {
        Layer::YamlSingle => Some('\''),
        Layer::YamlDouble => Some('"'),
        _ => None,
    };
    let mut text = Text::spelled(vec![layer]);
    let mut at = match quote {
        Some(quote) => source.strip_prefix(quote).map(|_| 1)?,
        None => 0,
    };
    let mut rest = value;
    if rest.is_empty() {
        text.push_escape("", Span::at(start + at));
    }
    while let Some(wanted) = rest.chars().next() {
        let here = source.get(at..)?;
        let (said, length, is_same) = next(here, wanted, layer)?;
        let behind = rest.strip_prefix(said.as_str())?;
        if is_same {
            text.push(&said, start + at);
        } else {
            text.push_escape(&said, Span::new(start + at, start + at + length));
        }
        at += length;
        rest = behind;
    }
    Some(text)
}

/// What the beginning of `here` spells, how long that is, and whether it stands for itself.
fn next(here: &str, wanted: char, layer: Layer) -> Option<(String, usize, bool)> {
    let blanks = here.len() - here.trim_start_matches([' ', '\t']).len();
    let is_fold = here.get(blanks..)?.starts_with(['\n', '\r']);
    if is_fold {
        let length = here.len() - here.trim_start().len();
        let feeds = here.get(..length)?.matches('\n').count();
        let said = if feeds <= 1 { " ".to_owned() } else { "\n".repeat(feeds - 1) };
        return Some((said, length, false));
    }
    let first = here.chars().next()?;
    match layer {
        Layer::YamlSingle if here.starts_with("''") => Some(("'".into(), 2, false)),
        Layer::YamlDouble if first == '\\' => double_escape(here),
        _ => (first == wanted).then(|| (first.to_string(), first.len_utf8(), true)),
    }
}

fn double_escape(here: &str) -> Option<(String, usize, bool)> {
    let letter = here.get(1..)?.chars().next()?;
    let code = |digits: usize| {
        let number = u32::from_str_radix(here.get(2..2 + digits)?, 16).ok()?;
        Some((char::from_u32(number)?.to_string(), 2 + digits, false))
    };
    let said = match letter {
        'x' => return code(2),
        'u' => return code(4),
        'U' => return code(8),
        '\n' | '\r' => {
            let behind = here.get(1..)?;
            return Some((String::new(), 1 + behind.len() - behind.trim_start().len(), false));
        }
        'n' => '\n',
        't' | '\t' => '\t',
        'r' => '\r',
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        other => other,
    };
    Some((said.to_string(), 1 + letter.len_utf8(), false))
}

/// A block behind `|` or `>`, each line behind the same blanks.
fn block(file: &str, value: &str, style: ScalarStyle, start: usize) -> Option<Text> {
    let head = file.get(start..)?;
    // Behind the line of the indicator.
    let mut at = match head.chars().next()? {
        '|' | '>' => start + head.find('\n')? + 1,
        _ => file.get(..start)?.rfind('\n').map_or(0, |at| at + 1),
    };
    let first = value.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let own_blanks = first.len() - first.trim_start_matches(' ').len();
    let line = file.get(at..)?.lines().find(|line| !line.trim().is_empty())?;
    let indent = (line.len() - line.trim_start_matches(' ').len()).checked_sub(own_blanks)?;
    let layer = if style == ScalarStyle::Folded { Layer::YamlFolded } else { Layer::YamlLiteral { indent } };
    let mut text = Text::spelled(vec![layer]);
    let mut rest = value;
    at += leading(file.get(at..)?, indent);
    while !rest.is_empty() {
        let here = file.get(at..)?;
        let line = here.find('\n').unwrap_or(here.len());
        let on_line = here.get(..line)?.trim_end_matches('\r');
        let run = rest.find('\n').unwrap_or(rest.len());
        // The line is the next part of the text, up to its own end or to where it is folded.
        let wanted = rest.get(..run)?;
        let taken = if wanted.starts_with(on_line) { on_line.len() } else { return None };
        text.push(on_line, at);
        rest = rest.get(taken..)?;
        at += taken;
        if rest.is_empty() {
            break;
        }
        let (length, feeds) = ends(file.get(at..)?, indent)?;
        let kept = rest.len() - rest.trim_start_matches('\n').len();
        let said = match kept {
            0 => rest.get(..1).filter(|blank| *blank == " ")?,
            // The last line ends are kept, clipped to one or stripped.
            kept => rest.get(..kept.min(feeds))?,
        };
        if said == "\n" && feeds == 1 {
            text.push("\n", at + file.get(at..)?.find('\n')?);
        } else {
            text.push_escape(said, Span::new(at, at + length));
        }
        rest = rest.get(said.len()..)?;
        at += length;
    }
    Some(text)
}

/// The blanks of a line that are no part of the text.
fn leading(here: &str, indent: usize) -> usize {
    here.bytes().take(indent).take_while(|byte| *byte == b' ').count()
}

/// The line end here, with the empty lines behind it and the indentation of the next: its length, and how many ends.
fn ends(here: &str, indent: usize) -> Option<(usize, usize)> {
    let (mut at, mut feeds) = (0, 0);
    loop {
        let rest = here.get(at..)?;
        let blanks = rest.len() - rest.trim_start_matches([' ', '\r']).len();
        if rest.get(blanks..)?.starts_with('\n') && (feeds == 0 || blanks <= indent + 1) {
            at += blanks + 1;
            feeds += 1;
        } else {
            break;
        }
    }
    at += leading(here.get(at..)?, indent);
    (feeds > 0).then_some((at, feeds))
}
