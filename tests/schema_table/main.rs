//! Keeps `data/events.bin` equal to what `data/events.txt` and `data/overrides.tsv` give: `TRAILQL_BLESS=1` writes it
//! anew.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test tells by failing"
)]

mod encode;
mod model;

use std::path::Path;

use model::Model;

fn data(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

fn model() -> Model {
    Model::read(
        &std::fs::read_to_string(data("events.txt")).unwrap(),
        &std::fs::read_to_string(data("overrides.tsv")).unwrap(),
    )
}

#[test]
fn the_embedded_table_is_that_of_its_sources() {
    let bytes = encode::encode(&model());
    if std::env::var_os("TRAILQL_BLESS").is_some() {
        std::fs::write(data("events.bin"), &bytes).unwrap();
    }
    assert!(std::fs::read(data("events.bin")).unwrap() == bytes, "run it with TRAILQL_BLESS=1");
}
