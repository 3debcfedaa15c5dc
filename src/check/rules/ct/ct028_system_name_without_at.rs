//! CT028: a field of CloudWatch Logs itself is named without its `@`.

use crate::diagnostic::{Code, Severity};
use crate::{Diagnostic, syntax::Rule};

use super::paths::{self, Nowhere};
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT028"),
    severity: Severity::Warning,
    title: "the name begins with `@`",
    why: "The time, the text and the stream of a log event are not in the CloudTrail record; CloudWatch Logs adds them under \
          names that begin with `@`. Without it the name is that of a field which no record has, so it is always missing.",
    bad: "fields eventName, eventSource, timestamp",
    good: "fields eventName, eventSource, @timestamp",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for lost in context.lost(Nowhere::SystemName) {
        let Some(first) = lost.uses.first() else { continue };
        let name = context.written(first.span);
        let meant = format!("@{name}");
        let mut found = finding(&RULE, first.span, format!("a CloudTrail record has no field `{name}`"));
        for other in lost.uses.iter().skip(1) {
            found = found.also(other.span, "here too");
        }
        findings.push(found.help(format!("write `{meant}`")).fix(paths::replace_all(&lost, &meant)));
    }
}
