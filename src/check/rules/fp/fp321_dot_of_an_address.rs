//! FP321: the dots of an address stand for any character in a regex.

use crate::syntax::Rule;
use crate::{Code, Diagnostic, Edit, Fix, Severity};

use super::regexes::{Piece, pieces, regexes};
use super::texts::alternatives;
use super::{View, found};

pub(super) const RULE: Rule = Rule {
    code: Code("FP321"),
    severity: Severity::Info,
    title: "a dot in a regex stands for any character",
    why: "In a regex a dot is any one character. The regex for an address also finds what has another \
          character in its place: `10.10.0.1` is also found in `10.1050.1`. A dot itself is written `\\.`.",
    bad: "{ $.sourceIPAddress = %^10.10.[0-9]+.[0-9]+$% }",
    good: r#"{ $.sourceIPAddress = %^10\.10\.[0-9]+\.[0-9]+$% }"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html",
};

pub(super) fn check(view: &View<'_>, findings: &mut Vec<Diagnostic>) {
    for regex in regexes(view) {
        let mut edits = Vec::new();
        let mut start = 0;
        for alternative in alternatives(regex.regex.as_str()) {
            let dots = dots_of_addresses(&pieces(alternative));
            edits.extend(dots.into_iter().map(|at| Edit {
                span: regex.part(start + at, 1),
                replacement: "\\.".to_owned(),
            }));
            start += alternative.len() + 1;
        }
        let Some(first) = edits.first() else { continue };
        let mut finding = found(&RULE, first.span, "this dot stands for any character").help("write `\\.`");
        for other in edits.iter().skip(1) {
            finding = finding.also(other.span, "so does this one");
        }
        findings.push(finding.fix(Fix { title: "write `\\.`".to_owned(), edits }));
    }
}

const DOMAINS: &[&str] = &["com", "org", "net", "io", "cn", "gov", "internal", "local"];

/// Where the dots between the labels of an IP address or of a host name stand.
fn dots_of_addresses(pieces: &[Piece<'_>]) -> Vec<usize> {
    pieces
        .split(|piece| !(is_dot(piece) || is_label_part(piece)))
        .flat_map(|run| {
            let labels: Vec<&[Piece<'_>]> = run.split(is_dot).collect();
            let all_there = labels.iter().all(|label| !label.is_empty());
            let is_host = labels.len() > 1 && labels.last().is_some_and(|last| DOMAINS.contains(&word(last).as_str()));
            let is_address = labels.len() > 2 && labels.iter().all(|label| label.iter().all(is_digit));
            let dots = run.iter().filter(|piece| is_dot(piece)).map(|dot| dot.at);
            if all_there && (is_host || is_address) { dots.collect() } else { Vec::new() }
        })
        .collect()
}

fn is_dot(piece: &Piece<'_>) -> bool {
    piece.text == "." && piece.repetition.is_empty()
}

fn is_label_part(piece: &Piece<'_>) -> bool {
    let is_letter = piece.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    is_letter || is_digit(piece)
}

fn is_digit(piece: &Piece<'_>) -> bool {
    let class = piece.text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    piece.text == "\\d"
        || piece.text.bytes().all(|byte| byte.is_ascii_digit())
        || class.is_some_and(|class| class.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
}

fn word(label: &[Piece<'_>]) -> String {
    label.iter().map(|piece| piece.text).collect()
}
