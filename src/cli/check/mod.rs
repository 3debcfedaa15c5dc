//! `trailql check`: the findings about filter patterns, queries and stacks, wherever they are kept.

mod format;

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::config::{FailLevel, RecordsSetting};
use crate::report::{Checked, counted};
use crate::schema::Schema;
use crate::syntax::logs::Level;
use crate::{Diagnostic, Severity, check, host};

use super::difference;
use super::fixing;
use super::input::{Input, Operands, gather};
use super::project;
use super::terminal::Terminal;
use super::whole_file::write_whole;
use super::{Failure, Status};

use format::Format;

/// Check filter patterns, Logs Insights and Metrics Insights queries, and stacks.
///
/// Folders are walked for patterns and queries (.cwfilter, .cwlogs, .cwmetrics), stack files, Terraform, CloudFormation, CDK,
/// SAM and Serverless templates, dashboards and Markdown; without any path, it is the working folder. What `.gitignore`
/// names is left out.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    #[command(flatten)]
    operands: Operands,

    /// The edition of Logs Insights: L1, L2 or L3.
    #[arg(long, value_name = "LEVEL")]
    level: Option<Level>,

    /// Whether the events are CloudTrail records: auto tells it by what a text names.
    #[arg(long, value_enum)]
    records: Option<RecordsSetting>,

    /// A file of further event names and fields; `trailql schema --infer` makes one.
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,

    /// How findings are printed; auto fits the terminal, a pipe, GitHub Actions or GitLab.
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    format: Format,

    /// Write the findings into this file.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Show these codes only; a beginning such as `FP1` stands for all codes that start so.
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    select: Vec<String>,

    /// Do not show these codes.
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    ignore: Vec<String>,

    /// The weight from which on a finding makes the exit status 1.
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_level: Option<FailLevel>,

    /// Mend what can surely be mended, in place.
    #[arg(long)]
    fix: bool,

    /// Change nothing; print what `--fix` would change, with exit status 1.
    #[arg(long, conflicts_with = "fix")]
    diff: bool,
}

/// What came of one input.
struct Outcome {
    /// The text, mended where that was asked for.
    text: String,
    fixes: u64,
    texts: usize,
    findings: Vec<Diagnostic>,
}

