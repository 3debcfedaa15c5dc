//! FP331: a field that is null is tested for absence.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::clause::Test;
use super::{View, found, record};

pub(super) const RULE: Rule = Rule {
    code: Code("FP331"),
    severity: Severity::Warning,
    title: "the field is null, not absent",
    why: "A record of an API call always has `requestParameters` and `responseElements`; where the call has \
          none they are null, as the response of every read-only call is. A member that is null exists, so \
          `NOT EXISTS` does not hold for it.",
    bad: r#"{ $.eventName = "PutObject" && $.responseElements NOT EXISTS }"#,
    good: r#"{ $.eventName = "PutObject" && ($.responseElements IS NULL || $.responseElements NOT EXISTS) }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses().filter(|clause| clause.test == Test::NotExists) {
        let Some(field) = clause.selector().and_then(|selector| record::field(view.schema, selector)) else { continue };
        let is_nullable = matches!(field.path.as_str(), "requestParameters" | "responseElements");
        let is_guard = view.clauses().any(|other| other.subject == clause.subject && other.test == Test::IsNull);
        if is_nullable && !is_guard {
            let subject = clause.subject;
            findings.push(
                found(&RULE, clause.span(), format!("`{subject}` is null where a call has none, not absent"))
                    .help(format!("write `({subject} IS NULL || {subject} NOT EXISTS)`")),
            );
        }
    }
}
