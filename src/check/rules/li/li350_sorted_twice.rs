//! LI350: an order that the next `sort` undoes.

use super::pipeline::{names_made, steps};
use super::{Context, finding};
use crate::check::logs::place::keyword;
use crate::syntax::Rule;
use crate::syntax::logs::{Command, Stage};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI350"),
    severity: Severity::Info,
    title: "sorted twice",
    why: "The last `sort` decides the order. Whether rows that it finds equal keep the order of the one before \
          is not documented; several keys in one `sort` say it.",
    bad: "fields @timestamp, eventName | sort @timestamp desc | sort eventName asc | limit 100",
    good: "fields @timestamp, eventName | sort eventName asc, @timestamp desc | limit 100",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        if !matches!(step.stage.command, Command::Sort(_)) {
            continue;
        }
        let is_indifferent = |stage: &&Stage| {
            matches!(stage.command, Command::Filter { .. } | Command::Fields(_) | Command::Display(_))
                && names_made(&stage.command).is_empty()
        };
        let next = step.behind().iter().find(|stage| !is_indifferent(stage));
        if let Some(next) = next.filter(|next| matches!(next.command, Command::Sort(_))) {
            findings.push(
                finding(&RULE, step.stage.span.0, "a later `sort` undoes this order")
                    .label("does not last")
                    .also(keyword(next), "the last one decides")
                    .help("take it out, or write the keys into one `sort`, the most important first"),
            );
        }
    }
}
