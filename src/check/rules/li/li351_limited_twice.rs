//! LI351: a limit that another one makes idle.

use super::pipeline::steps;
use super::{Context, finding};
use crate::check::logs::place::keyword;
use crate::syntax::Rule;
use crate::syntax::logs::{Command, Stage};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI351"),
    severity: Severity::Info,
    title: "limited twice",
    why: "Of two limits of the same rows the smaller one counts. The other one has no effect and was often \
          forgotten when the query was changed.",
    bad: "fields @timestamp, @message | sort @timestamp desc | limit 20 | limit 100",
    good: "fields @timestamp, @message | sort @timestamp desc | limit 20",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Limit.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Some(first) = rows(step.stage) else { continue };
        let is_indifferent = |stage: &&Stage| matches!(stage.command, Command::Fields(_) | Command::Display(_));
        let Some(next) = step.behind().iter().find(|stage| !is_indifferent(stage)) else { continue };
        let Some(second) = rows(next) else { continue };
        let (idle, decisive) = if second < first { (step.stage, next) } else { (next, step.stage) };
        findings.push(
            finding(&RULE, idle.span.0, format!("`{}` rows are left at most by another limit", first.min(second)))
                .label("no effect")
                .also(keyword(decisive), "this one decides")
                .help("take one of them out"),
        );
    }
}

fn rows(stage: &Stage) -> Option<u64> {
    match &stage.command {
        Command::Limit { any: false, rows } | Command::Head(rows) => Some(rows.value),
        _ => None,
    }
}
