//! What a subject is, as text and as JSON.

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::listing::listed_names;
use crate::report::counted;
use crate::schema::{EventSource, Field, Key, Lookup, Occurrence, Operation, Schema};

use super::super::terminal::{FAINT, NAME, Paint, Terminal};
use super::super::{Failure, Status};
use super::Format;

/// How wide lists are where there is no terminal.
const WIDTH: usize = 100;

/// What a subject turned out to be.
enum Subject<'s> {
    Sources(Vec<EventSource<'s>>),
    Source(EventSource<'s>),
    /// One event of one source, or of each source that has one of its name.
    Operations(Vec<Operation<'s>>),
    /// A field and what is in it.
    Field(Field, Vec<Field>),
    /// A place in a part of the record whose members depend on the call.
    Open(String),
}

pub(super) fn show(
    schema: &Schema,
    subject: Option<&str>,
    format: Format,
    terminal: &Terminal,
) -> Result<Status, Failure> {
    let subject = match subject {
        Some(text) => find(schema, text.trim()).map_err(Failure::Usage)?,
        None => Subject::Sources(schema.event_sources().collect()),
    };
    let text = match format {
        Format::Text => text(&subject, terminal.stdout_width().unwrap_or(WIDTH), terminal.out),
        Format::Json => format!("{:#}\n", as_json(&subject)),
    };
    terminal.stdout().write_all(text.as_bytes())?;
    Ok(Status::Success)
}

fn find<'s>(schema: &'s Schema, text: &str) -> Result<Subject<'s>, String> {
    if let Some(source) = source(schema, text) {
        return Ok(Subject::Source(source));
    }
    let path = text.strip_prefix("$.").unwrap_or(text);
    let keys = keys(path);
    let found = schema.lookup(&keys);
    match found {
        Lookup::Known(field) => {
            let members = schema.members(&keys);
            return Ok(Subject::Field(field, members));
        }
        Lookup::Open if !path.is_empty() => return Ok(Subject::Open(path.to_owned())),
        _ => {}
    }
    if let Some((name, event_name)) = text.split_once(':') {
        let Some(source) = source(schema, name) else {
            return Err(unknown("event source", name, &schema.suggest_source(name)));
        };
        let Some(operation) = source.operation(event_name) else {
            let near = schema.suggest_event(event_name, &[source.name()]);
            let near: Vec<String> =
                near.into_iter().map(|near| format!("{name}:{}", near.event_name)).collect();
            return Err(unknown(&format!("event of {}", source.name()), event_name, &near));
        };
        return Ok(Subject::Operations(vec![operation]));
    }
    let having = schema.sources_of(text);
    if !having.is_empty() {
        return Ok(Subject::Operations(having.iter().filter_map(|source| source.operation(text)).collect()));
    }
    let fields = match found {
        Lookup::Unknown { suggestions, .. } => suggestions,
        _ => Vec::new(),
    };
    let events = schema.suggest_event(text, &[]).into_iter().map(|near| near.event_name);
    let near: Vec<String> =
        fields.into_iter().chain(schema.suggest_source(text)).chain(events).take(4).collect();
    Err(unknown("field, event source or event name", text, &near))
}

/// By its full name, or without the domain.
fn source<'s>(schema: &'s Schema, name: &str) -> Option<EventSource<'s>> {
    schema.event_source(name).or_else(|| schema.event_source(&format!("{name}.amazonaws.com")))
}

fn unknown(what: &str, text: &str, near: &[String]) -> String {
    let hint = match near {
        [] => String::new(),
        near => format!("; did you mean {}?", listed_names(near.iter().map(String::as_str), "or")),
    };
    format!("there is no {what} `{text}`{hint}")
}

/// `a.b[0].c`, an empty or starred index being any.
fn keys(path: &str) -> Vec<Key<'_>> {
    let mut keys = Vec::new();
    for part in path.split('.') {
        let mut pieces = part.split('[');
        match pieces.next() {
            Some("*") => keys.push(Key::AnyMember),
            Some(name) => keys.push(Key::Name(name)),
            None => {}
        }
        for piece in pieces {
            let index = piece.trim_end_matches(']').parse().ok();
            keys.push(index.map_or(Key::AnyElement, Key::Index));
        }
    }
    keys
}

