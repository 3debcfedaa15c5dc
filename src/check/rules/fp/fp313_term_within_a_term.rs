//! FP313: a required term is part of another.

use crate::syntax::Rule;
use crate::syntax::filter::Prefix;
use crate::{Code, Diagnostic, Fix, Severity};

use super::View;
use super::terms::{items, removal, text};

pub(super) const RULE: Rule = Rule {
    code: Code("FP313"),
    severity: Severity::Info,
    title: "a term is part of another",
    why: "Terms are looked for anywhere in the message, also inside words. Wherever the longer term is, the shorter one is \
          too, so it asks for nothing more.",
    bad: "AccessDenied Denied",
    good: "AccessDenied",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let required: Vec<_> = items(view).iter().filter(|item| item.prefix == Prefix::Required).collect();
    for shorter in &required {
        let Some(inner) = text(shorter).filter(|inner| !inner.is_empty()) else { continue };
        // Equal ones are another rule's matter.
        let holds = |outer: &str| outer.len() > inner.len() && outer.contains(inner);
        let Some(longer) = required.iter().find(|item| text(item).is_some_and(holds)) else { continue };
        findings.push(
            Diagnostic::new(
                RULE.code,
                RULE.severity,
                shorter.span.0,
                "this term is part of another that must occur".to_owned(),
            )
            .also(longer.span.0, "this one")
            .help("remove it")
            .fix(Fix::replace("remove it", removal(view.text, shorter.span.0), "")),
        );
    }
}
