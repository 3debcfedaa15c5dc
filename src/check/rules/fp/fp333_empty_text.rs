//! FP333: a comparison with the empty text is no test of absence.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::clause::{Subject, Test};
use super::{View, found, record};

pub(super) const RULE: Rule = Rule {
    code: Code("FP333"),
    severity: Severity::Info,
    title: "the empty text is not absence",
    why: "`= \"\"` holds for a member that is there and is a text without characters. A member that is absent or \
          null does not fulfil it.",
    bad: r#"{ $.session.user = "" }"#,
    good: "{ $.session.user NOT EXISTS }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses() {
        let (Subject::Member(selector), Test::Equal(_), Some("")) = (clause.subject, clause.test, clause.text_value()) else {
            continue;
        };
        let has_guard = view.clauses().any(|other| {
            other.subject == clause.subject && matches!(other.test, Test::NotExists | Test::IsNull)
        });
        if !has_guard && !record::is_made_up(view.schema, selector) {
            findings.push(
                found(&RULE, clause.span(), "an absent or null member does not fulfil this")
                    .help(format!("absence is `{selector} NOT EXISTS`, null `{selector} IS NULL`")),
            );
        }
    }
}
