//! `trailql lsp`: the language server.

use crate::lsp;

use super::{Failure, Status};

/// Serve an editor: findings, fixes, hovering, completion and formatting, over standard input and output.
#[derive(Debug, clap::Args)]
pub(super) struct Lsp {
    /// Taken for editors that say so; there is no other way.
    #[arg(long, hide = true)]
    stdio: bool,
}

impl Lsp {
    pub(super) fn run(&self) -> Result<Status, Failure> {
        lsp::serve_stdio(|_| crate::check::Options::default())
            .map(|()| Status::Success)
            .map_err(|error| Failure::Usage(error.to_string()))
    }
}
