//! Keeps `schemas/stack.schema.json` equal to the types of the stack file: `TRAILQL_BLESS=1` writes it anew.
#![cfg(feature = "json-schema")]
#![allow(clippy::unwrap_used, reason = "a test tells by failing")]

use std::path::Path;

use trailql::stack::Stack;

#[test]
fn the_shipped_schema_is_that_of_the_types() {
    let mut schema = schemars::schema_for!(Stack);
    schema.insert("title".into(), "A stack file of trailql".into());
    let text = format!("{:#}\n", schema.as_value());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/stack.schema.json");
    if std::env::var_os("TRAILQL_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "run it with TRAILQL_BLESS=1");
}

#[test]
fn unknown_members_are_refused_everywhere() {
    let schema = schemars::schema_for!(Stack);
    let definitions = schema.get("$defs").unwrap().as_object().unwrap();
    let objects = definitions.iter().filter(|(_, one)| one.get("properties").is_some());
    let mut count = 0;
    for (name, object) in objects {
        count += 1;
        assert_eq!(object.get("additionalProperties"), Some(&serde_json::json!(false)), "{name}");
    }
    assert!(count > 15, "only {count} objects");
}
