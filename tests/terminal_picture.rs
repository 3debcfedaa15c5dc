//! What a terminal shows: the picture in the README is what the command prints today.
//!
//! `SNAPSHOTS=overwrite` draws it anew.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test tells by failing")]

use std::process::Command;

use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq, file};

#[test]
fn findings_in_a_broken_stack_in_colour() {
    let output = Command::new(env!("CARGO_BIN_EXE_trailql"))
        .args(["check", "--format", "full", "--color", "always", "tests/cmd/stacks/never-fires.toml"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "findings");
    let shown = Data::text(String::from_utf8(output.stdout).unwrap()).coerce_to(DataFormat::TermSvg);
    assert_data_eq!(shown, file!["../docs/check-broken-stack.term.svg"]);
}
