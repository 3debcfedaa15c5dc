//! `trailql export`: a stack in the format of the tool that deploys it.

use std::io::Write;
use std::path::PathBuf;

use crate::provision::{ExportFormat, ExportOptions, NoteKind, export};

use super::stack::{Shown, load};
use super::terminal::Terminal;
use super::values;
use super::whole_file::write_whole;
use super::{Failure, Status};

/// Write a stack as a CloudFormation template or a Terraform configuration.
///
/// The stack file is checked first, and one in which anything is refused is not exported. Each pattern, query and dashboard is in
/// the file equal to the byte. What the format cannot say, and what is left to whoever deploys, goes to standard error and into
/// the head of the file.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The format: YAML or JSON of CloudFormation, HCL or JSON of Terraform.
    #[arg(long, value_enum)]
    format: Format,

    /// Write into this file.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Make the bucket of the trail too, with its policy.
    #[arg(long)]
    bucket: bool,

    /// Set the policy of the trail's bucket; it replaces the policy that is there.
    #[arg(long)]
    bucket_policy: bool,

    /// Leave out Terraform's blocks `terraform` and `provider`, for a folder that has its own.
    #[arg(long)]
    no_providers: bool,

    /// The account that owns the trail, instead of the one that deploys.
    #[arg(long, value_name = "ID", value_parser = values::account)]
    account: Option<String>,

    /// The organization of the trail, instead of a parameter or a question to the service.
    #[arg(long, value_name = "ID", value_parser = values::organization)]
    organization: Option<String>,

    /// The stack file.
    #[arg(value_name = "STACK")]
    stack: PathBuf,
}

/// A format that a stack is exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A CloudFormation template in YAML.
    #[value(name = "cloudformation")]
    CloudFormation,
    /// The same in JSON.
    #[value(name = "cloudformation-json")]
    CloudFormationJson,
    /// A Terraform configuration, `.tf`.
    Terraform,
    /// The same in JSON, `.tf.json`.
    TerraformJson,
}

impl Export {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let Some(loaded) = load(&self.stack, Shown::All, terminal)? else { return Ok(Status::Failure) };
        let options = ExportOptions {
            account: self.account.clone(),
            organization: self.organization.clone(),
            bucket: self.bucket,
            bucket_policy: self.bucket_policy,
            no_providers: self.no_providers,
        };
        let export = export(&loaded.stack, self.format.into(), &options);
        match &self.output {
            Some(path) => write_whole(path, &export.text)?,
            None => terminal.stdout().write_all(export.text.as_bytes())?,
        }
        for note in &export.notes {
            let kind = if note.kind == NoteKind::Missing { "not exported" } else { "to do" };
            terminal.note(&format!("{kind}: {}\n", note.text));
        }
        Ok(Status::Success)
    }
}

impl From<Format> for ExportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::CloudFormation => ExportFormat::CloudFormation,
            Format::CloudFormationJson => ExportFormat::CloudFormationJson,
            Format::Terraform => ExportFormat::Terraform,
            Format::TerraformJson => ExportFormat::TerraformJson,
        }
    }
}
