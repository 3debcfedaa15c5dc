//! LI321: `and` and `or` side by side.

use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, ExprKind};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI321"),
    severity: Severity::Info,
    title: "`and` and `or` without parentheses",
    why: "The reference does not say which of `and` and `or` binds tighter. As in other languages `a or b and \
          c` is read as `a or (b and c)`, which is seldom what a list of alternatives followed by a restriction \
          was meant to say.",
    bad: "filter eventName = \"StartInstances\" or eventName = \"StopInstances\" and awsRegion = \"us-east-2\"",
    good: "filter (eventName = \"StartInstances\" or eventName = \"StopInstances\") and awsRegion = \"us-east-2\"",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, parent) in expressions(&step) {
            let ExprKind::Binary(BinaryOp::And, left, _) = &expr.kind else { continue };
            let is_within_or = matches!(
                parent.map(|parent| &parent.kind),
                Some(ExprKind::Binary(BinaryOp::Or, ..))
            );
            let has_parentheses = expr.span.0.start < left.span.0.start;
            if !is_within_or || has_parentheses {
                continue;
            }
            let span = expr.span.0;
            findings.push(
                finding(&RULE, span, "`and` stands beside `or` without parentheses")
                    .label("read as one alternative")
                    .help("put parentheses around what belongs together"),
            );
        }
    }
}
