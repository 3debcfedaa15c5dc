//! The plain walk: one byte after the other, no recursion. The faster walk must agree with it, and leaves to it what
//! is rare.

use super::project::{Frame, Kind, NotAnObject, NotAnObjectReason, Slots, Value};
use super::text::{RawString, hex4};
use super::trie::{NodeId, ROOT, Trie, TrieNode};

use NotAnObjectReason as Reason;

/// Projects `text`, which has no whitespace around it.
pub(super) fn project(trie: &Trie, text: &str, slots: &mut Slots) -> Result<(), NotAnObject> {
    let mut walk = Plain { text, bytes: text.as_bytes(), at: 0, opened: false, trie, slots };
    if walk.peek() != Some(b'{') {
        return Err(fault(0, Reason::NoObject));
    }
    walk.value(Some(ROOT))?;
    while walk.slots.walk.kinds.depth() > 0 {
        walk.next()?;
    }
    walk.skip_whitespace();
    if walk.at < walk.bytes.len() {
        return Err(fault(walk.at, Reason::TrailingText));
    }
    Ok(())
}

struct Plain<'a, 's> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Whether a container was opened and nothing of it was passed yet.
    opened: bool,
    trie: &'a Trie,
    slots: &'s mut Slots,
}

impl<'a> Plain<'a, '_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Passes the next member or element of the innermost container up to where its value begins or, for a scalar,
    /// ends; or passes the container's end.
    fn next(&mut self) -> Result<(), NotAnObject> {
        let array = self.slots.walk.kinds.last() == Some(true);
        let first = std::mem::take(&mut self.opened);
        self.skip_whitespace();
        match self.peek() {
            Some(b']') if array => self.close(Kind::Array),
            Some(b'}') if !array => self.close(Kind::Object),
            None => return Err(fault(self.at, Reason::CutOff)),
            _ if first => return if array { self.element() } else { self.member() },
            Some(b',') => {
                self.at += 1;
                self.skip_whitespace();
                return if array { self.element() } else { self.member() };
            }
            Some(_) => return Err(fault(self.at, Reason::ExpectedComma)),
        }
        Ok(())
    }

    fn member(&mut self) -> Result<(), NotAnObject> {
        match self.peek() {
            Some(b'"') => {}
            Some(_) => return Err(fault(self.at, Reason::ExpectedKey)),
            None => return Err(fault(self.at, Reason::CutOff)),
        }
        let start = self.at + 1;
        let (end, escaped) = string_end(self.bytes, start)?;
        self.at = end + 1;
        let target = self.trie_node().and_then(|node| {
            let key = RawString::new(self.text.get(start..end)?, escaped);
            node.keys.iter().find(|child| key.eq_str(&child.key)).map(|child| child.node)
        });
        self.skip_whitespace();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(fault(self.at, Reason::ExpectedColon)),
            None => return Err(fault(self.at, Reason::CutOff)),
        }
        self.skip_whitespace();
        self.value(target)
    }

    fn element(&mut self) -> Result<(), NotAnObject> {
        let mut target = None;
        if let Some(node) = self.trie_node()
            && let Some(frame) = self.slots.walk.frames.last_mut()
        {
            let index = frame.index;
            target = node.elements.iter().find(|(at, _)| *at == index).map(|&(_, child)| child);
            frame.index += 1;
        }
        self.value(target)
    }

    /// The trie's node of the innermost container.
    fn trie_node(&self) -> Option<&'a TrieNode> {
        let walk = &self.slots.walk;
        let frame = walk.frames.last().filter(|_| walk.frames.len() == walk.kinds.depth())?;
        self.trie.node(frame.node)
    }

    /// Passes a scalar, or the opening bracket of a container.
    fn value(&mut self, target: Option<NodeId>) -> Result<(), NotAnObject> {
        if let Some(node) = target {
            self.slots.forget(self.trie, node);
        }
        let start = self.at;
        let value = match self.peek() {
            Some(b'"') => {
                let (end, escaped) = string_end(self.bytes, start + 1)?;
                self.at = end + 1;
                let kind = if escaped { Kind::EscapedString } else { Kind::String };
                Value { kind, start: start + 1, end }
            }
            Some(bracket @ (b'{' | b'[')) => {
                self.open(target, bracket == b'[');
                return Ok(());
            }
            Some(_) => {
                let (kind, end) = scalar(self.bytes, start)?;
                self.at = end;
                Value { kind, start, end }
            }
            None => return Err(fault(self.at, Reason::CutOff)),
        };
        if let Some(node) = target {
            self.slots.fill(self.trie, node, value);
        }
        Ok(())
    }

    fn open(&mut self, target: Option<NodeId>, array: bool) {
        if let Some(node) = target {
            self.slots.walk.frames.push(Frame { node, start: self.at, index: 0 });
        }
        self.slots.walk.kinds.push(array);
        self.opened = true;
        self.at += 1;
    }

    fn close(&mut self, kind: Kind) {
        self.at += 1;
        let walk = &mut self.slots.walk;
        if walk.frames.len() == walk.kinds.depth()
            && let Some(frame) = walk.frames.pop()
        {
            self.slots.fill(self.trie, frame.node, Value { kind, start: frame.start, end: self.at });
        }
        self.slots.walk.kinds.pop();
    }
}

