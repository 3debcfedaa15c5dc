//! FP317: a whole path stands in the brackets of one key.

use crate::syntax::Rule;
use crate::syntax::filter::{Selector, SelectorStep};
use crate::{Code, Diagnostic, Fix, Severity, Span};

use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP317"),
    severity: Severity::Warning,
    title: "a path inside one key",
    why: "What stands in quotes between brackets is one key, dots and brackets included. It is not taken apart \
          into steps, so a path in there leads to a member that has exactly this long name.",
    bad: r#"{ $.['items[0].name'] = "web" }"#,
    good: r#"{ $.items[0].name = "web" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses() {
        let Some(selector) = clause.selector() else { continue };
        let keys = selector.steps().iter().filter_map(|step| match step {
            SelectorStep::Key(key) => Some(key.as_str()),
            _ => None,
        });
        for key in keys.filter(|key| is_path(key)) {
            let span = selector.span.0;
            let mut finding = found(&RULE, span, format!("`{key}` is one key, not a path"))
                .help("write each step of the path on its own: `$.items[0].name`");
            let meant = format!("$.{}", key.trim_start_matches('$').trim_start_matches('.'));
            if let ([_], Ok(path)) = (selector.steps(), meant.parse::<Selector>()) {
                let title = format!("write `{path}`");
                finding = finding.fix(Fix::replace(title, Span::new(span.range().start, span.range().end), path.to_string()));
            }
            findings.push(finding);
        }
    }
}

/// Whether a key has an index in brackets or the dollar sign that only paths have.
fn is_path(key: &str) -> bool {
    let has_index = key.split('[').skip(1).any(|rest| {
        rest.split_once(']').is_some_and(|(inside, _)| {
            inside == "*" || (!inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit()))
        })
    });
    key.starts_with("$.") || has_index
}
