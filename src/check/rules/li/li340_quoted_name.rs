//! LI340: the name of a field in quotes, where it is a text.

use super::condition::{function, text};
use super::pipeline::{expressions, steps};
use super::{Context, finding, is_known_name};
use crate::syntax::Rule;
use crate::syntax::logs::{Command, Expr, ExprKind, Function, Item, ItemLabel, Signature};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI340"),
    severity: Severity::Warning,
    title: "the name of a field in quotes",
    why: "Quotes make a text, which is the same for every row: `ispresent(\"x\")` always holds, `by \"x\"` \
          makes one group. The name of a field stands without quotes, or in backticks.",
    bad: "filter ispresent(\"errorCode\")",
    good: "filter ispresent(errorCode)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let shown: &[Item] = match &step.stage.command {
            Command::Fields(items) | Command::Display(items) => items,
            Command::Stats(stats) => &stats.by,
            _ => &[],
        };
        for item in shown.iter().filter(|item| matches!(item.label, ItemLabel::Source(_))) {
            if let Some(name) = text(&item.expr).filter(|name| is_name(name)) {
                findings.push(quoted(&item.expr, name, "the same text for every row"));
            }
        }
        for (expr, _) in expressions(&step) {
            let ExprKind::Call(call) = &expr.kind else { continue };
            let given = call.arguments.expressions();
            let [only, ..] = given.as_slice() else { continue };
            let (Some(name), Some(label)) = (text(only), asked(expr, &call.function.text)) else { continue };
            if is_name(name) {
                findings.push(quoted(only, name, label));
            }
        }
    }
}

/// Whether a text could be meant for a name.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '@' | '_' | '`'))
        && !text.contains(char::is_whitespace)
}

/// What becomes of a text in this call, where it takes something of each row.
fn asked(expr: &Expr, name: &str) -> Option<&'static str> {
    match function(expr)? {
        Function::IsPresent => Some("a text is always there"),
        Function::IsEmpty | Function::IsBlank => Some("the same answer for every row"),
        Function::TopK | Function::Histogram => None,
        _ if Signature::find(name).is_some_and(|known| known.aggregate) => Some("the same text for every row"),
        _ => None,
    }
}

fn quoted(expr: &Expr, name: &str, label: &str) -> Diagnostic {
    let found = finding(&RULE, expr.span.0, format!("`{name}` in quotes is a text, not a field")).label(label);
    let is_path = !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '@'))
        && !name.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && !name.ends_with('.')
        && !name.contains("..");
    match is_path {
        true if is_known_name(name) => found
            .help(format!("write `{name}` without quotes"))
            .fix(Fix::replace("take the quotes away", expr.span.0, name)),
        true => found.help(format!("write `{name}` without quotes")),
        false => found.help("name a field; one with odd signs stands in backticks"),
    }
}
