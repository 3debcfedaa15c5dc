//! What may be written at a place of a text.

use crate::Span;
use crate::check::{Language, Options};
use crate::schema::{Lookup, Schema};
use crate::syntax::logs::Signature;

use super::cursor::{self, Place};
use super::help::{self, Help};

/// What a completion stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CompletionKind {
    /// A path into the record.
    Field,
    /// The name of an event.
    EventName,
    /// An event source.
    EventSource,
    /// A value that a field takes.
    Value,
    /// A command of a query.
    Command,
    /// A function.
    Function,
    /// A keyword.
    Keyword,
}

/// Something that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it stands for.
    pub kind: CompletionKind,
    /// How it is called.
    pub label: String,
    /// What is written in place of `span`.
    pub text: String,
    /// What is written already and gives way.
    pub span: Span,
    /// A few words beside the label; may be empty.
    pub detail: String,
    /// What it does or means; may be empty.
    pub documentation: String,
}

/// More of a kind than anybody reads.
const MOST: usize = 200;

/// What may be written at `offset` of a text that need not be whole: fields, event names, values, commands, functions.
///
/// The list is cut at 200 of a kind, so it is to be asked for again with each letter.
///
/// ```
/// use trailql::assist::complete;
/// use trailql::check::{Language, Options};
///
/// let text = "filter a = 1 | sta";
/// let found = complete(text, Language::LogsInsights, text.len(), &Options::default());
/// assert!(found.iter().any(|one| one.label == "stats"));
/// ```
pub fn complete(text: &str, language: Language, offset: usize, options: &Options) -> Vec<Completion> {
    match cursor::place(text, language, offset) {
        Place::Path(span) => {
            let typed = typed(text, span, offset);
            paths(text, language, span, typed, options)
        }
        Place::Value { path, span, quoted } => {
            let typed = typed(text, span, offset);
            values(text, language, &path, Written { span, quoted, typed }, options)
        }
        Place::Command(span) => entries(help::COMMANDS, CompletionKind::Command, span, language),
        Place::Name { span, command } => {
            let typed = typed(text, span, offset);
            names(text, language, span, typed, &command, options)
        }
        Place::Elsewhere => Vec::new(),
    }
}

fn typed(text: &str, span: Span, offset: usize) -> &str {
    text.get(span.range().start..offset).unwrap_or_default()
}

fn names(
    text: &str,
    language: Language,
    span: Span,
    typed: &str,
    command: &str,
    options: &Options,
) -> Vec<Completion> {
    match language {
        Language::MetricsInsights => entries(help::METRICS, CompletionKind::Keyword, span, language),
        Language::MetricMath => entries(help::MATH, CompletionKind::Function, span, language),
        _ => {
            let mut found = paths(text, language, span, typed, options);
            let takes_aggregates = command == "stats";
            let functions = entries(help::FUNCTIONS, CompletionKind::Function, span, language);
            found.extend(functions.into_iter().filter(|function| {
                Signature::find(&function.label).is_some_and(|known| !known.aggregate || takes_aggregates)
            }));
            found
        }
    }
}

fn entries(table: &'static [Help], kind: CompletionKind, span: Span, language: Language) -> Vec<Completion> {
    let is_call = |entry: &Help| {
        kind == CompletionKind::Function || entry.usage.starts_with(&format!("{}(", entry.name))
    };
    table
        .iter()
        .map(|entry| Completion {
            // A function of metrics stands among keywords.
            kind: if language == Language::MetricsInsights && is_call(entry) {
                CompletionKind::Function
            } else {
                kind
            },
            label: entry.name.to_owned(),
            text: entry.name.to_owned(),
            span,
            detail: entry.usage.to_owned(),
            documentation: entry.summary.to_owned(),
        })
        .collect()
}

/// The fields of the record, and the members of the calls that the text names.
fn paths(text: &str, language: Language, span: Span, typed: &str, options: &Options) -> Vec<Completion> {
    let schema = &options.schema;
    let known = schema.fields().map(|field| {
        let detail = field.kind.as_str().to_owned();
        (field.path.clone(), detail, field.note.to_owned())
    });
    let members = members(text, schema).into_iter().map(|(path, event)| (path, event, String::new()));
    let folded = typed.trim_start_matches(['$', '.']).to_ascii_lowercase();
    known
        .chain(members)
        .filter(|(path, ..)| path.to_ascii_lowercase().starts_with(&folded) || folded.is_empty())
        .take(MOST)
        .map(|(path, detail, documentation)| {
            let written = spelled(&path, language);
            Completion {
                kind: CompletionKind::Field,
                label: written.clone(),
                text: written,
                span,
                detail,
                documentation,
            }
        })
        .collect()
}

