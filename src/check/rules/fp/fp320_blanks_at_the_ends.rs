//! FP320: a quoted value begins or ends with a blank.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::{View, found, record};

pub(super) const RULE: Rule = Rule {
    code: Code("FP320"),
    severity: Severity::Warning,
    title: "a blank at the end of a value",
    why: "Blanks in quotes belong to the value. A text with a blank more or less is another text, so the \
          comparison with a value that got a blank by mistake finds nothing.",
    bad: r#"{ $.level = "ERROR " }"#,
    good: r#"{ $.level = "ERROR" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses() {
        let Some(text) = clause.text_value().filter(|text| !text.trim().is_empty()) else { continue };
        let is_made_up = clause.selector().is_some_and(|selector| record::is_made_up(view.schema, selector));
        if text.trim() != text && !is_made_up {
            let end = if text.trim_start() == text { "ends" } else { "begins" };
            findings.push(
                found(&RULE, clause.place.value, format!("the value {end} with a blank, which is compared too"))
                    .help(format!("write `\"{}\"`, or a star at that end", text.trim())),
            );
        }
    }
}
