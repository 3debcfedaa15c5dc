//! What records have and the schema has not, as a file of additions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::lookup::Walk;
use super::{Kind, Schema};

/// So many members, and an object is taken for a map whose keys are data.
const MOST_MEMBERS: usize = 64;
/// So many fields are gathered; further ones are counted only.
const MOST_FIELDS: usize = 10_000;

/// Learns what the schema lacks from records.
///
/// ```
/// use trailql::schema::{Inference, Schema};
///
/// let mut inference = Inference::new(Schema::cloudtrail());
/// inference.observe(r#"{"eventSource":"s3.amazonaws.com","eventName":"GetObject","tenant":{"id":7}}"#);
/// let file = inference.to_toml();
/// assert!(file.contains("path = \"tenant.id\"\nkind = \"number\""));
/// assert!(!file.contains("GetObject"), "that is known");
/// ```
#[derive(Clone, Debug)]
pub struct Inference {
    schema: Schema,
    records: u64,
    others: u64,
    fields: BTreeMap<String, Seen>,
    fields_left_out: BTreeSet<String>,
    names: BTreeMap<String, BTreeSet<String>>,
}

/// How an unknown field was seen.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// `None` while it was always null.
    kind: Option<Kind>,
    records: u64,
}

impl Inference {
    /// Nothing learned yet; only what `schema` lacks will be.
    pub fn new(schema: Schema) -> Self {
        Inference {
            schema,
            records: 0,
            others: 0,
            fields: BTreeMap::new(),
            fields_left_out: BTreeSet::new(),
            names: BTreeMap::new(),
        }
    }

    /// Looks at one log event; what is no JSON object is counted and not looked at.
    pub fn observe(&mut self, message: &str) {
        let Ok(record @ Value::Object(_)) = serde_json::from_str::<Value>(message) else {
            self.others += 1;
            return;
        };
        self.records += 1;
        self.event_name(&record);
        let schema = self.schema.clone();
        let mut found = BTreeMap::new();
        known(Walk::new(schema.added.as_deref()), &record, "", &mut found);
        for (path, kind) in found {
            self.field(path, kind, 1);
        }
    }

    /// Takes in what was learned from other records.
    pub fn merge(&mut self, other: Inference) {
        self.records += other.records;
        self.others += other.others;
        for (path, seen) in other.fields {
            self.field(path, seen.kind, seen.records);
        }
        self.fields_left_out.extend(other.fields_left_out);
        for (source, names) in other.names {
            self.names.entry(source).or_default().extend(names);
        }
    }

    /// How many records were looked at.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// How many log events were no JSON objects.
    pub fn others(&self) -> u64 {
        self.others
    }

