//! FP340: several words that probably are one phrase.

use crate::syntax::Rule;
use crate::syntax::filter::Prefix;
use crate::{Code, Diagnostic, Severity};

use super::terms::{items, word};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP340"),
    severity: Severity::Warning,
    title: "words are looked for one by one",
    why: "Terms separated by blanks are looked for one by one, anywhere in the message and in any order. A \
          phrase that stands in the message as it is needs quotes around it.",
    bad: "Failed to process",
    good: r#""Failed to process""#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    let words: Option<Vec<&str>> = items(view)
        .iter()
        .map(|item| word(item).filter(|word| item.prefix == Prefix::Required && is_word(word)))
        .collect();
    let Some(words) = words.filter(|words| words.len() > 2) else { return };
    let lower = words.iter().skip(1).all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
    let (Some(first), Some(last)) = (items(view).first(), items(view).last()) else { return };
    if lower {
        findings.push(
            found(&RULE, first.span.0.to(last.span.0), "these words are looked for one by one, in any order")
                .help(format!("as a phrase they need quotes: `\"{}\"`", words.join(" "))),
        );
    }
}

fn is_word(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphabetic()) && !matches!(word, "and" | "or" | "not")
}
