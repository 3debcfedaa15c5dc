//! `trailql explain`: a pattern or query in plain words, or a rule.

mod page;

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::check::{self, registry};
use crate::host::{self, Embedded};
use crate::report::{self, Checked};
use crate::syntax::logs::ParseOptions;
use crate::syntax::{Rule, metrics};
use crate::{Diagnostic, FilterPattern, LogsQuery, MetricsQuery};

use super::language::Language;
use super::project;
use super::sources::{Source, read_sources, read_whole};
use super::terminal::{FAINT, NAME, Terminal};
use super::{Failure, Status};

/// Say in plain words what a pattern selects or a query does, or what a rule is about.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The code of a rule, such as `FP007`; or a file that holds patterns or queries, or `-` for standard input.
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
        let code = self.subject.as_ref().map(|subject| subject.to_string_lossy());
        if let Some(rule) = code.as_deref().and_then(registry::find) {
            match self.format {
                Format::Text => out.write_all(rule_text(rule, terminal).as_bytes())?,
                Format::Md => out.write_all(page::markdown(rule).as_bytes())?,
                Format::Json => writeln!(out, "{:#}", page::json(rule))?,
            }
            return Ok(Status::Success);
        }
        if !matches!(self.format, Format::Text) {
            return Err(Failure::Usage(
                "`--format` is for rules; patterns and queries are explained as text".into(),
            ));
        }
        let sources = match &self.subject {
            Some(path) => vec![subject(path)?],
            None => read_sources(&self.expressions, &[])?,
        };
        let mut status = Status::Success;
        let mut is_first = true;
        for source in &sources {
            for (owner, said) in self.texts(source, terminal)? {
                let Some((text, words)) = said else {
                    status = Status::Failure;
                    continue;
                };
                if !std::mem::take(&mut is_first) {
                    writeln!(out)?;
                }
                if !owner.is_empty() {
                    writeln!(out, "{}", terminal.out.paint(NAME, owner))?;
                }
                writeln!(out, "{}\n\n{}", terminal.out.paint(FAINT, text), words.trim_end())?;
            }
        }
        Ok(status)
    }

    /// Each text of a file with what it belongs to, printed and in words; no words where it is refused. What is found, and what is
    /// left out, goes to standard error.
    fn texts(&self, source: &Source, terminal: &Terminal) -> Result<Vec<(String, Option<Said>)>, Failure> {
        let kind = self.lang.of_named(&source.name, &source.text);
        let extracted = kind.map(|kind| host::extract(kind, &source.text)).unwrap_or_default();
        if extracted.embedded.is_empty() && extracted.diagnostics.is_empty() {
            return Err(Failure::Usage(format!(
                "`{}` holds no pattern or query that is known as one; `--lang` says what it is",
                source.name
            )));
        }
        let report = |findings: &[Diagnostic]| {
            let checked = Checked { name: &source.name, source: &source.text, diagnostics: findings };
            terminal.note(&report::full::render(&checked, terminal.err.is_coloured()));
        };
        report(&extracted.diagnostics);
        let mut texts = Vec::new();
        if extracted.embedded.is_empty() {
            texts.push((String::new(), None));
        }
        for embedded in extracted.embedded {
            let reason = match embedded.holes.first() {
                Some(hole) => {
                    format!("`{}` is known only when it is deployed", hole.source.slice(&source.text))
                }
                None if embedded.language == check::Language::MetricMath => {
                    "metric math has no words".to_owned()
                }
                None => {
                    let (findings, said) = said(&embedded);
                    let findings: Vec<_> =
                        findings.into_iter().map(|finding| embedded.map.lift(finding)).collect();
                    report(&findings);
                    texts.push((embedded.owner, said));
                    continue;
                }
            };
            terminal.note(&format!("left out: {}: {reason}\n", embedded.owner));
        }
        Ok(texts)
    }
}

/// The file of this name; where there is none it may have been meant as the code of a rule.
fn subject(path: &Path) -> Result<Source, Failure> {
    let name = path.to_string_lossy();
    let is_code = name.len() > 2
        && name
            .char_indices()
            .all(|(at, c)| if at < 2 { c.is_ascii_alphabetic() } else { c.is_ascii_digit() });
    if is_code && !path.exists() {
        return Err(Failure::Usage(project::no_rule(&name)));
    }
    read_whole(path)
}

/// A text in its canonical spelling, and in words.
type Said = (String, String);

/// What is found in a text, and what it says where it is not refused.
fn said(embedded: &Embedded) -> (Vec<Diagnostic>, Option<Said>) {
    match embedded.language {
        check::Language::LogsInsights => {
            let lenient = ParseOptions { lenient_newline: true, ..ParseOptions::default() };
            let parsed = LogsQuery::parse_lossy(&embedded.text, &lenient);
            (parsed.diagnostics, parsed.ast.map(|query| (query.to_string(), query.in_words())))
        }
        check::Language::MetricsInsights => {
            let parsed = MetricsQuery::parse_lossy(&embedded.text, &metrics::ParseOptions::default());
            let mut findings = parsed.diagnostics;
            findings.extend(parsed.ast.iter().flat_map(MetricsQuery::check));
            (findings, parsed.ast.map(|query| (format!("{query:#}"), query.in_words())))
        }
        _ => {
            let parsed = FilterPattern::parse_lossy(&embedded.text);
            (parsed.diagnostics, parsed.ast.map(|pattern| (pattern.to_string(), pattern.in_words())))
        }
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