fn text(subject: &Subject<'_>, width: usize, paint: Paint) -> String {
    match subject {
        Subject::Sources(sources) => {
            let longest = sources.iter().map(|source| source.name().len()).max().unwrap_or(0);
            let line = |source: &EventSource<'_>| {
                let name = source.name();
                let pad = " ".repeat(longest - name.len());
                let names = counted(source.event_names().count() as u64, "event name");
                let more = if source.has_known_events() { "" } else { " and any other" };
                format!("{}{pad}  {names}{more}\n", paint.paint(NAME, name))
            };
            sources.iter().map(line).collect()
        }
        Subject::Source(source) => {
            let mut names: Vec<String> = source.event_names().map(|name| format!("{name}\n")).collect();
            if !source.has_known_events() {
                names.push(paint.paint(FAINT, "its event names are in no API model: any may be true\n"));
            }
            names.concat()
        }
        Subject::Operations(operations) => {
            let texts: Vec<String> = operations.iter().map(|one| operation_text(one, width, paint)).collect();
            texts.join("\n")
        }
        Subject::Field(field, members) => field_text(field, members, paint),
        Subject::Open(path) => format!(
            "{}  depends on the event, or on the service\n{}\n",
            paint.paint(NAME, path),
            paint.paint(FAINT, "see the members of an event: trailql schema s3:GetObject")
        ),
    }
}

fn operation_text(operation: &Operation<'_>, width: usize, paint: Paint) -> String {
    let kind = operation.event_type().map(|kind| format!("  {kind}")).unwrap_or_default();
    let mut text =
        format!("{} {}{kind}\n", operation.event_source().name(), paint.paint(NAME, operation.name()));
    if operation.has_request_member("").is_none() && operation.has_response_member("").is_none() {
        text.push_str(&paint.paint(FAINT, "  its members are in no API model\n"));
        return text;
    }
    let request: Vec<String> = operation.request_members().collect();
    let response: Vec<String> = operation.response_members().collect();
    for (part, members) in [("requestParameters", request), ("responseElements", response)] {
        text.push_str(&format!("  {part}\n{}", wrapped(&members, width)));
    }
    text
}

/// Names in lines, four cells from the edge.
fn wrapped(names: &[String], width: usize) -> String {
    let mut text = String::new();
    let mut line = String::new();
    for name in names {
        if !line.is_empty() && 4 + line.len() + 1 + name.len() > width {
            text.push_str(&format!("    {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(name);
    }
    if !line.is_empty() {
        text.push_str(&format!("    {line}\n"));
    }
    text
}

fn field_text(field: &Field, members: &[Field], paint: Paint) -> String {
    let mut text = format!("{}  {}\n", paint.paint(NAME, &field.path), described(field));
    if !field.values.is_empty() {
        text.push_str(&format!("  values  {}\n", field.values.join(", ")));
    }
    if !field.note.is_empty() {
        text.push_str(&format!("  note    {}\n", field.note));
    }
    let name = |member: &Field| member.path.strip_prefix(&field.path).unwrap_or(&member.path).to_owned();
    let longest = members.iter().map(|member| name(member).len()).max().unwrap_or(0);
    for member in members {
        text.push_str(&format!("    {:longest$}  {}\n", name(member), described(member)));
    }
    text
}

/// `string, in every record, since 1.0`
fn described(field: &Field) -> String {
    let occurrence = match field.occurrence {
        Occurrence::Always => "always there",
        Occurrence::Sometimes => "in some records",
    };
    let since = field.since.map(|version| format!(", since {version}")).unwrap_or_default();
    format!("{}, {occurrence}{since}", field.kind.as_str())
}

fn as_json(subject: &Subject<'_>) -> Value {
    match subject {
        Subject::Sources(sources) => sources.iter().map(source_json).collect(),
        Subject::Source(source) => source_json(source),
        Subject::Operations(operations) => operations.iter().map(operation_json).collect(),
        Subject::Field(field, members) => {
            let mut object = field_json(field);
            if !members.is_empty() {
                let members: Vec<Value> = members.iter().map(|member| field_json(member).into()).collect();
                object.insert("members".into(), members.into());
            }
            object.into()
        }
        Subject::Open(path) => json!({ "path": path, "open": true }),
    }
}

fn source_json(source: &EventSource<'_>) -> Value {
    json!({
        "eventSource": source.name(),
        "complete": source.has_known_events(),
        "eventNames": source.event_names().collect::<Vec<_>>(),
    })
}

fn operation_json(operation: &Operation<'_>) -> Value {
    let list = |is_known: bool, members: Vec<String>| if is_known { json!(members) } else { Value::Null };
    json!({
        "eventSource": operation.event_source().name(),
        "eventName": operation.name(),
        "eventType": operation.event_type(),
        "requestParameters": list(operation.has_request_member("").is_some(), operation.request_members().collect()),
        "responseElements": list(operation.has_response_member("").is_some(), operation.response_members().collect()),
    })
}

fn field_json(field: &Field) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("path".into(), field.path.as_str().into());
    object.insert("type".into(), field.kind.as_str().into());
    object.insert("always".into(), (field.occurrence == Occurrence::Always).into());
    object.insert("since".into(), field.since.into());
    object.insert("values".into(), field.values.into());
    object.insert("note".into(), field.note.into());
    object
}
