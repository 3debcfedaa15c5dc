//! `trailql lsp`: the language server.

use std::path::PathBuf;

use crate::lsp::{self, Settings};

use super::project::Projects;
use super::terminal::Terminal;
use super::{Failure, Status};

/// Serve an editor: findings, fixes, hovering, completion and formatting, over standard input and output.
///
/// The settings are those of the nearest trailql.toml, as for `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Lsp {
    /// Taken for editors that say so; there is no other way.
    #[arg(long, hide = true)]
    stdio: bool,
}

impl Lsp {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        lsp::serve_stdio(|path| settings_of(path.into(), terminal))
            .map(|()| Status::Success)
            .map_err(|error| Failure::Usage(error.to_string()))
    }
}

/// The settings of a document's project; those of none, and a complaint, where they cannot be read.
fn settings_of(path: PathBuf, terminal: &Terminal) -> Settings {
    match Projects::default().of(Some(&path)) {
        Ok(project) => Settings {
            options: project.options(),
            shows: Box::new(move |finding| project.shows(Some(&path), &[], &[], finding)),
        },
        Err(failure) => {
            failure.tell(terminal);
            Settings::default()
        }
    }
}
