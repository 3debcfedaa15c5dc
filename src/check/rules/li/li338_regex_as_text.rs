//! LI338: a regex in quotes behind `like`, where it is a text.

use super::pipeline::{expressions, steps};
use super::{Context, finding, record};
use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, LikePattern, print};
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI338"),
    severity: Severity::Warning,
    title: "a regex in quotes behind `like`",
    why: "What stands in quotes behind `like` is looked for as it is, with its `^` and `|`. A regex stands \
          between slashes.",
    bad: "filter errorCode like \"AccessDenied|Unauthorized\"",
    good: "filter errorCode like /AccessDenied|Unauthorized/",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::Like { operand, pattern: LikePattern::Substring(part), .. } = &expr.kind else { continue };
            let is_name = step.event_field(operand).is_some_and(|name| record::NAMES.contains(&name));
            let text = part.text.as_str();
            let is_regex = text.starts_with("(?i)") || (is_name && has_signs(text));
            // Wildcards have a finding of their own.
            if !is_regex || text.contains(['*', '%']) || regex::Regex::new(text).is_err() {
                continue;
            }
            let inner = text.strip_prefix('/').and_then(|text| text.strip_suffix('/')).unwrap_or(text);
            let instead = print::regex(inner);
            findings.push(
                finding(&RULE, part.span.0, format!("`{text}` is looked for as a text, its signs included"))
                    .label("no regex")
                    .help(format!("write `{instead}`"))
                    .fix(Fix::replace("write slashes", part.span.0, instead)),
            );
        }
    }
}

/// Signs that no name or address has.
fn has_signs(text: &str) -> bool {
    let framed = text.len() > 2 && text.starts_with('/') && text.ends_with('/');
    text.starts_with('^') || text.ends_with('$') || text.contains('|') || framed
}
