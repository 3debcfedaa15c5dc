//! What is newer than the level a query is written for (`spec/logs-insights.md` 0.2).

use crate::syntax::logs::{Call, Command, Level, ParseMode, Signature, Stage, codes};
use crate::{Diagnostic, Fix, Span};

use super::place;

/// Reports a command that is newer than `level`, and options of older ones that are.
pub(super) fn command(stage: &Stage, level: Level, findings: &mut Vec<Diagnostic>) {
    let keyword = place::keyword(stage);
    let (what, span, needed) = match &stage.command {
        Command::Filter { spelled_where, .. } if spelled_where.0 => {
            let fix = Fix::replace("write `filter`", keyword, "filter");
            findings.extend(newer("`where`", keyword, Level::L2, level).map(|found| found.fix(fix)));
            return;
        }
        Command::Stats(stats) => {
            let offset = stats.offset.map(|offset| newer("`offset`", offset.span.0, Level::L2, level));
            findings.extend(offset.flatten());
            return;
        }
        Command::Parse(parse) => match &parse.mode {
            ParseMode::Logfmt(_) => ("`parse … logfmt`".to_owned(), keyword, Level::L2),
            ParseMode::Csv(_) => ("`parse … csv`".to_owned(), keyword, Level::L2),
            ParseMode::Regex { multi: true, .. } => {
                ("`multi`".to_owned(), last_word(stage, "multi"), Level::L2)
            }
            _ => return,
        },
        Command::Saved(_) => ("a call of a saved query".to_owned(), stage.span.0, Level::L2),
        Command::Limit { any: true, .. } => ("`limit any`".to_owned(), keyword, Level::L2),
        Command::Estimate => ("`estimate`".to_owned(), keyword, Level::L3),
        Command::Join(_)
        | Command::AddTotals { .. }
        | Command::Accum { .. }
        | Command::AppendCols { .. }
        | Command::AutoRegress { .. }
        | Command::CidrLookup(_)
        | Command::CountFrequent(_)
        | Command::Expand(_)
        | Command::FillDown(_)
        | Command::FillMissing(_)
        | Command::LogCompare(_)
        | Command::Outlier { .. }
        | Command::RelevantFields { .. }
        | Command::Sessionize { .. }
        | Command::Json { .. } => (format!("`{}`", place::spelling(stage)), keyword, Level::L2),
        _ => return,
    };
    findings.extend(newer(&what, span, needed, level));
}

/// Reports a function that is newer than `level`.
pub(super) fn function(call: &Call, signature: &Signature, level: Level) -> Option<Diagnostic> {
    newer(&format!("`{}`", call.function.text), call.function.span.0, signature.level, level)
}

/// The finding that something needs a newer level, where it does.
pub(super) fn newer(what: &str, span: Span, needed: Level, level: Level) -> Option<Diagnostic> {
    (level < needed).then(|| {
        Diagnostic::error(codes::LEVEL, span, format!("{what} needs level {needed}"))
            .label(format!("not in the language at level {level}"))
            .help(format!("set the level to {needed} if the service has it by now"))
    })
}

fn last_word(stage: &Stage, word: &str) -> Span {
    let Span { start, end } = stage.span.0;
    let length = u32::try_from(word.len()).unwrap_or(u32::MAX);
    Span { start: end.saturating_sub(length).max(start), end }
}
