//! What is known of what stands at a place of a text.

use crate::Span;
use crate::check::{Language, Options};
use crate::schema::{Field, Lookup, Occurrence, Schema};

use super::cursor;
use super::help;

/// What is to be shown beside a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    /// Markdown.
    pub text: String,
}

/// What is known of the field, event, function or command at `offset`; `None` where nothing is.
///
/// ```
/// use trailql::assist::hover;
/// use trailql::check::{Language, Options};
///
/// let found = hover("stats pct(x, 95)", Language::LogsInsights, 7, &Options::default()).unwrap();
/// assert!(found.text.contains("percentile"));
/// ```
pub fn hover(text: &str, language: Language, offset: usize, options: &Options) -> Option<Hover> {
    if let Some((path, span)) = cursor::value_at(text, language, offset)
        && let Some(text) = value(&path, span.slice(text), language, &options.schema)
    {
        return Some(Hover { span, text });
    }
    let span = cursor::word_at(text, language, offset)?;
    let word = span.slice(text);
    let is_called = text.get(span.range().end..).is_some_and(|rest| rest.trim_start().starts_with('('));
    let entry = match language {
        Language::LogsInsights if is_called => help::find(help::FUNCTIONS, word),
        Language::LogsInsights if begins_a_stage(text, span) => help::find(help::COMMANDS, word),
        Language::MetricsInsights => help::find(help::METRICS, word),
        Language::MetricMath => help::find(help::MATH, word),
        _ => None,
    };
    if let Some(entry) = entry {
        return Some(Hover { span, text: format!("```text\n{}\n```\n{}", entry.usage, entry.summary) });
    }
    let steps = cursor::steps(word, language)?;
    let keys: Vec<_> = steps.iter().map(cursor::Step::key).collect();
    match options.schema.lookup(&keys) {
        Lookup::Known(field) => Some(Hover { span, text: of_field(&field) }),
        _ => None,
    }
}

fn begins_a_stage(text: &str, span: Span) -> bool {
    let before = text.get(..span.range().start).unwrap_or_default().trim_end();
    before.is_empty() || before.ends_with(['|', '(', '\n'])
}

fn of_field(field: &Field) -> String {
    let mut text = format!("**{}**: {}", field.path, field.kind.as_str());
    text.push_str(match field.occurrence {
        Occurrence::Always => ", in every record",
        Occurrence::Sometimes => ", in some records only",
    });
    if let Some(since) = field.since {
        text.push_str(&format!(", since version {since}"));
    }
    if !field.note.is_empty() {
        text.push_str(&format!("\n\n{}", field.note));
    }
    if !field.values.is_empty() {
        let values: Vec<String> = field.values.iter().map(|value| format!("`{value}`")).collect();
        text.push_str(&format!("\n\nValues: {}", values.join(", ")));
    }
    text
}

/// What an event name or event source is.
fn value(path: &str, written: &str, language: Language, schema: &Schema) -> Option<String> {
    let value = written.trim_matches(['"', '\'']);
    let steps = cursor::steps(path, language)?;
    let keys: Vec<_> = steps.iter().map(cursor::Step::key).collect();
    let Lookup::Known(field) = schema.lookup(&keys) else { return None };
    match field.path.as_str() {
        "eventSource" => {
            let source = schema.event_source(value)?;
            Some(format!(
                "**{}**: an event source with {} known event names",
                source.name(),
                source.event_names().count()
            ))
        }
        "eventName" => {
            let sources = schema.sources_of(value);
            let first = sources.first()?;
            let names: Vec<String> =
                sources.iter().take(5).map(|source| format!("`{}`", source.name())).collect();
            let more = sources.len().saturating_sub(names.len());
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            let mut text = format!("**{value}**: an event of {}{rest}", names.join(", "));
            let members = |what: &str, members: Vec<String>| match members.is_empty() {
                true => String::new(),
                false => format!("\n\n`{what}`: {}", members.join(", ")),
            };
            if let Some(operation) = first.operation(value).filter(|_| sources.len() == 1) {
                text += &members(
                    "requestParameters",
                    operation.request_members().map(|one| one.to_string()).collect(),
                );
                text += &members(
                    "responseElements",
                    operation.response_members().map(|one| one.to_string()).collect(),
                );
            }
            Some(text)
        }
        _ => None,
    }
}
