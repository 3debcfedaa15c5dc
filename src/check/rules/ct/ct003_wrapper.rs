//! CT003: the path begins with what wraps a record elsewhere.

use crate::diagnostic::{Code, Severity};
use crate::schema::{Key, Lookup};
use crate::{Diagnostic, syntax::Rule};

use super::paths::{self, Nowhere};
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT003"),
    severity: Severity::Warning,
    title: "a record stands alone in CloudWatch Logs",
    why: "A trail sends each record to CloudWatch Logs as an event of its own. The list `Records` is in the files of the \
          bucket, and `detail` is in the events of EventBridge; here a path begins at the record, and one through these \
          finds nothing.",
    bad: r#"{ $.Records[0].eventName = "ConsoleLogin" }"#,
    good: r#"{ $.eventName = "ConsoleLogin" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let starts_at_the_record = context.known().next().is_some();
    for lost in context.lost(Nowhere::Wrapper) {
        let Some(first) = lost.uses.first() else { continue };
        let is_list = first.first_name() == Some("Records");
        let skipped = if is_list && !matches!(first.path.get(1), Some(Key::Name(_))) { 2 } else { 1 };
        let inner = first.path.get(skipped..).unwrap_or_default();
        let place = if is_list { "the files that CloudTrail delivers" } else { "the events of EventBridge" };
        let wrapper = if is_list { "Records" } else { "detail" };
        let mut found = finding(&RULE, first.span, format!("`{wrapper}` is in {place}, not in CloudWatch Logs"));
        for other in lost.uses.iter().skip(1) {
            found = found.also(other.span, "here too");
        }
        if let Some(path) = context.spelling.path(inner) {
            found = found.help(format!("a path begins at the record: `{path}`"));
            let leads_on = !matches!(context.schema.lookup(inner), Lookup::Unknown { .. });
            // A log group may be fed by EventBridge, and then all of its paths begin with `detail`.
            if leads_on && (is_list || starts_at_the_record) {
                found = found.fix(paths::replace_all(&lost, &path));
            }
        }
        findings.push(found);
    }
}
