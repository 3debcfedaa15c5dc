//! `trailql fmt`: patterns and queries in their canonical spelling.

use std::io::Write;
use std::path::PathBuf;

use similar::TextDiff;

use crate::report::{self, Checked};
use crate::{FilterPattern, LogsQuery, MetricsQuery};

use super::check::{Source, counted, read_sources};
use super::language::{Known, Language};
use super::terminal::{BAD, GOOD, Terminal};
use super::whole_file::write_whole;
use super::{Failure, Status};

/// Write patterns and queries in their canonical spelling.
///
/// Files are rewritten in place; what comes by -e or from standard input is printed. What is not legal stays as it is.
#[derive(Debug, clap::Args)]
pub(super) struct Fmt {
    /// Files that each hold one pattern or query; `-` for standard input.
    #[arg(required_unless_present = "expressions", conflicts_with = "expressions", value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// A pattern or query itself; may stand several times.
    #[arg(short = 'e', long = "expression", value_name = "TEXT", allow_hyphen_values = true)]
    expressions: Vec<String>,

    /// The language of the texts.
    #[arg(long, value_enum, default_value_t = Language::Auto)]
    lang: Language,

    /// Change nothing; name the files that would change, with exit status 1.
    #[arg(long)]
    check: bool,

    /// Change nothing; print what would change, with exit status 1.
    #[arg(long, conflicts_with = "check")]
    diff: bool,
}

impl Fmt {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let sources = read_sources(&self.expressions, &self.paths)?;
        let (mut changed, mut refused) = (0, 0);
        let mut out = terminal.stdout();
        for (index, source) in sources.iter().enumerate() {
            let Some(text) = formatted(self.lang, source, terminal) else {
                refused += 1;
                continue;
            };
            let path = self.paths.get(index).filter(|path| path.as_os_str() != "-");
            let differs = text != source.text;
            changed += u64::from(differs);
            match path {
                _ if self.diff => {
                    if differs {
                        out.write_all(difference(source, &text, terminal).as_bytes())?;
                    }
                }
                _ if self.check => {
                    if differs {
                        writeln!(out, "{} would change", source.name)?;
                    }
                }
                Some(path) if differs => write_whole(path, &format!("{text}\n"))?,
                Some(_) => {}
                None => writeln!(out, "{text}")?,
            }
        }
        if !self.paths.is_empty() && !self.diff && !self.check && refused + changed > 0 {
            terminal.note(&format!("{} formatted, {} refused\n", counted(changed, "text"), refused));
        }
        Ok(match (refused, changed) {
            (0, 0) => Status::Success,
            (0, _) if self.check || self.diff => Status::Findings,
            (0, _) => Status::Success,
            _ => Status::Failure,
        })
    }
}

/// The canonical text; `None`, and the reasons on standard error, for what is not legal.
fn formatted(language: Language, source: &Source, terminal: &Terminal) -> Option<String> {
    let result = match language.of(source) {
        Known::Filter => FilterPattern::parse(&source.text).map(|pattern| pattern.to_string()),
        Known::Logs => LogsQuery::format(&source.text),
        Known::Metrics => MetricsQuery::format(&source.text),
        Known::Stack => {
            let message = "a stack file is TOML, and is formatted by the tools for that";
            terminal.complain(&format!("`{}`: {message}", source.name));
            return None;
        }
    };
    match result {
        Ok(text) => Some(text),
        Err(errors) => {
            let checked =
                Checked { name: &source.name, source: &source.text, diagnostics: errors.diagnostics() };
            terminal.note(&report::full::render(&checked, terminal.err.is_coloured()));
            None
        }
    }
}

fn difference(source: &Source, text: &str, terminal: &Terminal) -> String {
    let (before, after) = (format!("{}\n", source.text), format!("{text}\n"));
    let diff = TextDiff::from_lines(&before, &after);
    let unified = diff.unified_diff().header(&source.name, &source.name).to_string();
    let mut painted = String::new();
    for line in unified.split_inclusive('\n') {
        let style = match line.as_bytes().first() {
            Some(b'+') => Some(GOOD),
            Some(b'-') => Some(BAD),
            _ => None,
        };
        match style {
            Some(style) => painted.push_str(&terminal.out.paint(style, line)),
            None => painted.push_str(line),
        }
    }
    painted
}
