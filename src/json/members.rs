//! The children of an array or object, one level deep, from its text.

use std::borrow::Cow;
use std::collections::HashMap;

use super::plain::{scalar, string_end};
use super::project::Kind;
use super::{Node, RawString};

/// A child of an array or object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// The key of a member of an object; `None` for an element of an array.
    pub key: Option<RawString<'a>>,
    /// Its value, never [`Node::Absent`].
    pub value: Node<'a>,
}

/// The children of `container`, the text of an array or object, in order. Of an object's members with equal decoded
/// keys only the last one is given.
///
/// The text should be validated, as that of a [`Node::Array`] or [`Node::Object`] is. Of any other text the children
/// up to where it ceases to be JSON are given; it never panics.
///
/// ```
/// use trailql::json::{Node, members};
///
/// let values: Vec<_> = members(r#"{"a":1,"b":null,"\u0061":2}"#).map(|member| member.value).collect();
/// assert_eq!(values, [Node::Null, Node::Number("2")]);
/// assert_eq!(members("[[1,2],{}]").next().unwrap().value, Node::Array("[1,2]"));
/// ```
pub fn members<'a>(container: &'a str) -> impl Iterator<Item = Member<'a>> {
    let children = Children::new(container);
    let (elements, members) = match children.object {
        true => (None, Some(last_of_equal_keys(children.collect()).into_iter())),
        false => (Some(children), None),
    };
    elements.into_iter().flatten().chain(members.into_iter().flatten())
}

/// Objects of up to so many members are searched for equal keys pair by pair.
const FEW_MEMBERS: usize = 16;

fn last_of_equal_keys(mut members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    let key = |member: &Member<'_>| member.key.map(|key| key.decode()).unwrap_or_default().into_owned();
    if members.len() > FEW_MEMBERS {
        let last: HashMap<String, usize> = members.iter().map(key).zip(0..).collect();
        let mut at = 0..;
        members.retain(|member| last.get(&key(member)).copied() == at.next());
    } else {
        let mut at = 0;
        while let Some((member, later)) = members.get(at..).and_then(<[_]>::split_first) {
            if later.iter().any(|it| same_key(it.key, member.key)) {
                members.remove(at);
            } else {
                at += 1;
            }
        }
    }
    members
}

fn same_key(a: Option<RawString<'_>>, b: Option<RawString<'_>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) if a.has_escape() || b.has_escape() => {
            let decoded: Cow<'_, str> = b.decode();
            a.eq_str(&decoded)
        }
        (Some(a), Some(b)) => a.raw() == b.raw(),
        _ => false,
    }
}

/// The children as they are written, members with equal keys included.
struct Children<'a> {
    text: &'a str,
    at: usize,
    object: bool,
    first: bool,
}

impl<'a> Children<'a> {
    fn new(text: &'a str) -> Self {
        let mut children = Children { text, at: 0, object: false, first: true };
        match children.token() {
            Some(b'{') => children.object = true,
            Some(b'[') => {}
            _ => children.at = text.len(),
        }
        children.at += 1;
        children
    }

    /// The next byte that is no whitespace, not passed.
    fn token(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    fn pass(&mut self, token: u8) -> Option<()> {
        (self.token()? == token).then(|| self.at += 1)
    }

    fn string(&mut self) -> Option<RawString<'a>> {
        self.pass(b'"')?;
        let (end, escaped) = string_end(self.text.as_bytes(), self.at).ok()?;
        let raw = self.text.get(self.at..end)?;
        self.at = end + 1;
        Some(RawString::new(raw, escaped))
    }

    fn value(&mut self) -> Option<Node<'a>> {
        let token = self.token()?;
        let start = self.at;
        Some(match token {
            b'"' => Node::String(self.string()?),
            b'{' | b'[' => {
                self.at = container_end(self.text.as_bytes(), start)?;
                let text = self.text.get(start..self.at)?;
                if token == b'{' { Node::Object(text) } else { Node::Array(text) }
            }
            _ => {
                let (kind, end) = scalar(self.text.as_bytes(), start).ok()?;
                self.at = end;
                match kind {
                    Kind::Null => Node::Null,
                    Kind::True => Node::Bool(true),
                    Kind::False => Node::Bool(false),
                    _ => Node::Number(self.text.get(start..end)?),
                }
            }
        })
    }

    fn child(&mut self) -> Option<Member<'a>> {
        if !std::mem::take(&mut self.first) {
            self.pass(b',')?;
        }
        let key = match self.object {
            true => {
                let key = self.string()?;
                self.pass(b':')?;
                Some(key)
            }
            false => None,
        };
        Some(Member { key, value: self.value()? })
    }
}

impl<'a> Iterator for Children<'a> {
    type Item = Member<'a>;

    fn next(&mut self) -> Option<Member<'a>> {
        let child = self.child();
        if child.is_none() {
            self.at = self.text.len();
        }
        child
    }
}

/// The end of the array or object that starts at `start`. Brackets are counted, not paired.
fn container_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'"' => at = string_end(bytes, at + 1).ok()?.0,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}
