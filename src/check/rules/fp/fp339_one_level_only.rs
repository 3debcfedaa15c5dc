//! FP339: a wildcard at the root reaches the members of the event, not what is inside them.

use crate::syntax::Rule;
use crate::syntax::filter::SelectorStep;
use crate::{Code, Diagnostic, Severity};

use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP339"),
    severity: Severity::Info,
    title: "a wildcard goes one level deep",
    why: "`$.*` stands for the direct members of the event. A text inside an object or an array further down \
          is not looked at, and objects and arrays themselves fulfil no comparison.",
    bad: r#"{ $.* = "AccessDenied" }"#,
    good: r#"{ $.code = "AccessDenied" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses() {
        let Some(selector) = clause.selector() else { continue };
        if matches!(selector.steps(), [SelectorStep::AnyMember | SelectorStep::AnyElement]) {
            findings.push(
                found(&RULE, selector.span.0, format!("`{selector}` does not reach inside objects and arrays"))
                    .help("name the member, or look for a term in the whole message"),
            );
        }
    }
}