    /// Whether the schema lacks nothing.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.names.is_empty()
    }

    /// A file that [`Additions::from_toml`](super::Additions::from_toml) reads; empty where nothing is lacking.
    pub fn to_toml(&self) -> String {
        let mut file = String::new();
        for (source, names) in &self.names {
            file.push_str(&format!("[[events]]\nsource = {}\n{}\n", quoted(source), name_list(names)));
        }
        let mut unsayable = self.fields_left_out.len();
        for (path, seen) in self.fields.iter().filter(|(path, _)| !self.is_in_a_map(path)) {
            if path.split('.').any(|name| name.trim_end_matches("[]").is_empty()) || path.contains('\u{0}') {
                unsayable += 1;
                continue;
            }
            let kind = seen.kind.map_or("any", Kind::as_str);
            let occurrence = if seen.records == self.records { "occurrence = \"always\"\n" } else { "" };
            let share = match seen.records {
                all if all == self.records => String::new(),
                some => format!("# in {some} of {} records\n", self.records),
            };
            file.push_str(&format!(
                "[[fields]]\npath = {}\nkind = \"{kind}\"\n{occurrence}{share}\n",
                quoted(path)
            ));
        }
        if unsayable > 0 {
            file.push_str(&format!("# and {unsayable} whose names no path can hold, or that are too many\n"));
        }
        file.truncate(file.trim_end().len());
        if !file.is_empty() {
            file.push('\n');
        }
        file
    }

    fn event_name(&mut self, record: &Value) {
        let text = |name: &str| record.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let (Some(source), Some(name)) = (text("eventSource"), text("eventName")) else { return };
        let known = self.schema.event_source(source);
        if known.is_none_or(|known| known.operation(name).is_none()) {
            self.names.entry(source.to_owned()).or_default().insert(name.to_owned());
        }
    }

    fn field(&mut self, path: String, kind: Option<Kind>, records: u64) {
        if self.fields.len() >= MOST_FIELDS && !self.fields.contains_key(&path) {
            if self.fields_left_out.len() < MOST_FIELDS {
                self.fields_left_out.insert(path);
            }
            return;
        }
        let seen = self.fields.entry(path).or_default();
        seen.kind = joined(seen.kind, kind);
        seen.records += records;
    }

    /// Whether a part of the path is a key of an object with so many that they are data.
    fn is_in_a_map(&self, path: &str) -> bool {
        path.match_indices('.').any(|(at, _)| {
            let start = path.get(..=at).unwrap_or_default();
            let below = self.fields.range(start.to_owned()..);
            let members = below.take_while(|(other, _)| other.starts_with(start)).filter(|(other, _)| {
                other.get(start.len()..).is_some_and(|rest| !rest.contains('.') && !rest.ends_with("[]"))
            });
            members.take(MOST_MEMBERS + 1).count() > MOST_MEMBERS
        })
    }
}

/// Goes through what the schema knows, and gathers what it does not. The depth is bounded by the parser of JSON.
fn known(walk: Walk<'_>, value: &Value, path: &str, found: &mut BTreeMap<String, Option<Kind>>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let below = member(path, name);
                match walk.member(name) {
                    Walk::Unknown => unknown(value, below, found),
                    Walk::Open => {}
                    walk => known(walk, value, &below, found),
                }
            }
        }
        Value::Array(elements) => {
            let walk = walk.element();
            if !matches!(walk, Walk::Unknown | Walk::Open) {
                for value in elements {
                    known(walk, value, &format!("{path}[]"), found);
                }
            }
        }
        _ => {}
    }
}

fn unknown(value: &Value, path: String, found: &mut BTreeMap<String, Option<Kind>>) {
    let below = |members: &serde_json::Map<String, Value>, path: &str, found: &mut _| {
        for (name, value) in members {
            unknown(value, member(path, name), found);
        }
    };
    match value {
        Value::Object(members) => below(members, &path, found),
        Value::Array(elements) => {
            let objects = elements.iter().filter_map(Value::as_object);
            objects.for_each(|members| below(members, &format!("{path}[]"), found));
        }
        _ => {}
    }
    let kind = kind_of(value);
    found.entry(path).and_modify(|seen| *seen = joined(*seen, kind)).or_insert(kind);
}

/// A name that a path cannot hold is marked.
fn member(path: &str, name: &str) -> String {
    let dot = if path.is_empty() { "" } else { "." };
    let mark = if name.is_empty() || name.contains(['.', '[', ']']) { "\u{0}" } else { "" };
    format!("{path}{dot}{mark}{name}")
}

fn kind_of(value: &Value) -> Option<Kind> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some(Kind::Boolean),
        Value::Number(_) => Some(Kind::Number),
        Value::String(_) => Some(Kind::String),
        Value::Array(_) => Some(Kind::Array),
        Value::Object(_) => Some(Kind::Object),
    }
}

fn joined(one: Option<Kind>, other: Option<Kind>) -> Option<Kind> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => Some(Kind::Any),
        (one, other) => one.or(other),
    }
}

