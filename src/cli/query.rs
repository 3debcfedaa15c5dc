//! `trailql query`: a Logs Insights query over files.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use crate::eval::logs::{LogGroups, QueryRows, QueryWindow, RunError, RunLimits};
use crate::events::{
    FileGroups, InputForm, Problem, ReadOptions, Source, Summary, collect_sources, default_threads,
    plan_units,
};
use crate::plan::logs::{CompileOptions, LogsPlan, MissingNegation};
use crate::report::rows::{Column, Format, Layout, RowWriter};
use crate::report::{self, Checked, counted, grouped};
use crate::syntax::logs::{Command, Level, ParseOptions, SavedQueries, SourceItem};
use crate::values::LookupTable;
use crate::{Diagnostic, EpochMillis, LogsQuery};

use super::matching::size;
use super::progress::Progress;
use super::sources::read_sources;
use super::terminal::Terminal;
use super::values;
use super::window::{Window, instant};
use super::{Failure, Status, saved};

/// Run a Logs Insights query over log files.
///
/// Reads what `match` reads: CloudTrail delivery files, NDJSON, JSON arrays, CloudWatch Logs exports, EventBridge and
/// LookupEvents output and plain lines; gzip and zstd are unpacked, directories are walked.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "trailql query [OPTIONS] QUERY [FILE]...\n       trailql query [OPTIONS] -e QUERY [FILE]...\n       trailql query [OPTIONS] -f PATH [FILE]..."
)]
pub(super) struct Query {
    /// The query, unless it is given by -e or -f; then files and directories. `-` is standard input, which is also read
    /// where no file is given.
    #[arg(value_name = "QUERY [FILE]", required_unless_present_any = ["expression", "query_file"])]
    operands: Vec<OsString>,

    /// The query.
    #[arg(
        short = 'e',
        long,
        value_name = "QUERY",
        allow_hyphen_values = true,
        conflicts_with = "query_file"
    )]
    expression: Option<String>,

    /// A file that holds the query.
    #[arg(short = 'f', long, value_name = "PATH")]
    query_file: Option<PathBuf>,

    /// How rows are printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Only events from this time on: RFC 3339, epoch, or relative such as `-2w`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    start: Option<String>,

    /// Only events up to this time; by default up to now where a start is given.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    end: Option<String>,

    /// The time that `now()` and relative times count from, instead of the clock's.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    now: Option<String>,

    /// The edition of the language: L1, L2 or L3.
    #[arg(long, default_value_t = Level::default(), value_name = "LEVEL")]
    level: Level,

    /// A lookup table from a CSV file; may stand several times.
    #[arg(long, value_name = "NAME=FILE")]
    lookup: Vec<String>,

    /// Another log group, for `SOURCE`, `join` and subqueries; may stand several times.
    #[arg(long, value_name = "NAME=PATH")]
    group: Vec<String>,

    /// Saved queries, for `$Name(…)`: a directory of query files, or a file of query definitions.
    #[arg(long, value_name = "PATH")]
    saved: Option<PathBuf>,

    /// What `!=`, `not like` and `not in` say of a missing field.
    #[arg(long, value_enum, default_value_t = Negation::Match, value_name = "ANSWER")]
    missing_negation: Negation,

    /// How much memory rows and groups may take, such as 512MB or 4GB.
    #[arg(long, default_value = "1GB", value_name = "SIZE", value_parser = memory_bytes)]
    memory: usize,

    /// The form of the input: auto, cloudtrail, ndjson, lines or cwl.
    #[arg(long, default_value_t = InputForm::Auto, value_name = "FORM")]
    input: InputForm,

    /// Do not let unreadable or broken input make the exit status 2.
    #[arg(long)]
    lenient: bool,

    /// Threads; by default one a core.
    #[arg(short = 'j', long, value_name = "N", value_parser = values::threads)]
    threads: Option<std::num::NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Negation {
    /// The row is kept.
    Match,
    /// The row is dropped.
    NoMatch,
}

impl Query {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let started = Instant::now();
        let (text, files) = self.text_and_files()?;
        let window = self.window()?;
        let mut problems: Vec<Problem> = Vec::new();
        let sources = self.sources(files, &mut problems);
        let mut named = self.named_groups(&mut problems)?;

        let parse = ParseOptions { lenient_newline: true, ..ParseOptions::default() };
        let text = match &self.saved {
            Some(path) => expanded(&text, &saved::read(path)?, &parse, self.level, terminal)?,
            None => text,
        };
        let parsed = LogsQuery::parse_lossy(&text, &parse);
        let query = parsed.ast.as_ref();
        // A query from a dashboard names its log group; the files given are that group.
        if let Some(name) = query.and_then(|query| sole_group(query, &named)) {
            named.push((name, sources.clone()));
        }
        let options = CompileOptions {
            level: self.level,
            missing_negation: match self.missing_negation {
                Negation::Match => MissingNegation::Match,
                Negation::NoMatch => MissingNegation::NoMatch,
            },
            tables: self.tables()?,
            groups: Some(named.iter().map(|(name, _)| name.clone()).collect()),
        };
        let mut diagnostics = parsed.diagnostics;
        let mut plan = None;
        if let Some(query) = query {
            let (compiled, found) = query.compile_lossy(&options);
            diagnostics.extend(found);
            plan = compiled;
        }
        report_findings(&text, &mut diagnostics, terminal);
        let Some(plan) = plan else { return Ok(Status::Failure) };

