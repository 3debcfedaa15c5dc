//! MI302: a dimension with characters outside ASCII, which no metric has.

use super::Context;
use crate::syntax::Rule;
use crate::syntax::metrics::{LabelKey, LabelValue};
use crate::{Code, Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("MI302"),
    severity: Severity::Warning,
    title: "a dimension outside ASCII",
    why: "Names and values of dimensions hold ASCII characters only; the service refuses metric data with others. \
          A comparison with such a value never holds, and no metric has such a label.",
    bad: "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName = 'zoë'",
    good: "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName = 'zoe'",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut say = |what: &str, text: &str, span: Span| {
        let Some(foreign) = text.chars().find(|c| !c.is_ascii()) else { return };
        let message = format!("no dimension has the {what} `{text}`: `{foreign}` is not ASCII");
        let finding = Diagnostic::warning(RULE.code, span, message);
        findings.push(finding.help("write it as the metric has it; names and values of dimensions are ASCII"));
    };
    for name in context.query.from.schema.iter().flatten() {
        say("name", &name.name, name.span.0);
    }
    for key in context.query.group_by.iter().chain(context.predicates().map(|predicate| &predicate.key)) {
        if let LabelKey::Dimension(name) = key {
            say("name", &name.name, name.span.0);
        }
    }
    for predicate in context.predicates() {
        if let (LabelKey::Dimension(_), LabelValue::Text { text, span }) = (&predicate.key, &predicate.value) {
            say("value", text, span.0);
        }
    }
}
