//! A log event as a query sees it, and the fields discovered in its JSON (`spec/logs-insights.md` 5).

use std::borrow::Cow;

use super::lambda;
use crate::json::{Node, NotAnObject, Projection, Slots, Step, members};
use crate::plan::logs::{Input, InputField, JsonField};
use crate::values::{Number, Value};
use crate::{EpochMillis, event_time};

/// A log event and what CloudWatch Logs knows of it.
#[derive(Clone, Copy, Debug)]
pub struct LogRecord<'e> {
    /// The raw text: `@message`.
    pub message: &'e str,
    /// When it happened: `@timestamp`.
    pub timestamp: RecordTime,
    /// When it arrived: `@ingestionTime`.
    pub ingestion_time: Option<EpochMillis>,
    /// `@logStream`
    pub log_stream: Option<&'e str>,
    /// `@log`: account and log group.
    pub log: Option<&'e str>,
    /// Where it stands, for `@ptr`: an input and an offset in it.
    pub place: Option<(&'e str, u64)>,
    /// Whether its form promises one JSON object. One that is found not to be is taken for no event.
    pub promises_json: bool,
    /// Further fields of the service's own, by names that begin with `@`.
    pub system: &'e [(String, Value<'static>)],
}

/// Where the time of a log event is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordTime {
    /// It is known, or known not to be.
    Given(Option<EpochMillis>),
    /// In the message: `eventTime`, else `timestamp`, else `@timestamp`.
    InMessage,
}

impl<'e> LogRecord<'e> {
    /// A log event of which nothing but its text is known.
    pub fn new(message: &'e str) -> Self {
        LogRecord {
            message,
            timestamp: RecordTime::InMessage,
            ingestion_time: None,
            log_stream: None,
            log: None,
            place: None,
            promises_json: false,
            system: &[],
        }
    }
}

/// Discovers at most so many fields in an event, in the order of its text.
pub(crate) const MOST_FIELDS: usize = 200;
/// So many fields take more text than this.
const SHORTEST_OF_MOST_FIELDS: usize = MOST_FIELDS * 6;

/// Takes the fields that a plan reads out of one event after the other.
#[derive(Debug)]
pub(crate) struct Loader<'p> {
    inputs: &'p [Input],
    projection: Projection,
    slots: Slots,
    /// For each input its slots: nested paths, then paths through dotted keys.
    places: Vec<Place>,
    /// First of the three slots of the event's time.
    time: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Place {
    start: usize,
    dotted: usize,
    end: usize,
    /// One nested path, and no other way to spell the field.
    is_alone: bool,
}

/// What has been found out about the event at hand.
#[derive(Debug, Default)]
pub(crate) struct Loading<'e> {
    /// The text with the JSON object that was projected, once that was tried.
    json: Option<Option<&'e str>>,
    /// Why the text is not JSON as a whole, once that was tried.
    fault: Option<NotAnObject>,
    discovered: Option<Vec<(String, Node<'e>)>>,
}

impl Loading<'_> {
    /// Why the event, if it was looked at, is not JSON as a whole.
    pub(crate) fn fault(&self) -> Option<NotAnObject> {
        self.fault
    }
}

impl<'p> Loader<'p> {
    /// `timed`: whether the events' time is asked for also where no input is that time.
    pub(crate) fn new(inputs: &'p [Input], timed: bool) -> Self {
        let mut paths: Vec<Vec<Step>> = Vec::new();
        let mut places = Vec::new();
        for input in inputs {
            let mut place = Place { start: paths.len(), ..Place::default() };
            if let InputField::Json(field) = &input.field {
                paths.extend(field.nested.iter().cloned());
                place.dotted = paths.len();
                paths.extend(field.dotted.iter().cloned());
                place.is_alone = field.nested.len() == 1 && field.dotted.is_empty();
            }
            place.end = paths.len();
            places.push(place);
        }
        let time = paths.len();
        if timed || inputs.iter().any(|input| input.field == InputField::Timestamp) {
            paths.extend(["eventTime", "timestamp", "@timestamp"].map(|name| vec![Step::Key(name.into())]));
        }
        Loader { inputs, projection: Projection::new(&paths), slots: Slots::new(), places, time }
    }

