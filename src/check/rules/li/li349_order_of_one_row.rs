//! LI349: one row sorted or limited.

use super::pipeline::steps;
use super::{Context, finding};
use crate::check::logs::place::{keyword, spelling};
use crate::syntax::Rule;
use crate::syntax::logs::{Arguments, Command, ExprKind, Function, Item};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI349"),
    severity: Severity::Info,
    title: "one row sorted",
    why: "`stats` without `by` makes one row of all events. There is nothing to sort or to limit; usually a \
          `by` is missing.",
    bad: "stats count(*) as n | sort n desc",
    good: "stats count(*) as n by eventName | sort n desc",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Stats(stats) = &step.stage.command else { continue };
        if !stats.by.is_empty() || stats.aggregates.iter().any(is_histogram) {
            continue;
        }
        let Some(next) = step.behind().first() else { continue };
        if matches!(next.command, Command::Sort(_) | Command::Limit { .. } | Command::Dedup(_)) {
            findings.push(
                finding(&RULE, next.span.0, format!("`{}` has one row before it", spelling(next)))
                    .label("no effect")
                    .also(keyword(step.stage), "makes one row: there is no `by`")
                    .help("take it out, or add `by …` to `stats`"),
            );
        }
    }
}

/// What `histogram` makes of the rows is disputed.
fn is_histogram(item: &Item) -> bool {
    match &item.expr.kind {
        ExprKind::Call(call) => {
            matches!(call.arguments, Arguments::List(_))
                && super::condition::function(&item.expr) == Some(Function::Histogram)
        }
        _ => false,
    }
}
