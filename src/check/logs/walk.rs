//! Every expression of a command, with what may stand there.

use crate::syntax::logs::{Command, Expr, ExprKind, Function, FunctionName, Signature};

/// What the place of an expression allows.
#[derive(Clone, Copy, Debug)]
pub(in crate::check) enum Role<'q> {
    /// Of one row: no aggregates.
    Row,
    /// A result of `stats`: aggregates and what is computed from them.
    Result,
    /// A key of `stats`: no aggregates but `histogram`.
    Key,
    /// Within the arguments of this aggregate.
    Within(&'q FunctionName),
    /// Within something that is reported already.
    Reported,
}

/// Visits the expressions of a command and all parts of theirs, in no order; nested pipelines are left alone.
pub(in crate::check) fn expressions<'q>(command: &'q Command, mut visit: impl FnMut(&'q Expr, Role<'q>)) {
    for (expr, role) in roots(command) {
        within(expr, role, &mut visit);
    }
}

/// Visits an expression in this role and all its parts.
pub(super) fn within<'q>(expr: &'q Expr, role: Role<'q>, visit: &mut impl FnMut(&'q Expr, Role<'q>)) {
    // Not by recursion: a long sum is as deep as it is long.
    let mut open = vec![(expr, role)];
    while let Some((expr, role)) = open.pop() {
        visit(expr, role);
        let role = match &expr.kind {
            ExprKind::Call(call) => role_of_arguments(&call.function, role),
            _ => role,
        };
        open.extend(expr.operands().into_iter().map(|operand| (operand, role)));
    }
}

fn role_of_arguments<'q>(function: &'q FunctionName, role: Role<'q>) -> Role<'q> {
    match Signature::find(&function.text) {
        Some(signature) if signature.aggregate => match role {
            Role::Result => Role::Within(function),
            Role::Key if signature.function == Function::Histogram => Role::Within(function),
            _ => Role::Reported,
        },
        _ => role,
    }
}

fn roots(command: &Command) -> Vec<(&Expr, Role<'_>)> {
    match command {
        Command::Stats(stats) => {
            let results = stats.aggregates.iter().map(|item| (&item.expr, Role::Result));
            results.chain(stats.by.iter().map(|item| (&item.expr, Role::Key))).collect()
        }
        other => other.expressions().into_iter().map(|expr| (expr, Role::Row)).collect(),
    }
}
