//! Expressions of the tree on a row (`spec/logs-insights.md` 3 and 4).

use std::cmp::Ordering;

use super::Pipeline;
use super::table::{Row, Scope};
use crate::plan::logs::MissingNegation;
use crate::syntax::logs::{
    Argument, Arguments, BinaryOp, Call, Expr, ExprKind, Function, InSet, LikePattern, Literal, LiteralKind,
    Period, Signature, UnaryOp,
};
use crate::values::ScalarCall;
use crate::values::Value;
use crate::values::{AggregateSpec, compile_regex, parse_number};

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Env<'a> {
    pub(super) scope: &'a Scope,
    pub(super) row: &'a Row,
    /// The rows of the group that `row` stands for, and their names, in a `stats`.
    pub(super) members: Option<(&'a Scope, &'a [Row])>,
    /// Whether this is a group key.
    pub(super) is_key: bool,
    /// How far bins are shifted.
    pub(super) offset_millis: i64,
}

impl<'a> Env<'a> {
    pub(super) fn of(scope: &'a Scope, row: &'a Row) -> Self {
        Env { scope, row, members: None, is_key: false, offset_millis: 0 }
    }
}

/// Whether a condition holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Truth {
    Yes,
    No,
    /// A field is missing, and a negation shall not make a yes of that.
    Unknown,
}

fn told(holds: bool) -> Truth {
    if holds { Truth::Yes } else { Truth::No }
}

