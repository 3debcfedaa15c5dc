//! Keeps `schemas/trailql.schema.json` equal to the type of the configuration file: `TRAILQL_BLESS=1` writes it anew.
#![cfg(all(feature = "json-schema", feature = "cli"))]
#![allow(clippy::unwrap_used, reason = "a test tells by failing")]

use std::path::Path;

use trailql::config::Configuration;

fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Configuration);
    schema.insert("title".into(), "trailql.toml, the settings of a project".into());
    schema.to_value()
}

#[test]
fn the_shipped_schema_is_that_of_the_type() {
    let text = format!("{:#}\n", schema());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/trailql.schema.json");
    if std::env::var_os("TRAILQL_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "run it with TRAILQL_BLESS=1");
}

#[test]
fn the_schema_takes_what_the_command_takes_and_refuses_what_it_refuses() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for (text, is_sound) in [
        ("", true),
        ("select = ['FP', 'CT001']\nfail-level = 'info'\nlevel = 'L1'\nrecords = 'cloudtrail'", true),
        ("schema = 'own.toml'\nexclude = ['a/*']\n[per-file-ignores]\n'b/*' = ['FP304']", true),
        ("selects = []", false),
        ("fail-level = 'warn'", false),
        ("level = 'L4'", false),
        ("records = 'aws'", false),
        ("exclude = 'a'", false),
    ] {
        let value: serde_json::Value = toml::from_str(text).unwrap();
        assert_eq!(validator.is_valid(&value), is_sound, "{text}");
        assert_eq!(Configuration::parse(text).is_ok(), is_sound, "{text}");
    }
}
