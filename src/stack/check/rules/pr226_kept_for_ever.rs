//! PR226: a log group without a retention period.

use super::Context;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR226"),
    severity: Severity::Info,
    title: "events never expire",
    why: "Without a retention period a log group keeps its events for ever, and their storage is billed for \
          ever. CloudTrail keeps the records in its bucket as well.",
    bad: r"
[logGroup]
logGroupName = 'cloud-trail'
",
    good: r"
[logGroup]
logGroupName = 'cloud-trail'
retentionInDays = 90
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(group) = &context.stack.log_group else { return };
    if group.retention_in_days.is_none() {
        let message = format!("the events of `{}` never expire", group.log_group_name);
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, group.log_group_name.span, message)
                .help("add `retentionInDays`, such as 90 or 365"),
        );
    }
}
