//! JSON, in a file or in a text of a file: each string with the places of its bytes in the file.
//!
//! A text may have holes: one in a string is a hole of that string, one in place of a value is a value that is not known.

use crate::Span;
use crate::byte_order_mark;

use super::node::Node;
use super::spelling::Layer;
use super::text::Text;

/// Deeper lists and objects are refused.
const DEEPEST: usize = 128;

/// Why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The byte of the text at which it stops to be JSON.
    pub(super) at: usize,
    /// What is wrong there.
    pub(super) reason: String,
}

/// The value that a whole text is.
pub(super) fn read(text: &Text) -> Result<Node, Fault> {
    let mut reader = Reader { text, at: byte_order_mark::length(&text.value), hole: 0 };
    let node = reader.value(0)?;
    reader.blanks();
    if reader.at < text.value.len() {
        return Err(reader.fault("the value ends before this"));
    }
    Ok(node)
}

struct Reader<'t> {
    text: &'t Text,
    at: usize,
    /// The first hole that was not come by.
    hole: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.value.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn fault(&self, reason: &str) -> Fault {
        Fault { at: self.at, reason: reason.to_owned() }
    }

    /// The place in the file of what was read since `start`.
    fn span_from(&self, start: usize) -> Span {
        self.text.map.to_source(Span::new(start, self.at))
    }

    /// Passes blanks.
    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    /// The hole that stands right here, or among the blanks that were just passed.
    fn take_hole(&mut self) -> Option<Span> {
        let hole = self.text.holes.get(self.hole).filter(|hole| hole.at <= self.at)?;
        self.hole += 1;
        Some(hole.source)
    }

    fn eat(&mut self, c: char) -> bool {
        let is_there = self.peek() == Some(c);
        self.at += if is_there { c.len_utf8() } else { 0 };
        is_there
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        if depth > DEEPEST {
            return Err(self.fault("lists and objects are nested too deep here"));
        }
        self.blanks();
        if let Some(source) = self.take_hole() {
            return Ok(self.unknown(source));
        }
        match self.peek() {
            Some('"') => self.string().map(Node::Text),
            Some('{') => self.object(depth),
            Some('[') => self.list(depth),
            Some(_) => self.plain(),
            None => Err(self.fault("a value is missing here")),
        }
    }

    /// A value of which a part is a hole: up to where a value ends.
    fn unknown(&mut self, source: Span) -> Node {
        while self.peek().is_some_and(|c| !matches!(c, ',' | '}' | ']' | '\n' | '"' | '{' | '[')) {
            self.at += self.peek().map_or(0, char::len_utf8);
        }
        while self.take_hole().is_some() {}
        Node::Unknown(source)
    }

    fn plain(&mut self) -> Result<Node, Fault> {
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
        let word =
            rest.get(..rest.find(|c| !is_part(c)).unwrap_or(rest.len())).unwrap_or_default().to_owned();
        let is_number =
            word.starts_with(|c: char| c.is_ascii_digit() || c == '-') && word.parse::<f64>().is_ok();
        if !is_number && !["true", "false", "null"].contains(&word.as_str()) {
            return Err(self.fault("this is no value"));
        }
        let start = self.at;
        self.at += word.len();
        if let Some(source) = self.take_hole() {
            return Ok(self.unknown(source));
        }
        Ok(Node::Plain(word, self.span_from(start)))
    }

    fn list(&mut self, depth: usize) -> Result<Node, Fault> {
        let start = self.at;
        self.eat('[');
        let mut items = Vec::new();
        self.blanks();
        while !self.eat(']') {
            items.push(self.value(depth + 1)?);
            self.separator(']')?;
        }
        Ok(Node::List(items, self.span_from(start)))
    }

    fn object(&mut self, depth: usize) -> Result<Node, Fault> {
        let start = self.at;
        self.eat('{');
        let mut members = Vec::new();
        self.blanks();
        while !self.eat('}') {
            // A hole may bring members, commas included.
            if self.take_hole().is_some() {
                self.separator('}')?;
                continue;
            }
            if self.peek() != Some('"') {
                return Err(self.fault("a name in double quotes is missing here"));
            }
            let key = self.string()?;
            self.blanks();
            if !self.eat(':') {
                return Err(self.fault("`:` is missing here"));
            }
            members.push((key, self.value(depth + 1)?));
            self.separator('}')?;
        }
        Ok(Node::Map(members, self.span_from(start)))
    }

    /// A comma with something behind it, or the end of the list or object.
    fn separator(&mut self, end: char) -> Result<(), Fault> {
        self.blanks();
        let has_comma = self.eat(',');
        if has_comma {
            self.blanks();
        }
        let is_hole = self.text.holes.get(self.hole).is_some_and(|hole| hole.at <= self.at);
        match self.peek() {
            _ if is_hole => Ok(()),
            Some(c) if c == end && !has_comma => Ok(()),
            Some(c) if c == end => Err(self.fault("a comma has nothing behind it before this")),
            Some(_) if has_comma => Ok(()),
            Some(_) => Err(self.fault(&format!("`,` or `{end}` is missing before this"))),
            None => Err(self.fault(&format!("`{end}` is missing here"))),
        }
    }

    fn string(&mut self) -> Result<Text, Fault> {
        let start = self.at;
        self.eat('"');
        let mut read = Text::default();
        let mut run = self.at;
        loop {
            while self.text.holes.get(self.hole).is_some_and(|hole| hole.at == self.at) {
                read.append(self.text.part(run..self.at).without_holes());
                run = self.at;
                if let Some(source) = self.take_hole() {
                    read.push_hole(source);
                }
            }
            match self.peek() {
                None => {
                    self.at = start;
                    return Err(self.fault("the string that begins here does not end"));
                }
                Some('"') => break,
                Some('\\') => {
                    read.append(self.text.part(run..self.at).without_holes());
                    let from = self.at;
                    let said = self.escape()?;
                    let source = self.span_from(from);
                    let mut spelled = Text::spelled(self.text.map.spelling_at(from));
                    spelled.push_escape(&said.to_string(), source);
                    read.append(spelled);
                    run = self.at;
                }
                Some(c) => self.at += c.len_utf8(),
            }
        }
        read.append(self.text.part(run..self.at).without_holes());
        if read.value.is_empty() && read.holes.is_empty() {
            // Where something could be put in.
            let mut empty = Text::spelled(self.text.map.spelling_at(self.at));
            empty.push_escape("", Span::at(self.span_from(self.at).range().start));
            read.append(empty);
        }
        read.map.within(Layer::Json);
        self.eat('"');
        Ok(read)
    }

    /// The character that an escape spells.
    fn escape(&mut self) -> Result<char, Fault> {
        let fault = self.fault("this is no escape of JSON");
        self.at += 1;
        let letter = self.peek().ok_or_else(|| fault.clone())?;
        self.at += letter.len_utf8();
        Ok(match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let high = self.code().ok_or_else(|| fault.clone())?;
                let pair = (0xd800..0xdc00).contains(&high) && self.rest().starts_with("\\u");
                if !pair {
                    return char::from_u32(high).ok_or(fault);
                }
                self.at += 2;
                let low =
                    self.code().filter(|low| (0xdc00..0xe000).contains(low)).ok_or_else(|| fault.clone())?;
                char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).ok_or(fault)?
            }
            _ => return Err(fault),
        })
    }

    fn code(&mut self) -> Option<u32> {
        let digits =
            self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let code = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(code)
    }
}
