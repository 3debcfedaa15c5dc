//! Exports of stacks: read back they are the stack, both spellings of a format say the same, and no argument is made up.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test tells by failing"
)]

#[path = "../account/mod.rs"]
mod account;
mod arguments;
mod as_applied;
mod golden;
mod hcl;
#[path = "../made_stacks/mod.rs"]
mod made_stacks;
mod meaning;
mod round_trip;
mod stacks;
mod tools;
mod yaml;

use trailql::provision::{ExportFormat, ExportOptions, export};
use trailql::stack::{CheckedStack, Stack};

const RICH: &str = "tests/cmd/stacks/rich.toml";
const EXAMPLE: &str = "examples/presigned-url/stack.toml";

/// The stack of a file.
fn stack_of(path: &str) -> CheckedStack {
    checked(&std::fs::read_to_string(path).unwrap()).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// The stack of a text, or why it is refused.
fn checked(text: &str) -> Result<CheckedStack, String> {
    let stack = Stack::parse(text).map_err(|errors| errors.to_string())?;
    let checked = stack.check(text);
    checked.ast.ok_or_else(|| {
        let errors = checked.diagnostics.iter().filter(|finding| finding.is_error());
        errors.map(|error| error.message.clone()).collect::<Vec<_>>().join("; ")
    })
}

fn text_of(stack: &CheckedStack, format: ExportFormat, options: &ExportOptions) -> String {
    export(stack, format, options).text
}

fn json_of(stack: &CheckedStack, format: ExportFormat, options: &ExportOptions) -> serde_json::Value {
    serde_json::from_str(&text_of(stack, format, options)).expect("JSON")
}

/// What CloudFormation makes of a text that nothing is substituted in: the text itself, or a variable of `Fn::Sub`.
fn said(value: &serde_json::Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let [text, variables] = value.get("Fn::Sub")?.as_array()?.as_slice() else { return None };
    let name = text.as_str()?.strip_prefix("${")?.strip_suffix('}')?;
    variables.get(name)?.as_str().map(str::to_owned)
}

/// Every set of options that makes a difference.
fn all_options() -> Vec<ExportOptions> {
    let known = ExportOptions {
        account: Some("111122223333".into()),
        organization: Some("o-abcdefghij".into()),
        ..ExportOptions::default()
    };
    vec![
        ExportOptions::default(),
        ExportOptions { bucket_policy: true, ..ExportOptions::default() },
        ExportOptions { bucket: true, ..ExportOptions::default() },
        ExportOptions { no_providers: true, ..ExportOptions::default() },
        known,
    ]
}
