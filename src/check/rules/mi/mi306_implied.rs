//! MI306: a comparison that another one implies.

use super::Context;
use crate::syntax::Rule;
use crate::syntax::metrics::{Comparison, LabelValue};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MI306"),
    severity: Severity::Info,
    title: "a comparison that another one implies",
    why: "A label that equals one value differs from every other, so that the second comparison never decides anything.",
    bad: "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName = 'alice' AND userName != 'bob'",
    good: "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName = 'alice'",
    see: "",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let required: Vec<_> = context.required().collect();
    for idle in required.iter().filter(|predicate| predicate.comparison == Comparison::NotEqual) {
        let decisive = required.iter().find(|other| {
            other.key == idle.key
                && other.comparison == Comparison::Equal
                && matches!((&other.value, &idle.value), (LabelValue::Text { .. }, LabelValue::Text { .. }))
                && other.value != idle.value
        });
        let Some(decisive) = decisive else { continue };
        let finding = Diagnostic::new(
            RULE.code,
            RULE.severity,
            idle.span.0,
            format!("`{}` = `{}` already says so", idle.key, decisive.value),
        );
        findings.push(finding.also(decisive.span.0, "this decides").help("remove the comparison"));
    }
}
