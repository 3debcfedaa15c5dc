//! FP351: an alternative of a regex is found wherever another one is.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Fix, Severity, Span};

use super::regexes::regexes;
use super::texts::{alternatives, is_within, regex_globs};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP351"),
    severity: Severity::Info,
    title: "an alternative that adds nothing",
    why: "Of the alternatives of a regex one is enough. Wherever the longer one is found, the shorter one is \
          found as well, so the longer one adds nothing.",
    bad: "%Timeout|Time|Denied%",
    good: "%Time|Denied%",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for regex in regexes(view) {
        let Some(globs) = regex_globs(regex.regex) else { continue };
        let mut start = 0;
        for (index, alternative) in alternatives(regex.regex.as_str()).into_iter().enumerate() {
            let here = start;
            start += alternative.len() + 1;
            let Some(glob) = globs.get(index) else { continue };
            let covers = globs.iter().enumerate().find(|(other, wide)| {
                *other != index && is_within(glob, wide) && (*other < index || !is_within(wide, glob))
            });
            if covers.is_none() {
                continue;
            }
            let place = regex.part(here, alternative.len());
            // The bar before it goes along, or the one behind the first alternative.
            let gone = if index > 0 {
                Span { start: place.start.saturating_sub(1), end: place.end }
            } else {
                Span { start: place.start, end: place.end.saturating_add(1) }
            };
            findings.push(
                found(&RULE, place, "another alternative is found wherever this one is")
                    .help("remove it")
                    .fix(Fix::replace("remove it", gone, "")),
            );
            break;
        }
    }
}
