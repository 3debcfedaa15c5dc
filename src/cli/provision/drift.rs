//! `trailql drift`: what in an account is no longer as the stack has it.

use super::{Allowed, Target};
use crate::cli::terminal::Terminal;
use crate::cli::{Failure, Status};
use crate::provision::{Action, Plan};

/// Show what in the account is no longer as the stack has it.
///
/// Like `plan`, without what is as it should be. Exit status 0; with `--detailed-exitcode` 1 where something differs; 2 where
/// the stack is refused or something stands in the way.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Drift {
    #[command(flatten)]
    target: Target,

    /// End with 1 where something differs.
    #[arg(long)]
    detailed_exitcode: bool,
}

impl Drift {
    pub(in crate::cli) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let Some(session) = self.target.open(terminal)? else { return Ok(Status::Failure) };
        let allowed = Allowed { adopt: true, create_bucket: true, bucket_policy: true };
        let plan = session.plan(&self.target.options(&allowed))?;
        let (is_empty, is_known) = (plan.is_empty(), plan.problems.is_empty());
        let differing =
            plan.changes.into_iter().filter(|change| change.action != Action::Unchanged).collect();
        session.print(&Plan { changes: differing, left_out: Vec::new(), ..plan }, terminal)?;
        Ok(match (is_known, is_empty) {
            (false, _) => Status::Failure,
            (true, false) if self.detailed_exitcode => Status::Findings,
            (true, _) => Status::Success,
        })
    }
}
