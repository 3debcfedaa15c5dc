//! LI324: what is 1 or 0 compared with `"true"` or `"false"`.

use super::condition::{Says, function, test};
use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, Expr, ExprKind, Function};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI324"),
    severity: Severity::Warning,
    title: "a function of 1 and 0 compared with a text",
    why: "Functions that answer a question give 1 or 0, and no number equals the text `true` or `false`. Such a \
          call is a condition by itself, with `not` before it for the opposite.",
    bad: "filter ispresent(errorCode) = \"true\"",
    good: "filter ispresent(errorCode)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), ..) = &expr.kind else { continue };
            let Some(said) = test(expr).filter(|said| is_truth(said.subject)) else { continue };
            let Says::Equal { values, .. } = &said.says else { continue };
            let [value] = values.as_slice() else { continue };
            let wanted = match value.text.to_ascii_lowercase().as_str() {
                "true" => true,
                "false" => false,
                _ => continue,
            };
            let call = context.written(said.subject.span.0);
            let text = if wanted == (*op == BinaryOp::Equal) { call.to_owned() } else { format!("not {call}") };
            findings.push(
                finding(&RULE, expr.span.0, format!("`{call}` is 1 or 0 and never equals `{}`", value.text))
                    .label("a number against a text")
                    .help(format!("write `{text}`"))
                    .fix(Fix::replace("use it as a condition", expr.span.0, text)),
            );
        }
    }
}

/// Whether an expression is a call that gives 1 or 0.
pub(super) fn is_truth(expr: &Expr) -> bool {
    matches!(
        function(expr),
        Some(
            Function::IsPresent
                | Function::IsEmpty
                | Function::IsBlank
                | Function::IsNumeric
                | Function::IsValidIp
                | Function::IsValidIpV4
                | Function::IsValidIpV6
                | Function::IsIpInSubnet
                | Function::IsIpv4InSubnet
                | Function::IsIpv6InSubnet
                | Function::IsPrivateIp
                | Function::IsPublicIp
                | Function::IsReservedIp
                | Function::StrContains
                | Function::StartsWith
                | Function::EndsWith
                | Function::JsonArrayContains
        )
    )
}

/// Whether an expression is a call that gives 1 or 0 of what is missing, too.
pub(super) fn is_never_missing(expr: &Expr) -> bool {
    matches!(function(expr), Some(Function::IsPresent | Function::IsEmpty | Function::IsBlank))
}
