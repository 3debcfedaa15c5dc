//! LI334: dots of a host name in a regex, where each stands for any character.

use regex_syntax::ast::Ast;

use super::pipeline::steps;
use super::{Context, finding, regexes};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Fix, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI334"),
    severity: Severity::Info,
    title: "the dot of a host name in a regex",
    why: "In a regex a dot stands for any character, so that `/amazonaws.com$/` matches `amazonaws-com` as \
          well. With a backslash before it a dot is a dot.",
    bad: "filter sourceIPAddress like /amazonaws.com$/",
    good: "filter sourceIPAddress like /amazonaws\\.com$/",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

const ENDINGS: &[&str] = &["com", "net", "org", "cn"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for regex in regexes::of(&step) {
            for at in regex.alternatives().into_iter().flat_map(|leg| dots(&regexes::sequence(leg))) {
                let place = regex.place(at, at.saturating_add(1));
                let insertion = Span { end: place.start, ..place };
                findings.push(
                    finding(&RULE, place, "the dot of this host name stands for any character")
                        .label("not only for a dot")
                        .help("write `\\.`")
                        .fix(Fix::replace("put a backslash before the dot", insertion, "\\")),
                );
            }
        }
    }
}

/// Where a dot stands between a letter and an ending that only host names have.
fn dots(parts: &[&Ast]) -> Vec<usize> {
    let letter = |place: usize| match parts.get(place) {
        Some(Ast::Literal(one)) if one.c.is_ascii_alphanumeric() => Some(one.c),
        _ => None,
    };
    let mut found = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let Ast::Dot(span) = part else { continue };
        let follows: String =
            (place.saturating_add(1)..).map_while(letter).collect();
        let is_behind_name = place.checked_sub(1).and_then(letter).is_some();
        let next = parts.get(place.saturating_add(1).saturating_add(follows.len()));
        // `java.net.Socket` is none.
        let ends = next.is_none_or(|next| {
            regexes::is_end(next) || regexes::is_plain(next, |c| matches!(c, ':' | ' ' | '"' | ','))
        });
        if is_behind_name && ends && ENDINGS.contains(&follows.as_str()) {
            found.push(span.start.offset);
        }
    }
    found
}
