//! LI337: a regex that says what `=` or `in` says, on a field that has an index.

use regex_syntax::ast::{Ast, GroupKind};

use super::pipeline::steps;
use super::{Context, finding, regexes};
use crate::syntax::Rule;
use crate::syntax::logs::print;
use crate::{Code, Diagnostic, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("LI337"),
    severity: Severity::Info,
    title: "a regex that says what `=` says",
    why: "A regex tied to both ends and without signs of its own is an equality. CloudTrail log groups have \
          indexes on `eventName`, `eventSource`, `awsRegion` and some others; `=` and `in` use them and scan \
          less, `like` never does.",
    bad: "filter eventName like /^(StopLogging|DeleteTrail)$/",
    good: "filter eventName in [\"StopLogging\", \"DeleteTrail\"]",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs-Field-Indexing.html",
};

/// The fields that have an index by default.
const INDEXED: &[&str] =
    &["awsRegion", "errorCode", "eventCategory", "eventName", "eventSource", "eventType", "userAgent"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for step in steps(context.query) {
        for regex in regexes::of(&step) {
            let Some(like) = regex.like else { continue };
            let is_indexed = step.event_field(like.subject).is_some_and(|name| INDEXED.contains(&name));
            let Some(texts) = whole_texts(&regex).filter(|_| is_indexed) else { continue };
            let list: Vec<String> = texts.iter().map(|text| print::quoted(text)).collect();
            let subject = context.written(like.subject.span.0);
            let text = match (list.as_slice(), like.negated) {
                ([one], false) => format!("{subject} = {one}"),
                ([one], true) => format!("{subject} != {one}"),
                (many, false) => format!("{subject} in [{}]", many.join(", ")),
                (many, true) => format!("{subject} not in [{}]", many.join(", ")),
            };
            findings.push(
                finding(&RULE, like.whole.span.0, "this regex is an equality, and uses no index")
                    .label("scans every event")
                    .help(format!("write `{text}`"))
                    .fix(Fix::replace("compare whole texts", like.whole.span.0, text)),
            );
        }
    }
}

/// The texts that the regex matches as a whole, where it is nothing but a list of them.
fn whole_texts(regex: &regexes::Regex<'_>) -> Option<Vec<String>> {
    let parts = regex.sequence();
    let (first, rest) = parts.split_first()?;
    let (last, inner) = rest.split_last()?;
    if !regexes::is_start(first) || !regexes::is_end(last) || inner.is_empty() {
        return None;
    }
    let alternatives = match inner {
        [Ast::Group(group)] if has_no_flags(&group.kind) => match &*group.ast {
            Ast::Alternation(all) => all.asts.iter().collect(),
            one => vec![one],
        },
        _ => return regexes::literal(inner).map(|text| vec![text]),
    };
    let texts: Option<Vec<String>> =
        alternatives.into_iter().map(|leg| regexes::literal(&regexes::sequence(leg))).collect();
    texts.filter(|texts| texts.iter().all(|text| !text.is_empty()))
}

fn has_no_flags(kind: &GroupKind) -> bool {
    match kind {
        GroupKind::NonCapturing(flags) => flags.items.is_empty(),
        GroupKind::CaptureIndex(_) | GroupKind::CaptureName { .. } => true,
    }
}
