//! FP329: a field is compared with a quoted number and, elsewhere, by size.

use crate::syntax::Rule;
use crate::syntax::filter::{NumberLiteral, Value};
use crate::{Code, Diagnostic, Fix, Severity};

use super::clause::{Subject, Test};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP329"),
    severity: Severity::Warning,
    title: "a number in quotes",
    why: "An order holds for JSON numbers only, so the field is one. A number in quotes is compared with its \
          spelling: `\"1\"` does not equal `1.0`. Without quotes the values are compared.",
    bad: r#"{ $.status >= 500 || $.status = "429" }"#,
    good: "{ $.status >= 500 || $.status = 429 }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses().filter(|clause| matches!(clause.subject, Subject::Member(_))) {
        let Some(Value::Text(text)) = clause.value().filter(|value| is_quoted_number(value)) else { continue };
        let ordered = view
            .clauses()
            .find(|other| other.subject == clause.subject && matches!(other.test, Test::Order(..)));
        let Some(ordered) = ordered else { continue };
        let span = clause.place.value;
        findings.push(
            found(&RULE, span, "in quotes the number is compared by its spelling")
                .also(ordered.span(), "here by its value")
                .help("remove the quotes")
                .fix(Fix::replace("remove the quotes", span, text.text.clone())),
        );
    }
}

fn is_quoted_number(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.quoted.0 && NumberLiteral::new(&text.text).is_some())
}
