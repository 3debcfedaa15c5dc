//! LI306: groups of one event each.

use super::pipeline::steps;
use super::{Context, finding};
use crate::check::logs::place::keyword;
use crate::syntax::Rule;
use crate::syntax::logs::Command;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI306"),
    severity: Severity::Info,
    title: "groups of one event each",
    why: "Hardly two events share an identifier, a timestamp to the millisecond or a message, so that each \
          group has one event and the result as many rows as there are events, cut off at 10,000. Times are \
          grouped by `bin`.",
    bad: "filter eventSource = \"s3.amazonaws.com\" | stats count(*) as n by @timestamp",
    good: "filter eventSource = \"s3.amazonaws.com\" | stats count(*) as n by bin(5m)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html",
};

const UNIQUE: &[&str] = &["@timestamp", "@message", "@ptr", "@ingestionTime", "eventID", "requestID"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Stats(stats) = &step.stage.command else { continue };
        // Who counts to find doubles, or goes on from there, knows that groups are small.
        let goes_on = step.behind().iter().any(|stage| {
            matches!(stage.command, Command::Filter { .. } | Command::Stats(_) | Command::Sort(_))
        });
        let key = stats.by.iter().find(|key| {
            step.event_field(&key.expr).is_some_and(|name| {
                UNIQUE.contains(&name) && (name == "@ptr" || context.schema.is_some())
            })
        });
        let Some(key) = key.filter(|_| !goes_on) else { continue };
        let shown = context.written(key.expr.span.0);
        findings.push(
            finding(&RULE, key.expr.span.0, format!("hardly two events have the same `{shown}`"))
                .label("a group for each event")
                .also(keyword(step.stage), "one row for each of them")
                .help(if shown.starts_with("@timestamp") || shown == "@ingestionTime" {
                    "write `bin(5m)` or the like"
                } else {
                    "take it out, or list the events by `fields`"
                }),
        );
    }
}
