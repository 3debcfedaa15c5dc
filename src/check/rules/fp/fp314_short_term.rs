//! FP314: a term so short that it is in nearly any message.

use crate::syntax::Rule;
use crate::syntax::filter::Prefix;
use crate::{Code, Diagnostic, Severity};

use super::View;
use super::terms::{items, word};

pub(super) const RULE: Rule = Rule {
    code: Code("FP314"),
    severity: Severity::Info,
    title: "a short number is found inside others",
    why: "Terms are looked for anywhere in the message, also inside longer numbers and words: `404` is in `14042` and in many \
          a byte count. A pattern that names the field finds what is meant.",
    bad: "GET 404",
    good: "[..., request = *GET*, status = 404, bytes]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for item in items(view).iter().filter(|item| item.prefix != Prefix::Excluded) {
        let Some(term) = word(item) else { continue };
        if term.len() <= 3 && term.bytes().all(|byte| byte.is_ascii_digit()) {
            findings.push(
                Diagnostic::new(
                    RULE.code,
                    RULE.severity,
                    item.span.0,
                    format!("`{term}` is also found inside longer numbers"),
                )
                .help("name the field: `[..., status = 404, bytes]` for lines, `{ $.status = 404 }` for JSON"),
            );
        }
    }
}
