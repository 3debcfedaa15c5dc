//! LI303: a time of an event is compared with a date in quotes.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::Context;
use super::expressions::{comparison, each, text};

pub(super) const RULE: Rule = Rule {
    code: Code("LI303"),
    severity: Severity::Warning,
    title: "a time is compared with a text",
    why: "`@timestamp` is a number of milliseconds. A date in quotes is a text, and the comparison does not read it as a \
          time. The window of a query is chosen beside the query; inside it, compare numbers.",
    bad: r#"filter @timestamp > "2026-03-01T00:00:00Z" | stats count(*) as calls by eventName"#,
    good: "filter @timestamp > 1772323200000 | stats count(*) as calls by eventName",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context.query, |expr| {
        let Some((_, name, other)) = comparison(expr) else { return };
        let Some((value, span)) = text(other) else { return };
        let is_date = value.len() >= 8
            && value.bytes().take(4).all(|byte| byte.is_ascii_digit())
            && value.bytes().skip(4).any(|byte| matches!(byte, b'-' | b'/'));
        if matches!(name.name.as_str(), "@timestamp" | "@ingestionTime") && is_date {
            findings.push(
                Diagnostic::new(RULE.code, RULE.severity, span, format!("`{}` is a number, not a date", name.name))
                    .help("choose the window of the query instead, or write milliseconds since 1970"),
            );
        }
    });
}
