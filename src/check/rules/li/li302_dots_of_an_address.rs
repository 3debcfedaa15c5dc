//! LI302: the dots of an address or host name in a regex.

use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, LikePattern};
use crate::{Code, Diagnostic, Fix, Severity};

use super::Context;
use super::expressions::each;

pub(super) const RULE: Rule = Rule {
    code: Code("LI302"),
    severity: Severity::Warning,
    title: "a dot in a regex stands for any character",
    why: "The text between the slashes looks like an address or an event source, but a dot in a regex stands for any \
          character: `/10.0.0.1/` also finds `10.0.0.10` and `1000001`. Escape the dots, or look for a text in quotes.",
    bad: "filter sourceIPAddress like /10.0.0.1/ | stats count(*) as calls by eventName",
    good: r"filter sourceIPAddress like /10\.0\.0\.1/ | stats count(*) as calls by eventName",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context.query, |expr| {
        let ExprKind::Like { pattern: LikePattern::Regex(regex), .. } = &expr.kind else { return };
        let inner = regex.source.trim_start_matches('^').trim_end_matches('$');
        if !is_address(inner) && !inner.ends_with(".amazonaws.com") {
            return;
        }
        if !inner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')) {
            return;
        }
        let span = regex.span.0;
        let Some(written) = context.text.get(span.range()) else { return };
        let fixed = written.replace('.', r"\.");
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, span, "the dots stand for any character".to_owned())
                .help(format!("write `{fixed}`"))
                .fix(Fix::replace(format!("write `{fixed}`"), span, fixed)),
        );
    });
}

/// Four numbers joined by dots, the last perhaps missing.
fn is_address(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').filter(|part| !part.is_empty()).collect();
    (3..=4).contains(&parts.len()) && parts.iter().all(|part| part.parse::<u8>().is_ok())
}
