//! `trailql apply`: a stack brought to an account.

use std::path::PathBuf;

use super::{Allowed, Target, ask};
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

    /// Go on without asking.
    #[arg(short, long)]
    yes: bool,

    /// Before that, let the service say which of the events of these files each metric filter matches, and stop where it differs
    /// from this program.
    #[arg(long, value_name = "FILE")]
    verify_remote: Vec<PathBuf>,

    /// Print the plan and do nothing.
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

impl Apply {
    pub(in crate::cli) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let Some(mut session) = self.target.open(terminal)? else { return Ok(Status::Findings) };
        let plan = session.plan(&self.target.options(&self.allowed))?;
        let goes_on = plan.problems.is_empty() && !plan.is_empty() && !self.dry_run;
        if goes_on {
            session.announce(&plan, terminal)?
        } else {
            session.print(&plan, terminal)?
        }
        if !plan.problems.is_empty() {
            return Ok(Status::Failure);
        }
        if self.dry_run {
            return Ok(Status::Success);
        }
        if plan.is_empty() {
            session.remember(&plan)?;
            return Ok(Status::Success);
        }
        if !self.verify_remote.is_empty() && !session.verify(&self.verify_remote, terminal)? {
            return Ok(Status::Failure);
        }
        if !ask("apply this?", self.yes, terminal)? {
            terminal.note("nothing was done\n");
            return Ok(Status::Findings);
        }
        session.remember(&plan)?;
        session.carry_out(&plan, terminal)
    }
}
