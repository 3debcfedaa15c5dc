//! LI333: a timestamp compared with seconds since 1970.

use super::pipeline::{expressions, steps};
use super::times::{Unit, number, unit};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Expr, ExprKind};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI333"),
    severity: Severity::Warning,
    title: "a timestamp compared with seconds",
    why: "Timestamps count milliseconds since 1970. A number of ten digits is the present in seconds, but a day \
          in January 1970 in milliseconds, so that every event is later.",
    bad: "filter toMillis(@timestamp) >= 1772323200",
    good: "filter toMillis(@timestamp) >= 1772323200000",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Binary(op, left, right) = &expr.kind else { continue };
            if !super::compares(*op) || !step.sees_events {
                continue;
            }
            let pairs: [(&Expr, &Expr); 2] = [(left, right), (right, left)];
            for (time, given) in pairs {
                let is_seconds = number(given).is_some_and(|number| (1e9..1e10).contains(&number));
                let written = context.written(given.span.0);
                let is_whole = written.bytes().all(|b| b.is_ascii_digit());
                if unit(time) == Some(Unit::Milliseconds) && is_seconds && is_whole {
                    let instead = format!("{written}000");
                    findings.push(
                        finding(&RULE, given.span.0, format!("`{written}` is a day in January 1970"))
                            .label("read as milliseconds")
                            .help(format!("write `{instead}`"))
                            .fix(Fix::replace("count milliseconds", given.span.0, instead)),
                    );
                }
            }
        }
    }
}