/// The paths of the request and response members of the events that a text names, and which event has them.
fn members(text: &str, schema: &Schema) -> Vec<(String, String)> {
    let words = || text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')));
    let sources: Vec<&str> = words().filter(|word| schema.event_source(word).is_some()).collect();
    let mut found = Vec::new();
    let names = words().filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
    for name in names.filter(|name| schema.is_event_name(name)).take(8) {
        let of_name = schema.sources_of(name).into_iter();
        for source in of_name.filter(|source| sources.is_empty() || sources.contains(&source.name())).take(2)
        {
            let Some(operation) = source.operation(name) else { continue };
            let event = format!("{name} of {}", source.name());
            let request = operation.request_members().map(|member| format!("requestParameters.{member}"));
            let response = operation.response_members().map(|member| format!("responseElements.{member}"));
            found.extend(request.chain(response).map(|path| (path, event.clone())));
        }
    }
    found.sort();
    found.dedup_by(|one, other| one.0 == other.0);
    found
}

/// A path of the documents as a language spells it.
fn spelled(path: &str, language: Language) -> String {
    match language {
        Language::FilterPattern => {
            let mut written = String::from("$");
            for step in path.split('.') {
                let is_plain = step
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '[' | ']' | '*'));
                written.push_str(&if is_plain { format!(".{step}") } else { format!(".['{step}']") });
            }
            written
        }
        _ => {
            let dotted = path.replace('[', ".").replace(']', "");
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@');
            let steps = dotted
                .split('.')
                .map(|step| if step.chars().all(plain) { step.to_owned() } else { format!("`{step}`") });
            steps.collect::<Vec<_>>().join(".")
        }
    }
}

/// A value that is being written.
struct Written<'t> {
    span: Span,
    quoted: bool,
    typed: &'t str,
}

fn values(
    text: &str,
    language: Language,
    path: &str,
    written: Written<'_>,
    options: &Options,
) -> Vec<Completion> {
    let schema = &options.schema;
    let Some(steps) = cursor::steps(path, language) else { return Vec::new() };
    let keys: Vec<_> = steps.iter().map(cursor::Step::key).collect();
    let Lookup::Known(field) = schema.lookup(&keys) else { return Vec::new() };
    let typed = written.typed.trim_start_matches('"').to_ascii_lowercase();
    let fits = |value: &str| value.to_ascii_lowercase().starts_with(&typed);
    let one = |value: String, kind, detail: String| Completion {
        kind,
        label: value.clone(),
        text: quoted(&value, language, written.quoted),
        span: written.span,
        detail,
        documentation: String::new(),
    };
    match field.path.as_str() {
        "eventSource" => schema
            .event_sources()
            .map(|source| source.name().to_owned())
            .filter(|name| fits(name))
            .take(MOST)
            .map(|name| one(name, CompletionKind::EventSource, String::new()))
            .collect(),
        "eventName" => event_names(text, schema, &fits)
            .into_iter()
            .map(|(name, source)| one(name, CompletionKind::EventName, source))
            .collect(),
        _ => field
            .values
            .iter()
            .filter(|value| fits(value))
            .map(|value| one((*value).to_owned(), CompletionKind::Value, String::new()))
            .collect(),
    }
}

/// The names that fit, of the event sources that the text names, or of all.
fn event_names(text: &str, schema: &Schema, fits: &dyn Fn(&str) -> bool) -> Vec<(String, String)> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')));
    let named: Vec<_> = words.filter_map(|word| schema.event_source(word)).collect();
    let sources = if named.is_empty() { schema.event_sources().collect() } else { named };
    let mut found: Vec<(String, String)> = Vec::new();
    for source in sources {
        let fitting = source.event_names().map(|name| name.to_string()).filter(|name| fits(name));
        found.extend(fitting.map(|name| (name, source.name().to_owned())));
    }
    found.sort();
    found.dedup_by(|one, other| one.0 == other.0);
    found.truncate(MOST);
    found
}

fn quoted(value: &str, language: Language, was_quoted: bool) -> String {
    let bare = language == Language::FilterPattern
        && !was_quoted
        && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if bare { value.to_owned() } else { format!("\"{value}\"") }
}
