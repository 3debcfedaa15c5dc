//! LI307: patterns of whole CloudTrail records.

use super::pipeline::{field_name, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::Command;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI307"),
    severity: Severity::Warning,
    title: "patterns of whole records",
    why: "`pattern` looks at the first 1,500 characters of a message only, and a CloudTrail record is mostly \
          longer: what differs between two calls often stands behind that. AWS itself calls such JSON a poor \
          fit. `errorMessage`, which is text, has patterns.",
    bad: "filter eventSource = \"iam.amazonaws.com\" | pattern @message",
    good: "filter eventSource = \"iam.amazonaws.com\" | stats count(*) as n by eventName, errorCode",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData_Patterns.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    if context.schema.is_none() {
        return;
    }
    for step in steps(context.query) {
        let Command::Pattern(of) = &step.stage.command else { continue };
        if field_name(of) == Some("@message") && step.sees_events {
            findings.push(
                finding(&RULE, of.span.0, "patterns are made of the first 1,500 characters of a record")
                    .label("seldom the whole of it")
                    .help("group by fields with `stats`"),
            );
        }
    }
}
