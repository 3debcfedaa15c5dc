//! LI313: a condition that another one of a different kind rules out.

use super::condition::conjunctions;
use super::relation::exclusions;
use super::{Context, finding};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI313"),
    severity: Severity::Warning,
    title: "a condition that another one rules out",
    why: "Every condition of an `and`, and every `filter` of a pipeline, must hold for the same row. A text \
          that a field must equal cannot be one that it must differ from, a number cannot be above a bound and \
          below a smaller one, and what is compared is not missing. Such a query answers with no rows and no \
          error.",
    bad: "filter errorCode = \"AccessDenied\" and not ispresent(errorCode)",
    good: "filter errorCode = \"AccessDenied\" or not ispresent(errorCode)",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for legs in conjunctions(context.query) {
        let Some(pair) = exclusions(&legs).find(|pair| !pair.is_of_values()) else { continue };
        let written = context.written(pair.later.span.0);
        findings.push(
            finding(&RULE, pair.later.span.0, format!("`{written}` never holds together with what is said before"))
                .label("ruled out")
                .also(pair.earlier.span.0, "by this")
                .help("join alternatives by `or`, or correct one of the two"),
        );
    }
}
