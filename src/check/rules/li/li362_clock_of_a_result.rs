//! LI362: a time that is shown as a number.

use super::condition::function;
use super::pipeline::{field_name, names_read, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Command, ExprKind, Function, ItemLabel};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI362"),
    severity: Severity::Info,
    title: "a time shown as a number",
    why: "`earliest(@timestamp)` and `latest(@timestamp)` give milliseconds since 1970 and are shown as such. \
          `fromMillis` makes a date of them that can be read.",
    bad: "stats latest(@timestamp) as last by eventName",
    good: "stats fromMillis(latest(@timestamp)) as last by eventName",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Stats(stats) = &step.stage.command else { continue };
        for item in &stats.aggregates {
            let ExprKind::Call(call) = &item.expr.kind else { continue };
            let given = call.arguments.expressions();
            let is_time = given.first().and_then(|first| field_name(first)) == Some("@timestamp");
            let picks = matches!(function(&item.expr), Some(Function::Earliest | Function::Latest));
            let name = match &item.label {
                ItemLabel::Alias(name) => name.text.as_str(),
                ItemLabel::Source(text) => text.as_str(),
            };
            // Whoever goes on with it may need the number.
            let goes_on = step.behind().iter().any(|stage| {
                !matches!(stage.command, Command::Sort(_)) && names_read(stage).contains(&name)
            }) || stats.aggregates.iter().any(|other| {
                !std::ptr::eq(other, item) && step.stage.command.expressions().iter().any(|root| {
                    let mut reads = false;
                    super::pipeline::parts(root, |expr, _| reads |= field_name(expr) == Some(name));
                    reads
                })
            });
            if is_time && picks && !goes_on {
                let written = context.written(item.expr.span.0);
                findings.push(
                    finding(&RULE, item.expr.span.0, format!("`{written}` is shown as milliseconds since 1970"))
                        .label("a number")
                        .help(format!("write `fromMillis({written})` for a date")),
                );
            }
        }
    }
}
