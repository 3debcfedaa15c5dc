//! FP312: a term that must not occur is part of one that must.

use crate::syntax::Rule;
use crate::syntax::filter::Prefix;
use crate::{Code, Diagnostic, Severity};

use super::View;
use super::terms::{items, text};

pub(super) const RULE: Rule = Rule {
    code: Code("FP312"),
    severity: Severity::Warning,
    title: "what is required holds what is excluded",
    why: "Terms are looked for anywhere in the message, also inside words. Every message with the required term has the \
          excluded one inside it, so no event matches.",
    bad: "ERRORS -ERROR",
    good: "ERRORS -WARNING",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let of = |prefix| items(view).iter().filter(move |item| item.prefix == prefix);
    for excluded in of(Prefix::Excluded) {
        let Some(inner) = text(excluded).filter(|inner| !inner.is_empty()) else { continue };
        let holding = of(Prefix::Required).find(|required| text(required).is_some_and(|outer| outer.contains(inner)));
        if let Some(required) = holding {
            findings.push(
                Diagnostic::new(
                    RULE.code,
                    RULE.severity,
                    excluded.span.0,
                    "no message has the required term without this one".to_owned(),
                )
                .also(required.span.0, "required here")
                .help("remove one of them, or put the whole phrase in quotes"),
            );
        }
    }
}
