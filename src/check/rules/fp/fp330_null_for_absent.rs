//! FP330: a field that is never null is tested for null.

use crate::syntax::Rule;
use crate::schema::Kind;
use crate::{Code, Diagnostic, Fix, Severity, Span};

use super::clause::Test;
use super::{View, found, record};

pub(super) const RULE: Rule = Rule {
    code: Code("FP330"),
    severity: Severity::Warning,
    title: "the field is absent, not null",
    why: "Of the fields of a CloudTrail record only `requestParameters`, `responseElements` and \
          `additionalEventData` are null now and then. Another one that does not apply is left out of the \
          record, and for an absent member `IS NULL` does not hold.",
    bad: r#"{ $.eventName = "GetObject" && $.errorCode IS NULL }"#,
    good: r#"{ $.eventName = "GetObject" && $.errorCode NOT EXISTS }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses().filter(|clause| clause.test == Test::IsNull) {
        let Some(field) = clause.selector().and_then(|selector| record::field(view.schema, selector)) else { continue };
        let is_plain = matches!(field.kind, Kind::String | Kind::Boolean | Kind::Number);
        let is_guard = view.clauses().any(|other| other.subject == clause.subject && other.test == Test::NotExists);
        if !is_plain || is_guard || clause.subject.has_wildcard() || field.path.starts_with("additionalEventData") {
            continue;
        }
        let keywords = Span { start: clause.place.operator.start, end: clause.span().end };
        findings.push(
            found(&RULE, clause.span(), format!("`{}` is never null", clause.subject))
                .help(format!("a record without it fulfils `{} NOT EXISTS`", clause.subject))
                .fix(Fix::replace("write `NOT EXISTS`", keywords, "NOT EXISTS")),
        );
    }
}
