//! `trailql explain`: a pattern or query in plain words, or a rule.

mod page;

use std::io::Write;
use std::path::PathBuf;

use crate::check::registry;
use crate::report::{self, Checked};
use crate::syntax::logs::ParseOptions;
use crate::syntax::{Rule, metrics};
use crate::{FilterPattern, LogsQuery, MetricsQuery};

use super::language::{Known, Language};
use super::sources::{Source, read_sources};
use super::terminal::{FAINT, NAME, Terminal};
use super::{Failure, Status};

/// Say in plain words what a pattern selects or a query does, or what a rule is about.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The code of a rule, such as `FP007`; or a file that holds a pattern or query, or `-` for standard input.
    #[arg(required_unless_present_any = ["expressions", "all"], conflicts_with = "expressions", value_name = "CODE|PATH")]
    subject: Option<PathBuf>,

    /// A pattern or query itself; may stand several times.
    #[arg(short = 'e', long = "expression", value_name = "TEXT", allow_hyphen_values = true)]
    expressions: Vec<String>,

    /// The language of the text.
    #[arg(long, value_enum, default_value_t = Language::Auto)]
    lang: Language,

    /// All rules: as text their codes and titles, as md an index, as json with their pages.
    #[arg(long, conflicts_with_all = ["subject", "expressions"])]
    all: bool,

    /// How rules are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    Text,
    Md,
    Json,
}

impl Explain {
    fn print_all(&self, out: &mut impl Write) -> Result<Status, Failure> {
        match self.format {
            Format::Text => {
                for rule in registry::rules() {
                    writeln!(out, "{}  {:<7}  {}", rule.code, rule.severity.as_str(), rule.title)?;
                }
            }
            Format::Md => out.write_all(page::index().as_bytes())?,
            Format::Json => {
                let rules: Vec<_> = registry::rules().map(page::json).collect();
                writeln!(out, "{:#}", serde_json::Value::Array(rules))?;
            }
        }
        Ok(Status::Success)
    }

    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let mut out = terminal.stdout();
        if self.all {
            return self.print_all(&mut out);
        }
        let subject = self.subject.as_ref().map(|subject| subject.to_string_lossy());
        if let Some(rule) = subject.as_deref().and_then(registry::find) {
            match self.format {
                Format::Text => out.write_all(rule_text(rule, terminal).as_bytes())?,
                Format::Md => out.write_all(page::markdown(rule).as_bytes())?,
                Format::Json => writeln!(out, "{:#}", page::json(rule))?,
            }
            return Ok(Status::Success);
        }
        let paths: Vec<PathBuf> = self.subject.iter().cloned().collect();
        let mut status = Status::Success;
        for (index, source) in read_sources(&self.expressions, &paths)?.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            let said =
                match self.lang.of(source) {
                    Known::Filter => parse_or_report(source, terminal)
                        .map(|pattern| (pattern.to_string(), pattern.in_words())),
                    Known::Logs => {
                        query_or_report(source, terminal).map(|query| (query.to_string(), query.in_words()))
                    }
                    Known::Metrics => metrics_or_report(source, terminal)
                        .map(|query| (format!("{query:#}"), query.in_words())),
                    Known::Stack => {
                        let message =
                            format!("`{}` is a stack file; explain a pattern or query of it", source.name);
                        return Err(Failure::Usage(message));
                    }
                };
            match said {
                Some((text, words)) => {
                    writeln!(out, "{}\n\n{}", terminal.out.paint(FAINT, text), words.trim_end())?;
                }
                None => status = Status::Failure,
            }
        }
        Ok(status)
    }
}

/// The page of a rule for a terminal.
fn rule_text(rule: &Rule, terminal: &Terminal) -> String {
    let paint = |text: &str| terminal.out.paint(NAME, text);
    let mut text = format!("{} ({}): {}\n\n{}\n", paint(rule.code.0), rule.severity, rule.title, rule.why);
    if !rule.bad.is_empty() {
        let indented = |text: &str| text.trim_end().replace('\n', "\n  ");
        text += &format!("\n{}\n  {}\n", paint("bad"), indented(rule.bad));
        if let Some(finding) = page::example(rule) {
            let shown = page::rendered(rule, &finding, terminal.out.is_coloured());
            text += &format!("\n  {}\n", indented(&shown));
        }
        text += &format!("\n{}\n  {}\n", paint("good"), indented(rule.good));
    }
    text += &format!("\n{}\n  {}\n", paint("silence"), page::silence(rule));
    if let Some(reference) = registry::reference(rule) {
        text += &format!("\n{}\n  {reference}\n", paint("reference"));
    }
    // Blank lines between are blank.
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Parses a pattern; what is found about it goes to standard error. `None` where it is refused.
pub(super) fn parse_or_report(source: &Source, terminal: &Terminal) -> Option<FilterPattern> {
    let parsed = FilterPattern::parse_lossy(&source.text);
    let checked = Checked { name: &source.name, source: &source.text, diagnostics: &parsed.diagnostics };
    terminal.note(&report::full::render(&checked, terminal.err.is_coloured()));
    parsed.ast
}

/// Parses a query of metrics; what is found about it goes to standard error. `None` where it is refused.
fn metrics_or_report(source: &Source, terminal: &Terminal) -> Option<MetricsQuery> {
    let parsed = MetricsQuery::parse_lossy(&source.text, &metrics::ParseOptions::default());
    let mut findings = parsed.diagnostics;
    findings.extend(parsed.ast.iter().flat_map(MetricsQuery::check));
    let checked = Checked { name: &source.name, source: &source.text, diagnostics: &findings };
    terminal.note(&report::full::render(&checked, terminal.err.is_coloured()));
    parsed.ast
}

/// Parses a query; what is found about it goes to standard error. `None` where it is refused.
fn query_or_report(source: &Source, terminal: &Terminal) -> Option<LogsQuery> {
    let lenient = ParseOptions { lenient_newline: true, ..ParseOptions::default() };
    let parsed = LogsQuery::parse_lossy(&source.text, &lenient);
    let checked = Checked { name: &source.name, source: &source.text, diagnostics: &parsed.diagnostics };
    terminal.note(&report::full::render(&checked, terminal.err.is_coloured()));
    parsed.ast
}
