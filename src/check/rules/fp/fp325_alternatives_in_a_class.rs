//! FP325: words with `|` between them stand in a class.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

use super::regexes::{pieces, regexes};
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP325"),
    severity: Severity::Warning,
    title: "a class stands for one character",
    why: "Square brackets hold single characters of which one is found: `[GET|PUT]` is one of `G`, `E`, `T`, \
          `|`, `P` and `U`. There are no groups in this subset of regular expressions, so each alternative is \
          spelled out.",
    bad: "%method=[GET|PUT]%",
    good: "%method=GET|method=PUT%",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for regex in regexes(view) {
        let pieces = pieces(regex.regex.as_str());
        for class in pieces.iter().filter(|piece| has_words(piece.text)) {
            findings.push(
                found(
                    &RULE,
                    regex.part(class.at, class.text.len()),
                    format!("`{}` stands for one character", class.text),
                )
                .help("there are no groups: spell each alternative out, as in `%method=GET|method=PUT%`"),
            );
        }
    }
}

fn has_words(class: &str) -> bool {
    let Some(inside) = class.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { return false };
    let is_word = |part: &str| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    inside.contains('|') && inside.split('|').all(is_word)
}
