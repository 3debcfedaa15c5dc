//! `trailql explain`: a pattern in plain words, or a rule.

use std::io::Write;
use std::path::PathBuf;

use crate::FilterPattern;
use crate::report::{self, Checked};
use crate::syntax::filter::codes;

use super::check::{Language, Source, read_sources};
use super::terminal::{FAINT, Terminal};
use super::{Failure, Status};

/// Say in plain words what a pattern selects, or what a rule is about.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The code of a rule, such as `FP007`; or a file that holds a pattern, or `-` for standard input.
    #[arg(required_unless_present = "expressions", conflicts_with = "expressions", value_name = "CODE|PATH")]
    subject: Option<PathBuf>,

    /// A pattern itself; may stand several times.
    #[arg(short = 'e', long = "expression", value_name = "TEXT", allow_hyphen_values = true)]
    expressions: Vec<String>,

    /// The language of the text.
    #[arg(long, value_enum, default_value_t = Language::Auto)]
    lang: Language,
}

impl Explain {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let mut out = terminal.stdout();
        if let Some(rule) = self.subject.as_ref().and_then(|subject| codes::find(&subject.to_string_lossy()))
        {
            writeln!(out, "{} ({}): {}\n\n{}", rule.code, rule.severity, rule.title, rule.why)?;
            if !rule.bad.is_empty() {
                writeln!(out, "\n  bad:   {}\n  good:  {}", rule.bad, rule.good)?;
            }
            return Ok(Status::Success);
        }
        let paths: Vec<PathBuf> = self.subject.iter().cloned().collect();
        let mut status = Status::Success;
        for (index, source) in read_sources(&self.expressions, &paths)?.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            let parsed = match self.lang {
                Language::Auto | Language::Filter => parse_or_report(source, terminal),
            };
            match parsed {
                Some(pattern) => {
                    writeln!(out, "{}\n\n{}", terminal.out.paint(FAINT, &pattern), pattern.in_words())?;
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
