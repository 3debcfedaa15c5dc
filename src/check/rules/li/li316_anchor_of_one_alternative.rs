//! LI316: an anchor that belongs to one alternative only.

use super::pipeline::steps;
use super::{Context, finding, regexes};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI316"),
    severity: Severity::Info,
    title: "an anchor of one alternative only",
    why: "`|` binds looser than everything else in a regex, so that `^Create|Delete` finds what begins with \
          `Create` and what has `Delete` anywhere. Parentheses around the alternatives make the anchor hold for \
          all.",
    bad: "filter eventName like /^Create|Delete/",
    good: "filter eventName like /^(Create|Delete)/",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for regex in regexes::of(&step) {
            let legs: Vec<_> = regex.alternatives().into_iter().map(regexes::sequence).collect();
            let starts: Vec<bool> =
                legs.iter().map(|leg| leg.first().is_some_and(|part| regexes::is_start(part))).collect();
            let ends: Vec<bool> =
                legs.iter().map(|leg| leg.last().is_some_and(|part| regexes::is_end(part))).collect();
            let one_of_many = |anchored: &[bool]| legs.len() > 1 && anchored.iter().filter(|one| **one).count() == 1;
            let first_starts = one_of_many(&starts) && starts.first() == Some(&true);
            let last_ends = one_of_many(&ends) && ends.last() == Some(&true);
            // `^$|x` is an empty text or `x`.
            let has_both = starts.iter().zip(&ends).any(|(starts, ends)| *starts && *ends);
            let (sign, which) = match (first_starts, last_ends) {
                (true, _) if !has_both => ("^", "first"),
                (_, true) if !has_both => ("$", "last"),
                _ => continue,
            };
            findings.push(
                finding(&RULE, regex.span, format!("`{sign}` holds for the {which} alternative only"))
                    .label("the others are found anywhere")
                    .help(if sign == "^" {
                        "write `^(…|…)` for all, `^…|^…` to say so of each"
                    } else {
                        "write `(…|…)$` for all, `…$|…$` to say so of each"
                    }),
            );
        }
    }
}
