//! FP336: the value has quotes of its own.

use crate::syntax::Rule;
use crate::syntax::filter::SelectorStep;
use crate::{Code, Diagnostic, Severity};

use super::clause::Clause;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP336"),
    severity: Severity::Warning,
    title: "quotes inside the quotes",
    why: "The outer quotes delimit the value, the inner ones belong to it and are compared. This happens where \
          a value that is quoted already is quoted again by a template or a shell.",
    bad: r#"{ $.level = "'ERROR'" }"#,
    good: r#"{ $.level = "ERROR" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses().filter(|clause| !has_quoted_values(clause)) {
        let Some(text) = clause.text_value() else { continue };
        let inside = ['"', '\''].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
        if let Some(inside) = inside.filter(|inside| !inside.is_empty() && !inside.contains(['"', '\''])) {
            findings.push(
                found(&RULE, clause.place.value, "the inner quotes are compared too")
                    .help(format!("write `\"{inside}\"`")),
            );
        }
    }
}

/// Entity tags of HTTP have quotes.
fn has_quoted_values(clause: &Clause<'_>) -> bool {
    let Some(SelectorStep::Key(key)) = clause.selector().and_then(|selector| selector.steps().last()) else { return false };
    let key = key.as_str().to_ascii_lowercase();
    key.contains("etag") || key.contains("match")
}