impl Check {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        for code in self.select.iter().chain(&self.ignore) {
            project::known_code(code).map_err(Failure::Usage)?;
        }
        let added = self.schema.as_deref().map(project::read_schema).transpose()?;
        let gathered = gather(&self.operands, terminal)?;
        let outcomes = self.check_all(&gathered.inputs, added.as_ref())?;
        if self.diff {
            return self.print_differences(&gathered.inputs, &outcomes, terminal);
        }
        if self.fix {
            write_mended(&gathered.inputs, &outcomes, terminal)?;
        }
        self.report(&gathered.inputs, &outcomes, terminal)?;
        let fails = gathered.inputs.iter().zip(&outcomes).any(|(input, outcome)| {
            let level = self.fail_level(input);
            outcome.findings.iter().any(|finding| counts(level, finding.severity))
        });
        Ok(match (gathered.left_out, fails) {
            (true, _) => Status::Failure,
            (false, true) => Status::Findings,
            (false, false) => Status::Success,
        })
    }

    /// What came of each input, in their order; on all cores.
    fn check_all(&self, inputs: &[Input], added: Option<&Schema>) -> Result<Vec<Outcome>, Failure> {
        let next = AtomicU64::new(0);
        let work = || {
            let mut done = Vec::new();
            while let Ok(index) = usize::try_from(next.fetch_add(1, Ordering::Relaxed))
                && let Some(input) = inputs.get(index)
            {
                done.push((index, self.check(input, added)));
            }
            done
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(inputs.len().max(1));
        let mut outcomes: Vec<(usize, Outcome)> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads)
                .map(|_| std::thread::Builder::new().spawn_scoped(scope, work))
                .collect::<Result<_, _>>()
                .map_err(Failure::Threads)?;
            let mut outcomes = work();
            for other in others {
                let lost = |_| Failure::Usage("a thread of this program failed".into());
                outcomes.extend(other.join().map_err(lost)?);
            }
            Ok::<_, Failure>(outcomes)
        })?;
        outcomes.sort_by_key(|(index, _)| *index);
        Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
    }

    fn check(&self, input: &Input, added: Option<&Schema>) -> Outcome {
        let options = self.options(input, added);
        let found = |text: &str| {
            let mut checked = host::check(input.kind, text, &options);
            checked.diagnostics.retain(|finding| self.shows(input, finding));
            checked
        };
        if !self.fix && !self.diff {
            let checked = found(&input.text);
            let (findings, texts) = (checked.diagnostics, checked.texts);
            return Outcome { text: input.text.clone(), fixes: 0, texts, findings };
        }
        let (text, fixes) = fixing::fixed(&input.text, |text| found(text).diagnostics);
        let checked = found(&text);
        Outcome { text, fixes, texts: checked.texts, findings: checked.diagnostics }
    }

    fn options(&self, input: &Input, added: Option<&Schema>) -> check::Options {
        let settings = &input.project.configuration;
        check::Options {
            schema: added.unwrap_or(&input.project.schema).clone(),
            records: self.records.or(settings.records).map(Into::into).unwrap_or_default(),
            level: self.level.or(settings.level).unwrap_or_default(),
        }
    }

    fn shows(&self, input: &Input, finding: &Diagnostic) -> bool {
        let settings = &input.project.configuration;
        let select = if self.select.is_empty() { &settings.select } else { &self.select };
        let starts = |code: &str| finding.code.0.starts_with(&code.trim().to_ascii_uppercase());
        let is_selected = select.is_empty() || select.iter().any(|code| starts(code));
        let ignored = self.ignore.iter().chain(&settings.ignore);
        let in_file = input.path.iter().flat_map(|path| input.project.ignored_in(path));
        finding.severity > Severity::Hint
            && is_selected
            && !ignored.map(String::as_str).chain(in_file).any(starts)
    }

    fn fail_level(&self, input: &Input) -> FailLevel {
        self.fail_level.or(input.project.configuration.fail_level).unwrap_or_default()
    }

    fn report(&self, inputs: &[Input], outcomes: &[Outcome], terminal: &Terminal) -> Result<(), Failure> {
        let checked: Vec<Checked<'_>> = inputs
            .iter()
            .zip(outcomes)
            .map(|(input, outcome)| Checked {
                name: &input.name,
                source: &outcome.text,
                diagnostics: &outcome.findings,
            })
            .collect();
        let is_coloured = self.output.is_none() && terminal.out.is_coloured();
        let level = self.fail_level.unwrap_or_default();
        let format = self.format.resolved(terminal);
        let report = format::render(&checked, format, is_coloured, |severity| counts(level, severity));
        let summary = summary(inputs, outcomes);
        match &self.output {
            Some(path) => {
                write_whole(path, &report)?;
                terminal.note(&summary);
            }
            None => {
                let mut out = terminal.stdout();
                out.write_all(report.as_bytes())?;
                if format.is_for_people() {
                    out.write_all(summary.as_bytes())?;
                }
            }
        }
        Ok(())
    }

    fn print_differences(
        &self,
        inputs: &[Input],
        outcomes: &[Outcome],
        terminal: &Terminal,
    ) -> Result<Status, Failure> {
        let mut out = terminal.stdout();
        let mut fixes = 0;
        for (input, outcome) in inputs.iter().zip(outcomes) {
            if outcome.text != input.text {
                fixes += outcome.fixes;
                let ended = |text: &str| if text.ends_with('\n') { text.into() } else { format!("{text}\n") };
                let (before, after) = (ended(&input.text), ended(&outcome.text));
                let text = difference::unified(&input.name, &before, &after, terminal.out);
                out.write_all(text.as_bytes())?;
            }
        }
        terminal.note(&format!("{} would be made\n", counted(fixes, "change")));
        Ok(if fixes > 0 { Status::Findings } else { Status::Success })
    }
}

fn counts(level: FailLevel, severity: Severity) -> bool {
    match level {
        FailLevel::Error => severity >= Severity::Error,
        FailLevel::Warning => severity >= Severity::Warning,
        FailLevel::Info => severity >= Severity::Info,
        FailLevel::Never => false,
    }
}

/// Writes the files that were mended. A mended text without a file goes to standard output.
fn write_mended(inputs: &[Input], outcomes: &[Outcome], terminal: &Terminal) -> Result<(), Failure> {
    for (input, outcome) in inputs.iter().zip(outcomes).filter(|(input, outcome)| outcome.text != input.text)
    {
        match &input.path {
            Some(path) => write_whole(path, &outcome.text)?,
            None => writeln!(terminal.stdout(), "{}", outcome.text.trim_end_matches('\n'))?,
        }
    }
    Ok(())
}

fn summary(inputs: &[Input], outcomes: &[Outcome]) -> String {
    let texts = counted(outcomes.iter().map(|outcome| outcome.texts as u64).sum(), "text");
    let files = inputs.iter().filter(|input| input.path.is_some()).count();
    let place = if files > 1 { format!(" in {}", counted(files as u64, "file")) } else { String::new() };
    let all = || outcomes.iter().flat_map(|outcome| &outcome.findings);
    let count = |severity| all().filter(|finding| finding.severity == severity).count() as u64;
    let found: Vec<String> =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "info")]
            .into_iter()
            .map(|(severity, word)| (count(severity), word))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| counted(count, word))
            .collect();
    let found = if found.is_empty() { "no findings".to_owned() } else { found.join(", ") };
    let fixed = outcomes.iter().map(|outcome| outcome.fixes).sum::<u64>();
    let fixable = all().filter(|finding| finding.fix.is_some()).count() as u64;
    let fixes = match (fixed, fixable) {
        (0, 0) => String::new(),
        (0, fixable) => format!("; --fix mends {fixable}"),
        (fixed, _) => format!("; {} made", counted(fixed, "change")),
    };
    format!("{texts}{place} checked: {found}{fixes}\n")
}
