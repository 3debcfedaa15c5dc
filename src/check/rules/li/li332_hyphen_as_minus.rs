//! LI332: a name with a hyphen, read as a subtraction.

use super::pipeline::{expressions, field_name, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, Expr, ExprKind};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI332"),
    severity: Severity::Warning,
    title: "a hyphen read as minus",
    why: "Without backticks a name has no hyphen: `detail-type` is the field `detail` minus the field `type`, \
          which is nothing for every event. A region without quotes is read in the same way.",
    bad: "stats count(*) as n by detail-type",
    good: "stats count(*) as n by `detail-type`",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html",
};

/// Names with hyphens that logs have: of EventBridge, and of HTTP.
const NAMES: &[&str] = &[
    "accept-encoding", "accept-language", "cache-control", "content-encoding", "content-length", "content-type",
    "correlation-id", "detail-type", "event-type", "if-none-match", "request-id", "set-cookie", "trace-id",
    "transfer-encoding", "user-agent",
];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, parent) in expressions(&step) {
            let is_part = parent.is_some_and(is_minus);
            if !is_minus(expr) || is_part || !are_names(expr) {
                continue;
            }
            let written = context.written(expr.span.0);
            if written.contains(|c: char| c.is_whitespace() || c == '(' || c == '`') {
                continue;
            }
            let last = written.rsplit('.').next().unwrap_or(written).to_ascii_lowercase();
            let is_region = is_region(written)
                && matches!(
                    parent.map(|parent| &parent.kind),
                    Some(ExprKind::Binary(BinaryOp::Equal | BinaryOp::NotEqual, _, right))
                        if std::ptr::eq(&**right, expr)
                );
            let (instead, what) = if is_region {
                (format!("\"{written}\""), "a region is a text")
            } else if NAMES.contains(&last.as_str()) || (last.starts_with("x-") && last.matches('-').count() > 1) {
                (format!("`{written}`"), "a name with a hyphen stands in backticks")
            } else {
                continue;
            };
            findings.push(
                finding(&RULE, expr.span.0, format!("`{written}` is a subtraction"))
                    .label("one field minus another")
                    .help(format!("{what}: write {instead}"))
                    .fix(Fix::replace("quote it", expr.span.0, instead)),
            );
        }
    }
}

fn is_minus(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Binary(BinaryOp::Subtract, ..))
}

/// Whether the operands are names and numbers.
fn are_names(expr: &Expr) -> bool {
    super::condition::legs(expr, BinaryOp::Subtract)
        .into_iter()
        .all(|leg| field_name(leg).is_some() || matches!(leg.kind, ExprKind::Literal(_)))
}

/// Whether a text is written as regions are: `us-east-1`, `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    const AREAS: &[&str] = &["af", "ap", "ca", "cn", "eu", "il", "me", "mx", "sa", "us"];
    let parts: Vec<&str> = text.split('-').collect();
    let (Some(area), Some(number)) = (parts.first(), parts.last()) else { return false };
    let middle = parts.iter().skip(1).take(parts.len().saturating_sub(2));
    (3..=4).contains(&parts.len())
        && AREAS.contains(area)
        && number.len() == 1
        && number.bytes().all(|b| b.is_ascii_digit())
        && middle.into_iter().all(|part| part.bytes().all(|b| b.is_ascii_lowercase()))
}
