//! FP350: a field of a line equals a number by its spelling.

use crate::syntax::Rule;
use crate::syntax::filter::Value;
use crate::{Code, Diagnostic, Severity};

use super::clause::Subject;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP350"),
    severity: Severity::Info,
    title: "a field equals a number by its spelling",
    why: "The fields of a line are texts. `=` and `!=` compare the characters, so `1.0` is not `1` and `1e3` \
          not `1000`. The orders compare the value.",
    bad: "[name, ratio = 1.0, unit]",
    good: "[name, ratio >= 1 && ratio <= 1, unit]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses().filter(|clause| matches!(clause.subject, Subject::Field(_))) {
        let Some(Value::Number(number)) = clause.value() else { continue };
        if number.as_str().contains(['.', 'e', 'E', '+']) {
            let field = clause.subject;
            findings.push(
                found(&RULE, clause.place.value, format!("`{number}` is compared by its spelling"))
                    .help(format!("by its value: `{field} >= {number} && {field} <= {number}`")),
            );
        }
    }
}
