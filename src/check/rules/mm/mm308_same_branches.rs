//! MM308: both branches of `IF` are the same.

use super::Context;
use crate::syntax::Rule;
use crate::syntax::math::{MathCall, MathKind};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MM308"),
    severity: Severity::Warning,
    title: "both branches are the same",
    why: "Whether the condition holds makes no difference to the value: one branch probably was to be something else.",
    bad: "IF(m1 > 5, m2, m2)",
    good: "IF(m1 > 5, m2, m3)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    context.each_part(|part| {
        let MathKind::Call(MathCall::If { then, otherwise: Some(otherwise), .. }) = &part.kind else { return };
        if then == otherwise {
            findings.push(
                Diagnostic::warning(RULE.code, otherwise.span.0, format!("both branches are `{then}`"))
                    .also(then.span.0, "the other one")
                    .help("name what one branch was to be"),
            );
        }
    });
}
