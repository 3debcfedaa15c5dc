//! The schema over real records: how much of them it knows.
//!
//! Runs where `TRAILQL_SHARED` names the folder that holds `data`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test tells by failing and prints its counts"
)]

mod real_records;
mod shared_folder;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use trailql::schema::{Key, Kind, Lookup, Schema};

fn records() -> Option<Vec<Value>> {
    let records = real_records::read(&shared_folder::folder()?, &real_records::REAL);
    assert!(records.len() > 1400, "{}", records.len());
    Some(records)
}

/// How many of how many.
#[derive(Default)]
struct Share {
    hits: usize,
    all: usize,
    missed: BTreeMap<String, usize>,
}

impl Share {
    fn count(&mut self, is_hit: bool, what: impl FnOnce() -> String) {
        self.all += 1;
        if is_hit {
            self.hits += 1;
        } else {
            *self.missed.entry(what()).or_default() += 1;
        }
    }

    fn percent(&self) -> f64 {
        self.hits as f64 * 100.0 / self.all as f64
    }

    fn tell(&self, name: &str) {
        println!("{name}: {} of {} ({:.2} %)", self.hits, self.all, self.percent());
        for (what, times) in &self.missed {
            println!("    {what} ({times})");
        }
    }
}

#[test]
fn event_names_and_members_of_real_records_are_known() {
    let Some(records) = records() else { return };
    let schema = Schema::cloudtrail();
    let (mut known, mut pairs) = (Share::default(), Share::default());
    let (mut request, mut response) = (Share::default(), Share::default());
    let mut seen = BTreeSet::new();
    for record in &records {
        let (Some(source), Some(name)) = (record["eventSource"].as_str(), record["eventName"].as_str())
        else {
            continue;
        };
        let pair = || format!("{source} {name}");
        let event_source = schema.event_source(source);
        let operation = event_source.and_then(|source| source.operation(name));
        known.count(operation.is_some(), pair);
        if seen.insert((source, name)) {
            pairs.count(operation.is_some(), pair);
        }
        let Some(operation) = operation else { continue };
        for (part, share) in [("requestParameters", &mut request), ("responseElements", &mut response)] {
            for key in record[part].as_object().into_iter().flat_map(|members| members.keys()) {
                let has = match part {
                    "requestParameters" => operation.has_request_member(key),
                    _ => operation.has_response_member(key),
                };
                if let Some(has) = has {
                    share.count(has, || format!("{} {part}.{key}", pair()));
                }
            }
        }
    }
    for (name, share) in [
        ("records", &known),
        ("pairs", &pairs),
        ("request members", &request),
        ("response members", &response),
    ] {
        share.tell(name);
    }
    assert!(known.percent() >= 99.8, "records: {}", known.percent());
    assert!(pairs.percent() >= 99.0, "pairs: {}", pairs.percent());
    assert!(request.percent() >= 98.5, "request members: {}", request.percent());
    assert!(response.percent() >= 95.4, "response members: {}", response.percent());
}

#[test]
fn every_field_of_real_records_is_known_and_of_its_type() {
    let Some(records) = records() else { return };
    let schema = Schema::cloudtrail();
    let (mut fields, mut types) = (Share::default(), Share::default());
    for record in &records {
        visit(&schema, &mut Vec::new(), record, &mut fields, &mut types);
    }
    fields.tell("fields");
    types.tell("types");
    let unknown: Vec<&str> = fields.missed.keys().map(String::as_str).collect();
    assert_eq!(unknown, ["service", "userIdentity.session_name"], "one record has each");
    assert!(types.missed.is_empty());
}

fn visit<'r>(
    schema: &Schema,
    path: &mut Vec<Key<'r>>,
    value: &'r Value,
    fields: &mut Share,
    types: &mut Share,
) {
    if !path.is_empty() {
        let found = schema.lookup(path);
        fields.count(!matches!(found, Lookup::Unknown { .. }), || text(path));
        match found {
            Lookup::Known(field) => {
                types.count(is_of(value, field.kind), || format!("{} {value}", field.path))
            }
            _ => return,
        }
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                path.push(Key::Name(name));
                visit(schema, path, value, fields, types);
                path.pop();
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                path.push(Key::Index(index));
                visit(schema, path, value, fields, types);
                path.pop();
            }
        }
        _ => {}
    }
}

fn text(path: &[Key<'_>]) -> String {
    let names = path.iter().filter_map(|key| if let Key::Name(name) = key { Some(*name) } else { None });
    names.collect::<Vec<_>>().join(".")
}

fn is_of(value: &Value, kind: Kind) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(_) => matches!(kind, Kind::Boolean | Kind::Any),
        Value::Number(_) => matches!(kind, Kind::Number | Kind::Any),
        Value::String(_) => matches!(kind, Kind::String | Kind::Any),
        Value::Array(_) => matches!(kind, Kind::Array | Kind::Any),
        Value::Object(_) => matches!(kind, Kind::Object | Kind::Any),
    }
}
