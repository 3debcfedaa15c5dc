//! LI356: a field of the record parsed from its text.

use super::pipeline::{field_name, steps};
use super::{Context, finding, json_text};
use crate::syntax::Rule;
use crate::syntax::logs::{Command, ParseMode};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI356"),
    severity: Severity::Info,
    title: "a field parsed that is there already",
    why: "Fields of JSON events are discovered by themselves and have names with dots, such as \
          `userIdentity.arn`. A pattern over the raw text depends on its blanks and quotes, matches the first \
          member of that name wherever it stands, and costs time.",
    bad: "parse @message '\"eventName\":\"*\"' as name | stats count(*) as n by name, eventSource",
    good: "stats count(*) as n by eventName, eventSource",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    if context.schema.is_none() {
        return;
    }
    for step in steps(context.query) {
        let Command::Parse(parse) = &step.stage.command else { continue };
        let reads_message = parse.operand.as_ref().is_none_or(|operand| field_name(operand) == Some("@message"));
        let (source, span) = match &parse.mode {
            ParseMode::Glob { pattern, .. } => (&pattern.text, pattern.span.0),
            ParseMode::Regex { regex, multi: false, .. } => (&regex.source, regex.span.0),
            _ => continue,
        };
        let Some(name) = json_text::member(source).filter(|_| reads_message && step.sees_events) else { continue };
        findings.push(
            finding(&RULE, span, format!("`{name}` is a field already"))
                .label("read from the raw text")
                .help(format!("use `{name}` without `parse`")),
        );
    }
}
