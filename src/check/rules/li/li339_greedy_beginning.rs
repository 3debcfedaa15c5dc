//! LI339: `.*` before a group of `parse`, which finds the last occurrence.

use regex_syntax::ast::{Ast, GroupKind};

use super::pipeline::steps;
use super::{Context, finding, regexes};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI339"),
    severity: Severity::Info,
    title: "`.*` at the beginning of a `parse`",
    why: "A regex is looked for anywhere, so that `.*` at its beginning is not needed to reach the group. It \
          runs to the end of the line first and comes back, so that the group takes the last occurrence and not \
          the first.",
    bad: "parse @message /.*user=(?<user>\\w+)/ | stats count(*) as n by user",
    good: "parse @message /user=(?<user>\\w+)/ | stats count(*) as n by user",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Parse.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for regex in regexes::of(&step).into_iter().filter(|regex| regex.like.is_none()) {
            let parts = regex.sequence();
            let Some(first) = parts.first().filter(|part| is_greedy(part)) else { continue };
            let has_group = parts.iter().any(|part| {
                matches!(part, Ast::Group(group) if !matches!(group.kind, GroupKind::NonCapturing(_)))
            });
            // Directly before the group, it decides what the group is left with.
            let is_apart = matches!(parts.get(1), Some(Ast::Literal(_)));
            if has_group && is_apart {
                let place = regex.place(first.span().start.offset, first.span().end.offset);
                findings.push(
                    finding(&RULE, place, "`.*` at the beginning makes the group take the last occurrence")
                        .label("runs to the end of the line first")
                        .help("take it out for the first occurrence"),
                );
            }
        }
    }
}

fn is_greedy(part: &Ast) -> bool {
    regexes::is_anything(part) && matches!(part, Ast::Repetition(repeated) if repeated.greedy)
}
