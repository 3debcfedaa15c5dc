//! FP348: a pattern of fields that asks for nothing.

use crate::syntax::Rule;
use crate::syntax::filter::{Entry, FilterPattern};
use crate::{Code, Diagnostic, Severity, Span};

use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP348"),
    severity: Severity::Info,
    title: "every line with a word matches",
    why: "Without a field the pattern matches every message that has a word in it. The empty pattern is the \
          documented way to match everything, and costs no splitting into fields.",
    bad: "[...]",
    good: "[level = ERROR, ...]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let FilterPattern::Space(space) = view.pattern else { return };
    if space.entries().iter().all(|entry| *entry == Entry::Ellipsis) {
        findings.push(
            found(&RULE, Span::new(0, view.text.len()), "this matches every message with a word in it")
                .help("for every message leave the pattern empty"),
        );
    }
}
