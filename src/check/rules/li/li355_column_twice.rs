//! LI355: two columns of one name.

use super::pipeline::steps;
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{Command, Item, ItemLabel};
use crate::{Code, Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI355"),
    severity: Severity::Warning,
    title: "two columns of one name",
    why: "A row holds one value under each name. Of two columns that a stage calls the same, only one is left \
          in the result.",
    bad: "stats count(*) as n, countDistinct(sourceIPAddress) as n by eventName",
    good: "stats count(*) as n, countDistinct(sourceIPAddress) as addresses by eventName",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let items: Vec<&Item> = match &step.stage.command {
            Command::Stats(stats) => stats.aggregates.iter().chain(&stats.by).collect(),
            Command::Fields(items) | Command::Display(items) => items.iter().collect(),
            _ => continue,
        };
        let is_stats = matches!(step.stage.command, Command::Stats(_));
        for (place, item) in items.iter().enumerate() {
            let Some(first) = items.iter().take(place).find(|first| name(first) == name(item)) else { continue };
            let both_aliases = [first, item].iter().all(|item| matches!(item.label, ItemLabel::Alias(_)));
            // Aliases of `fields` that stand twice have a finding already.
            if !is_stats && both_aliases {
                continue;
            }
            findings.push(
                finding(&RULE, place_of(item), format!("there is a column `{}` already", name(item)))
                    .label("the same name")
                    .also(place_of(first), "the first one")
                    .help("take it out, or give it another name"),
            );
        }
    }
}

fn name(item: &Item) -> &str {
    match &item.label {
        ItemLabel::Alias(name) => &name.text,
        ItemLabel::Source(text) => text,
    }
}

fn place_of(item: &Item) -> Span {
    match &item.label {
        ItemLabel::Alias(name) => name.span.0,
        ItemLabel::Source(_) => item.expr.span.0,
    }
}
