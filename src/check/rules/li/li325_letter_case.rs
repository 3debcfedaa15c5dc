//! LI325: letters of a case that the other side cannot have.

use super::condition::{Says, function, test, text};
use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Expr, ExprKind, Function, LikePattern, print};
use crate::{Code, Diagnostic, Fix, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI325"),
    severity: Severity::Warning,
    title: "letters that cannot be there",
    why: "`tolower` leaves no upper-case letter, and comparisons mind the case of letters. A text with an \
          upper-case letter is therefore never found in what `tolower` gives, nor one with a lower-case letter \
          in what `toupper` gives.",
    bad: "filter tolower(errorMessage) like \"Not Authorized\"",
    good: "filter tolower(errorMessage) like \"not authorized\"",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            // A negation says nothing that the comparison within it does not.
            if matches!(expr.kind, ExprKind::Unary(..)) {
                continue;
            }
            for (subject, text, span) in compared(expr) {
                let folded = match function(subject) {
                    Some(Function::ToLower) => text.to_lowercase(),
                    Some(Function::ToUpper) => text.to_uppercase(),
                    _ => continue,
                };
                if folded == text {
                    continue;
                }
                let instead = print::quoted(&folded);
                findings.push(
                    finding(&RULE, span, format!("`{}` never has `{text}` in it", context.written(subject.span.0)))
                        .label("letters of the other case")
                        .help(format!("write `{instead}`"))
                        .fix(Fix::replace("write it in that case", span, instead)),
                );
            }
        }
    }
}

/// What is compared with which texts.
fn compared(expr: &Expr) -> Vec<(&Expr, &str, Span)> {
    if let Some(said) = test(expr) {
        return match &said.says {
            Says::Equal { values, .. } => values
                .iter()
                .filter(|value| value.is_text)
                .map(|value| (said.subject, value.text, value.span))
                .collect(),
            Says::Like { pattern: LikePattern::Substring(part), .. } => {
                vec![(said.subject, part.text.as_str(), part.span.0)]
            }
            _ => Vec::new(),
        };
    }
    let ExprKind::Call(call) = &expr.kind else { return Vec::new() };
    if !matches!(function(expr), Some(Function::StrContains | Function::StartsWith | Function::EndsWith)) {
        return Vec::new();
    }
    let given = call.arguments.expressions();
    let [subject, part, ..] = given.as_slice() else { return Vec::new() };
    text(part).map(|text| (*subject, text, part.span.0)).into_iter().collect()
}
