//! `trailql destroy`: what a stack made, taken away.

use super::{Consent, Target, name_of};
use crate::cli::terminal::Terminal;
use crate::cli::{Failure, Status};
use crate::provision::PlanOptions;

/// Take away what a stack made, and nothing else.
///
/// What the stack made is told by tags, by the manifest beside the stack, and by a tag of the log group. What was there before
/// stays, and so does what holds data, the log group and the bucket, unless `--delete-data` says otherwise.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Destroy {
    #[command(flatten)]
    target: Target,

    /// Take away the log group and the bucket too, with everything that was recorded in the group. A bucket goes only when it is
    /// empty.
    #[arg(long)]
    delete_data: bool,

    #[command(flatten)]
    consent: Consent,
}

impl Destroy {
    pub(in crate::cli) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let Some(mut session) = self.target.open(terminal)? else { return Ok(Status::Failure) };
        let options = PlanOptions {
            name: name_of(&self.target.stack),
            delete_data: self.delete_data,
            ..PlanOptions::default()
        };
        let plan = session.plan_destruction(&options)?;
        session.settle(&plan, "delete this?", &self.consent, &[], terminal)
    }
}
