//! MM307: `FILL` over `FILL`.

use super::Context;
use crate::syntax::Rule;
use crate::syntax::math::{Filler, MathCall, MathKind, MathNode};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MM307"),
    severity: Severity::Warning,
    title: "gaps are filled twice",
    why: "`FILL` with a number leaves no gap, so that the `FILL` around it has nothing to fill.",
    bad: "FILL(FILL(m1, 0), REPEAT)",
    good: "FILL(m1, 0)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    context.each_part(|part| {
        let Some((series, _)) = fill(part) else { return };
        let Some((_, inner)) = fill(series) else { return };
        if matches!(inner, Filler::Value(value) if super::is_number(value)) {
            findings.push(
                Diagnostic::warning(RULE.code, part.span.0, "the inner `FILL` leaves no gap to fill")
                    .also(series.span.0, "fills every gap")
                    .help("keep one of the two"),
            );
        }
    });
}

fn fill(node: &MathNode) -> Option<(&MathNode, &Filler)> {
    match &node.kind {
        MathKind::Call(MathCall::Fill { series, with }) => Some((series, with)),
        _ => None,
    }
}
