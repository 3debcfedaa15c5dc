//! FP301: conditions contradict each other, so the pattern never matches.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::View;
use super::clause::{Clause, Test};
use super::contradiction::dead;

pub(super) const RULE: Rule = Rule {
    code: Code("FP301"),
    severity: Severity::Warning,
    title: "the pattern never matches",
    why: "Conditions joined by `&&` must all hold for one event, and a field has one value. Where two of them exclude each \
          other, no event fulfils both: a metric filter with such a pattern is accepted and stays silent for ever.",
    bad: "{ $.eventName = \"PutObject\" && $.eventName = \"DeleteObject\" }",
    good: "{ $.eventName = \"PutObject\" || $.eventName = \"DeleteObject\" }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let (true, found) = dead(&view.trees) else { return };
    let Some(first) = found.first() else { return };
    let reason = Reason::of(&first.clauses);
    findings.extend(finding(RULE.code, RULE.severity, view.text, &first.clauses, |pair| {
        format!("the pattern never matches: {pair}")
    }).map(|finding| finding.help(reason.help())));
}

/// A finding about conditions that never hold together, at the last of them.
pub(super) fn finding(
    code: Code,
    severity: Severity,
    text: &str,
    clauses: &[Clause<'_>],
    message: impl Fn(&str) -> String,
) -> Option<Diagnostic> {
    let (last, others) = clauses.split_last()?;
    let written = |clause: &Clause<'_>| clause.span().slice(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let together = match others {
        [only] => format!("`{}` and `{}` exclude each other", written(only), written(last)),
        _ => "these conditions exclude each other".to_owned(),
    };
    let finding = Diagnostic::new(code, severity, last.span(), message(&together));
    Some(others.iter().fold(finding, |finding, clause| finding.also(clause.span(), "excluded by this")))
}

/// Why conditions exclude each other.
pub(super) enum Reason {
    /// Different values are asked for.
    Values,
    /// One asks for a value, the other for none.
    Absence,
    /// One asks for a member of what the other says is no container.
    Container,
    /// Anything else.
    Other,
}

impl Reason {
    pub(super) fn of(clauses: &[Clause<'_>]) -> Self {
        let [one, other] = clauses else { return Reason::Other };
        if one.subject != other.subject {
            return Reason::Container;
        }
        let asks_for_absence = |clause: &Clause<'_>| matches!(clause.test, Test::NotExists | Test::IsNull);
        if asks_for_absence(one) || asks_for_absence(other) {
            return Reason::Absence;
        }
        let equal = |clause: &Clause<'_>| matches!(clause.test, Test::Equal(_));
        if equal(one) && equal(other) { Reason::Values } else { Reason::Other }
    }

    pub(super) fn help(&self) -> &'static str {
        match self {
            Reason::Values => "a field has one value: join alternatives by `||`",
            Reason::Absence => {
                "`NOT EXISTS` holds for an absent member, `IS NULL` for null, a comparison for a text or number: join them by `||`"
            }
            Reason::Container => "what is absent, null or a plain value has no members",
            Reason::Other => "join alternatives by `||`, or remove one of the conditions",
        }
    }
}
