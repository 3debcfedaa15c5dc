//! MM301: a division by zero, which leaves no point.

use super::{Context, constant};
use crate::syntax::Rule;
use crate::syntax::math::{MathKind, MathOperator};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MM301"),
    severity: Severity::Error,
    title: "a division by zero",
    why: "A point that is divided by zero is left out, so that the result has no point at all.",
    bad: "m1 / 0",
    good: "m1 / 100",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    context.each_part(|part| {
        let MathKind::Binary { operator: MathOperator::Divide, right, .. } = &part.kind else { return };
        if constant(right) == Some(0.0) {
            findings.push(
                Diagnostic::error(RULE.code, right.span.0, "divided by zero every point is left out")
                    .help("divide by another number or series"),
            );
        }
    });
}
