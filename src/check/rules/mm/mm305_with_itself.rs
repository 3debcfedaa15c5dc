//! MM305: something is compared with itself.

use super::{Context, is_number};
use crate::syntax::Rule;
use crate::syntax::math::{MathKind, MathOperator};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MM305"),
    severity: Severity::Warning,
    title: "the same on both sides",
    why: "What is compared with itself always comes out the same, whatever the data are. \
          One side probably was to be something else.",
    bad: "IF(m1 > m1, m2)",
    good: "IF(m1 > m3, m2)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    context.each_part(|part| {
        let MathKind::Binary { operator, left, right } = &part.kind else { return };
        // A difference of 0 and a quotient of 1 are ways to a constant series. Numbers alone are no slip of an id.
        if left != right || is_number(left) {
            return;
        }
        let outcome = match operator {
            MathOperator::Equal | MathOperator::LessOrEqual | MathOperator::GreaterOrEqual => "always 1",
            MathOperator::NotEqual | MathOperator::Less | MathOperator::Greater => "always 0",
            MathOperator::And | MathOperator::Or => "what one side alone is",
            _ => return,
        };
        let finding =
            Diagnostic::warning(RULE.code, part.span.0, format!("`{left}` stands on both sides: this is {outcome}"));
        findings.push(finding.help("name what one side was to be"));
    });
}