        for problem in &problems {
            terminal.warn(problem.kind.code(), &problem.to_string());
        }
        let read_options = ReadOptions { form: self.input, ..ReadOptions::default() };
        let threads = self.threads.map_or_else(default_threads, usize::from);
        let read = Arc::new(AtomicU64::new(0));
        let units = plan_units(&sources, &read_options);
        let mut groups = FileGroups::new(sources, named, read_options)
            .with_threads(threads)
            .with_progress(Arc::clone(&read));
        let progress = Progress::start(terminal, &units, &read);
        let limits = RunLimits { memory_bytes: self.memory };
        let result = self.execute(&plan, &window, &limits, &mut groups);
        progress.finish();
        for problem in &groups.summary().problems {
            terminal.warn(problem.kind.code(), &problem.to_string());
        }
        let result = result?;
        self.print(&result, terminal)?;
        terminal.note(&closing_line(&result, groups.summary(), started));
        let is_clean = groups.summary().is_clean() && problems.is_empty();
        Ok(if is_clean || self.lenient { Status::Success } else { Status::Failure })
    }

    fn execute(
        &self,
        plan: &LogsPlan,
        window: &QueryWindow,
        limits: &RunLimits,
        groups: &mut dyn LogGroups,
    ) -> Result<QueryRows, Failure> {
        plan.run(window, limits, groups).map_err(|error| match error {
            RunError::NoWindow { what } => Failure::Usage(format!(
                "`{what}` needs the query's time range: give --start, and --end unless it is now"
            )),
            RunError::Memory { .. } => Failure::Usage(format!("{error} with --memory")),
            error => Failure::Usage(error.to_string()),
        })
    }

    fn text_and_files(&self) -> Result<(String, &[OsString]), Failure> {
        if let Some(path) = &self.query_file {
            let mut sources = read_sources(&[], std::slice::from_ref(path))?;
            let text = sources.pop().map(|source| source.text).unwrap_or_default();
            return Ok((text, &self.operands));
        }
        if let Some(query) = &self.expression {
            return Ok((query.clone(), &self.operands));
        }
        let Some((query, files)) = self.operands.split_first() else {
            return Err(Failure::Usage("there is no query; name one".into()));
        };
        match query.to_str() {
            Some(query) => Ok((query.to_owned(), files)),
            None => Err(Failure::Usage("the query is not UTF-8 text".into())),
        }
    }

    fn window(&self) -> Result<QueryWindow, Failure> {
        let usage = |error: super::window::BadTime| Failure::Usage(error.to_string());
        let clock = EpochMillis(jiff::Timestamp::now().as_millisecond());
        let now = match &self.now {
            Some(text) => instant(text, clock).map_err(usage)?,
            None => clock,
        };
        let window = Window::new(self.start.as_deref(), self.end.as_deref(), now).map_err(usage)?;
        let range = match (window.start, window.end) {
            (None, None) => None,
            (start, end) => Some((start.unwrap_or(EpochMillis(0)), end.unwrap_or(now))),
        };
        Ok(QueryWindow { now, range })
    }

    /// What the operands stand for; nothing is read from standard input where other groups are named.
    fn sources(&self, files: &[OsString], problems: &mut Vec<Problem>) -> Vec<Source> {
        let collected = match files {
            [] if !self.group.is_empty() => return Vec::new(),
            [] => collect_sources(["-"]),
            files => collect_sources(files),
        };
        problems.extend(collected.problems);
        collected.sources
    }

    fn named_groups(&self, problems: &mut Vec<Problem>) -> Result<Vec<(String, Vec<Source>)>, Failure> {
        let mut named: Vec<(String, Vec<Source>)> = Vec::new();
        for group in &self.group {
            let (name, path) = named_path(group, "--group")?;
            let collected = collect_sources([path]);
            problems.extend(collected.problems);
            match named.iter_mut().find(|(known, _)| known == name) {
                Some((_, sources)) => sources.extend(collected.sources),
                None => named.push((name.to_owned(), collected.sources)),
            }
        }
        Ok(named)
    }

    fn tables(&self) -> Result<BTreeMap<String, Arc<LookupTable>>, Failure> {
        let mut tables = BTreeMap::new();
        for lookup in &self.lookup {
            let (name, path) = named_path(lookup, "--lookup")?;
            let failed = |reason: String| Failure::Input { name: path.display().to_string(), reason };
            let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
            let table = LookupTable::from_csv(&bytes).map_err(|error| failed(error.to_string()))?;
            tables.insert(name.to_owned(), Arc::new(table));
        }
        Ok(tables)
    }

    fn print(&self, result: &QueryRows, terminal: &Terminal) -> Result<(), Failure> {
        // `@ptr` is for programs.
        let hidden = |name: &str| name == "@ptr" && matches!(self.format, Format::Table | Format::Csv);
        let shown: Vec<usize> = result
            .columns
            .iter()
            .enumerate()
            .filter(|(_, name)| !hidden(name))
            .map(|(index, _)| index)
            .collect();
        let columns: Vec<Column> =
            shown.iter().filter_map(|&index| Some(Column::new(result.columns.get(index)?))).collect();
        let layout = Layout {
            format: self.format,
            width: terminal.stdout_width(),
            colour: terminal.out.is_coloured(),
        };
        let mut out = std::io::BufWriter::new(terminal.stdout());
        let mut writer = RowWriter::new(&columns, layout, &mut out)?;
        for row in &result.rows {
            let cells: Vec<Option<Cow<'_, str>>> =
                shown.iter().map(|&index| row.get(index).and_then(|value| value.render())).collect();
            writer.row(&cells)?;
        }
        writer.finish()?;
        std::io::Write::flush(&mut out)?;
        Ok(())
    }
}

