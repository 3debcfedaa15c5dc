//! Everything that is known about one text, in order of place.

use crate::plan::logs::CompileOptions;
use crate::schema::Schema;
use crate::syntax::logs::{Command, Level, ParseOptions};
use crate::syntax::math::{MathExpression, MathParseOptions};
use crate::syntax::metrics;
use crate::{Diagnostic, FilterPattern, LogsQuery, MetricsQuery};

use super::Language;
use super::rules;
use super::suppression::{self, Marker};

/// What the events of a log group are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Records {
    /// CloudTrail records if the text looks like it: it names a field of theirs, or nearly so.
    #[default]
    Auto,
    /// CloudTrail records.
    CloudTrail,
    /// Something else; the schema has no say.
    Other,
}

/// What a text is checked against.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Fields, event sources and event names.
    pub schema: Schema,
    /// Whether the schema applies.
    pub records: Records,
    /// The edition of Logs Insights.
    pub level: Level,
}

/// What is to be said about a text in this language, in order of place.
///
/// What a comment such as `# trailql: ignore[LI106] why` silences is left out.
///
/// ```
/// use trailql::check::{Language, Options, check};
///
/// let found = check("{ $.eventName == GetObject }", Language::FilterPattern, &Options::default());
/// assert_eq!(found[0].code.0, "FP007");
/// ```
pub fn check(text: &str, language: Language, options: &Options) -> Vec<Diagnostic> {
    let mut findings = match language {
        Language::FilterPattern => filter(text, options),
        Language::LogsInsights => suppression::in_text(text, &[Marker::Hash], logs(text, options)),
        Language::MetricsInsights => {
            suppression::in_text(text, &[Marker::Hash, Marker::Hyphens], metrics(text))
        }
        Language::MetricMath => math(text),
    };
    findings.sort_by_key(Diagnostic::span);
    findings
}

fn filter(text: &str, options: &Options) -> Vec<Diagnostic> {
    let parsed = FilterPattern::parse_lossy(text);
    let mut findings = parsed.diagnostics;
    if let Some(pattern) = &parsed.ast {
        let is_cloudtrail = rules::ct::filter_is_cloudtrail(pattern, options);
        let context = rules::fp::Context { text, pattern, schema: is_cloudtrail.then_some(&options.schema) };
        rules::fp::check(&context, &mut findings);
        if is_cloudtrail {
            rules::ct::check_filter(text, pattern, &options.schema, &mut findings);
        }
    }
    findings
}

/// Whether the schema of CloudTrail records applies to a pattern.
#[cfg(feature = "stack")]
pub(crate) fn is_cloudtrail(pattern: &FilterPattern, options: &Options) -> bool {
    rules::ct::filter_is_cloudtrail(pattern, options)
}

/// What the schema says of a selector that takes its value from the events that a pattern matches, as a dimension or a
/// metric value does; nothing where the pattern is about other records, or the text is no selector.
///
/// ```
/// use trailql::check::{Options, check_selector};
///
/// let pattern = "{ $.eventName = GetObject }".parse()?;
/// let found = check_selector("$.userIdentity.usrName", &pattern, &Options::default());
/// assert_eq!(found[0].help.as_deref(), Some("did you mean `$.userIdentity.userName`?"));
/// # Ok::<(), trailql::ParseErrors>(())
/// ```
pub fn check_selector(text: &str, pattern: &FilterPattern, options: &Options) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if let Ok(selector) = text.parse()
        && rules::ct::filter_is_cloudtrail(pattern, options)
    {
        rules::ct::check_selector(text, &selector, pattern, &options.schema, &mut findings);
    }
    findings
}

fn metrics(text: &str) -> Vec<Diagnostic> {
    let parsed = MetricsQuery::parse_lossy(text, &metrics::ParseOptions::default());
    let mut findings = parsed.diagnostics;
    if let Some(query) = &parsed.ast {
        findings.extend(query.check());
        rules::mi::check(&rules::mi::Context { query }, &mut findings);
    }
    findings
}

fn math(text: &str) -> Vec<Diagnostic> {
    let parsed = MathExpression::parse_lossy(text, &MathParseOptions::default());
    let mut findings = parsed.diagnostics;
    if let Some(expression) = &parsed.ast {
        rules::mm::check(&rules::mm::Context { expression }, &mut findings);
    }
    findings
}

/// Lookup tables, log groups and saved queries are not known here, and nothing is said of them.
fn logs(text: &str, options: &Options) -> Vec<Diagnostic> {
    let parsed = LogsQuery::parse_lossy(text, &ParseOptions::default());
    let mut findings = parsed.diagnostics;
    // A missing pipe is an error, but the rest can be checked all the same.
    let lenient = ParseOptions { lenient_newline: true, ..ParseOptions::default() };
    let Some(query) = parsed.ast.or_else(|| LogsQuery::parse_lossy(text, &lenient).ast) else {
        return findings;
    };
    let calls_saved = query.stages.iter().any(|stage| matches!(stage.command, Command::Saved(_)));
    if calls_saved {
        findings.extend(query.check(options.level));
    } else {
        let compile = CompileOptions { level: options.level, ..CompileOptions::default() };
        let (_, found) = query.compile_lossy(&compile);
        let unknown_table = crate::syntax::logs::codes::UNKNOWN_TABLE;
        findings.extend(found.into_iter().filter(|finding| finding.code != unknown_table));
    }
    let is_cloudtrail = rules::ct::query_is_cloudtrail(&query, options);
    let context =
        rules::li::Context { text, query: &query, schema: is_cloudtrail.then_some(&options.schema) };
    rules::li::check(&context, &mut findings);
    if is_cloudtrail {
        rules::ct::check_query(text, &query, &options.schema, &mut findings);
    }
    findings
}
