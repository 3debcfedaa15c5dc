//! Keeps `docs/rules` equal to the rules: `TRAILQL_BLESS=1` writes it anew.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn explained(format: &str) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_trailql"))
        .args(["explain", "--all", "--format", format])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn the_pages_are_those_of_the_rules() {
    let rules: Vec<Value> = serde_json::from_str(&explained("json")).unwrap();
    let mut pages: BTreeMap<String, String> = rules
        .iter()
        .map(|rule| {
            (format!("{}.md", rule["code"].as_str().unwrap()), rule["page"].as_str().unwrap().to_owned())
        })
        .collect();
    pages.insert("README.md".into(), explained("md"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    if std::env::var_os("TRAILQL_BLESS").is_some() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for (name, page) in &pages {
            std::fs::write(folder.join(name), page).unwrap();
        }
    }
    let found: BTreeMap<String, String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&pages), "run it with TRAILQL_BLESS=1");
    for (name, page) in &pages {
        assert_eq!(&found[name], page, "{name}: run it with TRAILQL_BLESS=1");
    }
}

#[test]
fn each_rule_with_an_example_is_raised_by_it() {
    let rules: Vec<Value> = serde_json::from_str(&explained("json")).unwrap();
    let silent: Vec<&str> = rules
        .iter()
        .filter(|rule| !rule["bad"].as_str().unwrap().is_empty())
        .filter(|rule| {
            let heading = format!("[{}]", rule["code"].as_str().unwrap());
            !rule["page"].as_str().unwrap().contains(&heading)
        })
        .map(|rule| rule["code"].as_str().unwrap())
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
    assert!(rules.len() > 250, "{}", rules.len());
}
