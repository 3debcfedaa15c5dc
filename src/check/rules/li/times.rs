//! In what unit an expression counts time.

use crate::syntax::logs::{BinaryOp, Expr, ExprKind, Function, Literal, LiteralKind};

use super::condition::function;
use super::pipeline::field_name;

/// A unit of time since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// As `now()` counts.
    Seconds,
    /// As `toMillis` and timestamps count.
    Milliseconds,
}

/// The unit, where it is certain.
pub(super) fn unit(expr: &Expr) -> Option<Unit> {
    match &expr.kind {
        ExprKind::Field(_) => {
            matches!(field_name(expr), Some("@timestamp" | "@ingestionTime")).then_some(Unit::Milliseconds)
        }
        ExprKind::Call(_) => match function(expr)? {
            Function::Now => Some(Unit::Seconds),
            Function::ToMillis
            | Function::Bin
            | Function::DateFloor
            | Function::DateCeil
            | Function::FromMillis
            | Function::ParseDate
            | Function::QueryStartTime
            | Function::QueryEndTime => Some(Unit::Milliseconds),
            _ => None,
        },
        ExprKind::Binary(op @ (BinaryOp::Multiply | BinaryOp::Divide), left, right) => {
            match (unit(left), thousand(right), op) {
                (Some(Unit::Seconds), true, BinaryOp::Multiply) => Some(Unit::Milliseconds),
                (Some(Unit::Milliseconds), true, BinaryOp::Divide) => Some(Unit::Seconds),
                (None, _, BinaryOp::Multiply) if thousand(left) && unit(right) == Some(Unit::Seconds) => {
                    Some(Unit::Milliseconds)
                }
                _ => None,
            }
        }
        // A point in time, some time earlier or later.
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, left, right) => {
            match (unit(left), unit(right)) {
                (Some(unit), None) => Some(unit),
                _ => None,
            }
        }
        _ => None,
    }
}

fn thousand(expr: &Expr) -> bool {
    matches!(
        &expr.kind,
        ExprKind::Literal(Literal { kind: LiteralKind::Number(number), .. }) if number.parse() == Ok(1000.0)
    )
}

/// The value of a number that is written out.
pub(super) fn number(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Literal(Literal { kind: LiteralKind::Number(number), .. }) => number.parse().ok(),
        _ => None,
    }
}
