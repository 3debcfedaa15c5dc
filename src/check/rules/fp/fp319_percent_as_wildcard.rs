//! FP319: a percent sign is used as the wildcard that SQL has.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP319"),
    severity: Severity::Warning,
    title: "a percent sign is no wildcard",
    why: "The wildcard of a value is the star, at its start and its end. A percent sign in quotes is compared \
          as it stands, so a value such as `Put%` equals nothing but these four characters.",
    bad: r#"{ $.message = "Timeout%" }"#,
    good: r#"{ $.message = "Timeout*" }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for clause in view.clauses() {
        let Some(text) = clause.text_value() else { continue };
        if text.matches('%').count() == 1 && (ends_in_wildcard(text) || begins_with_wildcard(text)) {
            findings.push(
                found(&RULE, clause.place.value, "the percent sign is compared as it stands")
                    .help(format!("the wildcard is a star: `\"{}\"`", text.replace('%', "*"))),
            );
        }
    }
}

/// `Put%`, but not `95%`.
fn ends_in_wildcard(text: &str) -> bool {
    text.strip_suffix('%').is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_alphabetic()))
}

/// `%Object`, but not `%2F`.
fn begins_with_wildcard(text: &str) -> bool {
    text.strip_prefix('%').is_some_and(|rest| {
        let is_escape = rest.chars().take(2).filter(char::is_ascii_hexdigit).count() == 2;
        !is_escape && rest.starts_with(|c: char| c.is_ascii_alphabetic())
    })
}
