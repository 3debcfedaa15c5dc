//! FP324: a regex begins or ends with `.*`, which a search does not need.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Edit, Fix, Severity};

use super::fp311_plain_regex::as_text;
use super::regexes::{Piece, pieces, regexes};
use super::texts::alternatives;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP324"),
    severity: Severity::Info,
    title: "`.*` at the end of a regex",
    why: "A regex is searched for anywhere in the text. A `.*` at its start or end finds the same as nothing \
          there, and takes time and some of the 1,024 characters of a pattern.",
    bad: "{ $.message = %.*time.?out.*% }",
    good: "{ $.message = %time.?out% }",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for regex in regexes(view).filter(|regex| as_text(regex).is_none()) {
        let mut edits = Vec::new();
        let mut start = 0;
        for alternative in alternatives(regex.regex.as_str()) {
            let pieces = pieces(alternative);
            let is_padding = |piece: &&Piece<'_>| piece.text == "." && piece.repetition == "*";
            if let ([first, .., last], false) = (pieces.as_slice(), pieces.iter().all(|piece| is_padding(&piece))) {
                let padding = [first, last].into_iter().filter(is_padding);
                edits.extend(
                    padding.map(|piece| Edit { span: regex.part(start + piece.at, 2), replacement: String::new() }),
                );
            }
            start += alternative.len() + 1;
        }
        let Some(first) = edits.first() else { continue };
        let mut finding = found(&RULE, first.span, "a regex is searched for anyway").help("remove `.*`");
        for other in edits.iter().skip(1) {
            finding = finding.also(other.span, "");
        }
        findings.push(finding.fix(Fix { title: "remove `.*`".to_owned(), edits }));
    }
}
