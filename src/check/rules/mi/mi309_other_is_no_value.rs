//! MI309: a comparison with `Other`, the name of the group of metrics that lack a label.

use super::Context;
use crate::syntax::Rule;
use crate::syntax::metrics::{LabelKey, LabelValue};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MI309"),
    severity: Severity::Info,
    title: "`Other` compared as a value",
    why: "`Other` is what a result calls the group of metrics that do not have the label. `WHERE` compares with the \
          values that metrics have, so that it neither selects nor excludes this group.",
    bad: "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName != 'Other' GROUP BY userName",
    good: "SELECT SUM(Errors) FROM SCHEMA(App, userName) GROUP BY userName",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for predicate in context.predicates() {
        let (LabelKey::Dimension(name), LabelValue::Text { text, span }) = (&predicate.key, &predicate.value)
        else {
            continue;
        };
        if text != "Other" {
            continue;
        }
        let message = format!("the group `Other` of a result has no value of `{}`", name.name);
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, span.0, message)
                .help("to take metrics that have the label only, name it in `SCHEMA`"),
        );
    }
}
