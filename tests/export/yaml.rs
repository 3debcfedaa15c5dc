//! A template in YAML as the JSON that says the same.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value, json};

/// The tree of a YAML text, its short tags written out as JSON has them.
pub(crate) fn read(text: &str) -> Value {
    let mut events = Parser::new_from_str(text)
        .map(|event| event.unwrap_or_else(|error| panic!("{error} in\n{text}")).0)
        .filter(|event| {
            !matches!(
                event,
                Event::StreamStart
                    | Event::StreamEnd
                    | Event::DocumentStart(..)
                    | Event::DocumentEnd
                    | Event::Nothing
            )
        });
    let first = events.next().unwrap();
    let value = node(first, &mut events);
    assert!(events.next().is_none(), "one document");
    value
}

fn node<'e>(event: Event<'e>, events: &mut impl Iterator<Item = Event<'e>>) -> Value {
    match event {
        Event::Scalar(text, style, _, tag) => {
            let plain = if style == ScalarStyle::Plain && tag.is_none() { plain(&text) } else { None };
            let value = plain.unwrap_or_else(|| Value::from(text.as_ref()));
            match tag.as_deref().map(|tag| tag.suffix.as_str()) {
                None => value,
                Some("Ref") => json!({ "Ref": value }),
                Some("Sub") => json!({ "Fn::Sub": value }),
                Some("GetAtt") => {
                    json!({ "Fn::GetAtt": value.as_str().unwrap().split('.').collect::<Vec<_>>() })
                }
                Some(other) => panic!("tag {other}"),
            }
        }
        Event::SequenceStart(_, tag) => {
            let mut items = Vec::new();
            loop {
                match events.next().unwrap() {
                    Event::SequenceEnd => {
                        let items = Value::Array(items);
                        return match tag.as_deref().map(|tag| tag.suffix.as_str()) {
                            None => items,
                            Some("Sub") => json!({ "Fn::Sub": items }),
                            Some(other) => panic!("tag {other}"),
                        };
                    }
                    event => items.push(node(event, events)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut members = Map::new();
            loop {
                let key = match events.next().unwrap() {
                    Event::MappingEnd => return Value::Object(members),
                    Event::Scalar(key, ..) => key.into_owned(),
                    other => panic!("a key: {other:?}"),
                };
                let event = events.next().unwrap();
                let value = node(event, events);
                assert!(members.insert(key.clone(), value).is_none(), "`{key}` twice");
            }
        }
        other => panic!("{other:?}"),
    }
}

/// What a scalar without quotes is to readers of YAML 1.1 or 1.2 where that is no text.
fn plain(text: &str) -> Option<Value> {
    let word = text.to_ascii_lowercase();
    match word.as_str() {
        "" | "~" | "null" => return Some(Value::Null),
        "true" | "yes" | "on" | "y" => return Some(Value::Bool(true)),
        "false" | "no" | "off" | "n" => return Some(Value::Bool(false)),
        _ => {}
    }
    let begins = text.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    // Dates, times and numbers in other bases are no texts either.
    if !begins {
        return None;
    }
    Some(serde_json::from_str(text).unwrap_or_else(|_| panic!("`{text}` is no text to every reader")))
}
