//! LI301: a wildcard where texts are compared as a whole.

use super::condition::{Says, Value, test};
use super::pipeline::{expressions, steps};
use super::record;
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, print};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI301"),
    severity: Severity::Warning,
    title: "`=` and `in` have no wildcards",
    why: "`=`, `!=` and `in` compare whole texts, and `*` and `%` stand for themselves. No event name, region \
          or error code has such a sign in it, so that nothing is ever equal. A part of a text is found by \
          `like`.",
    bad: "filter eventName = \"Delete*\"",
    good: "filter eventName like /^Delete/",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let Some(said) = test(expr) else { continue };
            let Says::Equal { values, .. } = &said.says else { continue };
            let is_comparison = matches!(expr.kind, ExprKind::Binary(..) | ExprKind::In { .. });
            let is_name = step.event_field(said.subject).is_some_and(|name| record::NAMES.contains(&name));
            // What a call asked for may have wildcards of its own.
            let is_open = step.event_field(said.subject).is_none_or(|name| {
                name.starts_with("requestParameters") || name.starts_with("responseElements")
            });
            let stars = values.iter().filter(|value| value.is_text && !is_open && has_wildcard(value, is_name));
            for value in stars.filter(|_| is_comparison) {
                let found = finding(
                    &RULE,
                    value.span,
                    format!("`{}` is compared as a whole, its wildcards included", value.text),
                )
                .label("stands for itself");
                let instead = like(value).map(|pattern| (context.written(said.subject.span.0), pattern));
                findings.push(match (instead, &expr.kind) {
                    (Some((subject, pattern)), ExprKind::Binary(op, left, _)) if **left == *said.subject => {
                        let not = if *op == crate::syntax::logs::BinaryOp::NotEqual { "not " } else { "" };
                        let text = format!("{subject} {not}like {pattern}");
                        found.help(format!("write `{text}`")).fix(Fix::replace("use `like`", expr.span.0, text))
                    }
                    (Some((subject, pattern)), _) => {
                        found.help(format!("write a condition of its own: `{subject} like {pattern}`"))
                    }
                    _ => found.help("find a part of a text by `like`, with a regex between slashes"),
                });
            }
        }
    }
}

fn has_wildcard(value: &Value<'_>, is_name: bool) -> bool {
    let text = value.text;
    let has_letters = text.chars().any(char::is_alphanumeric);
    let framed = |sign: char| text.len() > 2 && text.starts_with(sign) && text.ends_with(sign);
    has_letters && ((is_name && text.contains(['*', '%'])) || framed('%') || framed('*'))
}

/// What `like` says instead, where the wildcards stand at the ends only.
fn like(value: &Value<'_>) -> Option<String> {
    let sign = |c: char| matches!(c, '*' | '%');
    let inner = value.text.trim_matches(sign);
    if inner.is_empty() || inner.contains(sign) {
        return None;
    }
    let escaped = regex_syntax::escape(inner);
    Some(match (value.text.starts_with(sign), value.text.ends_with(sign)) {
        (true, true) => print::quoted(inner),
        (false, _) => print::regex(&format!("^{escaped}")),
        (true, false) => print::regex(&format!("{escaped}$")),
    })
}
