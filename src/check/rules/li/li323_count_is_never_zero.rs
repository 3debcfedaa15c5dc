//! LI323: a group that would have no rows.

use super::condition::{Says, function, legs, stands, test};
use super::pipeline::{self, replaces_rows, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Arguments, BinaryOp, Command, ExprKind, Function, Item, ItemLabel};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI323"),
    severity: Severity::Warning,
    title: "a count compared with zero",
    why: "A group exists because of its rows, so that `count(*)` of a group is one at least. What has no rows \
          makes no group and cannot be found by `n = 0`; a count that is filtered by `n > 0` loses nothing.",
    bad: "stats count(*) as n by userIdentity.arn | filter n = 0",
    good: "stats count(*) as n by userIdentity.arn | filter n = 1",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Stats(stats) = &step.stage.command else { continue };
        let counts: Vec<&str> = stats.aggregates.iter().filter_map(counted).collect();
        let behind = step.behind().iter().take_while(|stage| {
            let adds_rows = matches!(
                stage.command,
                Command::FillMissing(_) | Command::AppendCols { .. } | Command::AddTotals { .. } | Command::FillDown(_)
            );
            !replaces_rows(&stage.command) && !adds_rows && pipeline::names_made(&stage.command).is_empty()
        });
        for leg in behind.filter_map(super::condition::filtered).flat_map(|whole| legs(whole, BinaryOp::And)) {
            let Some(said) = test(leg) else { continue };
            let is_count = pipeline::field_name(said.subject).is_some_and(|name| counts.contains(&name));
            let Some(holds) = Some(&said.says).filter(|_| is_count).and_then(of_a_count) else { continue };
            let written = context.written(leg.span.0);
            let found = finding(
                &RULE,
                leg.span.0,
                if holds { format!("`{written}` holds for every group") } else { format!("`{written}` holds for no group") },
            )
            .label("a group has one row at least");
            findings.push(if holds {
                found.help("take it out, or compare with another number")
            } else {
                found.help("what has no rows makes no group; compare with a list of what is expected")
            });
        }
    }
}

fn counted(item: &Item) -> Option<&str> {
    let ItemLabel::Alias(name) = &item.label else { return None };
    let ExprKind::Call(call) = &item.expr.kind else { return None };
    let counts_rows = match &call.arguments {
        Arguments::Star => true,
        Arguments::List(list) => list.is_empty(),
    };
    (function(&item.expr) == Some(Function::Count) && counts_rows).then_some(name.text.as_str())
}

/// What the comparison says of every number from one on, where it is the same of all.
fn of_a_count(says: &Says<'_>) -> Option<bool> {
    match says {
        Says::Equal { negated, values } => {
            values.iter().all(|value| value.number.is_some_and(|number| number < 1.0)).then_some(*negated)
        }
        Says::Order(op @ (BinaryOp::Greater | BinaryOp::GreaterOrEqual), bound) => {
            stands(1.0, *op, *bound).then_some(true)
        }
        Says::Order(op, bound) => (!stands(1.0, *op, *bound)).then_some(false),
        _ => None,
    }
}
