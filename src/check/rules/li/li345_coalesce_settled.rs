//! LI345: `coalesce` whose answer is settled before its last argument.

use super::condition::function;
use super::li324_truth_as_text::is_never_missing;
use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Expr, ExprKind, Function, Literal, LiteralKind};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI345"),
    severity: Severity::Warning,
    title: "`coalesce` ends before its last argument",
    why: "`coalesce` gives the first argument that is there. A literal is always there, so that nothing behind \
          it is ever looked at.",
    bad: "fields coalesce(\"-\", errorCode) as code",
    good: "fields coalesce(errorCode, \"-\") as code",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Call(call) = &expr.kind else { continue };
            if function(expr) != Some(Function::Coalesce) {
                continue;
            }
            let given = call.arguments.expressions();
            let Some((_, before_last)) = given.split_last() else { continue };
            if let Some(settled) = before_last.iter().find(|argument| is_always_there(argument)) {
                let written = context.written(settled.span.0);
                findings.push(
                    finding(&RULE, settled.span.0, format!("`{written}` is always there, so `coalesce` ends here"))
                        .label("what follows is never looked at")
                        .help("write what is always there last"),
                );
            }
        }
    }
}

fn is_always_there(expr: &Expr) -> bool {
    matches!(
        &expr.kind,
        ExprKind::Literal(Literal { kind: LiteralKind::Text(_) | LiteralKind::Number(_) | LiteralKind::Bool(_), .. })
    ) || is_never_missing(expr)
}
