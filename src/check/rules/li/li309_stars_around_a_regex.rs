//! LI309: a regex that begins or ends with `.*`.

use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, LikePattern};
use crate::{Code, Diagnostic, Fix, Severity};

use super::Context;
use super::expressions::each;

pub(super) const RULE: Rule = Rule {
    code: Code("LI309"),
    severity: Severity::Info,
    title: "a regex is looked for anywhere",
    why: "`like` looks for a match anywhere in the text, so `.*` at the beginning or end of a regex changes nothing.",
    bad: "filter userAgent like /.*Boto3.*/ | stats count(*) as calls by eventName",
    good: "filter userAgent like /Boto3/ | stats count(*) as calls by eventName",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context.query, |expr| {
        let ExprKind::Like { pattern: LikePattern::Regex(regex), .. } = &expr.kind else { return };
        let written = regex.source.as_str();
        let mut inner = written.strip_prefix(".*").unwrap_or(written);
        // `\.*` is a dot any number of times.
        if let Some(rest) = inner.strip_suffix(".*").filter(|rest| !rest.ends_with('\\')) {
            inner = rest;
        }
        // An alternation or a line end would make a difference.
        let is_simple = !inner.is_empty() && !inner.contains(['|', '(', '\n', '?']) && !inner.contains("\\n");
        if inner.len() < written.len() && is_simple && !inner.starts_with(['*', '+', '{']) {
            let span = regex.span.0;
            findings.push(
                Diagnostic::new(RULE.code, RULE.severity, span, "`.*` at the end of a regex does nothing".to_owned())
                    .help(format!("write `/{inner}/`"))
                    .fix(Fix::replace(format!("write `/{inner}/`"), span, format!("/{inner}/"))),
            );
        }
    });
}
