//! LI363: `unnest` of something that `jsonParse` did not make.

use super::pipeline::{field_name, steps};
use super::{Context, finding, record};
use crate::syntax::Rule;
use crate::syntax::logs::Command;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI363"),
    severity: Severity::Warning,
    title: "`unnest` of a discovered field",
    why: "`unnest` takes a list that `jsonParse` has made. Lists in events are taken apart when fields are \
          discovered, into `resources.0.ARN` and so on, so that there is no field of the list itself.",
    bad: "unnest events into event | stats count(*) as n by event.name",
    good: "fields jsonParse(@message) as record | unnest record.events into event | stats count(*) as n by event.name",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Unnest.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Unnest { path, .. } = &step.stage.command else { continue };
        let Some(name) = field_name(path).filter(|name| step.is_event_field(name)) else { continue };
        // Of a list in a CloudTrail record, the schema has a finding.
        if context.schema.is_some_and(|schema| record::field(schema, name).is_some()) {
            continue;
        }
        findings.push(
            finding(&RULE, path.span.0, format!("`{name}` was not made by `jsonParse`"))
                .label("no list")
                .help(format!("write `fields jsonParse(@message) as record | unnest record.{name} into …`")),
        );
    }
}
