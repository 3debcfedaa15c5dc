//! Space-delimited patterns: a line cut into tokens, tokens bound to fields (`spec/filter-pattern.md` 3.4).

use crate::Span;
use crate::json::Decimal;
use crate::plan::filter::{FieldOperand, FieldPlan, FieldPredicate, SpacePlan};
use crate::syntax::filter::Expr;

/// The tokens of one line.
///
/// ```
/// use trailql::eval::Tokens;
///
/// let tokens = Tokens::of(r#"127.0.0.1 - [10/Oct/2000 -0700] "GET /" 404"#);
/// assert_eq!(tokens.texts(), ["127.0.0.1", "-", "10/Oct/2000 -0700", "GET /", "404"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens<'a> {
    line: &'a str,
    tokens: Vec<Token>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token {
    /// With brackets or quotes.
    whole: Span,
    /// Without.
    inner: Span,
}

impl<'a> Tokens<'a> {
    /// Cuts a line at runs of ASCII whitespace. A token that begins with `[` or `"` runs to the first closing
    /// character, blanks included, if whitespace or the end follows that.
    pub fn of(line: &'a str) -> Self {
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(start) = find_from(line, at, |b| !b.is_ascii_whitespace()) {
            let token = delimited(line, start).unwrap_or_else(|| {
                let end = find_from(line, start, |b| b.is_ascii_whitespace()).unwrap_or(line.len());
                let span = Span::new(start, end);
                Token { whole: span, inner: span }
            });
            at = token.whole.range().end;
            tokens.push(token);
        }
        Tokens { line, tokens }
    }

    /// The texts of the tokens, without the brackets and quotes around them.
    pub fn texts(&self) -> Vec<&'a str> {
        self.tokens.iter().map(|token| token.inner.slice(self.line)).collect()
    }

    fn len(&self) -> usize {
        self.tokens.len()
    }

    fn text(&self, index: usize) -> &'a str {
        self.tokens.get(index).map(|token| token.inner.slice(self.line)).unwrap_or_default()
    }

    /// The raw line from a token to the last one.
    fn rest_from(&self, index: usize) -> &'a str {
        match (self.tokens.get(index), self.tokens.last()) {
            (Some(first), Some(last)) => first.whole.to(last.whole).slice(self.line),
            _ => "",
        }
    }
}

/// The token in brackets or quotes that begins at `start`.
fn delimited(line: &str, start: usize) -> Option<Token> {
    let close = match line.as_bytes().get(start)? {
        b'[' => b']',
        b'"' => b'"',
        _ => return None,
    };
    let end = find_from(line, start + 1, |b| b == close)?;
    let follows = line.as_bytes().get(end + 1);
    follows
        .is_none_or(|b| b.is_ascii_whitespace())
        .then(|| Token { whole: Span::new(start, end + 1), inner: Span::new(start + 1, end) })
}

fn find_from(line: &str, from: usize, accept: impl Fn(u8) -> bool) -> Option<usize> {
    line.as_bytes().get(from..)?.iter().position(|b| accept(*b)).map(|offset| from + offset)
}

/// One field of a line, bound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound<'a, 'p> {
    /// One-based.
    pub(super) position: usize,
    pub(super) field: Option<&'p FieldPlan>,
    pub(super) text: &'a str,
}

impl<'p> Bound<'_, 'p> {
    pub(super) fn name(&self) -> Option<&'p str> {
        self.field.and_then(|field| field.name.as_deref())
    }

    /// How an extracted value is called.
    pub(super) fn key(&self) -> String {
        match self.name() {
            Some(name) => format!("${name}"),
            None => format!("${}", self.position),
        }
    }
}

/// Binds the tokens of a line to the entries of a pattern; `None` where the line has too few.
pub(super) fn bind<'a, 'p>(plan: &'p SpacePlan, line: &'a str) -> Option<Vec<Bound<'a, 'p>>> {
    let tokens = Tokens::of(line);
    let entries = plan.head.len() + plan.tail.as_ref().map_or(0, Vec::len);
    let unbound = |index| Bound { position: index + 1, field: None, text: tokens.text(index) };
    if plan.head.is_empty() && plan.tail.is_none() {
        return (tokens.len() > 0).then(|| (0..tokens.len()).map(unbound).collect());
    }
    if tokens.len() < entries {
        return None;
    }
    let field = |field, index| Bound { position: index + 1, field: Some(field), text: tokens.text(index) };
    let mut bound: Vec<Bound<'a, 'p>> =
        plan.head.iter().enumerate().map(|(index, plan)| field(plan, index)).collect();
    match &plan.tail {
        Some(tail) => {
            let tail_start = tokens.len() - tail.len();
            bound.extend((plan.head.len()..tail_start).map(unbound));
            bound.extend(tail.iter().enumerate().map(|(index, plan)| field(plan, tail_start + index)));
        }
        None if tokens.len() > entries => {
            if let Some(last) = bound.last_mut() {
                last.text = tokens.rest_from(entries - 1);
            }
        }
        None => {}
    }
    Some(bound)
}

pub(super) fn is_match(plan: &SpacePlan, line: &str) -> bool {
    bind(plan, line).is_some_and(|bound| bound.iter().all(field_holds))
}

pub(super) fn field_holds(bound: &Bound<'_, '_>) -> bool {
    let test = bound.field.and_then(|field| field.test.as_ref());
    test.is_none_or(|test| holds(test, bound.text))
}

fn holds(expr: &Expr<FieldPredicate>, text: &str) -> bool {
    match expr {
        Expr::Leaf(predicate) => field_predicate(predicate, text),
        Expr::And(legs) => legs.legs().iter().all(|leg| holds(leg, text)),
        Expr::Or(legs) => legs.legs().iter().any(|leg| holds(leg, text)),
    }
}

pub(super) fn field_predicate(predicate: &FieldPredicate, text: &str) -> bool {
    let equals = |operand: &FieldOperand| match operand {
        FieldOperand::Text(glob) => glob.matches(text),
        FieldOperand::Regex(regex) => regex.is_match(text),
    };
    match predicate {
        FieldPredicate::Equal(operand) => equals(operand),
        FieldPredicate::NotEqual(operand) => !equals(operand),
        FieldPredicate::Order(ordering, number) => {
            match (Decimal::parse(text), Decimal::parse(number.as_str())) {
                (Some(left), Some(right)) => ordering.holds(left.cmp(&right)),
                _ => false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_that_is_not_closed_or_not_alone_is_an_ordinary_character() {
        assert_eq!(Tokens::of(r#"a "b c"#).texts(), ["a", "\"b", "c"]);
        assert_eq!(Tokens::of("[x [y] z] q").texts(), ["x [y", "z]", "q"]);
        assert_eq!(Tokens::of("[a]b c").texts(), ["[a]b", "c"]);
        assert_eq!(Tokens::of("").texts(), Vec::<&str>::new());
        assert_eq!(Tokens::of("\"\" []").texts(), ["", ""]);
    }

    #[test]
    fn whitespace_runs_count_once() {
        assert_eq!(Tokens::of("  a\t\tb \n c  ").texts(), ["a", "b", "c"]);
    }
}
