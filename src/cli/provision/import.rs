//! `trailql plan --from-aws`: a stack file of what an account has.

use std::io::Write;
use std::path::Path;
use std::thread;

use crate::provision::import;
use crate::report::{self, Checked};
use crate::stack::Located;

use super::{Target, client, find, told};
use crate::cli::stack::checked;
use crate::cli::terminal::Terminal;
use crate::cli::whole_file::write_whole;
use crate::cli::{Failure, Status};

impl Target {
    /// Writes the stack file from what the account has around a log group; `-` is standard output. A file that is there is not
    /// written over.
    pub(super) fn import(&self, log_group: &str, terminal: &Terminal) -> Result<Status, Failure> {
        let is_stdout = self.stack == Path::new("-");
        if !is_stdout && self.stack.exists() {
            return Err(Failure::Usage(format!(
                "`{}` is there already; name a file that is not, or `-` for standard output",
                self.stack.display()
            )));
        }
        let (services, region) = client::connect(self.region.as_deref(), self.profile.as_deref())?;
        let place = find(services.as_ref(), &region, false)?;
        let found = import(log_group, &place, services.as_ref(), &thread::sleep)
            .map_err(|failure| told(&failure, &place))?;
        let Some(mut found) = found else {
            return Err(Failure::Usage(format!("there is no log group `{log_group}` in {region}")));
        };
        let last = || log_group.rsplit('/').next().map(|name| Located::bare(name.to_owned()));
        found.stack.name = found.stack.name.take().or_else(last);
        let text = toml::to_string_pretty(&found.stack)
            .map_err(|error| Failure::Usage(format!("the stack cannot be written: {error}")))?;
        if is_stdout {
            terminal.stdout().write_all(text.as_bytes())?;
        } else {
            write_whole(&self.stack, &text)?;
        }
        for left_out in &found.left_out {
            terminal.note(&format!("left out: {left_out}\n"));
        }
        let name = self.stack.display().to_string();
        let (_, findings) = checked(&text);
        let printed = Checked { name: &name, source: &text, diagnostics: &findings };
        terminal.note(&report::full::render(&printed, terminal.err.is_coloured()));
        Ok(Status::Success)
    }
}
