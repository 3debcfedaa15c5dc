//! Conditions: what one says of a field, and which hold together.

use std::cell::OnceCell;

use regex::RegexBuilder;

use crate::Span;
use crate::syntax::logs::{
    BinaryOp, Command, Expr, ExprKind, Function, InSet, LikePattern, Literal, LiteralKind, LogsQuery,
    Signature, Stage, UnaryOp,
};

use super::pipeline::{self, Step};

/// What a condition says of something, where it compares it with literals.
pub(super) struct Test<'q> {
    pub(super) subject: &'q Expr,
    pub(super) says: Says<'q>,
}

/// What is said.
pub(super) enum Says<'q> {
    /// It equals one of these, or none of them.
    Equal { negated: bool, values: Vec<Value<'q>> },
    /// It stands in this order to a number.
    Order(BinaryOp, f64),
    /// It is like a text or regex, or is not.
    Like { negated: bool, pattern: &'q LikePattern, regex: Compiled },
    /// It is there, or is not.
    Present { negated: bool },
}

/// A regex, compiled when it is first tried; `None` where it is too large for that.
pub(super) type Compiled = OnceCell<Option<regex::Regex>>;

/// A literal that something is compared with.
#[derive(Clone, Debug)]
pub(super) struct Value<'q> {
    pub(super) text: &'q str,
    pub(super) is_text: bool,
    pub(super) number: Option<f64>,
    pub(super) span: Span,
}

impl Value<'_> {
    /// Whether nothing equals both.
    pub(super) fn differs(&self, other: &Value<'_>) -> bool {
        match (self.number, other.number) {
            (Some(one), Some(two)) => one != two,
            _ => self.text != other.text,
        }
    }

    /// Whether what equals the one equals the other.
    pub(super) fn is_same(&self, other: &Value<'_>) -> bool {
        self.is_text == other.is_text && self.text == other.text
    }
}

/// What a condition says, where that is a comparison with literals.
pub(super) fn test(expr: &Expr) -> Option<Test<'_>> {
    match &expr.kind {
        ExprKind::Unary(UnaryOp::Not, operand) => {
            let Test { subject, says } = test(operand)?;
            Some(Test { subject, says: negation(says)? })
        }
        ExprKind::Binary(op, left, right) => {
            let (subject, value, op) = match (value_of(left), value_of(right)) {
                (None, Some(value)) => (&**left, value, *op),
                (Some(value), None) => (&**right, value, turned(*op)),
                _ => return None,
            };
            let says = match op {
                BinaryOp::Equal => Says::Equal { negated: false, values: vec![value] },
                BinaryOp::NotEqual => Says::Equal { negated: true, values: vec![value] },
                BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual => {
                    Says::Order(op, value.number.filter(|_| !value.is_text)?)
                }
                _ => return None,
            };
            Some(Test { subject, says })
        }
        ExprKind::Like { operand, negated, pattern } => Some(Test {
            subject: operand,
            says: Says::Like { negated: *negated, pattern, regex: OnceCell::new() },
        }),
        ExprKind::In { operand, negated, set: InSet::List(literals) } if !literals.is_empty() => {
            let values = literals.iter().map(value).collect::<Option<Vec<_>>>()?;
            Some(Test { subject: operand, says: Says::Equal { negated: *negated, values } })
        }
        ExprKind::Call(call) if function(expr) == Some(Function::IsPresent) => {
            let arguments = call.arguments.expressions();
            let [subject] = arguments.as_slice() else { return None };
            Some(Test { subject, says: Says::Present { negated: false } })
        }
        _ => None,
    }
}

fn negation(says: Says<'_>) -> Option<Says<'_>> {
    match says {
        Says::Equal { negated, values } => Some(Says::Equal { negated: !negated, values }),
        Says::Like { negated, pattern, regex } => Some(Says::Like { negated: !negated, pattern, regex }),
        Says::Present { negated } => Some(Says::Present { negated: !negated }),
        // `not x > 5` holds where `x` is missing, `x <= 5` does not.
        Says::Order(..) => None,
    }
}

fn turned(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessOrEqual => BinaryOp::GreaterOrEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterOrEqual => BinaryOp::LessOrEqual,
        other => other,
    }
}

fn value_of(expr: &Expr) -> Option<Value<'_>> {
    match &expr.kind {
        ExprKind::Literal(literal) => value(literal),
        _ => None,
    }
}

