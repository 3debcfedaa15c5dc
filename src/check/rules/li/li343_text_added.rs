//! LI343: a text added, where only numbers are.

use super::condition::{legs, text};
use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, ExprKind};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI343"),
    severity: Severity::Warning,
    title: "texts joined by `+`",
    why: "`+` adds numbers and gives nothing where one side is no number. Texts are joined by `concat`.",
    bad: "fields eventSource + \"/\" + eventName as call",
    good: "fields concat(eventSource, \"/\", eventName) as call",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, parent) in expressions(&step) {
            let adds = |kind: &ExprKind| matches!(kind, ExprKind::Binary(BinaryOp::Add, ..));
            if !adds(&expr.kind) || parent.is_some_and(|parent| adds(&parent.kind)) {
                continue;
            }
            let legs = legs(expr, BinaryOp::Add);
            let is_text = legs.iter().any(|leg| text(leg).is_some_and(|text| text.trim().parse::<f64>().is_err()));
            if is_text {
                let parts: Vec<&str> = legs.iter().map(|leg| context.written(leg.span.0)).collect();
                let call = format!("concat({})", parts.join(", "));
                findings.push(
                    finding(&RULE, expr.span.0, "`+` adds numbers, and a text is none")
                        .label("always nothing")
                        .help(format!("write `{call}`"))
                        .fix(Fix::replace("use `concat`", expr.span.0, call)),
                );
            }
        }
    }
}
