//! LI304: seconds and milliseconds in one comparison.

use super::condition::function;
use super::pipeline::{expressions, steps};
use super::times::{Unit, unit};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, ExprKind, Function};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI304"),
    severity: Severity::Warning,
    title: "seconds against milliseconds",
    why: "`now()` counts seconds since 1970, timestamps and `toMillis` count milliseconds. Compared as they \
          are, every event is later than now.",
    bad: "filter toMillis(@timestamp) >= now() - 7200",
    good: "filter toMillis(@timestamp) >= now() * 1000 - 7200000",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Binary(op, left, right) = &expr.kind else { continue };
            if !super::compares(*op) && *op != BinaryOp::Subtract {
                continue;
            }
            let seconds = match (unit(left), unit(right)) {
                (Some(Unit::Milliseconds), Some(Unit::Seconds)) => right,
                (Some(Unit::Seconds), Some(Unit::Milliseconds)) => left,
                _ => continue,
            };
            let found = finding(&RULE, seconds.span.0, "seconds stand against milliseconds").label("counts seconds");
            findings.push(if function(seconds) == Some(Function::Now) {
                let call = context.written(seconds.span.0);
                let instead = format!("{call} * 1000");
                found.help(format!("write `{instead}`")).fix(Fix::replace("count milliseconds", seconds.span.0, instead))
            } else {
                found.help("multiply by 1000")
            });
        }
    }
}
