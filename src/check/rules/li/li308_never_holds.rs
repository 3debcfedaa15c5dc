//! LI308: conditions on one field contradict each other, so no row passes.

use super::condition::conjunctions;
use super::relation::{Exclusion, exclusions};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI308"),
    severity: Severity::Warning,
    title: "conditions that exclude each other",
    why: "Every condition of an `and`, and every `filter` of a pipeline, must hold for the same row. A field \
          has one value, so that a field which must equal two different texts lets nothing through, and the \
          query answers with no rows and no error.",
    bad: "filter eventName = \"StartInstances\" and eventName = \"StopInstances\"",
    good: "filter eventName in [\"StartInstances\", \"StopInstances\"]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for legs in conjunctions(context.query) {
        let Some(pair) = exclusions(&legs).find(Exclusion::is_of_values) else { continue };
        let written = context.written(pair.later.span.0);
        findings.push(
            finding(&RULE, pair.later.span.0, format!("`{written}` never holds together with what is said before"))
                .label("another value")
                .also(pair.earlier.span.0, "than this")
                .help("join alternatives by `or`, or list them behind `in`"),
        );
    }
}
