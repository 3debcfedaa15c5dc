//! MM306: an expression without any series.

use super::{Context, is_number};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MM306"),
    severity: Severity::Error,
    title: "the result is a number, not a series",
    why: "The result of an expression must be a series or an array of series; numbers alone give neither. \
          `TIME_SERIES` makes a series of a number.",
    bad: "100 * 2",
    good: "TIME_SERIES(100 * 2)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let root = &context.expression.root;
    if is_number(root) {
        findings.push(
            Diagnostic::error(RULE.code, root.span.0, format!("`{root}` is a number, and a series is asked for"))
                .help(format!("name a series, or write `TIME_SERIES({root})`")),
        );
    }
}
