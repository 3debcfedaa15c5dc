//! MI308: a name or value with blanks at its ends.

use super::Context;
use crate::syntax::Rule;
use crate::syntax::metrics::{LabelKey, LabelValue};
use crate::{Code, Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("MI308"),
    severity: Severity::Warning,
    title: "blanks at the ends of a name or value",
    why: "Within quotes blanks count, and names and values are compared byte for byte. \
          A name with a blank at its end is another one than that without.",
    bad: "SELECT SUM(\"Errors \") FROM App",
    good: "SELECT SUM(Errors) FROM App",
    see: "",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let query = context.query;
    let mut say = |what: &str, text: &str, span: Span| {
        let trimmed = text.trim();
        if trimmed.len() == text.len() || trimmed.is_empty() {
            return;
        }
        let message = format!("the {what} `{text}` has blanks at its ends, which count");
        let finding = Diagnostic::warning(RULE.code, span, message);
        findings.push(finding.help(format!("drop them, unless the {what} has them: `{trimmed}`")));
    };
    say("metric's name", &query.select.metric.name, query.select.metric.span.0);
    say("namespace", &query.from.namespace.name, query.from.namespace.span.0);
    for name in query.from.schema.iter().flatten() {
        say("name", &name.name, name.span.0);
    }
    for key in query.group_by.iter().chain(context.predicates().map(|predicate| &predicate.key)) {
        if let LabelKey::Dimension(name) | LabelKey::Tag(name) = key {
            say("name", &name.name, name.span.0);
        }
    }
    for predicate in context.predicates() {
        if let LabelValue::Text { text, span } = &predicate.value {
            say("value", text, span.0);
        }
    }
}
