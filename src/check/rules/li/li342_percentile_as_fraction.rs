//! LI342: a percentile written as a fraction.

use super::condition::function;
use super::pipeline::{expressions, steps};
use super::times::number;
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, Function};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI342"),
    severity: Severity::Warning,
    title: "a percentile as a fraction",
    why: "`pct` takes a percentage: `pct(x, 95)` is the value that 95 of 100 rows do not exceed, and `pct(x, \
          0.95)` the one that not even one of 100 stays below.",
    bad: "stats pct(@duration, 0.95) as p95 by bin(5m)",
    good: "stats pct(@duration, 95) as p95 by bin(5m)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Call(call) = &expr.kind else { continue };
            let given = call.arguments.expressions();
            let [_, share] = given.as_slice() else { continue };
            let is_fraction = number(share).is_some_and(|number| (0.5..1.0).contains(&number));
            if function(expr) != Some(Function::Pct) || !is_fraction {
                continue;
            }
            let written = context.written(share.span.0);
            let digits = written.rsplit_once('.').map(|(_, digits)| digits).unwrap_or_default();
            let found = finding(&RULE, share.span.0, format!("`{written}` is less than one percent"))
                .label("a percentage from 0 to 100");
            findings.push(match whole(digits) {
                Some(percentage) => found
                    .help(format!("write `{percentage}`"))
                    .fix(Fix::replace("write a percentage", share.span.0, percentage)),
                None => found.help("write a percentage, such as `95`"),
            });
        }
    }
}

/// The percentage of the digits behind the point: `999` is `99.9`.
fn whole(digits: &str) -> Option<String> {
    let padded = format!("{digits:0<2}");
    let (percent, rest) = padded.split_at_checked(2)?;
    let rest = rest.trim_end_matches('0');
    Some(if rest.is_empty() { percent.to_owned() } else { format!("{percent}.{rest}") })
}
