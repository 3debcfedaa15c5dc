//! `trailql plan`: what `apply` would do.

use std::io::Write;

use crate::provision::{Organization, Place, Wanted, needed_bucket_statements};

use super::{Allowed, Target, is_organization_trail, read_manifest};
use crate::cli::terminal::Terminal;
use crate::cli::{Failure, Status, values};

/// Show what `apply` would do, and do none of it.
///
/// Reads what the account has, compares it with what the stack wants by what it means, and prints what would be made, changed
/// and deleted. Exit status 0; with `--detailed-exitcode` 1 where there is something to do; 2 where the stack is refused or
/// something stands in the way.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Show {
    #[command(flatten)]
    target: Target,

    #[command(flatten)]
    allowed: Allowed,

    /// End with 1 where there is something to do.
    #[arg(long)]
    detailed_exitcode: bool,

    /// Print the least IAM policy with which the stack can be planned, applied and destroyed instead.
    #[arg(long, conflicts_with_all = ["bucket_statements", "detailed_exitcode"])]
    iam_policy: bool,

    /// Print the statements that the policy of the trail's bucket needs instead.
    #[arg(long, conflicts_with = "detailed_exitcode")]
    bucket_statements: bool,

    /// Write the stack file, from what the account has around this log group, instead of reading it.
    #[arg(long, value_name = "LOGGROUP", conflicts_with_all = ["iam_policy", "bucket_statements", "detailed_exitcode"])]
    from_aws: Option<String>,

    /// The account, so that `--iam-policy` and `--bucket-statements` ask nobody.
    #[arg(long, value_name = "ID", value_parser = values::account)]
    account: Option<String>,

    /// The organization of an organization trail, likewise.
    #[arg(long, value_name = "ID", value_parser = values::organization, requires = "account")]
    organization: Option<String>,

    /// The account that manages the organization, where it is another one: a delegated administrator's trail belongs to it.
    #[arg(long, value_name = "ID", value_parser = values::account, requires = "organization")]
    management_account: Option<String>,
}

impl Show {
    pub(in crate::cli) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        if let Some(log_group) = &self.from_aws {
            return self.target.import(log_group, terminal);
        }
        if self.iam_policy || self.bucket_statements {
            return self.documents(terminal);
        }
        let Some(session) = self.target.open(terminal)? else { return Ok(Status::Failure) };
        let plan = session.plan(&self.target.options(&self.allowed))?;
        session.print(&plan, terminal)?;
        Ok(if !plan.problems.is_empty() {
            Status::Failure
        } else if self.detailed_exitcode && !plan.is_empty() {
            Status::Findings
        } else {
            Status::Success
        })
    }

    /// The documents of a stack, for an account that is named, or the one of the credentials.
    fn documents(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let (stack, place) = match &self.account {
            Some(account) => {
                let Some(loaded) = self.target.load(terminal)? else { return Ok(Status::Failure) };
                let region = self.target.region(&loaded).ok_or_else(|| {
                    Failure::Usage(
                        "no region is set: write `region` into the stack, or give `--region`".to_owned(),
                    )
                })?;
                if self.bucket_statements && self.organization.is_none() && is_organization_trail(&loaded) {
                    return Err(Failure::Usage(
                        "the trail is one of an organization, whose id the statements name: give `--organization`"
                            .to_owned(),
                    ));
                }
                let management_account = self.management_account.as_ref().unwrap_or(account);
                let organization = self.organization.as_ref().map(|id| Organization {
                    id: id.clone(),
                    management_account: management_account.clone(),
                });
                let place = Place {
                    account: account.clone(),
                    partition: partition(&region).to_owned(),
                    region,
                    organization,
                };
                (loaded.stack, place)
            }
            None => {
                let Some(session) = self.target.open(terminal)? else { return Ok(Status::Failure) };
                (session.loaded.stack, session.place)
            }
        };
        let document = if self.iam_policy {
            let mut wanted = Wanted::of(&stack, &place, "");
            // What the stack made before and wants no more is read and taken away.
            let manifest = read_manifest(&self.target.manifest_path(), &wanted.stack, &place)?;
            let former = manifest.entries.into_iter().map(|entry| entry.resource);
            let former: Vec<_> = former.filter(|one| wanted.get(&one.id).is_none()).collect();
            wanted.resources.extend(former);
            wanted.iam_policy(&place)
        } else {
            needed_bucket_statements(&stack, &place).into()
        };
        writeln!(terminal.stdout(), "{document:#}")?;
        Ok(Status::Success)
    }
}

/// The partition of a Region.
fn partition(region: &str) -> &'static str {
    match region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
