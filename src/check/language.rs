//! Which of the languages a text is in.

use crate::byte_order_mark;
use crate::syntax::Expression;

/// A language of CloudWatch that a text can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Language {
    /// CloudWatch Logs filter patterns.
    FilterPattern,
    /// CloudWatch Logs Insights queries.
    LogsInsights,
    /// CloudWatch Metrics Insights queries.
    MetricsInsights,
    /// Metric math.
    MetricMath,
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
    /// The language that a text looks like; a filter pattern where nothing else fits.
    ///
    /// ```
    /// use trailql::check::Language;
    ///
    /// assert_eq!(Language::guess("{ $.eventName = GetObject }"), Language::FilterPattern);
    /// assert_eq!(Language::guess("stats count(*) by eventName"), Language::LogsInsights);
    /// assert_eq!(Language::guess("SELECT SUM(m) FROM n"), Language::MetricsInsights);
    /// ```
    pub fn guess(text: &str) -> Self {
        guessed(byte_order_mark::behind(text))
    }

    /// The language of files with this name: `.cwfilter`, `.cwlogs` (also `.cwli`, `.logs`, `.insights`), `.cwmetrics` (also `.cwmi`).
    ///
    /// ```
    /// use trailql::check::Language;
    ///
    /// assert_eq!(Language::of_file("who.cwlogs"), Some(Language::LogsInsights));
    /// assert_eq!(Language::of_file("main.tf"), None);
    /// ```
    pub fn of_file(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending {
            "cwfilter" => Some(Language::FilterPattern),
            "cwlogs" | "cwli" | "logs" | "insights" => Some(Language::LogsInsights),
            "cwmetrics" | "cwmi" => Some(Language::MetricsInsights),
            _ => None,
        }
    }
}

fn guessed(text: &str) -> Language {
    if selects_a_function(text) {
        return Language::MetricsInsights;
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let start = lines.clone().next().unwrap_or_default();
    let start = start.trim_start_matches('|').trim_start();
    let end = start.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(start.len());
    let word = start.get(..end).unwrap_or_default().to_ascii_lowercase();
    let behind = start.get(end..).unwrap_or_default().trim_start();
    let has_more = !behind.is_empty() || lines.clone().count() > 1;
    let is_saved_call = start.starts_with('$') && !start.starts_with("$.");
    if is_saved_call || (has_more && COMMANDS.contains(&word.as_str())) {
        Language::LogsInsights
    } else {
        Language::FilterPattern
    }
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
            assert_eq!(guessed(query), Language::LogsInsights, "{query}");
        }
        for query in ["SELECT SUM(a) FROM b", "-- why\nselect p99 ( a ) from b", "# c\nSELECT AVG(a)\nFROM b"]
        {
            assert_eq!(guessed(query), Language::MetricsInsights, "{query}");
        }
        for pattern in ["{ $.a = 1 }", "[ip, user]", "ERROR", "filter", "\"stats count\"", "%a%", "$.a", ""] {
            assert_eq!(guessed(pattern), Language::FilterPattern, "{pattern}");
        }
    }
}
