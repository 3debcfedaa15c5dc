//! Which columns and how many rows a query shows at the end (`spec/logs-insights.md` 2).

use crate::listing::listed;

use super::super::ast::{Command, ExprKind, Item, ItemLabel, LogsQuery, Name, ParseMode, Stage};
use super::super::functions::{Function, Signature};

pub(super) fn in_words(query: &LogsQuery) -> String {
    let reshaping = query.stages.iter().rposition(|stage| columns(stage).is_some());
    let after = reshaping.map_or(0, |index| index.saturating_add(1));
    let stages = query.stages.get(after..).unwrap_or_default();
    let shape = reshaping.and_then(|index| query.stages.get(index));
    let display = stages.iter().rev().find_map(|stage| match &stage.command {
        Command::Display(items) => Some(items),
        _ => None,
    });
    let mut names: Vec<String> = Vec::new();
    if let Some(items) = display {
        names.extend(items.iter().map(label));
    } else {
        let fields = stages.iter().filter_map(|stage| match &stage.command {
            Command::Fields(items) => Some(items),
            _ => None,
        });
        let fields: Vec<String> = fields.flatten().map(label).collect();
        match shape.and_then(columns) {
            Some(columns) => names.extend(columns),
            None if fields.is_empty() => names.extend(["@timestamp".to_owned(), "@message".to_owned()]),
            None => {}
        }
        names.extend(fields);
        names.extend(stages.iter().flat_map(created));
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let capped = !stages.iter().any(|stage| {
        matches!(
            stage.command,
            Command::Limit { .. } | Command::Head(_) | Command::Tail(_) | Command::Estimate
        )
    });
    let single = match shape.map(|stage| &stage.command) {
        Some(Command::Stats(stats)) => stats.by.is_empty(),
        Some(Command::Estimate) => true,
        _ => false,
    };
    let rows = if capped && !single { "; at most 10,000 rows, as there is no `limit`" } else { "" };
    let pasted = stages.iter().any(|stage| matches!(stage.command, Command::AppendCols { .. }));
    let pasted = if pasted && display.is_none() { " and the pasted columns" } else { "" };
    let sorted = stages.iter().any(|stage| matches!(stage.command, Command::Sort(_)));
    let unordered = match shape.map(|stage| &stage.command) {
        Some(Command::Stats(stats)) if !sorted && !stats.by.is_empty() && !is_one_bin(&stats.by) => {
            " The groups come in no promised order."
        }
        _ => "",
    };
    let mut seen = if names.is_empty() { "columns".to_owned() } else { listed(&names, "and") };
    seen.push_str(pasted);
    format!("Shows {seen}{rows}.{unordered}")
}

/// The service is said to give bins in order when they are the only key.
fn is_one_bin(keys: &[Item]) -> bool {
    let [Item { expr, .. }] = keys else { return false };
    match &expr.kind {
        ExprKind::Call(call) => {
            Signature::find(&call.function.text).is_some_and(|known| known.function == Function::Bin)
        }
        _ => false,
    }
}

/// The columns of a stage that replaces the rows by others.
fn columns(stage: &Stage) -> Option<Vec<String>> {
    let fixed = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
    match &stage.command {
        Command::Stats(stats) => Some(stats.by.iter().chain(&stats.aggregates).map(label).collect()),
        Command::Pattern(_) => fixed(&["@pattern", "@ratio", "@sampleCount", "@severityLabel"]),
        Command::Diff(_) | Command::LogCompare(_) => fixed(&[
            "@pattern",
            "@sampleCount",
            "@ratio",
            "@severityLabel",
            "@diffEventCount",
            "@diffDescription",
        ]),
        Command::CountFrequent(fields) => {
            let names = fields.iter().map(|field| field.name.clone());
            Some(names.chain(["_approxcount".to_owned()]).collect())
        }
        Command::RelevantFields { .. } => fixed(&[
            "@fieldName",
            "@relevanceScore",
            "@topRelevanceContributors",
            "@conditionalMedian",
            "@baselineMedian",
        ]),
        Command::Estimate => fixed(&["estimatedBytes"]),
        _ => None,
    }
}

fn label(item: &Item) -> String {
    match &item.label {
        ItemLabel::Alias(name) => name.text.clone(),
        ItemLabel::Source(text) => text.clone(),
    }
}

/// The columns that a stage adds to the rows.
fn created(stage: &Stage) -> Vec<String> {
    let texts = |names: &[Name]| names.iter().map(|name| name.text.clone()).collect();
    let or = |name: &Option<Name>, default: &str| {
        vec![name.as_ref().map_or_else(|| default.to_owned(), |name| name.text.clone())]
    };
    match &stage.command {
        Command::Parse(parse) => match &parse.mode {
            ParseMode::Glob { names, .. } | ParseMode::Csv(names) => texts(names),
            ParseMode::Regex { regex, names, .. } if names.is_empty() => group_names(&regex.source),
            ParseMode::Regex { names, .. } => texts(names),
            ParseMode::Logfmt(name) => vec![name.text.clone()],
        },
        Command::Json { alias: name, .. } | Command::Unnest { into: name, .. } => vec![name.text.clone()],
        Command::Lookup(lookup) => texts(&lookup.outputs),
        Command::CidrLookup(lookup) => {
            let names = lookup.outputs.iter().map(|(column, alias)| alias.as_ref().unwrap_or(column));
            names.map(|name| name.text.clone()).collect()
        }
        Command::Accum { field, alias } => or(alias, &field.name),
        Command::AutoRegress { field, alias, from, to } => {
            let from = from.map_or(1, |from| from.value);
            let stem = alias.as_ref().map_or(&field.name, |alias| &alias.text);
            match to.map(|to| to.value).filter(|&to| to > from) {
                // The last of many would be no news.
                Some(to) => (from..=to).take(5).map(|lag| format!("{stem}_p{lag}")).collect(),
                None => or(alias, &format!("{stem}_p{from}")),
            }
        }
        Command::AddTotals { row, .. } if *row == Some(false) => Vec::new(),
        Command::AddTotals { name, .. } => or(name, "Total"),
        Command::Sessionize { alias, .. } => or(alias, "session_id"),
        _ => Vec::new(),
    }
}

/// The names of a regex's groups.
pub(super) fn group_names(regex: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut pieces = regex.split("(?");
    pieces.next();
    for piece in pieces {
        let Some(rest) = piece.strip_prefix("P<").or(piece.strip_prefix('<')) else { continue };
        if let Some((name, _)) = rest.split_once('>')
            && name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        {
            names.push(name.to_owned());
        }
    }
    names
}