    /// The value of an input in the event.
    pub(crate) fn load<'e>(
        &mut self,
        index: usize,
        record: &LogRecord<'e>,
        state: &mut Loading<'e>,
    ) -> Value<'e> {
        let Some(input) = self.inputs.get(index) else { return Value::Missing };
        match &input.field {
            InputField::Message => Value::Text(Cow::Borrowed(record.message)),
            InputField::Timestamp => self.time(record, state).map_or(Value::Missing, Value::Time),
            InputField::IngestionTime => record.ingestion_time.map_or(Value::Missing, Value::Time),
            InputField::LogStream => text(record.log_stream),
            InputField::Log => text(record.log),
            InputField::Ptr => match record.place {
                Some((source, offset)) => Value::text_of(format!("{source}@{offset}")),
                None => Value::Missing,
            },
            InputField::System(name) => {
                let known = record.system.iter().find(|(known, _)| known == name);
                known.map_or_else(|| lambda::field(record.message, name), |(_, value)| value.borrowed())
            }
            InputField::Json(field) => self.json_field(index, field, record, state),
        }
    }

    /// The event's time; only for plans that read it.
    pub(crate) fn time<'e>(
        &mut self,
        record: &LogRecord<'e>,
        state: &mut Loading<'e>,
    ) -> Option<EpochMillis> {
        match record.timestamp {
            RecordTime::Given(time) => time,
            RecordTime::InMessage => {
                let json = self.project(record, state)?;
                (self.time..self.time + 3)
                    .find_map(|slot| event_time::of_node(self.slots.node(json, slot), 1))
            }
        }
    }

    fn json_field<'e>(
        &mut self,
        index: usize,
        field: &JsonField,
        record: &LogRecord<'e>,
        state: &mut Loading<'e>,
    ) -> Value<'e> {
        let Some(json) = self.project(record, state) else { return Value::Missing };
        let place = self.places.get(index).copied().unwrap_or_default();
        if place.is_alone {
            let node = self.slots.node(json, place.start);
            if node == Node::Absent || is_surely_among_the_first(json, node) {
                return value_of(node);
            }
        }
        let mut is_dotted = field.nested.is_empty();
        is_dotted |= (place.dotted..place.end).any(|slot| self.slots.node(json, slot) != Node::Absent);
        if !is_dotted {
            let found = (place.start..place.dotted)
                .map(|slot| self.slots.node(json, slot))
                .find(|node| *node != Node::Absent);
            let Some(node) = found else { return Value::Missing };
            if is_surely_among_the_first(json, node) {
                return value_of(node);
            }
        }
        let discovered = state.discovered.get_or_insert_with(|| discover(json));
        let found = discovered.iter().find(|(name, _)| *name == field.discovered);
        found.map_or(Value::Missing, |(_, node)| value_of(*node))
    }

    fn project<'e>(&mut self, record: &LogRecord<'e>, state: &mut Loading<'e>) -> Option<&'e str> {
        if let Some(json) = state.json {
            return json;
        }
        let mut json = Some(record.message);
        if let Err(fault) = self.projection.project(record.message, &mut self.slots) {
            state.fault = Some(fault);
            json = in_braces(record.message)
                .find(|object| self.projection.project(object, &mut self.slots).is_ok());
        }
        state.json = Some(json);
        json
    }
}

fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Missing, |text| Value::Text(Cow::Borrowed(text)))
}

/// The JSON text of the fields of an event: all of it, or the first object in it.
pub(crate) fn json_text(message: &str) -> Option<&str> {
    let whole = Projection::new::<Vec<Step>>(&[]);
    let mut slots = Slots::new();
    let mut is_object = |text: &str| whole.project(text, &mut slots).is_ok();
    if is_object(message) { Some(message) } else { in_braces(message).find(|object| is_object(object)) }
}

