//! CT005: a discovered field is indexed in brackets.

use crate::diagnostic::{Code, Severity};
use crate::{Diagnostic, Fix, syntax::Rule};

use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT005"),
    severity: Severity::Warning,
    title: "elements of a discovered array are numbered by dots",
    why: "Logs Insights discovers the elements of an array as fields of their own, `resources.0.ARN`. There is no field \
          `resources` to take an element of; brackets are for lists that `jsonParse` makes.",
    bad: r#"fields eventSource, resources[0].ARN as bucket"#,
    good: r#"fields eventSource, resources.0.ARN as bucket"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for one in context.facts.uses.iter().filter(|one| one.is_bracketed) {
        let Some(path) = context.spelling.path(&one.path) else { continue };
        findings.push(
            finding(&RULE, one.span, "brackets do not reach into a discovered field")
                .help(format!("write `{path}`"))
                .fix(Fix::replace(format!("write `{path}`"), one.span, path)),
        );
    }
}
