//! MM309: `SLICE` that takes no series.

use super::{Context, constant};
use crate::syntax::Rule;
use crate::syntax::math::{MathCall, MathKind};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MM309"),
    severity: Severity::Warning,
    title: "no series is taken",
    why: "`SLICE` takes the series from the first index up to the one before the second; indexes count from 0. \
          Where the second is not above the first, nothing is left.",
    bad: "SLICE(METRICS(), 5, 5)",
    good: "SLICE(METRICS(), 0, 5)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    context.each_part(|part| {
        let MathKind::Call(MathCall::Slice { start, end: Some(end), .. }) = &part.kind else { return };
        let (Some(first), Some(behind)) = (constant(start), constant(end)) else { return };
        if behind <= first {
            let message = format!("from `{start}` up to the one before `{end}` there is no series");
            findings.push(
                Diagnostic::warning(RULE.code, end.span.0, message)
                    .help("the second index is that of the first series that is not taken"),
            );
        }
    });
}