/// A leaf as a value: truth is 1 and 0; what holds others, or nothing, is no value.
pub(crate) fn value_of(node: Node<'_>) -> Value<'_> {
    match node {
        Node::Bool(holds) => Value::bool(holds),
        Node::String(text) => Value::Text(text.decode()),
        Node::Number(number) => match Number::spelled(number) {
            Some(number) => Value::Number(number),
            // Too large for a double.
            None => Value::Text(Cow::Borrowed(number)),
        },
        _ => Value::Missing,
    }
}

/// Whether a value stands so early in the text that fewer than [`MOST_FIELDS`] fields can come before it.
fn is_surely_among_the_first(json: &str, node: Node<'_>) -> bool {
    let value = match node {
        Node::String(text) => text.raw(),
        Node::Number(text) | Node::Array(text) | Node::Object(text) => text,
        // Its place is not known.
        Node::Bool(_) | Node::Null | Node::Absent => json.get(json.len()..).unwrap_or_default(),
    };
    let before = (value.as_ptr() as usize).saturating_sub(json.as_ptr() as usize);
    if before < SHORTEST_OF_MOST_FIELDS {
        return true;
    }
    let before = json.as_bytes().get(..before).unwrap_or_default();
    memchr::memchr_iter(b',', before).count() < MOST_FIELDS
}

/// The fields of an event: names flattened, in the order of the text, at most [`MOST_FIELDS`].
pub(crate) fn discover(json: &str) -> Vec<(String, Node<'_>)> {
    let mut found = Vec::new();
    let body = json.trim_matches([' ', '\t', '\r', '\n']);
    let mut open = vec![(String::new(), children(body))];
    while let Some((prefix, rest)) = open.last_mut() {
        if found.len() == MOST_FIELDS {
            break;
        }
        let Some((key, node)) = rest.next() else {
            open.pop();
            continue;
        };
        let name = match prefix.is_empty() {
            // A name of the log's own that begins like one of the service's.
            true if key.starts_with('@') => format!("@{key}"),
            true => key,
            false => format!("{prefix}.{key}"),
        };
        match node {
            Node::Object(text) | Node::Array(text) => open.push((name, children(text))),
            Node::Null | Node::Absent => {}
            leaf => {
                if !found.iter().any(|(known, _)| *known == name) {
                    found.push((name, leaf));
                }
            }
        }
    }
    found
}

fn children<'e>(container: &'e str) -> std::vec::IntoIter<(String, Node<'e>)> {
    let children: Vec<(String, Node<'e>)> = members(container)
        .enumerate()
        .map(|(index, member)| {
            let key = member.key.map_or_else(|| index.to_string(), |key| key.decode().into_owned());
            (key, member.value)
        })
        .collect();
    children.into_iter()
}

/// The texts in braces that are paired outside of strings, one behind the other, without those that plainly are no JSON.
fn in_braces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let all = std::iter::from_fn(move || {
        let (found, behind) = first_in_braces(rest)?;
        rest = behind;
        Some(found)
    });
    let may_be_json = |found: &&str| {
        let inside = found.get(1..).unwrap_or_default().trim_start_matches([' ', '\t', '\r', '\n']);
        inside.starts_with(['"', '}'])
    };
    all.filter(may_be_json)
}

/// The first of them, and what follows it.
fn first_in_braces(text: &str) -> Option<(&str, &str)> {
    let start = memchr::memchr(b'{', text.as_bytes())?;
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, &byte) in text.as_bytes().iter().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return Some((text.get(start..=at)?, text.get(at + 1..)?));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_flattened_in_the_order_of_the_text() {
        let names = |json| discover(json).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(
            names(r#"{"b":{"c":[1,{"d":2}]},"a":null,"@x":true,"e":{}}"#),
            ["b.c.0", "b.c.1.d", "@@x"]
        );
        let many: Vec<String> = (0..300).map(|n| format!("\"k{n}\":{n}")).collect();
        assert_eq!(names(&format!("{{{}}}", many.join(","))).len(), MOST_FIELDS);
    }

    #[test]
    fn objects_in_a_text_are_found_by_their_braces() {
        let found: Vec<&str> = in_braces(r#"x {"a":"}"} {b} y {"c":{}} {"#).collect();
        assert_eq!(found, [r#"{"a":"}"}"#, r#"{"c":{}}"#]);
        assert_eq!(in_braces("no { end").next(), None);
    }
}
