//! cfn-lint finds nothing in any exported template: each example, a stack that uses every kind of resource and one of texts that look
//! like variables, in YAML and in JSON, with each set of options.
//!
//! The linter is installed from PyPI, pinned, into the target folder; without it the test fails.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test tells by failing")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const VERSION: &str = "1.58.0";

/// Runs a command to its end.
fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn succeed(command: &mut Command) {
    let output = run(command);
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The linter, installed.
fn linter() -> PathBuf {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cfn-lint");
    let lint = venv.join("bin/cfn-lint");
    let is_installed = Command::new(&lint)
        .arg("--version")
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == format!("cfn-lint {VERSION}"));
    if !is_installed {
        succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv));
        let pip = venv.join("bin/pip");
        let install = ["install", "--quiet", "--retries", "10", "--timeout", "60"];
        succeed(Command::new(pip).args(install).arg(format!("cfn-lint=={VERSION}")));
    }
    lint
}

/// The stack files of all examples, the one that uses everything, and the one that looks like something else.
fn stacks() -> Vec<PathBuf> {
    let folders = std::fs::read_dir("examples").unwrap().map(|entry| entry.unwrap().path());
    let mut stacks: Vec<PathBuf> = folders
        .filter(|path| path.is_dir())
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    assert!(!stacks.is_empty(), "no example");
    stacks.push("tests/cmd/stacks/rich.toml".into());
    stacks.push("tests/cmd/stacks/look-alikes.toml".into());
    stacks
}

const OPTIONS: &[&[&str]] = &[
    &[],
    &["--bucket-policy"],
    &["--bucket"],
    &["--account", "111122223333", "--organization", "o-abcdefghij"],
];

#[test]
fn nothing_is_found_in_any_template() {
    let lint = linter();
    let folder = tempfile::tempdir().unwrap();
    let mut templates = Vec::new();
    for stack in stacks() {
        for (format, extension) in [("cloudformation", "yaml"), ("cloudformation-json", "json")] {
            for options in OPTIONS {
                let template = folder.path().join(format!("{}.{extension}", templates.len()));
                let mut command = Command::new(env!("CARGO_BIN_EXE_trailql"));
                command.args(["export", "--format", format, "--output"]).arg(&template);
                succeed(command.args(*options).arg(&stack));
                templates.push(template);
            }
        }
    }
    assert!(templates.len() >= 16);
    let output = run(Command::new(&lint).args(["--include-checks", "I", "--"]).args(&templates));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.trim().is_empty(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );

    // A linter that says nothing could be one that does not work.
    let broken = folder.path().join("broken.yaml");
    let text = std::fs::read_to_string(templates.first().unwrap()).unwrap();
    std::fs::write(&broken, text.replace("FilterPattern:", "FilterPatern:")).unwrap();
    let output = run(Command::new(&lint).arg("--").arg(&broken));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("FilterPatern"), "{said}");
}
