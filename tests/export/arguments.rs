//! Every argument that is written in Terraform is one that its resource has (`tests/terraform_arguments.toml`).

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use trailql::provision::ExportFormat;

use super::{EXAMPLE, RICH, all_options, json_of, stack_of};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    resource: Vec<Resource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resource {
    r#type: String,
    source: String,
    arguments: Vec<String>,
}

/// What any resource takes.
const META: &[&str] = &["depends_on", "lifecycle", "lifecycle.prevent_destroy", "//"];

#[test]
fn no_argument_is_made_up() {
    let table: Table =
        toml::from_str(&std::fs::read_to_string("tests/terraform_arguments.toml").unwrap()).unwrap();
    let known: BTreeMap<&str, BTreeSet<&str>> = { &table.resource }
        .iter()
        .map(|row| {
            assert!(!row.source.is_empty());
            (row.r#type.as_str(), row.arguments.iter().map(String::as_str).collect())
        })
        .collect();
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in [EXAMPLE, RICH] {
        for options in all_options() {
            let configuration = json_of(&stack_of(path), ExportFormat::TerraformJson, &options);
            for (kind, named) in configuration["resource"].as_object().unwrap() {
                let arguments = known.get(kind.as_str()).unwrap_or_else(|| panic!("no row for {kind}"));
                for body in named.as_object().unwrap().values() {
                    let found = seen.entry(kind.clone()).or_default();
                    walk(body, "", arguments, found);
                }
            }
        }
    }
    for (kind, found) in &seen {
        let made_up: Vec<&String> =
            found.iter().filter(|path| !known[kind.as_str()].contains(path.as_str())).collect();
        assert!(made_up.is_empty(), "{kind}: {made_up:?}");
    }
    // The rich stack uses every kind of resource.
    assert_eq!(
        seen.keys().map(String::as_str).collect::<Vec<_>>(),
        known.keys().copied().collect::<Vec<_>>()
    );
}

/// Adds the paths of what is set in a body; those of maps with keys of one's own end in `{}`.
fn walk(body: &Value, before: &str, known: &BTreeSet<&str>, found: &mut BTreeSet<String>) {
    match body {
        Value::Array(items) => items.iter().for_each(|item| walk(item, before, known, found)),
        Value::Object(members) => {
            for (name, value) in members {
                let path = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
                if META.contains(&path.as_str()) {
                    continue;
                }
                let map = format!("{path}{{}}");
                if known.contains(map.as_str()) && value.is_object() {
                    found.insert(map);
                    continue;
                }
                walk(value, &path, known, found);
                found.insert(path);
            }
        }
        _ => {}
    }
}
