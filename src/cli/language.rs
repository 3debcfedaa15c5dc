//! Which language a text is in: as it is said, as its file is named, or as it looks.

use crate::plan::logs::CompileOptions;
use crate::syntax::logs::{Command, Level, LogsQuery, ParseOptions};
use crate::syntax::{Expression, metrics};
use crate::{Diagnostic, FilterPattern, MetricsQuery};

use super::check::Source;

/// The language of a text, as an option.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Language {
    /// By the ending of the file (.cwli, .logs; .cwmetrics, .cwmi; .toml for stacks) or the beginning of the text.
    Auto,
    /// CloudWatch Logs filter patterns.
    Filter,
    /// CloudWatch Logs Insights queries.
    Logs,
    /// CloudWatch Metrics Insights queries.
    Metrics,
    /// Stack files.
    Stack,
}

/// The language of a text, once it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Filter,
    Logs,
    Metrics,
    Stack,
}

/// Words that begin a query. A filter pattern of plain terms could begin so too, but not with more behind it that reads
/// as a query's command.
const COMMANDS: &[&str] = &[
    // No command, but what people of SQL begin with.
    "select",
    "source",
    "fields",
    "display",
    "filter",
    "where",
    "filterindex",
    "stats",
    "sort",
    "order",
    "limit",
    "head",
    "tail",
    "search",
    "parse",
    "json",
    "dedup",
    "pattern",
    "diff",
    "anomaly",
    "unmask",
    "unnest",
    "expand",
    "lookup",
    "cidrlookup",
    "join",
    "appendcols",
    "addtotals",
    "accum",
    "autoregress",
    "filldown",
    "fillmissing",
    "outlier",
    "sessionize",
    "countfrequent",
    "count_frequent",
    "relevantfields",
    "logcompare",
    "estimate",
];

impl Language {
    pub(super) fn of(self, source: &Source) -> Known {
        match self {
            Language::Filter => Known::Filter,
            Language::Logs => Known::Logs,
            Language::Metrics => Known::Metrics,
            Language::Stack => Known::Stack,
            Language::Auto if source.name.ends_with(".toml") => Known::Stack,
            Language::Auto if source.name.ends_with(".cwmetrics") || source.name.ends_with(".cwmi") => {
                Known::Metrics
            }
            Language::Auto if source.name.ends_with(".cwli") || source.name.ends_with(".logs") => Known::Logs,
            Language::Auto => guessed(&source.text),
        }
    }
}

fn guessed(text: &str) -> Known {
    if selects_a_function(text) {
        return Known::Metrics;
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let start = lines.clone().next().unwrap_or_default();
    let start = start.trim_start_matches('|').trim_start();
    let end = start.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(start.len());
    let word = start.get(..end).unwrap_or_default().to_ascii_lowercase();
    let behind = start.get(end..).unwrap_or_default().trim_start();
    let has_more = !behind.is_empty() || lines.clone().count() > 1;
    let is_saved_call = start.starts_with('$') && !start.starts_with("$.");
    if is_saved_call || (has_more && COMMANDS.contains(&word.as_str())) { Known::Logs } else { Known::Filter }
}

/// Whether a text reads `SELECT FUNCTION( … FROM …`, as no query but one of metrics does.
fn selects_a_function(text: &str) -> bool {
    if !Expression::is_query(text) {
        return false;
    }
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    let select = words.by_ref().find(|word| word.eq_ignore_ascii_case("select"));
    let function = words.next().unwrap_or_default();
    let is_called = text.match_indices(function).any(|(at, _)| {
        text.get(at + function.len()..).is_some_and(|behind| behind.trim_start().starts_with('('))
    });
    select.is_some()
        && !function.is_empty()
        && is_called
        && words.any(|word| word.eq_ignore_ascii_case("from"))
}

impl Known {
    /// What is to be said about a text in this language.
    pub(super) fn findings(self, text: &str, level: Level) -> Vec<Diagnostic> {
        match self {
            Known::Filter => FilterPattern::parse_lossy(text).diagnostics,
            Known::Logs => query_findings(text, level),
            Known::Metrics => metrics_findings(text),
            Known::Stack => super::stack::checked(text).1,
        }
    }
}

fn metrics_findings(text: &str) -> Vec<Diagnostic> {
    let parsed = MetricsQuery::parse_lossy(text, &metrics::ParseOptions::default());
    let mut findings = parsed.diagnostics;
    findings.extend(parsed.ast.map(|query| query.check()).unwrap_or_default());
    findings.sort_by_key(Diagnostic::span);
    findings
}

/// Lookup tables, log groups and saved queries are not known here, and nothing is said of them.
fn query_findings(text: &str, level: Level) -> Vec<Diagnostic> {
    let parsed = LogsQuery::parse_lossy(text, &ParseOptions::default());
    let mut findings = parsed.diagnostics;
    // A missing pipe is an error, but the rest can be checked all the same.
    let lenient = ParseOptions { lenient_newline: true, ..ParseOptions::default() };
    if let Some(query) = parsed.ast.or_else(|| LogsQuery::parse_lossy(text, &lenient).ast) {
        let calls_saved = query.stages.iter().any(|stage| matches!(stage.command, Command::Saved(_)));
        if calls_saved {
            findings.extend(query.check(level));
        } else {
            let options = CompileOptions { level, ..CompileOptions::default() };
            let (_, found) = query.compile_lossy(&options);
            findings.extend(
                found.into_iter().filter(|finding| finding.code != crate::syntax::logs::codes::UNKNOWN_TABLE),
            );
        }
    }
    findings.sort_by_key(Diagnostic::span);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_with_something_behind_it_is_a_query() {
        for query in [
            "stats count(*)",
            "# why\nfilter a = 1",
            "$Q(a=1)",
            "SOURCE 'x' | limit 1",
            "SELECT a FROM b",
            "fields\n@message",
        ] {
            assert_eq!(guessed(query), Known::Logs, "{query}");
        }
        for query in ["SELECT SUM(a) FROM b", "-- why\nselect p99 ( a ) from b", "# c\nSELECT AVG(a)\nFROM b"]
        {
            assert_eq!(guessed(query), Known::Metrics, "{query}");
        }
        for pattern in ["{ $.a = 1 }", "[ip, user]", "ERROR", "filter", "\"stats count\"", "%a%", "$.a", ""] {
            assert_eq!(guessed(pattern), Known::Filter, "{pattern}");
        }
    }
}