/// The kind and the end of the number or literal that starts at `start`.
pub(super) fn scalar(bytes: &[u8], start: usize) -> Result<(Kind, usize), NotAnObject> {
    let rest = bytes.get(start..).unwrap_or_default();
    let literal = |text: &str, kind| match rest.starts_with(text.as_bytes()) {
        true => Ok((kind, start + text.len())),
        false => Err(fault(start, Reason::ExpectedValue)),
    };
    match rest.first() {
        Some(b't') => literal("true", Kind::True),
        Some(b'f') => literal("false", Kind::False),
        Some(b'n') => literal("null", Kind::Null),
        Some(b'-' | b'0'..=b'9') => {
            let length = number_length(rest).ok_or_else(|| fault(start, Reason::InvalidNumber))?;
            Ok((Kind::Number, start + length))
        }
        Some(_) => Err(fault(start, Reason::ExpectedValue)),
        None => Err(fault(start, Reason::CutOff)),
    }
}

/// The length of the number that `bytes` starts with.
fn number_length(bytes: &[u8]) -> Option<usize> {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let digits = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        let count = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        (count > 0).then_some(from + count)
    };
    let sign = usize::from(byte(0) == b'-');
    let mut end = if byte(sign) == b'0' { sign + 1 } else { digits(sign)? };
    if byte(end) == b'.' {
        end = digits(end + 1)?;
    }
    if matches!(byte(end), b'e' | b'E') {
        end = digits(end + 1 + usize::from(matches!(byte(end + 1), b'+' | b'-')))?;
    }
    Some(end)
}

/// Where the string's closing quote is, and whether an escape comes before it; `start` is just past the opening one.
pub(super) fn string_end(bytes: &[u8], start: usize) -> Result<(usize, bool), NotAnObject> {
    let mut at = start;
    let mut escaped = false;
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok((at, escaped)),
            Some(b'\\') => {
                escaped = true;
                at = escape_end(bytes, at)?;
            }
            Some(0..0x20) => return Err(fault(at, Reason::ControlCharacter)),
            Some(_) => at += 1,
            None => return Err(fault(at, Reason::CutOff)),
        }
    }
}

/// The end of the escape whose backslash is at `start`; a surrogate pair counts as one.
pub(super) fn escape_end(bytes: &[u8], start: usize) -> Result<usize, NotAnObject> {
    let unit = |at: usize| match bytes.get(at..at + 4).and_then(hex4) {
        Some(unit) => Ok(unit),
        None if bytes.len() < at + 4 => Err(fault(bytes.len(), Reason::CutOff)),
        None => Err(fault(start, Reason::InvalidEscape)),
    };
    match bytes.get(start + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(start + 2),
        Some(b'u') => match unit(start + 2)? {
            0xd800..=0xdbff => {
                let low = bytes.get(start + 6..start + 8) == Some(b"\\u");
                if low && matches!(unit(start + 8)?, 0xdc00..=0xdfff) {
                    return Ok(start + 12);
                }
                Err(fault(start, Reason::LoneSurrogate))
            }
            0xdc00..=0xdfff => Err(fault(start, Reason::LoneSurrogate)),
            _ => Ok(start + 6),
        },
        Some(_) => Err(fault(start, Reason::InvalidEscape)),
        None => Err(fault(start + 1, Reason::CutOff)),
    }
}

fn fault(offset: usize, reason: NotAnObjectReason) -> NotAnObject {
    NotAnObject { offset, reason }
}
