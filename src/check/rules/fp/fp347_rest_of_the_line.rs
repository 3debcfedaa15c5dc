//! FP347: a number is asked of the last field, which takes the rest of the line.

use crate::syntax::Rule;
use crate::syntax::filter::{Entry, FilterPattern};
use crate::{Code, Diagnostic, Severity};

use super::clause::Test;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP347"),
    severity: Severity::Info,
    title: "the last field takes the rest of the line",
    why: "The last field of a pattern without `...` takes all that is left of the line. If that is more than \
          one word it is no number, and no order holds for it.",
    bad: "[ip, user, bytes > 1000]",
    good: "[ip, user, bytes > 1000, ...]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let FilterPattern::Space(space) = view.pattern else { return };
    let [_, .., Entry::Field { name, test: Some(_) }] = space.entries() else { return };
    if space.entries().contains(&Entry::Ellipsis) {
        return;
    }
    let ordered = view
        .clauses()
        .find(|clause| clause.subject.to_string() == name.as_str() && matches!(clause.test, Test::Order(..)));
    if let Some(clause) = ordered {
        findings.push(
            found(&RULE, clause.span(), format!("`{name}` is no number in a line with more words"))
                .help("let other fields follow: `, ...`"),
        );
    }
}
