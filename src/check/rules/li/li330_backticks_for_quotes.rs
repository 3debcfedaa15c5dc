//! LI330: a value in backticks, which make a field's name.

use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, Expr, ExprKind, print};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI330"),
    severity: Severity::Warning,
    title: "a value in backticks",
    why: "Backticks quote the name of a field, and quotation marks a text. A value in backticks is read as a \
          field of that name, which no event has, so that nothing is equal to it.",
    bad: "filter country = `United States`",
    good: "filter country = \"United States\"",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Guidelines.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Binary(BinaryOp::Equal | BinaryOp::NotEqual, left, right) = &expr.kind else { continue };
            if step.event_field(left).is_none() || step.event_field(right).is_none() {
                continue;
            }
            let Some(text) = in_backticks(right).filter(|text| text.contains(' ')) else { continue };
            if in_backticks(left).is_some() {
                continue;
            }
            let instead = print::quoted(text);
            findings.push(
                finding(&RULE, right.span.0, format!("`{text}` in backticks is a field, not a text"))
                    .label("the name of a field")
                    .help(format!("write `{instead}`"))
                    .fix(Fix::replace("write quotation marks", right.span.0, instead)),
            );
        }
    }
}

/// The name, where all of it stands in backticks.
fn in_backticks(expr: &Expr) -> Option<&str> {
    let ExprKind::Field(field) = &expr.kind else { return None };
    let inner = field.spelled.0.strip_prefix('`')?.strip_suffix('`')?;
    (!inner.contains('`')).then_some(field.name.as_str())
}
