//! The expressions of a query, as rules look at them.

use crate::Span;
use crate::check::logs::walk;
use crate::syntax::logs::{BinaryOp, Expr, ExprKind, Field, Literal, LiteralKind, LogsQuery};

/// Calls `visit` with each expression of each stage, parts included; nested pipelines are left alone.
pub(super) fn each<'q>(query: &'q LogsQuery, mut visit: impl FnMut(&'q Expr)) {
    for stage in &query.stages {
        walk::expressions(&stage.command, |expr, _| visit(expr));
    }
}

/// The field, where the expression is one.
pub(super) fn field(expr: &Expr) -> Option<&Field> {
    match &expr.kind {
        ExprKind::Field(field) => Some(field),
        _ => None,
    }
}

/// The literal text, where the expression is one, and its place.
pub(super) fn text(expr: &Expr) -> Option<(&str, Span)> {
    match &expr.kind {
        ExprKind::Literal(literal) => literal_text(literal),
        _ => None,
    }
}

/// The text, where the literal is one, and its place.
pub(super) fn literal_text(literal: &Literal) -> Option<(&str, Span)> {
    match &literal.kind {
        LiteralKind::Text(text) => Some((text, literal.span.0)),
        _ => None,
    }
}

/// A comparison of a field with an expression: operator, field, the other side.
pub(super) fn comparison(expr: &Expr) -> Option<(BinaryOp, &Field, &Expr)> {
    let ExprKind::Binary(operator, left, right) = &expr.kind else { return None };
    let compares = matches!(
        operator,
        BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual
    );
    compares.then(|| Some((*operator, field(left)?, &**right)))?
}

/// The conditions that all must hold for this one.
pub(super) fn conjuncts(condition: &Expr) -> Vec<&Expr> {
    let mut open = vec![condition];
    let mut found = Vec::new();
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Binary(BinaryOp::And, left, right) => open.extend([&**right, &**left]),
            _ => found.push(expr),
        }
    }
    found
}
