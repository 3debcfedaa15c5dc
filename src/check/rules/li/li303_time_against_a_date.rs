//! LI303: a timestamp compared with a date written out.

use super::condition::text;
use super::pipeline::{expressions, steps};
use super::times::{Unit, unit};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Expr, ExprKind, LikePattern};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI303"),
    severity: Severity::Warning,
    title: "a timestamp compared with the text of a date",
    why: "A timestamp is a number of milliseconds since 1970, and filtering with human readable timestamps is \
          not supported. The time range of the query selects events by time; within it, `parseDate` makes a \
          number of a date.",
    bad: "filter @timestamp >= \"2026-03-01\"",
    good: "filter toMillis(@timestamp) >= parseDate(\"2026-03-01\", \"yyyy-MM-dd\")",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let (time, date) = match &expr.kind {
                ExprKind::Binary(op, left, right) if super::compares(*op) => match (dated(left), dated(right)) {
                    (None, Some(date)) => (&**left, date),
                    (Some(date), None) => (&**right, date),
                    _ => continue,
                },
                ExprKind::Like { operand, pattern: LikePattern::Substring(part), .. } if is_date(&part.text) => {
                    (&**operand, part.text.as_str())
                }
                _ => continue,
            };
            if unit(time) == Some(Unit::Milliseconds) && step.sees_events {
                findings.push(
                    finding(&RULE, expr.span.0, format!("a timestamp is a number, `{date}` is a text"))
                        .label("compared as texts")
                        .help("choose the time range of the query, or write `parseDate(\"…\", \"yyyy-MM-dd\")`"),
                );
            }
        }
    }
}

fn dated(expr: &Expr) -> Option<&str> {
    text(expr).filter(|text| is_date(text))
}

/// Whether a text begins as dates do: `2026-03`.
fn is_date(text: &str) -> bool {
    let mut bytes = text.bytes();
    let year = bytes.by_ref().take(4).filter(u8::is_ascii_digit).count();
    let sign = bytes.next();
    let month = bytes.by_ref().take(2).filter(u8::is_ascii_digit).count();
    year == 4 && matches!(sign, Some(b'-' | b'/')) && month == 2
}
