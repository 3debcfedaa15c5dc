//! LI302: dots of an IP address in a regex, where each stands for any character.

use regex_syntax::ast::Ast;

use super::pipeline::steps;
use super::{Context, finding, regexes};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Edit, Fix, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI302"),
    severity: Severity::Warning,
    title: "the dots of an address in a regex",
    why: "In a regex a dot stands for any character, so that `10.0.0.1` matches `10.0.051` and `1070.0.1` as \
          well. With a backslash before it a dot is a dot.",
    bad: "filter sourceIPAddress like /203.0.113./",
    good: "filter sourceIPAddress like /203\\.0\\.113\\./",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for regex in regexes::of(&step) {
            let dots = dots(&regex.sequence());
            let places: Vec<Span> = dots.iter().map(|at| regex.place(*at, at.saturating_add(1))).collect();
            let (Some(first), Some(last)) = (places.first(), places.last()) else { continue };
            let edits = places
                .iter()
                .map(|place| Edit { span: Span { end: place.start, ..*place }, replacement: "\\".to_owned() })
                .collect();
            findings.push(
                finding(&RULE, first.to(*last), "the dots between these numbers stand for any character")
                    .label("not only for a dot")
                    .help("write `\\.`, or look for it as a text, in quotes")
                    .fix(Fix { title: "put backslashes before the dots".to_owned(), edits }),
            );
        }
    }
}

/// Where the dots stand between two numbers, or behind the last one, of what has two of them at least.
fn dots(parts: &[&Ast]) -> Vec<usize> {
    let is_digit = |part: &Ast| regexes::is_plain(part, |c| c.is_ascii_digit());
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    let mut digits = 0;
    for part in parts {
        match part {
            Ast::Dot(span) if (1..=3).contains(&digits) => {
                run.push(span.start.offset);
                digits = 0;
            }
            part if is_digit(part) => digits += 1,
            _ => {
                runs.push(std::mem::take(&mut run));
                digits = 0;
            }
        }
    }
    runs.push(run);
    runs.into_iter().filter(|run| run.len() >= 2).flatten().collect()
}
