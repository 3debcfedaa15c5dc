//! LI365: an event name of many services, without the event source.

use super::condition::{Says, filtered, legs, test};
use super::pipeline::{self, names_read, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::BinaryOp;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI365"),
    severity: Severity::Info,
    title: "an event name of many services",
    why: "Event names are unique within a service only. `CreateUser` is a call of IAM and of a dozen other \
          services, so that a query without `eventSource` finds their calls as well.",
    bad: "filter eventName = \"CreateUser\" | fields @timestamp, awsRegion",
    good: "filter eventSource = \"iam.amazonaws.com\" and eventName = \"CreateUser\" | fields @timestamp, awsRegion",
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

/// From how many services on a name says little by itself.
const MANY: usize = 8;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(schema) = context.schema else { return };
    let all = steps(context.query);
    // Whoever shows or groups by the source tells the services apart.
    let names_source = all
        .iter()
        .flat_map(|step| names_read(step.stage))
        .any(|name| matches!(name, "eventSource" | "@message") || name.starts_with("requestParameters"));
    if names_source {
        return;
    }
    for step in &all {
        let Some(condition) = filtered(step.stage) else { continue };
        for leg in legs(condition, BinaryOp::And) {
            let Some(said) = test(leg) else { continue };
            let Says::Equal { negated: false, values } = &said.says else { continue };
            if pipeline::field_name(said.subject) != Some("eventName") || step.event_field(said.subject).is_none() {
                continue;
            }
            for value in values {
                let sources = schema.sources_of(value.text).len();
                if sources >= MANY {
                    findings.push(
                        finding(&RULE, value.span, format!("{sources} services have an event `{}`", value.text))
                            .label("of any of them")
                            .help("add `eventSource = \"….amazonaws.com\"`"),
                    );
                }
            }
        }
    }
}
