//! A filter pattern read as facts on the record.

use std::borrow::Cow;

use crate::Span;
use crate::schema::Key;
use crate::syntax::filter::{
    Comparison, Condition, Expr, NumberLiteral, Selector, SelectorStep, Text, Value,
};

use super::conjunction::{self, Tree};
use super::facts::{Beside, Facts, FieldUse, Literal, LiteralKind, Test};

/// What the conditions of a JSON pattern say.
pub(super) fn facts<'a>(text: &str, conditions: &'a Expr<Condition>) -> Facts<'a> {
    let mut uses = Vec::new();
    let tree = tree(text, conditions, &mut uses);
    conjunction::note(&tree, &Beside::default(), &mut uses);
    Facts { uses, system_names: Vec::new() }
}

/// What a selector says that takes its value from what these conditions match.
pub(super) fn of_selector<'a>(selector: &'a Selector, conditions: &'a Expr<Condition>) -> Facts<'a> {
    let mut tested = Vec::new();
    let tree = tree("", conditions, &mut tested);
    let span = selector.span.0;
    let taken = FieldUse {
        path: path(selector),
        span,
        whole: span,
        test: Test::Read(None),
        is_bracketed: false,
        beside: conjunction::implied(&tree, &tested),
    };
    Facts { uses: vec![taken], system_names: Vec::new() }
}

fn path(selector: &Selector) -> Vec<Key<'_>> {
    let steps = selector.steps().iter().map(|step| match step {
        SelectorStep::Key(key) => Key::Name(key.as_str()),
        SelectorStep::Index(index) => Key::Index(usize::try_from(*index).unwrap_or(usize::MAX)),
        SelectorStep::AnyMember => Key::AnyMember,
        SelectorStep::AnyElement => Key::AnyElement,
    });
    steps.collect()
}

fn tree<'a>(text: &str, expr: &'a Expr<Condition>, uses: &mut Vec<FieldUse<'a>>) -> Tree {
    match expr {
        Expr::Leaf(condition) => {
            uses.push(field_use(text, condition));
            Tree::Use(uses.len() - 1)
        }
        Expr::And(legs) => Tree::All(legs.legs().iter().map(|leg| tree(text, leg, uses)).collect()),
        Expr::Or(legs) => Tree::Any(legs.legs().iter().map(|leg| tree(text, leg, uses)).collect()),
    }
}

fn field_use<'a>(text: &str, condition: &'a Condition) -> FieldUse<'a> {
    let span = condition.selector.span.0;
    let whole = condition.span.0;
    let value = value_span(text, span, whole);
    let test = match &condition.test {
        Comparison::Equal(equal) => equality(equal, false, value),
        Comparison::NotEqual(unequal) => equality(unequal, true, value),
        Comparison::Order(_, bound) => Test::Order(number(bound, value)),
        Comparison::IsNull => Test::IsNull,
        Comparison::IsBool(wanted) => Test::IsBool(*wanted),
        Comparison::NotExists => Test::NotExists,
    };
    let path = path(&condition.selector);
    FieldUse { path, span, whole, test, is_bracketed: false, beside: Beside::default() }
}

/// What stands behind the operator.
fn value_span(text: &str, selector: Span, whole: Span) -> Span {
    let test = Span { start: selector.end.max(whole.start), end: whole.end }.slice(text);
    let value = test.trim_start().trim_start_matches(['=', '!', '<', '>']).trim_start();
    let end = whole.range().end;
    Span::new(end - value.len().min(end), end)
}

fn equality(value: &Value, negated: bool, span: Span) -> Test<'_> {
    match value {
        Value::Text(text) => Test::Equal { negated, values: vec![literal(text, span)] },
        Value::Number(lexeme) => Test::Equal { negated, values: vec![number(lexeme, span)] },
        Value::Regex(_) => Test::Regex,
    }
}

fn number(lexeme: &NumberLiteral, span: Span) -> Literal<'_> {
    Literal {
        kind: LiteralKind::Number,
        text: Cow::Borrowed(lexeme.as_str()),
        open_start: false,
        open_end: false,
        span,
    }
}

fn literal(text: &Text, span: Span) -> Literal<'_> {
    let whole = text.text.as_str();
    let (open_start, inner) = whole.strip_prefix('*').map_or((false, whole), |rest| (true, rest));
    let (open_end, inner) = inner.strip_suffix('*').map_or((false, inner), |rest| (true, rest));
    Literal {
        kind: LiteralKind::Text,
        text: Cow::Borrowed(inner),
        open_start,
        // The one star of `*` is all there is.
        open_end: open_end || whole == "*",
        span,
    }
}
