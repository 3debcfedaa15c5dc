//! LI301: conditions on one field contradict each other, so no row passes.

use super::condition::{conjunctions, test};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI301"),
    severity: Severity::Warning,
    title: "conditions that exclude each other",
    why: "Every condition of an `and`, and every `filter` of a pipeline, must hold for the same row. A field has one value, so that a field which must equal two different texts lets nothing through, and the query answers with no rows and no error.",
    bad: "filter eventName = \"StartInstances\" and eventName = \"StopInstances\"",
    good: "filter eventName in [\"StartInstances\", \"StopInstances\"]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for legs in conjunctions(context.query) {
        let tests: Vec<_> = legs.iter().filter_map(|leg| Some((*leg, test(leg)?))).collect();
        for (place, (later, said)) in tests.iter().enumerate() {
            let earlier = tests.iter().take(place).find(|(_, before)| before.excludes(said));
            let Some((earlier, _)) = earlier else { continue };
            let written = context.written(later.span.0);
            findings.push(
                finding(&RULE, later.span.0, format!("`{written}` never holds together with what is said before"))
                    .label("excluded")
                    .also(earlier.span.0, "by this")
                    .help("join alternatives by `or`, or list them behind `in`"),
            );
            break;
        }
    }
}
