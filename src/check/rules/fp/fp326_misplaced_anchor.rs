//! FP326: an anchor stands where it never holds.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Fix, Severity};

use super::regexes::{Piece, pieces, regexes};
use super::texts::alternatives;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP326"),
    severity: Severity::Warning,
    title: "an anchor amid a regex",
    why: "`^` is the start of the text and `$` its end, on whatever line. With a character before `^` or \
          behind `$` that must be there, the alternative is never found. A dollar sign itself is written `\\$`.",
    bad: "%price: $[0-9]+%",
    good: r#"%price: \$[0-9]+%"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for regex in regexes(view) {
        let mut start = 0;
        for alternative in alternatives(regex.regex.as_str()) {
            let pieces = pieces(alternative);
            let misplaced = pieces.iter().enumerate().find(|(index, piece)| {
                let must_be_there = |other: &Piece<'_>| !other.may_be_empty();
                match piece.text {
                    "^" => pieces.iter().take(*index).any(must_be_there),
                    "$" => pieces.iter().skip(index + 1).any(must_be_there),
                    _ => false,
                }
            });
            if let Some((_, anchor)) = misplaced {
                let place = regex.part(start + anchor.at, 1);
                let side = if anchor.text == "^" { "start of the text, and something comes before it" } else { "end of the text, and something comes behind it" };
                let instead = format!("\\{}", anchor.text);
                let mut finding = found(&RULE, place, format!("`{}` is the {side}: this is never found", anchor.text))
                    .help(format!("the character itself is `{instead}`"));
                // A dollar sign amid a text is meant as such; what `^` was meant for is not so clear.
                if anchor.text == "$" {
                    finding = finding.fix(Fix::replace(format!("write `{instead}`"), place, instead));
                }
                findings.push(finding);
            }
            start += alternative.len() + 1;
        }
    }
}
