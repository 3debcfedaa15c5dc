//! The whole life of the presigned-URL scenario by the command, over the SDK and HTTP, in an account of an emulator.
//!
//! moto's server holds log groups, roles, buckets, topics, trails, alarms and dashboards; metric filters, anomaly detectors, query
//! definitions and trying patterns out, which moto lacks or has wrong, are answered by the account in memory. What either says of
//! the languages is no oracle here.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

#[path = "../account/mod.rs"]
mod account;
#[path = "../emulator/mod.rs"]
mod emulator;
#[path = "../moto/mod.rs"]
mod moto;

mod failures;
mod life;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use emulator::Emulator;

/// Whatever is printed, this is not in it.
const SECRET: &str = "wJalrXUtnFEMIsecretOfTheTest";

/// A folder with the example's stack, and an account that has nothing.
pub(crate) struct Desk {
    pub(crate) emulator: Emulator,
    folder: tempfile::TempDir,
}

/// What a run of the command came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Desk { emulator: Emulator::start(), folder: tempfile::tempdir().unwrap() };
        fs::write(desk.stack(), include_str!("../../examples/presigned-url/stack.toml")).unwrap();
        desk
    }

    pub(crate) fn stack(&self) -> PathBuf {
        self.path("stack.toml")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Changes the stack file.
    pub(crate) fn rewrite(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.stack()).unwrap();
        assert!(text.contains(from), "`{from}` in the stack");
        fs::write(self.stack(), text.replace(from, to)).unwrap();
    }

    /// Runs the command on the stack.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_trailql"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("AWS_ENDPOINT_URL", self.emulator.url())
            .env("AWS_ACCESS_KEY_ID", "AKIAEMULATOR")
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .output()
            .unwrap();
        let ran = Ran {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!ran.out.contains(SECRET) && !ran.err.contains(SECRET), "a secret is printed: {ran:?}");
        ran
    }

    pub(crate) fn apply(&self) -> Ran {
        self.run(&["apply", "--yes", "--create-bucket", "--bucket-policy", "stack.toml"])
    }

    /// What is to be done, in the last line of a plan.
    pub(crate) fn planned(&self) -> String {
        let ran = self.run(&["plan", "--create-bucket", "--bucket-policy", "stack.toml"]);
        ran.out.lines().last().unwrap().to_owned()
    }
}

impl Ran {
    /// Checks the exit status, and what is printed on either stream.
    pub(crate) fn says(&self, status: i32, texts: &[&str]) -> &Self {
        assert_eq!(self.status, status, "{self:#?}");
        for text in texts {
            assert!(self.out.contains(text) || self.err.contains(text), "`{text}` in {self:#?}");
        }
        self
    }
}
