//! What the commands over a stack file share: reading it, and running its metric filters over files.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::Diagnostic;
use crate::events::{
    InputForm, Published, ReadOptions, Source, Summary, collect_sources, default_threads, plan_units, publish,
};
use crate::report::{self, Checked};
use crate::stack::{CheckedStack, Stack};

use super::Failure;
use super::progress::Progress;
use super::sources::read_sources;
use super::terminal::Terminal;
use super::values;

/// The log files, and how they are read.
#[derive(Debug, clap::Args)]
pub(super) struct Input {
    /// Files and directories of log events. `-` is standard input, which is also read where no file is given.
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<OsString>,

    /// The form of the input: auto, cloudtrail, ndjson, lines or cwl.
    #[arg(long, default_value_t = InputForm::Auto, value_name = "FORM")]
    pub(super) input: InputForm,

    /// Do not let unreadable or broken input make the exit status 2.
    #[arg(long)]
    pub(super) lenient: bool,

    /// Threads; by default one a core.
    #[arg(short = 'j', long, value_name = "N", value_parser = values::threads)]
    pub(super) threads: Option<std::num::NonZeroUsize>,
}

/// A stack file in which nothing is refused.
pub(super) struct Loaded {
    /// What the file is called.
    pub(super) name: String,
    /// Its text.
    pub(super) text: String,
    /// The stack.
    pub(super) stack: CheckedStack,
    /// What was found in it.
    pub(super) findings: Vec<Diagnostic>,
}

impl Loaded {
    pub(super) fn checked(&self) -> Checked<'_> {
        Checked { name: &self.name, source: &self.text, diagnostics: &self.findings }
    }
}

/// Everything that is found in the text of a stack file, and the stack where nothing is refused.
pub(super) fn checked(text: &str) -> (Option<CheckedStack>, Vec<Diagnostic>) {
    let parsed = Stack::parse_lossy(text);
    match parsed.ast {
        None => (None, parsed.diagnostics),
        Some(stack) => {
            let checked = stack.check(text);
            (checked.ast, checked.diagnostics)
        }
    }
}

/// Which findings in a stack file are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    All,
    /// For commands to which alarms and the like are no matter.
    Errors,
}

/// Reads a stack file. What is found in it goes to standard error; `None` where something is refused.
pub(super) fn load(path: &Path, shown: Shown, terminal: &Terminal) -> Result<Option<Loaded>, Failure> {
    let mut sources = read_sources(&[], &[path.to_path_buf()])?;
    let Some(source) = sources.pop() else { return Ok(None) };
    let (stack, mut findings) = checked(&source.text);
    findings.retain(|finding| shown == Shown::All || finding.is_error());
    let printed = Checked { name: &source.name, source: &source.text, diagnostics: &findings };
    terminal.note(&report::full::render(&printed, terminal.err.is_coloured()));
    Ok(stack.map(|stack| Loaded { name: source.name, text: source.text, stack, findings }))
}

impl Input {
    pub(super) fn read_options(&self) -> ReadOptions {
        ReadOptions { form: self.input, ..ReadOptions::default() }
    }

    pub(super) fn thread_count(&self) -> usize {
        self.threads.map_or_else(default_threads, usize::from)
    }

    /// The files that the operands stand for; standard input where there is none. Problems go to standard error.
    pub(super) fn sources(&self, terminal: &Terminal) -> (Vec<Source>, bool) {
        let collected = match self.files.as_slice() {
            [] => collect_sources(["-"]),
            files => collect_sources(files),
        };
        for problem in &collected.problems {
            terminal.warn(problem.kind.code(), &problem.to_string());
        }
        (collected.sources, collected.problems.is_empty())
    }

    /// Runs the metric filters of a stack over the files. What cannot be read goes to standard error.
    pub(super) fn publish(
        &self,
        stack: &CheckedStack,
        sources: &[Source],
        terminal: &Terminal,
    ) -> Result<Published, Failure> {
        let filters: Vec<_> = stack
            .filters()
            .iter()
            .map(|filter| (filter.matcher.clone(), filter.transformation.clone()))
            .collect();
        let read = Arc::new(AtomicU64::new(0));
        let options = self.read_options();
        let progress = Progress::start(terminal, &plan_units(sources, &options), &read);
        let published = publish(&filters, sources, &options, self.thread_count(), &read);
        progress.finish();
        let published = published.map_err(|error| Failure::Usage(error.to_string()))?;
        warn(&published.summary, terminal);
        Ok(published)
    }
}

fn warn(summary: &Summary, terminal: &Terminal) {
    for problem in &summary.problems {
        terminal.warn(problem.kind.code(), &problem.to_string());
    }
}
