//! LI307: `pattern` over whole CloudTrail records.

use crate::syntax::Rule;
use crate::syntax::logs::Command;
use crate::{Code, Diagnostic, Severity};

use super::Context;
use super::expressions::field;

pub(super) const RULE: Rule = Rule {
    code: Code("LI307"),
    severity: Severity::Warning,
    title: "`pattern` sees the beginning of a record only",
    why: "`pattern` looks at the first 1,500 characters of a text, and most CloudTrail records are longer. It finds shapes of \
          the order of JSON members, which is not the same from record to record. A short field, such as `errorMessage`, \
          suits it.",
    bad: "filter eventSource = \"s3.amazonaws.com\" | pattern @message",
    good: "filter eventSource = \"s3.amazonaws.com\" | pattern errorMessage",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Pattern.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    if context.schema.is_none() {
        return;
    }
    for stage in &context.query.stages {
        let Command::Pattern(operand) = &stage.command else { continue };
        if field(operand).is_some_and(|field| field.name == "@message") {
            findings.push(
                Diagnostic::new(
                    RULE.code,
                    RULE.severity,
                    operand.span.0,
                    "a CloudTrail record is mostly longer than what `pattern` looks at".to_owned(),
                )
                .help("take a field whose text has a shape, such as `errorMessage`"),
            );
        }
    }
}