impl Pipeline<'_> {
    pub(super) fn holds(&self, expr: &Expr, env: Env<'_>) -> bool {
        self.truth(expr, env) == Truth::Yes
    }

    fn truth(&self, expr: &Expr, env: Env<'_>) -> Truth {
        match &expr.kind {
            ExprKind::Unary(UnaryOp::Not, operand) => match self.truth(operand, env) {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                Truth::Unknown => Truth::Unknown,
            },
            ExprKind::Binary(BinaryOp::And, left, right) => {
                match (self.truth(left, env), self.truth(right, env)) {
                    (Truth::No, _) | (_, Truth::No) => Truth::No,
                    (Truth::Yes, Truth::Yes) => Truth::Yes,
                    _ => Truth::Unknown,
                }
            }
            ExprKind::Binary(BinaryOp::Or, left, right) => {
                match (self.truth(left, env), self.truth(right, env)) {
                    (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
                    (Truth::No, Truth::No) => Truth::No,
                    _ => Truth::Unknown,
                }
            }
            ExprKind::Binary(op, left, right) if is_comparison(*op) => {
                if is_null(left) || is_null(right) {
                    return Truth::No;
                }
                let (left, right) = (self.value(left, env), self.value(right, env));
                if left.is_container() || right.is_container() {
                    return Truth::No;
                }
                if left.is_missing() || right.is_missing() {
                    return self.of_missing(*op == BinaryOp::NotEqual);
                }
                told(compares(*op, &left, &right))
            }
            ExprKind::Like { operand, negated, pattern } => {
                let value = self.value(operand, env);
                self.test(&value, *negated, |value| {
                    let text = value.text().unwrap_or_default();
                    match pattern {
                        LikePattern::Substring(part) => text.contains(&part.text),
                        LikePattern::Regex(regex) => finds(&regex.source, &text),
                        LikePattern::RegexInQuotes(regex) => finds(&regex.text, &text),
                    }
                })
            }
            ExprKind::In { operand, negated, set } => {
                let value = self.value(operand, env);
                self.test(&value, *negated, |value| match set {
                    InSet::List(literals) => literals.iter().any(|literal| value.equals(&value_of(literal))),
                    InSet::Pipeline(query) => self.set(query).iter().any(|other| value.equals(other)),
                })
            }
            _ => match self.value(expr, env) {
                Value::Missing => self.of_missing(false),
                value => told(value.truthy()),
            },
        }
    }

    /// A test of one value: false of maps and lists, negated or not.
    fn test(&self, value: &Value<'_>, negated: bool, holds: impl FnOnce(&Value<'_>) -> bool) -> Truth {
        if value.is_missing() {
            return self.of_missing(negated);
        }
        told(!value.is_container() && holds(value) != negated)
    }

    fn of_missing(&self, negated: bool) -> Truth {
        match self.run.options.missing_negation {
            MissingNegation::Match => told(negated),
            MissingNegation::NoMatch => Truth::Unknown,
        }
    }

    pub(super) fn value(&self, expr: &Expr, env: Env<'_>) -> Value<'static> {
        match &expr.kind {
            ExprKind::Literal(literal) => value_of(literal),
            ExprKind::Field(field) => env.scope.value(env.row, &field.name),
            ExprKind::Call(call) => self.call(call, env),
            ExprKind::Member(base, name) => self.value(base, env).member(name),
            ExprKind::Index(base, index) => {
                usize::try_from(*index).map_or(Value::Missing, |index| self.value(base, env).element(index))
            }
            ExprKind::Unary(UnaryOp::Minus, operand) => number(self.value(operand, env).number().map(|n| -n)),
            ExprKind::Unary(UnaryOp::Plus, operand) => number(self.value(operand, env).number()),
            ExprKind::Binary(op, left, right) if !is_logical(*op) => {
                let (left, right) = (self.value(left, env).number(), self.value(right, env).number());
                number(left.zip(right).and_then(|(left, right)| calculate(*op, left, right)))
            }
            _ => Value::bool(self.holds(expr, env)),
        }
    }

    fn call(&self, call: &Call, env: Env<'_>) -> Value<'static> {
        let Some(signature) = Signature::find(&call.function.text) else { return Value::Missing };
        let arguments: &[Argument] = match &call.arguments {
            Arguments::Star => &[],
            Arguments::List(list) => list,
        };
        if signature.aggregate && !(signature.function == Function::Histogram && env.is_key) {
            return self.aggregate(signature.function, arguments, env);
        }
        let value = |at: usize| match arguments.get(at) {
            Some(Argument::Expr(expr)) => self.value(expr, env),
            _ => Value::Missing,
        };
        let is_true = |at: usize| match arguments.get(at) {
            Some(Argument::Expr(expr)) => self.holds(expr, env),
            _ => false,
        };
        match signature.function {
            Function::If => value(if is_true(0) { 1 } else { 2 }),
            Function::Case => {
                let chosen = (0..arguments.len() / 2).find(|branch| is_true(2 * branch));
                match chosen {
                    Some(branch) => value(2 * branch + 1),
                    None if arguments.len() % 2 == 1 => value(arguments.len() - 1),
                    None => Value::Missing,
                }
            }
            Function::Coalesce => {
                (0..arguments.len()).map(value).find(|value| !value.is_missing()).unwrap_or_default()
            }
            Function::Unmask => value(0),
            Function::IsPresent => Value::bool(!value(0).is_missing()),
            Function::Bin => {
                let Some(Argument::Period(period)) = arguments.first() else { return Value::Missing };
                let mut time = env.scope.value(env.row, "@timestamp");
                // Among groups it is the key that is a bin, which has been shifted.
                if env.offset_millis != 0 && env.members.is_none() {
                    time = number(time.number().map(|millis| millis + env.offset_millis as f64));
                }
                match ScalarCall::prepare(Function::DateFloor, &[None, None], &[None, Some(*period)]) {
                    Ok(ready) => ready.call(&[time, Value::Missing], &self.clock).into_owned(),
                    Err(_) => Value::Missing,
                }
            }
            function => match ScalarCall::prepare(function, &literals(arguments), &periods(arguments)) {
                Ok(ready) => {
                    let values: Vec<Value<'static>> = (0..arguments.len()).map(value).collect();
                    ready.call(&values, &self.clock).into_owned()
                }
                Err(_) => Value::Missing,
            },
        }
    }

    /// One accumulator, to which every row of the group is added.
    fn aggregate(&self, function: Function, arguments: &[Argument], env: Env<'_>) -> Value<'static> {
        let Some((scope, rows)) = env.members else { return Value::Missing };
        let Ok(spec) = AggregateSpec::prepare(function, &literals(arguments), &periods(arguments)) else {
            return Value::Missing;
        };
        let mut accumulator = spec.start();
        for row in rows {
            let inside = Env { offset_millis: env.offset_millis, ..Env::of(scope, row) };
            let value = match arguments.get(spec.input()) {
                Some(Argument::Expr(expr)) => self.value(expr, inside),
                Some(Argument::Period(_)) => Value::Missing,
                None => Value::bool(true),
            };
            accumulator.add(&value, scope.value(row, "@timestamp").time());
        }
        accumulator.finish()
    }
}

fn is_logical(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::And | BinaryOp::Or) || is_comparison(op)
}

fn is_comparison(op: BinaryOp) -> bool {
    use BinaryOp::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    matches!(op, Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
}

fn compares(op: BinaryOp, left: &Value<'_>, right: &Value<'_>) -> bool {
    let order = left.compare(right);
    match op {
        BinaryOp::Equal => left.equals(right),
        BinaryOp::NotEqual => !left.equals(right),
        BinaryOp::Less => order == Some(Ordering::Less),
        BinaryOp::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        BinaryOp::Greater => order == Some(Ordering::Greater),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

fn calculate(op: BinaryOp, left: f64, right: f64) -> Option<f64> {
    Some(match op {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::Divide if right != 0.0 => left / right,
        BinaryOp::Remainder if right != 0.0 => left % right,
        BinaryOp::Power => left.powf(right),
        _ => return None,
    })
}

fn finds(regex: &str, text: &str) -> bool {
    compile_regex(regex).is_ok_and(|regex| regex.is_match(text))
}

fn number(value: Option<f64>) -> Value<'static> {
    value.map_or(Value::Missing, Value::number_of)
}

pub(super) fn value_of(literal: &Literal) -> Value<'static> {
    match &literal.kind {
        LiteralKind::Text(text) => Value::text_of(text.clone()),
        LiteralKind::Number(text) => number(parse_number(text)),
        LiteralKind::Bool(holds) => Value::bool(*holds),
        LiteralKind::Null => Value::Missing,
    }
}

fn is_null(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Literal(literal) if value_of(literal).is_missing())
}

/// The arguments that are literals.
fn literals(arguments: &[Argument]) -> Vec<Option<Value<'static>>> {
    let literal = |argument: &Argument| match argument {
        Argument::Expr(expr) => constant(expr),
        Argument::Period(_) => None,
    };
    arguments.iter().map(literal).collect()
}

fn constant(expr: &Expr) -> Option<Value<'static>> {
    match &expr.kind {
        ExprKind::Literal(literal) => Some(value_of(literal)),
        ExprKind::Unary(UnaryOp::Minus, operand) => match constant(operand)? {
            Value::Number(value) => Some(Value::number_of(-value.value())),
            _ => None,
        },
        _ => None,
    }
}

fn periods(arguments: &[Argument]) -> Vec<Option<Period>> {
    let period = |argument: &Argument| match argument {
        Argument::Expr(_) => None,
        Argument::Period(period) => Some(*period),
    };
    arguments.iter().map(period).collect()
}
