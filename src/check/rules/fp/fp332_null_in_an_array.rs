//! FP332: `IS NULL` on an array asks for a null among its elements.

use crate::syntax::Rule;
use crate::schema::Kind;
use crate::{Code, Diagnostic, Severity};

use super::clause::Test;
use super::{View, found, record};

pub(super) const RULE: Rule = Rule {
    code: Code("FP332"),
    severity: Severity::Warning,
    title: "`IS NULL` on an array",
    why: "For an array `IS NULL` holds if one of its elements is null, which in a CloudTrail record none is. A \
          record without the array fulfils `NOT EXISTS`.",
    bad: r#"{ $.eventName = "GetObject" && $.resources IS NULL }"#,
    good: r#"{ $.eventName = "GetObject" && $.resources NOT EXISTS }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses().filter(|clause| clause.test == Test::IsNull) {
        let Some(field) = clause.selector().and_then(|selector| record::field(view.schema, selector)) else { continue };
        if field.kind == Kind::Array {
            findings.push(
                found(&RULE, clause.span(), format!("`{}` is an array: this asks for a null in it", clause.subject))
                    .help(format!("absence is `{} NOT EXISTS`", clause.subject)),
            );
        }
    }
}
