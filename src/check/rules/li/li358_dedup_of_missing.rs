//! LI358: `dedup` on a field that many records do not have.

use super::condition::{filtered, legs, test};
use super::pipeline::{field_name, steps};
use super::{Context, finding, record};
use crate::syntax::Rule;
use crate::syntax::logs::{BinaryOp, Command};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI358"),
    severity: Severity::Warning,
    title: "`dedup` keeps all rows without the field",
    why: "`dedup` takes no row for a double in which one of its fields is missing: all of them stay. Records of \
          roles have no `userIdentity.userName` and those of successful calls no `errorCode`, so that they fill \
          the result.",
    bad: "fields @timestamp, eventName | sort @timestamp desc | dedup userIdentity.userName",
    good: "filter ispresent(userIdentity.userName) | fields @timestamp, eventName | sort @timestamp desc | dedup userIdentity.userName",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Dedup.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(schema) = context.schema else { return };
    for step in steps(context.query) {
        let Command::Dedup(fields) = &step.stage.command else { continue };
        let conditions: Vec<_> = step.before().iter().filter_map(filtered).collect();
        for field in fields {
            let is_required = |name: &str| {
                conditions.iter().flat_map(|whole| legs(whole, BinaryOp::And)).any(|leg| {
                    test(leg).is_some_and(|said| field_name(said.subject) == Some(name) && said.needs_presence())
                })
            };
            let name = field.name.as_str();
            if step.is_event_field(name) && record::may_be_missing(schema, name) && !is_required(name) {
                let shown = context.written(field.span.0);
                findings.push(
                    finding(&RULE, field.span.0, format!("`dedup` keeps every record that has no `{shown}`"))
                        .label("missing from many records")
                        .help(format!("write `filter ispresent({shown})` before it, or accept them")),
                );
            }
        }
    }
}
