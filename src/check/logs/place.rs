//! Where the parts of a stage stand that the tree keeps no span of.

use crate::Span;
use crate::syntax::logs::{Command, LogsQuery, Stage};
use crate::{Edit, Fix};

/// The word that begins a stage.
pub(in crate::check) fn keyword(stage: &Stage) -> Span {
    let Span { start, end } = stage.span.0;
    let length = u32::try_from(spelling(stage).len()).unwrap_or(u32::MAX);
    Span { start, end: end.min(start.saturating_add(length)) }
}

/// The word that begins a stage, as it is written but for upper and lower case.
pub(in crate::check) fn spelling(stage: &Stage) -> &'static str {
    let blanks_to = |span: Span| span.start.saturating_sub(stage.span.0.start);
    match &stage.command {
        Command::Source(_) => "SOURCE",
        Command::Saved(_) => "$",
        Command::Fields(_) => "fields",
        Command::Display(_) => "display",
        Command::Filter { spelled_where, .. } if spelled_where.0 => "where",
        Command::Filter { .. } => "filter",
        Command::FilterIndex(_) => "filterIndex",
        Command::Stats(_) => "stats",
        // The tree does not tell `order` from `sort`; `order x` and `order by x` are told by their lengths.
        Command::Sort(keys) => match keys.first().map(|key| blanks_to(key.field.span.0)) {
            Some(6 | 9) => "order",
            _ => "sort",
        },
        Command::Limit { .. } => "limit",
        Command::Head(_) => "head",
        Command::Tail(_) => "tail",
        Command::Search(_) => "search",
        Command::Parse(_) => "parse",
        Command::Json { .. } => "json",
        Command::Dedup(_) => "dedup",
        Command::Pattern(_) => "pattern",
        Command::Diff(_) => "diff",
        Command::Anomaly => "anomaly",
        Command::Unmask(_) => "unmask",
        Command::Unnest { .. } => "unnest",
        Command::Expand(_) => "expand",
        Command::Lookup(_) => "lookup",
        Command::CidrLookup(_) => "cidrlookup",
        Command::Join(_) => "join",
        Command::AppendCols { .. } => "appendcols",
        Command::AddTotals { .. } => "addtotals",
        Command::Accum { .. } => "accum",
        Command::AutoRegress { .. } => "autoregress",
        Command::FillDown(_) => "filldown",
        Command::FillMissing(_) => "fillmissing",
        Command::Outlier { .. } => "outlier",
        Command::Sessionize { .. } => "sessionize",
        Command::CountFrequent(fields) => match fields.first().map(|field| blanks_to(field.span.0)) {
            Some(15) => "count_frequent",
            _ => "countFrequent",
        },
        Command::RelevantFields { .. } => "relevantfields",
        Command::LogCompare(_) => "logcompare",
        Command::Estimate => "estimate",
    }
}

/// From the first stage to the last.
pub(super) fn extent(pipeline: &LogsQuery) -> Option<Span> {
    Some(pipeline.stages.first()?.span.0.to(pipeline.stages.last()?.span.0))
}

/// Takes out a stage that another follows; `None` where a comment would go with it.
pub(in crate::check) fn removal(stage: &Stage, next: &Stage) -> Option<Fix> {
    let edit = cut(stage, next)?;
    Some(Fix { title: format!("take `{}` out", spelling(stage)), edits: vec![edit] })
}

/// Moves a stage behind the one that follows it, where it reads as `text`; `None` where a comment would be lost.
pub(in crate::check) fn swap(stage: &Stage, next: &Stage, text: &str) -> Option<Fix> {
    let end = next.span.0.end as usize;
    let insertion = Edit { span: Span::at(end), replacement: format!(" | {text}") };
    let title = format!("move `{}` behind `{}`", spelling(stage), spelling(next));
    Some(Fix { title, edits: vec![cut(stage, next)?, insertion] })
}

fn cut(stage: &Stage, next: &Stage) -> Option<Edit> {
    let commented = |stage: &Stage| !stage.comments.0.before.is_empty() || stage.comments.0.behind.is_some();
    let (here, there) = (stage.span.0, next.span.0);
    let apart = here.start < here.end && here.end < there.start;
    (apart && !commented(stage) && !commented(next))
        .then(|| Edit { span: Span { start: here.start, end: there.start }, replacement: String::new() })
}
