//! LI311: the same condition twice.

use super::condition::{conjunctions, disjunctions};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::Expr;
use crate::{Code, Diagnostic, Fix, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI311"),
    severity: Severity::Info,
    title: "the same condition twice",
    why: "Said once or twice, a condition keeps the same rows. Where one stands twice, the second was often \
          meant to name another field or another value.",
    bad: "filter eventName = \"StopLogging\" or eventName = \"StopLogging\"",
    good: "filter eventName = \"StopLogging\"",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let groups = conjunctions(context.query).into_iter().chain(disjunctions(context.query));
    for legs in groups {
        for (place, leg) in legs.iter().enumerate() {
            let Some(first) = legs.iter().take(place).find(|first| first == &leg) else { continue };
            let written = context.written(leg.span.0);
            let found = finding(&RULE, leg.span.0, format!("`{written}` is said already"))
                .label("adds nothing")
                .also(first.span.0, "said here")
                .help("remove it, or write what it was meant to be");
            let before = place.checked_sub(1).and_then(|before| legs.get(before));
            findings.push(match before.and_then(|before| joined_to(context, before, leg)) {
                Some(span) => found.fix(Fix::replace("remove the second one", span, "")),
                None => found,
            });
        }
    }
}

/// The leg and the word that joins it to the one before, where nothing else stands between them.
fn joined_to(context: &Context<'_>, before: &Expr, leg: &Expr) -> Option<Span> {
    let span = Span { start: before.span.0.end, end: leg.span.0.end };
    let gap = Span { end: leg.span.0.start, ..span };
    let word = context.written(gap).trim();
    (word.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("or")).then_some(span)
}
