//! FP316: `!=` with a wildcard holds if some value differs.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::clause::Test;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP316"),
    severity: Severity::Info,
    title: "some value differs, not every one",
    why: "A condition with a wildcard is true when some value fulfils it. `!=` is then true when one of the \
          values differs, although another equals. How the service reads this case is not documented.",
    bad: r#"{ $.tags[*] != "internal" }"#,
    good: r#"{ $.tags[0] != "internal" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses() {
        if clause.subject.has_wildcard() && matches!(clause.test, Test::NotEqual(_)) {
            findings.push(
                found(&RULE, clause.span(), format!("this holds if some value of `{}` differs", clause.subject))
                    .help("that no value equals cannot be said with a wildcard: name the element, as `[0]`"),
            );
        }
    }
}
