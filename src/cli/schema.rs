//! `trailql schema`: fields, event sources, event names and members; and what records have beside them.

mod infer;
mod show;

use std::path::PathBuf;

use crate::events::InputForm;
use crate::report::{self, Checked};
use crate::schema::{Additions, Schema};

use super::terminal::Terminal;
use super::{Failure, Status};

/// Say what a CloudTrail record can hold: fields, event sources, event names and their members.
///
/// Without a subject it lists the event sources.
#[derive(Debug, clap::Args)]
pub(super) struct Inspect {
    /// An event source (`s3`), an event of it (`s3:GetObject`), an event name, or the path of a field
    /// (`userIdentity.type`).
    #[arg(value_name = "SUBJECT", conflicts_with = "infer")]
    subject: Option<String>,

    /// Learn from the log events in these files what the schema lacks, and print it as a file of additions; `-` is
    /// standard input.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    infer: Vec<PathBuf>,

    /// A TOML file with event names and fields of your own, as --infer prints it.
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,

    /// How it is printed.
    #[arg(long, value_enum, default_value_t = Format::Text, conflicts_with = "infer")]
    format: Format,

    /// The form of the input of --infer: auto, cloudtrail, ndjson, lines or cwl.
    #[arg(long, default_value_t = InputForm::Auto, value_name = "FORM", requires = "infer")]
    input: InputForm,

    /// Do not let unreadable or broken input make the exit status 2.
    #[arg(long, requires = "infer")]
    lenient: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Lines for people.
    Text,
    /// JSON for programs.
    Json,
}

impl Inspect {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let Some(schema) = self.schema(terminal)? else { return Ok(Status::Failure) };
        if self.infer.is_empty() {
            show::show(&schema, self.subject.as_deref(), self.format, terminal)
        } else {
            infer::infer(schema, &self.infer, self.input, self.lenient, terminal)
        }
    }

    /// The schema with the user's additions; `None` where they are faulty, which has then been said.
    fn schema(&self, terminal: &Terminal) -> Result<Option<Schema>, Failure> {
        let Some(path) = &self.schema else { return Ok(Some(Schema::cloudtrail())) };
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::Input { name: name.clone(), reason: error.to_string() })?;
        let parsed = Additions::from_toml(&text);
        let checked = Checked { name: &name, source: &text, diagnostics: &parsed.diagnostics };
        terminal.note(&report::full::render(&checked, terminal.err.is_coloured()));
        Ok(parsed.ast.map(Schema::with))
    }
}
