//! LI315: a value that stands twice in a list.

use super::pipeline::{expressions, steps};
use super::{Context, finding};
use crate::syntax::Rule;
use crate::syntax::logs::{ExprKind, InSet};
use crate::{Code, Diagnostic, Fix, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI315"),
    severity: Severity::Info,
    title: "a value twice in a list",
    why: "A list behind `in` is a set, so that a value in it counts once however often it stands there. The \
          second one was often meant to be another value.",
    bad: "filter eventName in [\"StopLogging\", \"DeleteTrail\", \"StopLogging\"]",
    good: "filter eventName in [\"StopLogging\", \"DeleteTrail\"]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for (expr, _) in expressions(&step) {
            let ExprKind::In { set: InSet::List(values), .. } = &expr.kind else { continue };
            for (place, value) in values.iter().enumerate() {
                let Some(first) = values.iter().take(place).find(|first| first.kind == value.kind) else { continue };
                let found =
                    finding(&RULE, value.span.0, format!("`{}` is in the list already", context.written(value.span.0)))
                        .label("again")
                        .also(first.span.0, "the first time")
                        .help("remove it, or write what it was meant to be");
                let before = place.checked_sub(1).and_then(|before| values.get(before));
                findings.push(match before {
                    Some(before) if !context.has_comments() => {
                        let span = Span { start: before.span.0.end, end: value.span.0.end };
                        found.fix(Fix::replace("remove the second one", span, ""))
                    }
                    _ => found,
                });
            }
        }
    }
}