fn name_list(names: &BTreeSet<String>) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let line = format!("names = [{}]\n", quoted.join(", "));
    if line.len() <= 100 {
        return line;
    }
    let lines: Vec<String> = quoted.iter().map(|name| format!("    {name},\n")).collect();
    format!("names = [\n{}]\n", lines.concat())
}

/// A basic string of TOML, which is escaped as JSON's are, but for one character.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned(records: &[&str]) -> Inference {
        let mut inference = Inference::new(Schema::cloudtrail());
        records.iter().for_each(|record| inference.observe(record));
        inference
    }

    #[test]
    fn what_is_known_is_not_learned() {
        let record = r#"{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject",
            "userIdentity":{"type":"Root"},"requestParameters":{"anything":{"x":1}},"resources":[{"ARN":"a"}]}"#;
        let inference = learned(&[record]);
        assert!(inference.is_empty());
        assert_eq!((inference.to_toml().as_str(), inference.records()), ("", 1));
    }

    #[test]
    fn what_is_lacking_is_written_with_how_often() {
        let inference = learned(&[
            r#"{"eventSource":"orders.example.com","eventName":"PlaceOrder","tenant":{"id":1},"n":null}"#,
            r#"{"eventSource":"s3.amazonaws.com","eventName":"CompactBucket","tenant":{"id":"x"},
                "userIdentity":{"team":"a"},"tags":[{"key":"k"}],"resources":[{"zone":true}]}"#,
            "plain text",
        ]);
        assert_eq!(inference.others(), 1);
        assert_eq!(
            inference.to_toml(),
            r#"[[events]]
source = "orders.example.com"
names = ["PlaceOrder"]

[[events]]
source = "s3.amazonaws.com"
names = ["CompactBucket"]

[[fields]]
path = "n"
kind = "any"
# in 1 of 2 records

[[fields]]
path = "resources[].zone"
kind = "boolean"
# in 1 of 2 records

[[fields]]
path = "tags"
kind = "array"
# in 1 of 2 records

[[fields]]
path = "tags[].key"
kind = "string"
# in 1 of 2 records

[[fields]]
path = "tenant"
kind = "object"
occurrence = "always"

[[fields]]
path = "tenant.id"
kind = "any"
occurrence = "always"

[[fields]]
path = "userIdentity.team"
kind = "string"
# in 1 of 2 records
"#
        );
    }

    #[test]
    fn keys_that_are_data_are_not_fields() {
        let members: Vec<String> = (0..100).map(|n| format!(r#""id-{n}":{n}"#)).collect();
        let inference = learned(&[&format!(r#"{{"counts":{{{}}},"a.b":1}}"#, members.join(","))]);
        assert_eq!(
            inference.to_toml(),
            "[[fields]]\npath = \"counts\"\nkind = \"object\"\noccurrence = \"always\"\n\n\
             # and 1 whose names no path can hold, or that are too many\n"
        );
    }

    #[test]
    fn parts_give_the_same_as_the_whole() {
        let records =
            [r#"{"a":1}"#, r#"{"a":"x","b":{"c":1}}"#, r#"{"b":null,"eventSource":"x","eventName":"y"}"#];
        let mut first = learned(&records[..1]);
        first.merge(learned(&records[1..]));
        assert_eq!(first.to_toml(), learned(&records).to_toml());
    }

    #[cfg(feature = "stack")]
    #[test]
    fn what_was_learned_is_known_afterwards() {
        let record = r#"{"eventSource":"new.example.com","eventName":"Do\u007f\"","t":[{"k":{"v":1}}],"userIdentity":{"x":[1]}}"#;
        let file = learned(&[record]).to_toml();
        let additions = crate::schema::Additions::from_toml(&file);
        assert_eq!(additions.diagnostics, [], "{file}");
        let mut again = Inference::new(Schema::with(additions.ast.unwrap()));
        again.observe(record);
        assert_eq!(again.to_toml(), "");
    }
}
