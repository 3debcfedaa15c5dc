//! LI314: alternatives on one field of which one always holds.

use super::condition::{Says, disjunctions, test};
use super::{Context, finding, is_whole};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI314"),
    severity: Severity::Warning,
    title: "an `or` that everything passes",
    why: "A value that equals the one text differs from the other, so that one side of `a != \"x\" or a != \
          \"y\"` always holds and the filter keeps every row. Exclusions are joined by `and`, or listed behind \
          `not in`.",
    bad: "filter eventName != \"GetObject\" or eventName != \"PutObject\"",
    good: "filter eventName not in [\"GetObject\", \"PutObject\"]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for legs in disjunctions(context.query) {
        let tests: Vec<_> = legs.iter().filter_map(|leg| Some((*leg, test(leg)?))).collect();
        let pair = tests.iter().enumerate().find_map(|(place, (later, said))| {
            let before = tests.iter().take(place).find(|(_, before)| before.exhausts(said))?;
            Some((before.0, *later, said))
        });
        let Some((earlier, later, said)) = pair else { continue };
        let found = finding(&RULE, later.span.0, "everything passes one side of this `or` or the other")
            .label("what fails this")
            .also(earlier.span.0, "passes this");
        let are_exclusions = tests.len() == legs.len()
            && tests.iter().all(|(_, one)| {
                one.subject == said.subject && matches!(&one.says, Says::Equal { negated: true, .. })
            });
        if !are_exclusions {
            findings.push(found.help("join what must hold together by `and`"));
            continue;
        }
        let values = tests.iter().flat_map(|(_, one)| match &one.says {
            Says::Equal { values, .. } => values.as_slice(),
            _ => &[],
        });
        let list: Vec<&str> = values.map(|value| context.written(value.span)).collect();
        let text = format!("{} not in [{}]", context.written(said.subject.span.0), list.join(", "));
        let found = found.help(format!("write `{text}`"));
        let span = legs.first().zip(legs.last()).map(|(first, last)| first.span.0.to(last.span.0));
        let span = span.filter(|span| is_whole(context.written(*span)) && !context.has_comments());
        findings.push(match span {
            Some(span) => found.fix(Fix::replace("exclude them all", span, text)),
            None => found,
        });
    }
}
