//! `trailql apply`: a stack brought to an account.

use std::path::PathBuf;

use super::{Allowed, Consent, Target};
use crate::cli::terminal::Terminal;
use crate::cli::{Failure, Status};

/// Bring a stack to an AWS account.
///
/// Prints the plan, asks, and carries it out: what does not wait for one another at the same time, each behind what it needs. What
/// fails is told with the way out, and a second `apply` does the rest. What is made is written into the manifest beside the stack
/// before it is made, for `destroy`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Apply {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    allowed: Allowed,

    /// Before that, let the service say which of the events of these files each metric filter matches, and stop where it differs
    /// from this program.
    #[arg(long, value_name = "FILE")]
    verify_remote: Vec<PathBuf>,

    #[command(flatten)]
    consent: Consent,
}

impl Apply {
    pub(in crate::cli) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let Some(mut session) = self.target.open(terminal)? else { return Ok(Status::Failure) };
        let plan = session.plan(&self.target.options(&self.allowed))?;
        session.settle(&plan, "apply this?", &self.consent, &self.verify_remote, terminal)
    }
}