fn value(literal: &Literal) -> Option<Value<'_>> {
    let span = literal.span.0;
    match &literal.kind {
        LiteralKind::Text(text) => Some(Value { text, is_text: true, number: number(text), span }),
        LiteralKind::Number(text) => Some(Value { text, is_text: false, number: number(text), span }),
        LiteralKind::Bool(_) | LiteralKind::Null => None,
    }
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// The text of a literal.
pub(super) fn text(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Literal(Literal { kind: LiteralKind::Text(text), .. }) => Some(text),
        _ => None,
    }
}

/// Which function an expression calls.
pub(super) fn function(expr: &Expr) -> Option<Function> {
    match &expr.kind {
        ExprKind::Call(call) => Signature::find(&call.function.text).map(|known| known.function),
        _ => None,
    }
}

/// The operands of a run of one operator, from left to right.
pub(super) fn legs(expr: &Expr, joint: BinaryOp) -> Vec<&Expr> {
    let mut found = Vec::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Binary(op, left, right) if *op == joint => open.extend([&**right, &**left]),
            _ => found.push(expr),
        }
    }
    found
}

fn is(expr: &Expr, joint: BinaryOp) -> bool {
    matches!(&expr.kind, ExprKind::Binary(op, ..) if *op == joint)
}

/// What must hold together: the legs of each `and`, and what several `filter` say of the same rows.
pub(super) fn conjunctions(query: &LogsQuery) -> Vec<Vec<&Expr>> {
    let mut groups: Vec<Vec<&Expr>> = Vec::new();
    let mut run: Vec<&Expr> = Vec::new();
    for step in pipeline::steps(query) {
        if step.place == 0 || !keeps_names(step.stage) {
            groups.push(std::mem::take(&mut run));
        }
        let whole = filtered(step.stage);
        run.extend(whole.iter().flat_map(|condition| legs(condition, BinaryOp::And)));
        groups.extend(inner(&step, BinaryOp::And, whole));
    }
    groups.push(run);
    groups.retain(|legs| legs.len() > 1);
    groups
}

/// The legs of each `or`.
pub(super) fn disjunctions(query: &LogsQuery) -> Vec<Vec<&Expr>> {
    pipeline::steps(query).iter().flat_map(|step| inner(step, BinaryOp::Or, None)).collect()
}

/// The legs of each run of the operator that is no leg of another one, and not `whole` itself.
fn inner<'q>(step: &Step<'q>, joint: BinaryOp, whole: Option<&'q Expr>) -> Vec<Vec<&'q Expr>> {
    pipeline::expressions(step)
        .into_iter()
        .filter(|(expr, parent)| is(expr, joint) && !parent.is_some_and(|parent| is(parent, joint)))
        .filter(|(expr, _)| !whole.is_some_and(|whole| std::ptr::eq(whole, *expr)))
        .map(|(expr, _)| legs(expr, joint))
        .collect()
}

/// The condition of a stage that filters.
pub(super) fn filtered(stage: &Stage) -> Option<&Expr> {
    match &stage.command {
        Command::Filter { condition, .. } | Command::Search(condition) => Some(condition),
        _ => None,
    }
}

/// Whether behind a stage each name stands for what it stood for before.
fn keeps_names(stage: &Stage) -> bool {
    match &stage.command {
        Command::Filter { .. }
        | Command::Search(_)
        | Command::FilterIndex(_)
        | Command::Sort(_)
        | Command::Source(_) => true,
        Command::Fields(_) | Command::Display(_) => pipeline::names_made(&stage.command).is_empty(),
        _ => false,
    }
}

/// The most memory that a regex may take here, in bytes.
const REGEX_SIZE: usize = 1 << 16;

/// Whether a text is like the pattern; `None` for a pattern that cannot be tried.
pub(super) fn is_like(text: &str, pattern: &LikePattern, regex: &Compiled) -> Option<bool> {
    let source = match pattern {
        LikePattern::Substring(part) => return Some(text.contains(&part.text)),
        LikePattern::Regex(regex) => &regex.source,
        LikePattern::RegexInQuotes(regex) => &regex.text,
    };
    let compile = || RegexBuilder::new(source).size_limit(REGEX_SIZE).build().ok();
    regex.get_or_init(compile).as_ref().map(|regex| regex.is_match(text))
}

/// Whether a number stands in this order to another.
pub(super) fn stands(number: f64, op: BinaryOp, bound: f64) -> bool {
    match op {
        BinaryOp::Less => number < bound,
        BinaryOp::LessOrEqual => number <= bound,
        BinaryOp::Greater => number > bound,
        BinaryOp::GreaterOrEqual => number >= bound,
        _ => false,
    }
}
