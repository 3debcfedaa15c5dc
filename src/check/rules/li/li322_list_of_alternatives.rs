//! LI322: alternatives of one field that a list says shorter.

use super::condition::{Says, disjunctions, test};
use super::{Context, finding, is_whole};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI322"),
    severity: Severity::Info,
    title: "alternatives that a list says shorter",
    why: "Many comparisons of one field joined by `or` are the same as a list behind `in`. A list is easier to \
          read and to extend, and on an indexed field it reduces what is scanned.",
    bad: "filter eventName = \"StopLogging\" or eventName = \"DeleteTrail\" or eventName = \"UpdateTrail\"",
    good: "filter eventName in [\"StopLogging\", \"DeleteTrail\", \"UpdateTrail\"]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs-Field-Indexing.html",
};

const MANY: usize = 3;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for legs in disjunctions(context.query) {
        let tests: Vec<_> = legs.iter().filter_map(|leg| test(leg)).collect();
        let (Some(first), Some(last), Some(said)) = (legs.first(), legs.last(), tests.first()) else { continue };
        let mut values = Vec::new();
        for one in &tests {
            match &one.says {
                Says::Equal { negated: false, values: more } if one.subject == said.subject => values.extend(more),
                _ => {}
            }
        }
        let distinct = values.iter().enumerate().all(|(place, value)| {
            values.iter().take(place).all(|other| !other.is_same(value))
        });
        if tests.len() < MANY || tests.len() != legs.len() || values.len() < tests.len() || !distinct {
            continue;
        }
        if tests.iter().any(|one| one.subject != said.subject || !matches!(one.says, Says::Equal { negated: false, .. })) {
            continue;
        }
        let list: Vec<&str> = values.iter().map(|value| context.written(value.span)).collect();
        let subject = context.written(said.subject.span.0);
        let text = format!("{subject} in [{}]", list.join(", "));
        let span = first.span.0.to(last.span.0);
        let found = finding(&RULE, span, format!("{} comparisons of `{subject}` are one list", tests.len()))
            .label("each names the field anew")
            .help(format!("write `{text}`"));
        findings.push(if context.has_comments() || !is_whole(context.written(span)) { found } else { found.fix(Fix::replace("write a list", span, text)) });
    }
}
