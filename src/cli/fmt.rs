//! `trailql fmt`: patterns and queries in their canonical spelling, wherever they are kept.

use std::io::Write;

use crate::Diagnostic;
use crate::host::{self, HostKind, Style};
use crate::report::{self, Checked, counted};

use super::difference::{ended, unified};
use super::input::{Input, Operands, gather};
use super::terminal::Terminal;
use super::whole_file::write_whole;
use super::{Failure, Status};

/// Write patterns and queries in their canonical spelling.
///
/// Files are rewritten in place, and of stack files, Terraform, templates, dashboards and Markdown the patterns and queries
/// alone; what comes by -e or from standard input is printed. What is not legal stays as it is.
#[derive(Debug, clap::Args)]
pub(super) struct Fmt {
    #[command(flatten)]
    operands: Operands,

    /// Filter patterns with as few characters as will do, for the quota of 1,024; queries as ever.
    #[arg(long)]
    tight: bool,

    /// Change nothing; name the files that would change, with exit status 1.
    #[arg(long)]
    check: bool,

    /// Change nothing; print what would change, with exit status 1.
    #[arg(long, conflicts_with = "check")]
    diff: bool,
}

impl Fmt {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let gathered = gather(&self.operands, terminal)?;
        let (mut changed, mut refused) = (0, 0);
        let mut out = terminal.stdout();
        for input in &gathered.inputs {
            let Some(text) = self.formatted(input, terminal) else {
                refused += 1;
                continue;
            };
            let differs = text != input.text;
            changed += u64::from(differs);
            match &input.path {
                _ if self.diff => {
                    let text = unified(&input.name, &input.text, &text, terminal.out);
                    out.write_all(text.as_bytes())?;
                }
                _ if self.check => {
                    if differs {
                        writeln!(out, "{} would change", input.name)?;
                    }
                }
                Some(path) if differs => write_whole(path, &text)?,
                Some(_) => {}
                None => out.write_all(ended(&text).as_bytes())?,
            }
        }
        let has_files = gathered.inputs.iter().any(|input| input.path.is_some());
        if has_files && !self.diff && !self.check && refused + changed > 0 {
            let files = counted(changed, "file");
            terminal.note(&format!("{files} formatted, {refused} refused\n"));
        }
        Ok(match (refused > 0 || gathered.left_out, changed) {
            (false, 0) => Status::Success,
            (false, _) if self.check || self.diff => Status::Findings,
            (false, _) => Status::Success,
            _ => Status::Failure,
        })
    }

    /// The text in its new spelling; `None`, and the reasons on standard error, where something is not legal.
    fn formatted(&self, input: &Input, terminal: &Terminal) -> Option<String> {
        let style = if self.tight { Style::Tight } else { Style::Canonical };
        match host::format(input.kind, &input.text, style) {
            // A text alone in its file ends with a line feed.
            Ok(text) if matches!(input.kind, HostKind::Text(_)) && input.path.is_some() => Some(ended(&text)),
            Ok(text) => Some(text),
            Err(errors) => {
                complain(input, &errors, terminal);
                None
            }
        }
    }
}

fn complain(input: &Input, errors: &[Diagnostic], terminal: &Terminal) {
    let checked = Checked { name: &input.name, source: &input.text, diagnostics: errors };
    terminal.note(&report::full::render(&checked, terminal.err.is_coloured()));
}
