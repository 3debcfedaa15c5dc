//! FP311: a regex that says no more than a text would.

use crate::plan::glob::Glob;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Fix, Severity};

use super::regexes::{Found, regexes};
use super::texts::{core, regex_globs};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP311"),
    severity: Severity::Info,
    title: "the regex is a plain text",
    why: "A pattern takes two regexes and a log group five filters with any, while texts are free. Apart from anchors this \
          regex has no operators, so it is the same as a text, with a star where there is no anchor.",
    bad: "{ $.eventName = %^DeleteTrail$% }",
    good: "{ $.eventName = \"DeleteTrail\" }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for regex in regexes(view) {
        if let Some(text) = as_text(&regex) {
            findings.push(
                found(&RULE, regex.span, "the regex is a plain text")
                    .help(format!("write `{text}`"))
                    .fix(Fix::replace(format!("write `{text}`"), regex.span, text)),
            );
        }
    }
}

/// The quoted text that finds the same.
pub(super) fn as_text(regex: &Found<'_>) -> Option<String> {
    let globs = regex_globs(regex.regex)?;
    let [glob] = globs.as_slice() else { return None };
    let text = core(glob);
    // In a value a star of its own would be a wildcard, or look like one.
    if text.is_empty() || (regex.clause.is_some() && text.contains('*')) {
        return None;
    }
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    match (glob, regex.clause.is_some()) {
        (Glob::Contains(_), false) => Some(format!("\"{text}\"")),
        // A term has no ends to compare.
        (_, false) => None,
        (Glob::Exact(_), true) => Some(format!("\"{text}\"")),
        (Glob::Prefix(_), true) => Some(format!("\"{text}*\"")),
        (Glob::Suffix(_), true) => Some(format!("\"*{text}\"")),
        (Glob::Contains(_), true) => Some(format!("\"*{text}*\"")),
        (Glob::Any, true) => None,
    }
}
