//! How a path and a value are written in the language of the text at hand.

use crate::Span;
use crate::schema::Key;
use crate::syntax::Trivia;
use crate::syntax::{filter, logs};

use super::facts::{Literal, LiteralKind};

/// The language of the text at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Filter patterns.
    Filter,
    /// Logs Insights.
    Logs,
}

impl Spelling {
    /// The path as this language writes it; `None` where it cannot.
    pub(super) fn path(self, path: &[Key<'_>]) -> Option<String> {
        match self {
            Spelling::Filter => {
                let steps = path.iter().map(|key| match key {
                    Key::Name(name) => filter::Key::new(*name).map(filter::SelectorStep::Key),
                    Key::Index(index) => Some(filter::SelectorStep::Index(*index as u64)),
                    Key::AnyElement => Some(filter::SelectorStep::AnyElement),
                    Key::AnyMember => Some(filter::SelectorStep::AnyMember),
                });
                Some(filter::Selector::new(steps.collect::<Option<_>>()?)?.to_string())
            }
            Spelling::Logs => {
                let segments = path.iter().map(|key| match key {
                    Key::Name(name) => Some((*name).to_owned()),
                    Key::Index(index) => Some(index.to_string()),
                    Key::AnyElement | Key::AnyMember => None,
                });
                let name = segments.collect::<Option<Vec<_>>>()?.join(".");
                if name.is_empty() {
                    return None;
                }
                let unwritten = Trivia(String::new());
                Some(logs::Field { name, spelled: unwritten, span: Trivia(Span::default()) }.to_string())
            }
        }
    }

    /// A text in the place of this literal, with its quotes and wildcards.
    pub(super) fn text_for(self, literal: &Literal<'_>, source: &str, text: &str) -> String {
        let written = literal.span.slice(source);
        let stars = self == Spelling::Filter && literal.kind == LiteralKind::Text;
        let start = if stars && literal.open_start { "*" } else { "" };
        let end = if stars && literal.open_end { "*" } else { "" };
        let text = format!("{start}{text}{end}");
        let needs_no_quotes = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.*-".contains(&b));
        match written.chars().next() {
            Some('\'') if !text.contains('\'') => format!("'{text}'"),
            Some('"') => quoted(&text),
            _ if self == Spelling::Filter && literal.kind == LiteralKind::Text && needs_no_quotes => text,
            _ => quoted(&text),
        }
    }

    /// A condition that a boolean field has this value.
    pub(super) fn is_bool(self, path: &str, value: bool) -> String {
        match (self, value) {
            (Spelling::Filter, true) => format!("{path} IS TRUE"),
            (Spelling::Filter, false) => format!("{path} IS FALSE"),
            (Spelling::Logs, true) => format!("{path} = 1"),
            (Spelling::Logs, false) => format!("{path} = 0"),
        }
    }

    /// A condition that a field is not there.
    pub(super) fn is_absent(self, path: &str) -> String {
        match self {
            Spelling::Filter => format!("{path} NOT EXISTS"),
            Spelling::Logs => format!("not ispresent({path})"),
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The steps of a path as documents write it: joined by dots, an index in brackets.
pub(super) fn documented(path: &str) -> Vec<Key<'_>> {
    let mut steps = Vec::new();
    for segment in path.split('.') {
        let mut parts = segment.split('[');
        match parts.next() {
            Some(name) if !name.is_empty() => steps.push(Key::Name(name)),
            _ => {}
        }
        steps.extend(parts.map(|index| match index.trim_end_matches(']').parse() {
            Ok(index) => Key::Index(index),
            Err(_) => Key::AnyElement,
        }));
    }
    steps
}
