//! LI346: rows chosen by an order whose direction is not written.

use super::pipeline::steps;
use super::{Context, finding};
use crate::check::logs::place::{keyword, spelling};
use crate::syntax::Rule;
use crate::syntax::logs::{Command, SortKey, Stage};
use crate::{Code, Diagnostic, Severity, Span};

pub(super) const RULE: Rule = Rule {
    code: Code("LI346"),
    severity: Severity::Warning,
    title: "the direction of `sort` left open",
    why: "The reference does not say in which direction `sort` goes where neither `asc` nor `desc` is written, \
          and tools that imitate it disagree. Before `limit` or `dedup` the direction decides which rows remain.",
    bad: "stats count(*) as n by eventName | sort n | limit 10",
    good: "stats count(*) as n by eventName | sort n desc | limit 10",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        let Command::Sort(keys) = &step.stage.command else { continue };
        let chooses = |stage: &&Stage| {
            matches!(stage.command, Command::Limit { any: false, .. } | Command::Head(_) | Command::Dedup(_))
        };
        let same_order = |stage: &&Stage| {
            chooses(stage)
                || matches!(
                    stage.command,
                    Command::Filter { .. } | Command::Fields(_) | Command::Display(_) | Command::Parse(_)
                )
        };
        let Some(chosen) = step.behind().iter().take_while(same_order).find(chooses) else { continue };
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { continue };
        if keys.iter().enumerate().any(|(place, _)| direction(context, step.stage, keys, place).is_some()) {
            continue;
        }
        let shown = context.written(first.field.span.0);
        findings.push(
            finding(
                &RULE,
                first.field.span.0.to(last.field.span.0),
                format!("which rows `{}` keeps depends on a direction that is not written", spelling(chosen)),
            )
            .label("neither `asc` nor `desc`")
            .also(keyword(chosen), "keeps the first rows")
            .help(format!("write `sort {shown} desc` for the largest or latest, `asc` for the smallest or earliest")),
        );
    }
}

/// The direction that is written behind a key.
pub(super) fn direction(context: &Context<'_>, stage: &Stage, keys: &[SortKey], place: usize) -> Option<&'static str> {
    let key = keys.get(place)?;
    let end = keys.get(place.saturating_add(1)).map_or(stage.span.0.end, |next| next.field.span.0.start);
    let behind = context.written(Span { start: key.field.span.0.end, end });
    // A comment may say anything.
    let words = behind.lines().flat_map(|line| {
        line.split('#').next().unwrap_or_default().split(|c: char| !c.is_ascii_alphabetic())
    });
    words.into_iter().find_map(|word| match word.to_ascii_lowercase().as_str() {
        "asc" => Some("asc"),
        "desc" => Some("desc"),
        _ => None,
    })
}
