//! Made-up requests and answers that have every member of the model.

use serde_json::{Map, Value, json};

use crate::moto::model::Model;

/// A value with every member; of a union and of an enumeration, the `turn`th.
pub(crate) fn sample(model: &Model, shape: &str, path: &str, turn: usize) -> Value {
    let definition = model.shape(shape);
    match model.kind(shape) {
        "structure" => {
            let members: Vec<_> = model.members(shape).collect();
            let chosen = match definition["union"].as_bool() {
                Some(true) => &members[turn % members.len()..][..1],
                _ => &members[..],
            };
            let members = chosen.iter().map(|(name, member, shape)| {
                let path = format!("{path}/{name}");
                // What goes into a header is plain text; what goes into the path names a bucket.
                let value = match (member["location"].as_str(), model.kind(shape)) {
                    (Some("uri"), _) => json!("a-bucket"),
                    (Some("header"), "string") if model.shape(shape)["enum"].is_null() => {
                        json!(path)
                    }
                    _ => sample(model, shape, &path, turn),
                };
                ((*name).to_owned(), value)
            });
            Value::Object(members.collect())
        }
        "list" => {
            let member = definition["member"]["shape"].as_str().unwrap();
            (0..2).map(|index| sample(model, member, &format!("{path}/{index}"), turn + index)).collect()
        }
        "map" => {
            let value = definition["value"]["shape"].as_str().unwrap();
            let mut map = Map::new();
            let key = definition["key"]["shape"].as_str().unwrap();
            let key = match model.shape(key)["enum"].as_array() {
                Some(values) => values[turn % values.len()].as_str().unwrap().to_owned(),
                None => format!("key of {path}"),
            };
            map.insert(key, sample(model, value, &format!("{path}/value"), turn));
            Value::Object(map)
        }
        "string" => match definition["enum"].as_array() {
            Some(values) => values[turn % values.len()].clone(),
            None => json!(format!("{path} <\u{e9}> & \"%\"")),
        },
        "boolean" => json!(turn.is_multiple_of(2)),
        "integer" => json!(60 + path.len()),
        "long" => json!(1_796_000_000_000_u64 + path.len() as u64),
        "double" => json!(0.5 + path.len() as f64),
        "timestamp" => json!("2026-11-30T08:00:00Z"),
        kind => panic!("{path} is a {kind}"),
    }
}
