//! FP311: a regex that says no more than a text would.

use crate::syntax::Rule;
use crate::syntax::filter::Value;
use crate::{Code, Diagnostic, Fix, Severity};

use super::View;
use super::clause::Subject;

pub(super) const RULE: Rule = Rule {
    code: Code("FP311"),
    severity: Severity::Info,
    title: "the regex is a plain text",
    why: "A pattern takes two regexes and a log group five filters with any, while texts are free. Between `^` and `$` this \
          regex has nothing but letters and digits, so it is the same as the text.",
    bad: "{ $.eventName = %^DeleteTrail$% }",
    good: "{ $.eventName = \"DeleteTrail\" }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses() {
        let Some(Value::Regex(regex)) = clause.value() else { continue };
        let inner = regex.as_str().strip_prefix('^').and_then(|rest| rest.strip_suffix('$'));
        let Some(inner) = inner.filter(|_| matches!(clause.subject, Subject::Member(_))) else { continue };
        // A number would be compared by its value.
        let is_word = inner.starts_with(|c: char| c.is_ascii_alphabetic())
            && inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_word {
            let place = clause.place.value;
            let text = format!("\"{inner}\"");
            findings.push(
                Diagnostic::new(RULE.code, RULE.severity, place, "the regex is a plain text".to_owned())
                    .help(format!("write `{text}`"))
                    .fix(Fix::replace(format!("write `{text}`"), place, text)),
            );
        }
    }
}
