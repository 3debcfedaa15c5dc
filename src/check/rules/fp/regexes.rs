//! The regexes of a pattern, of whatever kind, and what stands in them.

use crate::Span;
use crate::syntax::filter::{ItemAtom, RegexLiteral, Value};

use super::View;
use super::clause::Clause;
use super::terms::items;

/// A regex and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Found<'v> {
    /// The condition it belongs to; `None` in a terms pattern.
    pub(super) clause: Option<&'v Clause<'v>>,
    pub(super) regex: &'v RegexLiteral,
    /// All of it, percent signs included.
    pub(super) span: Span,
}

impl Found<'_> {
    /// The place of a part of the regex, which begins `at` bytes behind the percent sign.
    pub(super) fn part(&self, at: usize, length: usize) -> Span {
        let start = self.span.range().start + 1 + at;
        Span::new(start, start + length)
    }
}

/// Every regex, from left to right.
pub(super) fn regexes<'v>(view: &'v View<'_>) -> impl Iterator<Item = Found<'v>> {
    let of_clauses = view.clauses().filter_map(|clause| match clause.value() {
        Some(Value::Regex(regex)) => Some(Found { clause: Some(clause), regex, span: clause.place.value }),
        _ => None,
    });
    let of_items = items(view).iter().filter_map(|item| match &item.atom {
        ItemAtom::Regex(regex) => {
            let whole = item.span.0.range();
            let prefix = item.span.0.slice(view.text).find('%').unwrap_or_default();
            Some(Found { clause: None, regex, span: Span::new(whole.start + prefix, whole.end) })
        }
        _ => None,
    });
    of_clauses.chain(of_items)
}

/// One piece of an alternative of a regex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'r> {
    /// Where it begins in the alternative.
    pub(super) at: usize,
    /// A character, an escape or a class; without the repetition behind it.
    pub(super) text: &'r str,
    /// The repetition behind it, as `*` or `{2}`; may be empty.
    pub(super) repetition: &'r str,
}

impl Piece<'_> {
    /// Whether it stands for the start or the end of the text.
    pub(super) fn is_anchor(&self) -> bool {
        matches!(self.text, "^" | "$")
    }

    /// Whether it may stand for nothing at all.
    pub(super) fn may_be_empty(&self) -> bool {
        self.is_anchor()
            || self.repetition.starts_with(['*', '?'])
            || self.repetition.starts_with("{0")
            || self.repetition.starts_with("{,")
    }
}

/// The pieces of one alternative.
pub(super) fn pieces(alternative: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = alternative.get(at..).filter(|rest| !rest.is_empty()) {
        let length = atom(rest);
        let (text, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let repeated = repetition(behind);
        found.push(Piece { at, text, repetition: behind.get(..repeated).unwrap_or_default() });
        at += length + repeated;
    }
    found
}

/// The length of the character, escape or class that `text` begins with.
fn atom(text: &str) -> usize {
    let mut chars = text.char_indices();
    match chars.next() {
        Some((_, '\\')) if text.starts_with("\\x") => text.len().min(4),
        Some((_, '\\')) => chars.next().map_or(1, |(at, c)| at + c.len_utf8()),
        Some((_, '[')) => {
            while let Some((at, c)) = chars.next() {
                match c {
                    '\\' => drop(chars.next()),
                    ']' => return at + 1,
                    _ => {}
                }
            }
            text.len()
        }
        Some((_, c)) => c.len_utf8(),
        None => 0,
    }
}

fn repetition(text: &str) -> usize {
    if text.starts_with(['*', '+', '?']) {
        return 1;
    }
    let Some((inside, _)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) else { return 0 };
    let is_bound = inside.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
    if is_bound && inside.bytes().any(|byte| byte.is_ascii_digit()) { inside.len() + 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_characters_escapes_and_classes_with_their_repetition() {
        let found = pieces(r"^a{2,}\.[^\]|]+\x2a$");
        let texts: Vec<(&str, &str)> = found.iter().map(|piece| (piece.text, piece.repetition)).collect();
        assert_eq!(
            texts,
            [("^", ""), ("a", "{2,}"), (r"\.", ""), (r"[^\]|]", "+"), (r"\x2a", ""), ("$", "")]
        );
        assert!(pieces("b?")[0].may_be_empty() && !pieces("b+")[0].may_be_empty());
        assert_eq!(pieces("a{x}").len(), 4, "a brace without bounds is a character");
    }
}
