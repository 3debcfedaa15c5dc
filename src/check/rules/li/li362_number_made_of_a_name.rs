//! LI362: a sum or mean of a text.

use super::condition::function;
use super::pipeline::{arguments, expressions, steps};
use super::{Context, finding, record};
use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, Function};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI362"),
    severity: Severity::Warning,
    title: "a sum of names",
    why: "Sums, means and percentiles take numbers and skip everything else. Of a field that holds a name they \
          are empty for every group; `count` and `countDistinct` count names.",
    bad: "stats sum(eventName) as n by eventSource",
    good: "stats count(eventName) as n by eventSource",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    if context.schema.is_none() {
        return;
    }
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Call(call) = &expr.kind else { continue };
            let adds = matches!(
                function(expr),
                Some(
                    Function::Sum
                        | Function::Avg
                        | Function::Pct
                        | Function::StdDev
                        | Function::Variance
                        | Function::SumOverTime
                )
            );
            let given = arguments(&call.arguments);
            let Some(first) = given.first().filter(|_| adds) else { continue };
            if step.event_field(first).is_some_and(|name| record::NAMES.contains(&name)) {
                let shown = context.written(first.span.0);
                findings.push(
                    finding(&RULE, expr.span.0, format!("`{shown}` is never a number"))
                        .label("always empty")
                        .help(format!("write `count({shown})` or `countDistinct({shown})`")),
                );
            }
        }
    }
}
