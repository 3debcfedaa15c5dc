//! The command line: arguments, exit status, and one file a subcommand.

mod anomaly;
mod backtest;
mod check;
mod difference;
mod discover;
mod explain;
mod export;
mod fixing;
mod fmt;
mod import;
mod input;
mod language;
#[cfg(feature = "lsp")]
mod lsp;
mod matched;
mod matching;
mod metrics;
mod progress;
mod project;
mod provision;
mod query;
mod saved;
mod schema;
mod select;
mod sources;
mod stack;
mod terminal;
mod values;
mod whole_file;
mod window;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::Diagnostic;
use crate::report::{self, Checked};

use terminal::{Colour, Terminal};

/// Compile, check and run the query languages of Amazon CloudWatch over CloudTrail events, offline.
#[derive(Debug, Parser)]
#[command(name = "trailql", version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Match(matching::Match),
    Query(query::Query),
    Metrics(metrics::Metrics),
    Select(select::Select),
    Backtest(backtest::Run),
    /// Check filter patterns, queries and stack files: is each one legal, and does it say what was meant?
    Check(check::Check),
    Fmt(fmt::Fmt),
    #[command(subcommand)]
    Anomaly(anomaly::Anomaly),
    Export(export::Export),
    /// Say in plain words what a pattern selects or a query does, or what a rule is about.
    Explain(explain::Explain),
    #[cfg(feature = "lsp")]
    Lsp(lsp::Lsp),
    Schema(schema::Inspect),
    Plan(provision::Show),
    Apply(provision::Apply),
    Destroy(provision::Destroy),
    Drift(provision::Drift),
    /// Print a completion script for a shell.
    Completions {
        /// The shell to complete for.
        shell: clap_complete::Shell,
    },
}

/// How a command ended; the numbers are those of grep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Clean, or something matched.
    Success = 0,
    /// Findings, or nothing matched.
    Findings = 1,
    /// Wrong usage, unusable input, or a fault of this program.
    Failure = 2,
}

/// What a command cannot go on after.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// Nothing more can be written. Whoever reads has left, and that is no failure.
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
    #[error("{0}")]
    Usage(String),
    #[error("cannot read `{name}`: {reason}")]
    Input { name: String, reason: String },
    /// A file beside the input, with what is found in it.
    #[error("cannot read `{name}`: {}", said(.findings))]
    Refused { name: String, text: String, findings: Vec<Diagnostic> },
    #[error("cannot start a thread: {0}")]
    Threads(io::Error),
}

/// Findings where they cannot be shown at their places.
fn said(findings: &[Diagnostic]) -> String {
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    messages.join("; ")
}

impl Failure {
    fn tell(&self, terminal: &Terminal) {
        match self {
            Failure::Refused { name, text, findings } => {
                let checked = Checked { name, source: text, diagnostics: findings };
                terminal.note(&report::full::render(&checked, terminal.err.is_coloured()));
            }
            failure => terminal.complain(&failure.to_string()),
        }
    }
}

/// Prints the script at once, for its generator panics where it cannot write.
fn complete(shell: clap_complete::Shell, terminal: &Terminal) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "trailql", &mut script);
    let mut out = terminal.stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Status::Success)
}

/// Runs the command that the process was called with.
///
/// Exit status: 0 clean or something matched, 1 findings or nothing matched, 2 usage, input or internal error.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(arguments.color);
    let result = match &arguments.command {
        Command::Match(matching) => matching.run(&terminal),
        Command::Check(check) => check.run(&terminal),
        Command::Query(query) => query.run(&terminal),
        Command::Metrics(metrics) => metrics.run(&terminal),
        Command::Select(select) => select.run(&terminal),
        Command::Backtest(backtest) => backtest.run(&terminal),
        Command::Fmt(fmt) => fmt.run(&terminal),
        Command::Anomaly(anomaly) => anomaly.run(),
        Command::Export(export) => export.run(&terminal),
        Command::Explain(explain) => explain.run(&terminal),
        #[cfg(feature = "lsp")]
        Command::Lsp(lsp) => lsp.run(&terminal),
        Command::Schema(inspect) => inspect.run(&terminal),
        Command::Plan(plan) => plan.run(&terminal),
        Command::Apply(apply) => apply.run(&terminal),
        Command::Destroy(destroy) => destroy.run(&terminal),
        Command::Drift(drift) => drift.run(&terminal),
        Command::Completions { shell } => complete(*shell, &terminal),
    };
    let status = match result {
        Ok(status) => status,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Status::Success,
        Err(failure) => {
            failure.tell(&terminal);
            Status::Failure
        }
    };
    ExitCode::from(status as u8)
}
