//! The client of AWS against moto's server, and against a server that records what it is asked.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test tells by failing"
)]

#[path = "../moto/mod.rs"]
mod moto;

mod credentials;
mod faults;
mod members;
mod recorder;
mod round_trips;
mod sample;
mod wire;

use std::process::Command;

use trailql::provision::AwsOptions;

/// What no message and no `Debug` may ever hold.
const SECRET: &str = "Secret0123456789Secret0123456789Secret01";

/// Set in the process that runs a test, to the name of the test.
const RUNNING: &str = "TRAILQL_TEST_RUNNING";

fn options(endpoint: &str) -> AwsOptions {
    AwsOptions {
        region: Some("eu-central-1".to_owned()),
        endpoint: Some(endpoint.to_owned()),
        ..AwsOptions::default()
    }
}

/// Runs a test in a process of its own, for the client reads the environment, which is one for all threads.
///
/// That environment has credentials, no instance metadata, an empty home, and what is given; an empty value takes away.
fn in_environment(test: &str, variables: &[(&str, &str)], body: impl FnOnce()) {
    if running(test) { body() } else { run(test, variables) }
}

/// Whether this is the process that [`run`] started; it says so, lest a test that is not found passes.
fn running(test: &str) -> bool {
    let running = std::env::var(RUNNING).is_ok_and(|name| name == test);
    if running {
        println!("running {test} in its own environment");
    }
    running
}

fn run(test: &str, variables: &[(&str, &str)]) {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]);
    for (name, _) in std::env::vars_os() {
        let told = name.to_string_lossy().to_uppercase();
        if told.starts_with("AWS_") || told.ends_with("_PROXY") {
            command.env_remove(name);
        }
    }
    let usual = [
        (RUNNING, test),
        ("HOME", home.path().to_str().unwrap()),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("NO_PROXY", "127.0.0.1"),
    ];
    for (name, value) in usual.iter().chain(variables) {
        if value.is_empty() {
            command.env_remove(name)
        } else {
            command.env(name, value)
        };
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains(&format!("running {test} in its own environment")),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
