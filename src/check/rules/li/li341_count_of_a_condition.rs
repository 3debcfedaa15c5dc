//! LI341: a count of something that every row has.

use super::condition::function;
use super::li324_truth_as_text::is_never_missing;
use super::pipeline::{expressions, steps};
use super::{Context, compares, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, Expr, ExprKind, Function, UnaryOp};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI341"),
    severity: Severity::Warning,
    title: "a count of a condition",
    why: "`count(x)` counts the rows in which `x` is there, and a condition is there in every row, as 1 or 0. \
          The rows in which it holds are counted by `sum`.",
    bad: "stats count(errorCode = \"AccessDenied\") as denied by eventSource",
    good: "stats sum(errorCode = \"AccessDenied\") as denied by eventSource",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Call(call) = &expr.kind else { continue };
            if function(expr) != Some(Function::Count) {
                continue;
            }
            let given = call.arguments.expressions();
            let [condition] = given.as_slice() else { continue };
            if is_condition(condition) {
                let call_of = |name: &str| format!("{name}({})", context.written(condition.span.0));
                findings.push(
                    finding(&RULE, expr.span.0, "this counts every row, whether the condition holds or not")
                        .label("1 or 0, and there in both cases")
                        .help(format!("write `{}`", call_of("sum")))
                        .fix(Fix::replace("use `sum`", call.function.span.0, "sum")),
                );
            }
        }
    }
}

fn is_condition(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Binary(op, ..) => compares(*op) || matches!(op, BinaryOp::And | BinaryOp::Or),
        ExprKind::Unary(UnaryOp::Not, _) | ExprKind::Like { .. } | ExprKind::In { .. } => true,
        _ => is_never_missing(expr),
    }
}
