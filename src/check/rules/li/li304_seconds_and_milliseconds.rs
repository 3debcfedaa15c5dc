//! LI304: `now()` gives seconds, and a time beside it has milliseconds.

use crate::syntax::Rule;
use crate::syntax::logs::{Argument, Arguments, BinaryOp, Expr, ExprKind};
use crate::{Code, Diagnostic, Severity};

use super::Context;
use super::expressions::each;

pub(super) const RULE: Rule = Rule {
    code: Code("LI304"),
    severity: Severity::Warning,
    title: "seconds are compared with milliseconds",
    why: "`now()` is in seconds since 1970, while `@timestamp` and `toMillis` are in milliseconds, a thousand times as much. \
          Compared or subtracted as they are, every event seems to lie in the far future.",
    bad: "filter toMillis(@timestamp) > now() - 3600 | stats count(*) as calls by eventName",
    good: "filter toMillis(@timestamp) > now() * 1000 - 3600000 | stats count(*) as calls by eventName",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context.query, |expr| {
        let ExprKind::Binary(operator, left, right) = &expr.kind else { return };
        let mixes = matches!(
            operator,
            BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual | BinaryOp::Subtract
        );
        for (milliseconds, seconds) in [(left, right), (right, left)] {
            if mixes && in_milliseconds(milliseconds) && let Some(now) = in_seconds(seconds) {
                findings.push(
                    Diagnostic::new(RULE.code, RULE.severity, now.span.0, "`now()` is in seconds".to_owned())
                        .label("a thousand times too small")
                        .help("write `now() * 1000`, and the other lengths of time in milliseconds"),
                );
            }
        }
    });
}

fn in_milliseconds(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Field(field) => matches!(field.name.as_str(), "@timestamp" | "@ingestionTime"),
        ExprKind::Call(call) => call.function.key() == "tomillis",
        _ => false,
    }
}

/// The call of `now` in sums and differences with numbers.
fn in_seconds(expr: &Expr) -> Option<&Expr> {
    let mut expr = expr;
    loop {
        match &expr.kind {
            ExprKind::Call(call) if call.function.key() == "now" => return Some(expr),
            ExprKind::Call(call) if call.function.key() == "tomillis" => {
                let Arguments::List(arguments) = &call.arguments else { return None };
                let [Argument::Expr(inner)] = arguments.as_slice() else { return None };
                expr = inner;
            }
            ExprKind::Binary(BinaryOp::Subtract | BinaryOp::Add, left, right)
                if matches!(&right.kind, ExprKind::Literal(_)) =>
            {
                expr = left;
            }
            _ => return None,
        }
    }
}
