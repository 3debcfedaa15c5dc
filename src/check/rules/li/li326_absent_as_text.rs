//! LI326: a missing field looked for as a text.

use super::condition::{Says, test};
use super::pipeline::{expressions, steps};
use super::{Context, finding, record};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, ExprKind};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI326"),
    severity: Severity::Warning,
    title: "a missing field looked for as a text",
    why: "A record that has no error has no `errorCode` at all, or `null` for it, and neither is a text. A \
          comparison with `\"\"` or `\"null\"` therefore never finds those records; `ispresent` tells them.",
    bad: "filter eventSource = \"s3.amazonaws.com\" and errorCode = \"\"",
    good: "filter eventSource = \"s3.amazonaws.com\" and not ispresent(errorCode)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(schema) = context.schema else { return };
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), left, _) = &expr.kind else {
                continue;
            };
            let Some(said) = test(expr) else { continue };
            let Some(name) = step.event_field(said.subject) else { continue };
            let Says::Equal { values, .. } = &said.says else { continue };
            let [value] = values.as_slice() else { continue };
            let stands_for_nothing = matches!(value.text, "" | "null" | "NULL" | "None" | "nil" | "undefined");
            let is_name = record::NAMES.contains(&name) || name == "errorMessage";
            if !value.is_text || !stands_for_nothing || !is_name || !record::may_be_missing(schema, name) {
                continue;
            }
            let shown = context.written(said.subject.span.0);
            let text = match op {
                BinaryOp::Equal => format!("not ispresent({shown})"),
                _ => format!("ispresent({shown})"),
            };
            let found = finding(
                &RULE,
                value.span,
                format!("`{shown}` is a name or is not there; it is never `\"{}\"`", value.text),
            )
            .label("a text like any other")
            .help(format!("write `{text}`"));
            findings.push(if **left == *said.subject {
                found.fix(Fix::replace("ask whether it is there", expr.span.0, text))
            } else {
                found
            });
        }
    }
}
