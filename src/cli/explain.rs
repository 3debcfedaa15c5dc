//! `trailql explain`: a pattern or query in plain words, or a rule.

use std::io::Write;
use std::path::PathBuf;

use crate::report::{self, Checked};
use crate::stack;
use crate::syntax::logs::ParseOptions;
use crate::syntax::{filter, logs, math, metrics};
use crate::{FilterPattern, LogsQuery, MetricsQuery};

use super::language::{Known, Language};
use super::sources::{Source, read_sources};
use super::terminal::{FAINT, Terminal};
use super::{Failure, Status};

/// Say in plain words what a pattern selects or a query does, or what a rule is about.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The code of a rule, such as `FP007`; or a file that holds a pattern or query, or `-` for standard input.
    #[arg(required_unless_present = "expressions", conflicts_with = "expressions", value_name = "CODE|PATH")]
    subject: Option<PathBuf>,

    /// A pattern or query itself; may stand several times.
    #[arg(short = 'e', long = "expression", value_name = "TEXT", allow_hyphen_values = true)]
    expressions: Vec<String>,

    /// The language of the text.
    #[arg(long, value_enum, default_value_t = Language::Auto)]
    lang: Language,
}

impl Explain {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let mut out = terminal.stdout();
        if let Some(rule) = self.subject.as_ref().and_then(|subject| {
            let code = subject.to_string_lossy();
            filter::codes::find(&code)
                .or_else(|| logs::codes::find(&code))
                .or_else(|| metrics::codes::find(&code))
                .or_else(|| math::codes::find(&code))
                .or_else(|| stack::codes::find(&code))
        }) {
            writeln!(out, "{} ({}): {}\n\n{}", rule.code, rule.severity, rule.title, rule.why)?;
            if !rule.bad.is_empty() {
                let indented = |text: &str| text.replace('\n', "\n         ");
                writeln!(out, "\n  bad:   {}\n  good:  {}", indented(rule.bad), indented(rule.good))?;
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
