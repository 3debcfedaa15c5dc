//! FP328: a quoted null is four letters.

use crate::syntax::Rule;
use crate::syntax::filter::Value;
use crate::{Code, Diagnostic, Severity};

use super::clause::{Subject, Test};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP328"),
    severity: Severity::Warning,
    title: r#"`"null"` is a text"#,
    why: "In quotes `null` is a text of four letters. A JSON null equals no text and differs from none either; \
          it is tested by `IS NULL`.",
    bad: r#"{ $.response = "null" }"#,
    good: "{ $.response IS NULL }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses() {
        let (Subject::Member(selector), Some(Value::Text(text))) = (clause.subject, clause.value()) else { continue };
        if !text.text.eq_ignore_ascii_case("null") {
            continue;
        }
        let help = match clause.test {
            Test::NotEqual(_) => format!("a text or number that is there is `{selector} = \"*\"`"),
            _ => format!("null is `{selector} IS NULL`, absence `{selector} NOT EXISTS`"),
        };
        findings.push(found(&RULE, clause.place.value, "this is a text of four letters, not null").help(help));
    }
}
