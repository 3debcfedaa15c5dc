//! LI348: some of the groups, in no order.

use super::condition::function;
use super::pipeline::steps;
use super::{Context, finding};
use crate::check::logs::place::keyword;
use crate::syntax::Rule;
use crate::syntax::logs::{Command, Function, Stage};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI348"),
    severity: Severity::Info,
    title: "`limit` of groups in no order",
    why: "Groups come in no particular order, so that `limit` right behind `stats` shows any of them and drops \
          the others, the largest included. A `sort` before it says which ones.",
    bad: "stats count(*) as n by eventName | limit 10",
    good: "stats count(*) as n by eventName | sort n desc | limit 10",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Limit.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Stats(stats) = &step.stage.command else { continue };
        let is_time = |expr| {
            matches!(function(expr), Some(Function::Bin | Function::DateFloor | Function::DateCeil))
        };
        if stats.by.is_empty() || stats.by.iter().any(|key| is_time(&key.expr)) {
            continue;
        }
        let keeps = |stage: &&Stage| {
            matches!(stage.command, Command::Filter { .. } | Command::Fields(_) | Command::Display(_))
        };
        let mut behind = step.behind().iter().skip_while(keeps);
        let Some(limit) = behind.next() else { continue };
        // Behind it, the sort has a finding of its own.
        let sorted = behind.any(|stage| matches!(stage.command, Command::Sort(_)));
        if matches!(limit.command, Command::Limit { any: false, .. } | Command::Head(_)) && !sorted {
            findings.push(
                finding(&RULE, limit.span.0, "this keeps any of the groups, not the largest")
                    .label("in no order")
                    .also(keyword(step.stage), "makes the groups")
                    .help("write `sort … desc` before it"),
            );
        }
    }
}
