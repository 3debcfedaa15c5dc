//! LI306: groups by a field that nearly every event has a value of its own for.

use crate::syntax::Rule;
use crate::syntax::logs::Command;
use crate::{Code, Diagnostic, Severity};

use super::Context;
use super::expressions::field;

pub(super) const RULE: Rule = Rule {
    code: Code("LI306"),
    severity: Severity::Info,
    title: "nearly every event is a group of its own",
    why: "The field differs from event to event, so the groups are as many as the events: each count is one, and a result \
          ends at the most rows that a query returns.",
    bad: "filter eventName = \"GetObject\" | stats count(*) as calls by eventID",
    good: "filter eventName = \"GetObject\" | stats count(*) as calls by userIdentity.arn",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html",
};

/// Fields that identify an event.
const UNIQUE: &[&str] = &["eventID", "requestID", "@ptr"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    // Behind the first `stats` a name is that of a column.
    let stats = context.query.stages.iter().find_map(|stage| match &stage.command {
        Command::Stats(stats) => Some(stats),
        _ => None,
    });
    for key in stats.into_iter().flat_map(|stats| &stats.by).filter_map(|item| field(&item.expr)) {
        let is_unique = UNIQUE.contains(&key.name.as_str());
        // What is unique in CloudTrail may be shared in other logs.
        if is_unique && (context.schema.is_some() || key.name == "@ptr") {
            findings.push(
                Diagnostic::new(
                    RULE.code,
                    RULE.severity,
                    key.span.0,
                    format!("`{}` identifies an event: every group has one", key.name),
                )
                .help("group by what events share, or list the events with `fields`"),
            );
        }
    }
}
