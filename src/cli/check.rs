//! `trailql check`: the findings about filter patterns and queries.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use crate::report::{self, Checked};
pub(super) use crate::report::{counted, grouped};
use crate::syntax::logs::Level;
use crate::{Diagnostic, Severity};

use super::language::Language;
use super::terminal::Terminal;
use super::{Failure, Status};

/// Check filter patterns, Logs Insights and Metrics Insights queries, and stack files.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Files that each hold one pattern or query; `-` for standard input.
    #[arg(required_unless_present = "expressions", conflicts_with = "expressions", value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// A pattern or query itself; may stand several times.
    #[arg(short = 'e', long = "expression", value_name = "TEXT", allow_hyphen_values = true)]
    expressions: Vec<String>,

    /// The language of the texts.
    #[arg(long, value_enum, default_value_t = Language::Auto)]
    lang: Language,

    /// The edition of Logs Insights: L1, L2 or L3.
    #[arg(long, default_value_t = Level::default(), value_name = "LEVEL")]
    level: Level,

    /// How findings are printed.
    #[arg(long, value_enum, default_value_t = Format::Full)]
    format: Format,

    /// Show these codes only; a beginning such as `FP1` stands for all codes that start so.
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    select: Vec<String>,

    /// Do not show these codes.
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    ignore: Vec<String>,

    /// The weight from which on a finding makes the exit status 1.
    #[arg(long, value_enum, default_value_t = FailLevel::Warning, value_name = "LEVEL")]
    fail_level: FailLevel,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// With the source line and a caret, for a person.
    Full,
    /// One JSON array, for a program.
    Json,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FailLevel {
    Error,
    Warning,
    Info,
    Never,
}

impl FailLevel {
    fn counts(self, severity: Severity) -> bool {
        match self {
            FailLevel::Error => severity >= Severity::Error,
            FailLevel::Warning => severity >= Severity::Warning,
            FailLevel::Info => severity >= Severity::Info,
            FailLevel::Never => false,
        }
    }
}

/// A text and what it is called.
pub(super) struct Source {
    pub(super) name: String,
    pub(super) text: String,
}

impl Check {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let sources = read_sources(&self.expressions, &self.paths)?;
        let findings: Vec<Vec<Diagnostic>> = sources.iter().map(|source| self.check(source)).collect();
        let checked: Vec<Checked<'_>> = sources
            .iter()
            .zip(&findings)
            .map(|(source, diagnostics)| Checked { name: &source.name, source: &source.text, diagnostics })
            .collect();
        let mut out = terminal.stdout();
        match self.format {
            Format::Full => {
                for checked in &checked {
                    out.write_all(report::full::render(checked, terminal.out.is_coloured()).as_bytes())?;
                }
                out.write_all(summary(&checked).as_bytes())?;
            }
            Format::Json => out.write_all(report::json::render(&checked).as_bytes())?,
        }
        let fails = findings.iter().flatten().any(|finding| self.fail_level.counts(finding.severity));
        Ok(if fails { Status::Findings } else { Status::Success })
    }

    fn check(&self, source: &Source) -> Vec<Diagnostic> {
        let is_listed = |codes: &[String], diagnostic: &Diagnostic| {
            codes.iter().any(|code| diagnostic.code.0.starts_with(&code.to_ascii_uppercase()))
        };
        let mut findings = self.lang.of(source).findings(&source.text, self.level);
        findings.retain(|finding| self.select.is_empty() || is_listed(&self.select, finding));
        findings.retain(|finding| !is_listed(&self.ignore, finding));
        findings
    }
}

fn summary(checked: &[Checked<'_>]) -> String {
    let texts = counted(checked.len() as u64, "text");
    let all = || checked.iter().flat_map(|one| one.diagnostics);
    let count = |severity| all().filter(|finding| finding.severity == severity).count() as u64;
    let found: Vec<String> =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "info")]
            .into_iter()
            .map(|(severity, word)| (count(severity), word))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| counted(count, word))
            .collect();
    let found = if found.is_empty() { "no findings".to_owned() } else { found.join(", ") };
    format!("{texts} checked: {found}\n")
}

/// The texts given by `-e`, or in files, or on standard input.
pub(super) fn read_sources(expressions: &[String], paths: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let given = expressions.iter().map(|text| Ok(Source { name: "<expression>".into(), text: text.clone() }));
    given.chain(paths.iter().map(read_source)).collect()
}

/// More than any language of the service takes in one text.
const LARGEST_TEXT: u64 = 16 << 20;

/// Reads one text. The line feed that ends a file is not part of it.
fn read_source(path: &PathBuf) -> Result<Source, Failure> {
    let (name, bytes) = if path.as_os_str() == "-" {
        ("<stdin>".to_owned(), read_limited(io::stdin().lock()))
    } else {
        (path.display().to_string(), std::fs::File::open(path).and_then(read_limited))
    };
    let failed = |reason: String| Failure::Input { name: name.clone(), reason };
    let bytes = bytes.map_err(|error| failed(error.to_string()))?;
    if bytes.len() as u64 > LARGEST_TEXT {
        return Err(failed("the text has more than 16 MiB; a query has 10,000 characters at most".into()));
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        failed(format!("byte {at} is not UTF-8; save the text as UTF-8"))
    })?;
    if text.ends_with('\n') {
        text.truncate(text.len() - 1);
        if text.ends_with('\r') {
            text.truncate(text.len() - 1);
        }
    }
    Ok(Source { name, text })
}

fn read_limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LARGEST_TEXT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
