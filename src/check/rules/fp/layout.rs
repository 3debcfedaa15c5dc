//! Where the parts of a pattern stand in its text, as far as the tree does not say.

use crate::Span;
use crate::syntax::filter::Condition;

/// Where the parts of a condition stand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// All of it, without parentheses around it.
    pub(super) whole: Span,
    /// The operator or keywords.
    pub(super) operator: Span,
    /// What is compared with; empty behind keywords.
    pub(super) value: Span,
}

impl Place {
    pub(super) fn of_condition(condition: &Condition, text: &str) -> Self {
        let whole = condition.span.0;
        Place::behind(text, whole, condition.selector.span.0.range().end)
    }

    /// The parts of what stands at `whole`, whose subject ends at `subject_end`.
    fn behind(text: &str, whole: Span, subject_end: usize) -> Self {
        let end = whole.range().end;
        let start = end - trimmed_start(text.get(subject_end..end).unwrap_or_default()).len();
        let rest = text.get(start..end).unwrap_or_default();
        let symbols = rest.len() - rest.trim_start_matches(['=', '!', '<', '>']).len();
        let operator_end = if symbols == 0 { end } else { start + symbols };
        let value = trimmed_start(text.get(operator_end..end).unwrap_or_default());
        Place { whole, operator: Span::new(start, operator_end), value: Span::new(end - value.len(), end) }
    }
}

/// Where an entry of a space-delimited pattern stands, and each test of it, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct EntryPlace {
    /// Its tests.
    pub(super) tests: Vec<Place>,
}

/// The entries of a space-delimited pattern that parses.
pub(super) fn places(text: &str) -> Vec<EntryPlace> {
    let start = text.find('[').map_or(0, |at| at + 1);
    let end = text.rfind(']').unwrap_or(text.len());
    split(text, Span::new(start, end), &[","])
        .into_iter()
        .map(|whole| EntryPlace {
            tests: split(text, whole, &["&&", "||", "(", ")"])
                .into_iter()
                .filter(|test| !test.is_empty())
                .map(|test| {
                    let name = test.slice(text).find(|c: char| !is_name(c)).unwrap_or_default();
                    Place::behind(text, test, test.range().start + name)
                })
                .collect(),
        })
        .collect()
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// The pieces of `part` between `separators` that stand outside of quotes and regexes, without the blanks around them.
fn split(text: &str, part: Span, separators: &[&str]) -> Vec<Span> {
    let mut pieces = Vec::new();
    let (mut start, mut at, end) = (part.range().start, part.range().start, part.range().end);
    while let Some(rest) = text.get(at..end).filter(|rest| !rest.is_empty()) {
        if let Some(separator) = separators.iter().find(|separator| rest.starts_with(**separator)) {
            pieces.push(trimmed(text, start, at));
            at += separator.len();
            start = at;
        } else {
            at += piece(rest);
        }
    }
    pieces.push(trimmed(text, start, end));
    pieces
}

/// The length of the quoted text, the regex or the one character that `text` begins with.
fn piece(text: &str) -> usize {
    let mut chars = text.char_indices();
    let Some((_, first)) = chars.next() else { return 0 };
    if first != '"' && first != '%' {
        return first.len_utf8();
    }
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if first == '"' => drop(chars.next()),
            _ if c == first => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// `start..end` without the blanks at both ends.
fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let inside = text.get(start..end).unwrap_or_default();
    let begin = end - trimmed_start(inside).len();
    Span::new(begin, begin + trimmed_end(text.get(begin..end).unwrap_or_default()).len())
}

/// `span` and every pair of parentheses directly around it.
pub(super) fn with_parentheses(text: &str, span: Span) -> Span {
    let mut widest = span;
    while let Some(wider) = parentheses_around(text, widest) {
        widest = wider;
    }
    widest
}

/// The pair of parentheses directly around `span`, with what is in it.
pub(super) fn parentheses_around(text: &str, span: Span) -> Option<Span> {
    let range = span.range();
    let before = trimmed_end(text.get(..range.start).unwrap_or_default());
    let behind = text.get(range.end..).unwrap_or_default();
    let gap = behind.len() - trimmed_start(behind).len();
    let closes = behind.get(gap..).is_some_and(|rest| rest.starts_with(')'));
    (before.ends_with('(') && closes).then(|| Span::new(before.len() - 1, range.end + gap + 1))
}

/// What goes when the operand at `span`, the one number `index` of its junction, goes: parentheses of its own and one
/// operator.
pub(super) fn removal(text: &str, span: Span, index: usize) -> Option<Span> {
    let operand = with_parentheses(text, span).range();
    let is_joint = |joint: Option<&str>| matches!(joint, Some("&&" | "||"));
    if index > 0 {
        let before = trimmed_end(text.get(..operand.start)?);
        let joint = before.len().checked_sub(2)?;
        let start = trimmed_end(text.get(..joint)?).len();
        is_joint(before.get(joint..)).then(|| Span::new(start, operand.end))
    } else {
        let behind = trimmed_start(text.get(operand.end..)?);
        let next = trimmed_start(behind.get(2..)?);
        is_joint(behind.get(..2)).then(|| Span::new(operand.start, text.len() - next.len()))
    }
}

fn trimmed_start(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\r', '\n'])
}

fn trimmed_end(text: &str) -> &str {
    text.trim_end_matches([' ', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_operators_inside_quotes_and_regexes_do_not_split() {
        let text = r#"[ ip , request = "a, \" && b" || request=%x,y%, (size > 1 && size<9) ]"#;
        let found = places(text);
        assert_eq!(found.len(), 3);
        let values: Vec<&str> =
            found.iter().flat_map(|entry| &entry.tests).map(|test| test.value.slice(text)).collect();
        assert_eq!(values, ["", r#""a, \" && b""#, "%x,y%", "1", "9"]);
    }

    #[test]
    fn an_operand_goes_with_its_parentheses_and_one_operator() {
        let text = "{ ( $.a = 1 ) || ($.b = 2) }";
        let span = |part: &str| {
            let at = text.find(part).unwrap();
            Span::new(at, at + part.len())
        };
        let without = |part: &str, index| {
            let gone = removal(text, span(part), index).unwrap().range();
            [text.get(..gone.start).unwrap(), text.get(gone.end..).unwrap()].concat()
        };
        assert_eq!(without("$.a = 1", 0), "{ ($.b = 2) }");
        assert_eq!(without("$.b = 2", 1), "{ ( $.a = 1 ) }");
    }
}