/// `NAME=PATH`
fn named_path<'a>(text: &'a str, option: &str) -> Result<(&'a str, &'a Path), Failure> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => Ok((name, Path::new(path))),
        _ => Err(Failure::Usage(format!("`{text}` is no NAME=PATH; write `{option} name=path`"))),
    }
}

/// `512MB`, `4GB`, `1000000`
fn memory_bytes(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let unit = match text.get(digits.len()..).unwrap_or_default().trim().to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" => 1_000,
        "M" | "MB" => 1_000_000,
        "G" | "GB" => 1_000_000_000,
        other => return Err(format!("`{other}` is no unit; use KB, MB or GB")),
    };
    let count: usize =
        digits.trim().parse().map_err(|_| "a size is a whole number and a unit, as 512MB".to_owned())?;
    count.checked_mul(unit).filter(|bytes| *bytes > 0).ok_or_else(|| "the size is out of range".to_owned())
}

/// The log group that the query itself names, where it names one and no file is given for it.
fn sole_group(query: &LogsQuery, named: &[(String, Vec<Source>)]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for stage in &query.stages {
        let Command::Source(source) = &stage.command else { continue };
        for item in &source.items {
            match item {
                SourceItem::Group(name) => names.push(&name.text),
                _ => return None,
            }
        }
    }
    match names.as_slice() {
        [name] if !named.iter().any(|(known, _)| known == name) => Some((*name).to_owned()),
        _ => None,
    }
}

/// The text with the calls of saved queries replaced.
fn expanded(
    text: &str,
    saved: &SavedQueries,
    parse: &ParseOptions,
    level: Level,
    terminal: &Terminal,
) -> Result<String, Failure> {
    let Some(query) = LogsQuery::parse_lossy(text, parse).ast else { return Ok(text.to_owned()) };
    if !query.stages.iter().any(|stage| matches!(stage.command, Command::Saved(_))) {
        return Ok(text.to_owned());
    }
    let mut refused: Vec<Diagnostic> = query.check(level).into_iter().filter(Diagnostic::is_error).collect();
    if !refused.is_empty() {
        report_findings(text, &mut refused, terminal);
        return Err(Failure::Usage("the query is refused".into()));
    }
    saved.expand_calls(text, &query).map_err(|error| Failure::Usage(error.to_string()))
}

fn report_findings(text: &str, diagnostics: &mut [Diagnostic], terminal: &Terminal) {
    diagnostics.sort_by_key(Diagnostic::span);
    let checked = Checked { name: "<query>", source: text, diagnostics };
    terminal.note(&report::full::render(&checked, terminal.err.is_coloured()));
}

/// `3 rows: 1,769 records matched, 4,563 records scanned, 6.4 MB scanned in 0.02 s`
fn closing_line(result: &QueryRows, summary: &Summary, started: Instant) -> String {
    let cut = if result.truncated { ", of more: a query without `limit` shows so many" } else { "" };
    let skipped = match summary.skipped {
        0 => String::new(),
        skipped => format!(", {} skipped", grouped(skipped)),
    };
    let more = match summary.more_problems {
        0 => String::new(),
        more => format!(", {} not shown", counted(more, "further problem")),
    };
    format!(
        "{}{cut}: {} matched, {} scanned, {} scanned in {:.2} s{skipped}{more}\n",
        counted(result.rows.len() as u64, "row"),
        counted(result.matched, "record"),
        counted(summary.events, "record"),
        size(summary.bytes),
        started.elapsed().as_secs_f64(),
    )
}

#[cfg(test)]
mod tests {
    use super::memory_bytes;

    #[test]
    fn sizes_have_units_of_ten() {
        assert_eq!(memory_bytes("512MB"), Ok(512_000_000));
        assert_eq!(memory_bytes("2 gb"), Ok(2_000_000_000));
        assert_eq!(memory_bytes("77"), Ok(77));
        for bad in ["", "MB", "1.5GB", "1 parsec", "0", "99999999999999999999GB"] {
            assert!(memory_bytes(bad).is_err(), "{bad}");
        }
    }
}
