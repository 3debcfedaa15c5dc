//! Runs `tests/corpus/alarms/*.toml`: the tables of missing data, settings, replays with their reasons.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test tells by failing and prints its count"
)]

use std::collections::BTreeSet;
use std::path::Path;

use serde::de::DeserializeOwned;

mod alarm;
mod contributors;
mod replays;
mod settings;
mod tables;

/// The cases of a file of the corpus, each name once.
fn cases<C: DeserializeOwned + Named>(file: &str) -> Vec<C> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Corpus<C> {
        case: Vec<C>,
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/alarms").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let corpus: Corpus<C> = toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut names = BTreeSet::new();
    for case in &corpus.case {
        let (name, source) = case.name_and_source();
        assert!(names.insert(name.to_owned()), "{file}: {name}: the name stands twice");
        assert!(!source.is_empty(), "{file}: {name}: no source");
    }
    corpus.case
}

trait Named {
    fn name_and_source(&self) -> (&str, &str);
}
