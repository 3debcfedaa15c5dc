//! Every argument that is written in Terraform is one that its resource has, of the type that it has, and none is missing that it
//! must have (`tests/terraform_arguments.toml`).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use trailql::provision::ExportFormat;

use super::{EXAMPLE, RICH, all_options, checked, json_of, stack_of};

/// What the arguments of a resource are set to, by their paths.
type Arguments = BTreeMap<String, String>;

/// What any resource takes.
const META: &[&str] = &["depends_on", "lifecycle", "//"];

/// The stack that uses everything, with descriptions of alarms that only the Cloud Control provider takes.
fn rich_in_cloud_control() -> String {
    let mut stack: toml::Table = std::fs::read_to_string(RICH).unwrap().parse().unwrap();
    for alarm in stack["alarms"].as_array_mut().unwrap() {
        let description = toml::Value::from("é".repeat(600));
        alarm.as_table_mut().unwrap().insert("AlarmDescription".into(), description);
    }
    stack.to_string()
}

#[test]
fn no_argument_is_made_up() {
    let table = std::fs::read_to_string("tests/terraform_arguments.toml").unwrap();
    let table: BTreeMap<String, Arguments> = toml::from_str(&table).unwrap();
    let mut seen = BTreeSet::new();
    for stack in [stack_of(EXAMPLE), stack_of(RICH), checked(&rich_in_cloud_control()).unwrap()] {
        for options in all_options() {
            let configuration = json_of(&stack, ExportFormat::TerraformJson, &options);
            for (kind, named) in configuration["resource"].as_object().unwrap() {
                let known = table.get(kind).unwrap_or_else(|| panic!("no row for {kind}"));
                seen.insert(kind.clone());
                for (label, body) in named.as_object().unwrap() {
                    let faults = faults(body.as_object().unwrap(), "", known);
                    assert!(faults.is_empty(), "{kind}.{label}: {faults:?}");
                }
            }
        }
    }
    // The rich stack uses every kind of resource.
    assert_eq!(seen.iter().collect::<Vec<_>>(), table.keys().collect::<Vec<_>>());
}

/// What is wrong with a body, whose arguments have their paths below `before`.
fn faults(body: &Map<String, Value>, before: &str, known: &Arguments) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, value) in body {
        let path = format!("{before}{name}");
        if before.is_empty() && META.contains(&name.as_str()) {
            continue;
        }
        let Some(kind) = known.get(&path).or_else(|| known.get(&format!("{path}{{}}"))) else {
            faults.push(format!("`{path}` is made up"));
            continue;
        };
        let within = |one: &Value| match one.as_object() {
            Some(inner) => self::faults(inner, &format!("{path}."), known),
            None => vec![format!("`{path}` is no body: {one}")],
        };
        match (kind.trim_end_matches('!'), value) {
            ("block" | "object", one) => faults.extend(within(one)),
            ("blocks" | "objects", Value::Array(several)) => faults.extend(several.iter().flat_map(within)),
            ("blocks", one) => faults.extend(within(one)),
            (kind, value) if is_of(kind, value) => {}
            (kind, value) => faults.push(format!("`{path}` is no {kind}: {value}")),
        }
    }
    let is_within = |path: &str| path.strip_prefix(before).is_some_and(|name| !name.contains('.'));
    let required = known.iter().filter(|(path, kind)| kind.ends_with('!') && is_within(path));
    let missing = required.filter(|(path, _)| !body.contains_key(&path[before.len()..]));
    faults.extend(missing.map(|(path, _)| format!("`{path}` is missing")));
    faults
}

/// Whether a value is of a type. An expression can be of any, and a number becomes a text by itself.
fn is_of(kind: &str, value: &Value) -> bool {
    let is_expression = |value: &Value| value.as_str().is_some_and(|text| text.starts_with("${"));
    match kind {
        _ if is_expression(value) => true,
        "string" => value.is_string() || value.is_number(),
        "number" => value.is_number(),
        "bool" => value.is_boolean(),
        "list" => value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
        "map" => value.as_object().is_some_and(|members| members.values().all(Value::is_string)),
        other => panic!("no type: {other}"),
    }
}

/// The table itself is held: a wrong type, a made-up name and a lack are found.
#[test]
fn faults_are_found() {
    let known: Arguments = [("a", "string!"), ("b", "blocks"), ("b.c", "number!"), ("d{}", "map")]
        .map(|(path, kind)| (path.to_owned(), kind.to_owned()))
        .into();
    let found = |body: Value| faults(body.as_object().unwrap(), "", &known);
    assert!(
        found(serde_json::json!({ "a": "x", "b": [{ "c": 1 }, { "c": 2 }], "d": { "any": "y" } })).is_empty()
    );
    assert_eq!(found(serde_json::json!({ "a": true })), ["`a` is no string: true"]);
    assert_eq!(found(serde_json::json!({ "a": "x", "b": {} })), ["`b.c` is missing"]);
    assert_eq!(found(serde_json::json!({ "e": "x" })), ["`e` is made up", "`a` is missing"]);
    assert_eq!(found(serde_json::json!({ "a": "x", "b": "y" })), ["`b` is no body: \"y\""]);
}
