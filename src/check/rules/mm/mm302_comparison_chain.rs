//! MM302: the outcome of a comparison is compared again.

use super::{Context, constant};
use crate::syntax::Rule;
use crate::syntax::math::{MathKind, MathNode, MathOperator};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MM302"),
    severity: Severity::Warning,
    title: "a chain of comparisons",
    why: "A comparison gives 0 or 1, and in a chain that is what the next one compares: `1 < m1 < 5` always holds, \
          for 0 and 1 are both below 5.",
    bad: "IF(1 < m1 < 5, m1)",
    good: "IF(1 < m1 AND m1 < 5, m1)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    context.each_part(|part| {
        let MathKind::Binary { operator, left, right } = &part.kind else { return };
        let MathKind::Binary { operator: inner, right: middle, .. } = &left.kind else { return };
        if is_order(*operator) && is_comparison(*inner) && !may_be_outcome(right) {
            let finding = Diagnostic::warning(
                RULE.code,
                part.span.0,
                format!("this compares 0 or 1, the outcome of the first comparison, with `{right}`"),
            );
            findings.push(finding.help(format!("write `{left} AND {middle} {operator} {right}`")));
        }
    });
}

/// Whether a part is 0 or 1 itself, so that it may well be compared with an outcome.
fn may_be_outcome(part: &MathNode) -> bool {
    matches!(&part.kind, MathKind::Binary { operator, .. } if operator.is_logical())
        || constant(part).is_some_and(|number| number == 0.0 || number == 1.0)
}

fn is_comparison(operator: MathOperator) -> bool {
    is_order(operator) || matches!(operator, MathOperator::Equal | MathOperator::NotEqual)
}

fn is_order(operator: MathOperator) -> bool {
    use MathOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
    matches!(operator, Less | LessOrEqual | Greater | GreaterOrEqual)
}
