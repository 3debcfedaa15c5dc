//! `apply --verify-remote`: patterns tried out by the service before they are put to work.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::thread;

use crate::events::{EventReader, InputForm};
use crate::provision::verify_remote;
use crate::report::counted;

use super::{Session, told};
use crate::cli::Failure;
use crate::cli::terminal::Terminal;

/// As many events as ten calls for each filter take.
const MOST_EVENTS: usize = 500;

impl Session {
    /// Asks the service which of the sample events the metric filters match. Whether it agrees with this program on all.
    pub(super) fn verify(&self, samples: &[PathBuf], terminal: &Terminal) -> Result<bool, Failure> {
        let messages = messages(samples)?;
        let found = verify_remote(&self.loaded.stack, &messages, self.services.as_ref(), &thread::sleep)
            .map_err(|failure| told(&failure, &self.place))?;
        for one in &found {
            let (service, ours) =
                if one.service { ("matches", "does not") } else { ("does not match", "does") };
            let event = messages.get(one.event).map(String::as_str).unwrap_or_default();
            terminal.complain(&format!(
                "`{}`: the service says that event {} {service}, trailql that it {ours}: {event}",
                one.filter,
                one.event + 1
            ));
        }
        let filters = self.loaded.stack.filters().len();
        let tried = format!(
            "{} tried by the service on {}",
            counted(filters.try_into().unwrap_or(u64::MAX), "metric filter"),
            counted(messages.len().try_into().unwrap_or(u64::MAX), "event")
        );
        match found.len() {
            0 => terminal.note(&format!("{tried}: it agrees\n")),
            count => terminal.note(&format!("{tried}: it differs {count} times; please report it\n")),
        }
        Ok(found.is_empty())
    }
}

/// The first events of the files.
fn messages(samples: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let mut messages = Vec::new();
    for path in samples {
        let failed = |reason: String| Failure::Input { name: path.display().to_string(), reason };
        let file = File::open(path).map_err(|error| failed(error.to_string()))?;
        let summary = EventReader::new(file, InputForm::Auto).try_for_each(|event| {
            if messages.len() >= MOST_EVENTS {
                return ControlFlow::Break(());
            }
            messages.push(event.message().to_owned());
            ControlFlow::Continue(())
        });
        if let Some(problem) = summary.problems.first() {
            return Err(failed(problem.to_string()));
        }
    }
    Ok(messages)
}
