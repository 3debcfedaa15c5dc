//! MI304: groups by a label that `WHERE` gives one value.

use super::Context;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("MI304"),
    severity: Severity::Info,
    title: "`GROUP BY` a label that has one value",
    why: "`WHERE` lets through one value of the label, so that grouping by it tells nothing apart. In an alarm it also \
          makes a query of one series one of several, which the service treats differently when data are missing.",
    bad: "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName = 'alice' GROUP BY userName",
    good: "SELECT SUM(Errors) FROM SCHEMA(App, userName) WHERE userName = 'alice'",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for key in &context.query.group_by {
        let Some(predicate) = context.fixing(key) else { continue };
        let message = format!("`WHERE` leaves one value of `{key}`, so there is one group");
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, key.span(), message)
                .also(predicate.span.0, "one value only")
                .help(format!("drop `{key}` from `GROUP BY`")),
        );
    }
}
