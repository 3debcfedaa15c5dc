//! CT031: a time in a form that no record has.

use crate::diagnostic::{Code, Severity};
use crate::{Diagnostic, syntax::Rule};

use super::facts::Literal;
use super::spelling::Spelling;
use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT031"),
    severity: Severity::Warning,
    title: "not the form of times in a record",
    why: "Times of a record are UTC to the second, written `2026-03-01T10:00:00Z`, and compared as texts. No record equals \
          a time in another form.",
    bad: r#"{ $.eventName = "ConsoleLogin" && $.eventTime = "2026-03-01" }"#,
    good: r#"{ $.eventName = "ConsoleLogin" && $.eventTime = "2026-03-01*" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
};

const FORM: &str = "0000-00-00T00:00:00Z";

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for one in context.facts.uses.iter().filter(|one| one.is(&["eventTime"])) {
        for value in one.texts().filter(|value| !fits(value)) {
            let found = finding(&RULE, value.span, format!("no `eventTime` is written `{}`", value.text));
            findings.push(match context.spelling {
                Spelling::Filter => found.help("write `\"2026-03-01T*\"` for a day"),
                Spelling::Logs => found.help("the time range of the query chooses by time"),
            });
        }
    }
}

/// Whether a time can be what the literal says.
fn fits(value: &Literal<'_>) -> bool {
    let has_form = |part: &[u8]| {
        part.len() == value.text.len()
            && part.iter().zip(value.text.bytes()).all(|(form, letter)| match form {
                b'0' => letter.is_ascii_digit(),
                other => *other == letter,
            })
    };
    let form = FORM.as_bytes();
    match (value.open_start, value.open_end) {
        (false, false) => has_form(form),
        (false, true) => form.get(..value.text.len()).is_some_and(has_form),
        (true, false) => {
            let start = form.len().checked_sub(value.text.len());
            start.and_then(|start| form.get(start..)).is_some_and(has_form)
        }
        (true, true) => value.text.is_empty() || form.windows(value.text.len()).any(has_form),
    }
}
