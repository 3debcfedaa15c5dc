//! LI361: a placeholder in quotes.

use super::condition::text;
use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI361"),
    severity: Severity::Warning,
    title: "a placeholder in quotes",
    why: "A call of a saved query puts the value in place of `{{name}}` together with its quotes. In quotes of \
          its own the text then ends where the value begins, and the query is refused.",
    bad: "filter level = \"{{level}}\"",
    good: "filter level = \"ERROR\"",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_Insights-Saving-Queries.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let Some(written) = text(expr) else { continue };
            let Some(name) = written.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) else { continue };
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if is_name {
                findings.push(
                    finding(&RULE, expr.span.0, format!("the value of `{name}` brings quotes of its own"))
                        .label("quoted twice")
                        .help(format!("write `{{{{{name}}}}}` without quotes in the saved query")),
                );
            }
        }
    }
}
