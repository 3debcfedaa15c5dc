//! FP346: a single field is the whole line.

use crate::syntax::Rule;
use crate::plan::glob::Glob;
use crate::syntax::filter::{Entry, FilterPattern, Value};
use crate::{Code, Diagnostic, Fix, Severity, Span};

use super::clause::{Clause, Test};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP346"),
    severity: Severity::Warning,
    title: "a single field is the whole line",
    why: "The last field of a pattern without `...` takes the rest of the line. With a single field that is \
          all of the line, which equals a word, or is a number, only if there is nothing else in it.",
    bad: "[level = ERROR]",
    good: "[level = ERROR, ...]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let FilterPattern::Space(space) = view.pattern else { return };
    let [Entry::Field { test: Some(_), .. }] = space.entries() else { return };
    let Some(clause) = view.clauses().find(|clause| asks_for_a_word(clause)) else { return };
    let Some(end) = view.text.rfind(']') else { return };
    findings.push(
        found(&RULE, clause.span(), format!("`{}` is the whole line", clause.subject))
            .help("let other fields follow: `, ...`")
            .fix(Fix::replace("let other fields follow", Span::at(end), ", ...")),
    );
}

fn asks_for_a_word(clause: &Clause<'_>) -> bool {
    match (clause.test, clause.value()) {
        (Test::Order(..), _) | (_, Some(Value::Number(_))) => true,
        (_, Some(Value::Text(text))) => match Glob::new(&text.text) {
            Glob::Exact(text) => !text.is_empty() && !text.contains(' '),
            _ => false,
        },
        _ => false,
    }
}
