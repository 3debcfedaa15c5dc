//! LI357: a member of the record looked for in its text.

use super::pipeline::{expressions, field_name, steps};
use super::{Context, finding, json_text};
use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, LikePattern, print};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI357"),
    severity: Severity::Info,
    title: "a field looked for in the text of the message",
    why: "`@message like` reads the whole text of every event, depends on its blanks and quotes and uses no \
          index. The members of a JSON event are fields with names of their own.",
    bad: "filter eventSource = \"cloudtrail.amazonaws.com\" and @message like '\"eventName\":\"DeleteTrail\"'",
    good: "filter eventSource = \"cloudtrail.amazonaws.com\" and eventName = \"DeleteTrail\"",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(schema) = context.schema else { return };
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Like { operand, negated, pattern } = &expr.kind else { continue };
            if field_name(operand) != Some("@message") || !step.sees_events {
                continue;
            }
            let (source, span) = match pattern {
                LikePattern::Substring(text) => (text.text.as_str(), text.span.0),
                LikePattern::Regex(regex) => (regex.source.as_str(), regex.span.0),
                LikePattern::RegexInQuotes(_) => continue,
            };
            let Some(name) = json_text::member(source).filter(|name| json_text::is_text(schema, name)) else { continue };
            let found = finding(&RULE, span, format!("`{name}` is a field of its own")).label("searched in the raw text");
            let whole = match pattern {
                LikePattern::Substring(text) => json_text::whole_member(&text.text),
                _ => None,
            };
            let Some((name, value)) = whole else {
                findings.push(found.help(format!("compare `{name}` itself")));
                continue;
            };
            let text = format!("{name} {} {}", if *negated { "!=" } else { "=" }, print::quoted(value));
            let found = found.help(format!("write `{text}`"));
            // The negated form differs where the field is missing.
            findings.push(if *negated { found } else { found.fix(Fix::replace("compare the field", expr.span.0, text)) });
        }
    }
}
