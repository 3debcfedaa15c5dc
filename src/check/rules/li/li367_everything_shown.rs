//! LI367: every event sorted, and an unnamed part of them shown.

use super::pipeline::steps;
use super::{Context, finding};
use crate::check::logs::place::keyword;
use crate::syntax::Rule;
use crate::syntax::logs::Command;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI367"),
    severity: Severity::Info,
    title: "everything read, and a part shown",
    why: "Without `filter` every event of the time range is scanned and paid for, and without `limit` only the \
          first 10,000 rows are shown. A `limit` says how many are wanted; a filter on an indexed field reduces \
          what is scanned.",
    bad: "fields @timestamp, eventName, sourceIPAddress | sort @timestamp desc",
    good: "fields @timestamp, eventName, sourceIPAddress | sort @timestamp desc | limit 100",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Limit.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let shows_all = step.stages.iter().all(|stage| {
            matches!(stage.command, Command::Fields(_) | Command::Display(_) | Command::Sort(_) | Command::Source(_))
        });
        let is_outer = step.stages.len() == context.query.stages.len()
            && step.stages.first().map(|stage| stage.span.0) == context.query.stages.first().map(|stage| stage.span.0);
        if matches!(step.stage.command, Command::Sort(_))
            && shows_all
            && is_outer
            && step.behind().is_empty()
            && context.schema.is_some()
        {
            findings.push(
                finding(&RULE, keyword(step.stage), "every event is read, and the first 10,000 are shown")
                    .label("no `filter` and no `limit`")
                    .help("add `limit 100` or the like, or a `filter`"),
            );
        }
    }
}
