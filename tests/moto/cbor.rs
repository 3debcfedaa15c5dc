//! The CBOR in which CloudWatch is spoken to, as JSON whose timestamps are seconds.

use ciborium::Value as Cbor;
use serde_json::{Map, Value, json};

use super::model::Model;

pub(crate) fn read(bytes: &[u8], time: fn(i64) -> Value) -> Value {
    json(ciborium::from_reader(bytes).unwrap(), time)
}

fn json(value: Cbor, time: fn(i64) -> Value) -> Value {
    match value {
        Cbor::Text(text) => json!(text),
        Cbor::Bool(value) => json!(value),
        Cbor::Integer(number) => json!(i64::try_from(number).unwrap()),
        Cbor::Float(number) => json!(number),
        Cbor::Array(items) => items.into_iter().map(|item| json(item, time)).collect(),
        Cbor::Map(entries) => entries
            .into_iter()
            .map(|(key, value)| (key.into_text().unwrap(), json(value, time)))
            .collect::<Map<_, _>>()
            .into(),
        Cbor::Tag(1, seconds) => match *seconds {
            Cbor::Integer(seconds) => time(i64::try_from(seconds).unwrap()),
            Cbor::Float(seconds) => time(seconds as i64),
            other => panic!("{other:?} is no time"),
        },
        other => panic!("{other:?}"),
    }
}

pub(crate) fn write(model: &Model, shape: &str, value: &Value) -> Vec<u8> {
    bytes(&cbor(model, shape, value))
}

/// An error's code and message.
pub(crate) fn error(code: &str, message: &str) -> Vec<u8> {
    let text = |text: &str| Cbor::Text(text.to_owned());
    bytes(&Cbor::Map(vec![(text("__type"), text(code)), (text("message"), text(message))]))
}

fn bytes(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn cbor(model: &Model, shape: &str, value: &Value) -> Cbor {
    match (model.kind(shape), value) {
        ("structure", Value::Object(members)) => Cbor::Map(
            model
                .members(shape)
                .filter_map(|(name, _, shape)| {
                    let value = members.get(name).filter(|value| !value.is_null())?;
                    Some((Cbor::Text(name.to_owned()), cbor(model, shape, value)))
                })
                .collect(),
        ),
        ("list", Value::Array(items)) => {
            let member = model.shape(shape)["member"]["shape"].as_str().unwrap();
            Cbor::Array(items.iter().map(|item| cbor(model, member, item)).collect())
        }
        ("timestamp", Value::String(text)) => {
            let time: jiff::Timestamp = text.parse().unwrap();
            Cbor::Tag(1, Box::new(Cbor::Float(time.as_second() as f64)))
        }
        ("timestamp", _) => Cbor::Tag(1, Box::new(Cbor::Float(value.as_f64().unwrap()))),
        ("double", _) => Cbor::Float(value.as_f64().unwrap()),
        ("integer" | "long", _) => Cbor::Integer(value.as_i64().unwrap().into()),
        ("boolean", _) => Cbor::Bool(value.as_bool().unwrap()),
        ("string", _) => Cbor::Text(value.as_str().unwrap().to_owned()),
        (kind, value) => panic!("{kind} {value}"),
    }
}
