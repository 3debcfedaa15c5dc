//! LI320: two literals compared.

use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Expr, ExprKind, InSet, Literal, LiteralKind};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI320"),
    severity: Severity::Warning,
    title: "two literals compared",
    why: "Quotes make a text, and a text compared with a text says the same of every row. The name of a field \
          stands without quotes, or in backticks.",
    bad: "filter \"errorCode\" = \"AccessDenied\"",
    good: "filter errorCode = \"AccessDenied\"",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let left = match &expr.kind {
                ExprKind::Binary(op, left, right) if super::compares(*op) && is_literal(right) => left,
                ExprKind::Like { operand, .. } => operand,
                ExprKind::In { operand, set: InSet::List(_), .. } => operand,
                _ => continue,
            };
            let ExprKind::Literal(literal) = &left.kind else { continue };
            // `1 = 1` stands for `true`, and is meant to.
            if !matches!(literal.kind, LiteralKind::Text(_)) {
                continue;
            }
            let found = finding(&RULE, left.span.0, "two literals are compared, the same for every row");
            findings.push(match name(literal) {
                Some(name) => found
                    .label("a text, not a field")
                    .help(format!("write `{name}` for the field"))
                    .fix(Fix::replace("take the quotes away", left.span.0, name)),
                None => found.label("no field").help("name a field on one side"),
            });
        }
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Literal(_))
}

/// The text, where it can only be a field's name.
fn name(literal: &Literal) -> Option<&str> {
    let LiteralKind::Text(text) = &literal.kind else { return None };
    super::is_known_name(text).then_some(text)
}
