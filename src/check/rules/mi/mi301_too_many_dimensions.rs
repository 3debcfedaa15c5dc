//! MI301: `SCHEMA` names more dimensions than a metric can have.

use super::Context;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

/// Dimensions that a metric has at most.
const MOST_DIMENSIONS: usize = 30;

pub(super) const RULE: Rule = Rule {
    code: Code("MI301"),
    severity: Severity::Error,
    title: "`SCHEMA` names more dimensions than a metric can have",
    why: "`SCHEMA` selects metrics with exactly the dimensions that it names, and a metric has 30 at most. \
          Nothing is ever selected.",
    bad: "SELECT SUM(Errors) FROM SCHEMA(App, d01, d02, d03, d04, d05, d06, d07, d08, d09, d10, d11, d12, d13, d14, \
          d15, d16, d17, d18, d19, d20, d21, d22, d23, d24, d25, d26, d27, d28, d29, d30, d31)",
    good: "SELECT SUM(Errors) FROM SCHEMA(App, d01)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(names) = &context.query.from.schema else { return };
    let Some(beyond) = names.get(MOST_DIMENSIONS) else { return };
    let message =
        format!("`SCHEMA` names {} dimensions, and no metric has more than {MOST_DIMENSIONS}", names.len());
    findings.push(
        Diagnostic::error(RULE.code, beyond.span.0, message)
            .help("name exactly the dimensions of one kind of metric"),
    );
}
