//! MI305: `!=` on a label that the selected metrics need not have.

use super::Context;
use crate::syntax::Rule;
use crate::syntax::metrics::{Comparison, LabelKey};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MI305"),
    severity: Severity::Warning,
    title: "`!=` also passes metrics without the label",
    why: "A metric that does not have the label at all passes `!=`. Without `SCHEMA` the query takes metrics of any \
          dimensions, so that totals published beside the details are added to them.",
    bad: "SELECT SUM(Errors) FROM App WHERE userName != 'alice'",
    good: "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName != 'alice'",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let query = context.query;
    if query.from.schema.is_some() {
        return;
    }
    for predicate in context.required() {
        let LabelKey::Dimension(name) = &predicate.key else { continue };
        let is_told_elsewhere = query.group_by.contains(&predicate.key) || context.is_fixed(&predicate.key);
        if predicate.comparison != Comparison::NotEqual || is_told_elsewhere {
            continue;
        }
        let message = format!("metrics that have no `{}` pass this comparison too", name.name);
        findings.push(
            Diagnostic::warning(RULE.code, predicate.span.0, message)
                .also(query.from.span.0, "metrics of any dimensions")
                .help(format!(
                    "name all dimensions of the metric: `SCHEMA({}, {name})`, if this is the only one",
                    query.from.namespace
                )),
        );
    }
}
