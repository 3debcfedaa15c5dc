//! `trailql match`: the log events that a filter pattern selects, in the manner of grep.

use std::ffi::OsString;
use std::io::Write;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use crate::events::{
    InputForm, Outlet, Problem, ReadOptions, Source, Summary, Totals, Unit, UnitReader, collect_sources,
    default_threads, plan_units, run_ordered,
};
use crate::report::{self, Checked, counted, grouped};
use crate::{FilterPattern, Limits, Matcher};

use super::matched::{Found, Output, Worker};
use super::progress::Progress;
use super::terminal::{NAME, Terminal};
use super::values;
use super::{Failure, Status};

/// Print the log events that a filter pattern selects.
///
/// Reads CloudTrail delivery files, NDJSON, JSON arrays, CloudWatch Logs exports, EventBridge and LookupEvents output
/// and plain lines; gzip and zstd are unpacked, directories are walked.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "trailql match [OPTIONS] PATTERN [FILE]...\n       trailql match [OPTIONS] -e PATTERN [FILE]..."
)]
pub(super) struct Match {
    /// The filter pattern, unless it is given by -e; then files and directories. `-` is standard input, which is also
    /// read where no file is given.
    #[arg(value_name = "PATTERN [FILE]", required_unless_present = "expression")]
    operands: Vec<OsString>,

    /// The filter pattern; needed for one that begins with a hyphen.
    #[arg(short = 'e', long, value_name = "PATTERN", allow_hyphen_values = true)]
    expression: Option<String>,

    /// Print only how many events match, for each file.
    #[arg(short, long)]
    count: bool,

    /// Print the events that do not match.
    #[arg(short = 'v', long)]
    invert_match: bool,

    /// Print so many events behind each match.
    #[arg(short = 'A', long, value_name = "EVENTS", conflicts_with_all = ["count", "explain"])]
    after_context: Option<usize>,

    /// Print so many events before each match.
    #[arg(short = 'B', long, value_name = "EVENTS", conflicts_with_all = ["count", "explain"])]
    before_context: Option<usize>,

    /// Print so many events around each match.
    #[arg(short = 'C', long, value_name = "EVENTS", conflicts_with_all = ["count", "explain"])]
    context: Option<usize>,

    /// Say for every event which condition held, and which value it saw.
    #[arg(long, conflicts_with = "count")]
    explain: bool,

    /// How events are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// The form of the input: auto, cloudtrail, ndjson, lines or cwl.
    #[arg(long, default_value_t = InputForm::Auto, value_name = "FORM")]
    input: InputForm,

    /// Print the file name before each event, or do not; by default where there is more than one file.
    #[arg(short = 'H', long, overrides_with = "no_filename")]
    with_filename: bool,

    /// Never print file names.
    #[arg(long, overrides_with = "with_filename")]
    no_filename: bool,

    /// Do not let unreadable or broken input make the exit status 2.
    #[arg(long)]
    lenient: bool,

    /// Print neither events nor counts: the exit status tells.
    #[arg(short, long)]
    quiet: bool,

    /// Threads; by default one a core.
    #[arg(short = 'j', long, value_name = "N", value_parser = values::threads)]
    threads: Option<std::num::NonZeroUsize>,
}

/// How events are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// The message of each event.
    Text,
    /// One JSON object a line: file, index, timestamp, extracted, event or message.
    Json,
}

/// What a worker tells the collector.
enum Told {
    Found(Found),
    Finished(Summary),
}

impl Match {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let started = Instant::now();
        self.check_options()?;
        let (text, files) = self.pattern_and_files()?;
        let parsed = FilterPattern::parse_lossy(&text);
        let checked = Checked { name: "<pattern>", source: &text, diagnostics: &parsed.diagnostics };
        terminal.note(&report::full::render(&checked, terminal.err.is_coloured()));
        let Some(pattern) = parsed.ast else { return Ok(Status::Failure) };
        let matcher =
            pattern.compile(&Limits::default()).map_err(|error| Failure::Usage(error.to_string()))?;

        let options = ReadOptions { form: self.input, ..ReadOptions::default() };
        let collected = match files {
            [] => collect_sources(["-"]),
            files => collect_sources(files),
        };
        let units = self.units(&collected.sources, &options);
        let named = self.with_filename || (collected.sources.len() > 1 && !self.no_filename);
        let mut report = Collector {
            options: self,
            terminal,
            output: self.output(named),
            named,
            totals: Totals::new(),
            unit: None,
            matched: 0,
            of_file: 0,
        };
        for problem in &collected.problems {
            report.warn(problem);
        }
        let read = Arc::new(AtomicU64::new(0));
        let progress = Progress::start(terminal, &units, &read);
        let flow = self.collect(&matcher, &units, &options, &read, &mut report);
        progress.finish();
        if let ControlFlow::Break(failure) = flow.map_err(Failure::Threads)? {
            return failure.map_or(Ok(Status::Success), Err);
        }
        let matched = report.matched;
        let summary = report.totals.summary().clone();
        if !self.quiet {
            terminal.note(&closing_line(&summary, collected.digests, matched, started));
        }
        let is_clean = summary.is_clean() && collected.problems.is_empty();
        Ok(match matched {
            _ if !is_clean && !self.lenient => Status::Failure,
            0 => Status::Findings,
            _ => Status::Success,
        })
    }

    /// What would otherwise be passed over in silence.
    fn check_options(&self) -> Result<(), Failure> {
        let json = self.format == Format::Json;
        let unfit = if json && self.context() != (0, 0) {
            "-A, -B and -C print text; drop them or --format json"
        } else if json && self.count {
            "-c prints a number; drop it or --format json"
        } else {
            return Ok(());
        };
        Err(Failure::Usage(unfit.to_owned()))
    }

    fn pattern_and_files(&self) -> Result<(String, &[OsString]), Failure> {
        if let Some(pattern) = &self.expression {
            return Ok((pattern.clone(), &self.operands));
        }
        let Some((pattern, files)) = self.operands.split_first() else {
            return Err(Failure::Usage("there is no pattern; name one".into()));
        };
        match pattern.to_str() {
            Some(pattern) => Ok((pattern.to_owned(), files)),
            None => Err(Failure::Usage(
                "the pattern is not UTF-8 text; a pattern holds Unicode characters only".into(),
            )),
        }
    }

    /// What is printed of events before and behind a match.
    fn context(&self) -> (usize, usize) {
        let both = self.context.unwrap_or(0);
        (self.before_context.unwrap_or(both), self.after_context.unwrap_or(both))
    }

    fn output(&self, named: bool) -> Output {
        let (before, after) = self.context();
        match self.format {
            _ if self.count || self.quiet => Output::Count,
            Format::Json => Output::Json { explain: self.explain },
            Format::Text if self.explain => Output::Explained,
            Format::Text => Output::Text { named, before, after },
        }
    }

    /// Large files in parts, unless the events of a file have to be seen one after the other.
    fn units(&self, sources: &[Source], options: &ReadOptions) -> Vec<Unit> {
        if self.context() == (0, 0) {
            plan_units(sources, options)
        } else {
            sources.iter().cloned().map(Unit::whole).collect()
        }
    }

    fn collect(
        &self,
        matcher: &Matcher,
        units: &[Unit],
        options: &ReadOptions,
        read: &AtomicU64,
        report: &mut Collector<'_>,
    ) -> std::io::Result<ControlFlow<Option<Failure>>> {
        let threads = self.threads.map_or_else(default_threads, usize::from);
        let (output, paint) = (report.output, report.terminal.out);
        let worker = || {
            let mut reader = UnitReader::new(options.clone()).with_progress(read);
            move |index: usize, outlet: &Outlet<'_, Told>| {
                let Some(unit) = units.get(index) else { return };
                let mut worker = Worker::new(matcher, output, paint, self.invert_match, unit.source());
                let mut found = |found| outlet.send(Told::Found(found));
                let mut summary =
                    reader.read(unit, &mut |batch| worker.batch(batch, unit.source(), &mut found));
                worker.finish(&mut summary);
                let _ = outlet.send(Told::Finished(summary));
            }
        };
        run_ordered(units.len(), threads, worker, |index, told| {
            let Some(unit) = units.get(index) else { return ControlFlow::Continue(()) };
            let is_last = units.get(index + 1).is_none_or(|next| !next.continues());
            report.begin(index, unit);
            match report.take(unit, told, is_last) {
                Ok(()) if self.quiet && report.matched > 0 => ControlFlow::Break(None),
                Ok(()) => ControlFlow::Continue(()),
                Err(failure) => ControlFlow::Break(Some(failure)),
            }
        })
    }
}

/// Prints what the workers found, in order.
struct Collector<'a> {
    options: &'a Match,
    terminal: &'a Terminal,
    output: Output,
    /// Whether lines begin with the name of their file.
    named: bool,
    totals: Totals,
    /// The unit at hand.
    unit: Option<usize>,
    matched: u64,
    /// Matches in the file at hand.
    of_file: u64,
}

impl Collector<'_> {
    fn begin(&mut self, index: usize, unit: &Unit) {
        if self.unit != Some(index) {
            self.unit = Some(index);
            self.totals.begin(unit);
        }
    }

    fn take(&mut self, unit: &Unit, told: Told, is_last_of_file: bool) -> Result<(), Failure> {
        match told {
            Told::Found(found) => {
                self.matched += found.matched;
                self.of_file += found.matched;
                if !self.options.quiet {
                    found.write(self.totals.events_before(), &mut self.terminal.stdout())?;
                }
            }
            Told::Finished(summary) => {
                for problem in self.totals.finish(summary) {
                    self.warn(&problem);
                }
                if is_last_of_file {
                    self.finish_file(unit)?;
                }
            }
        }
        Ok(())
    }

    fn finish_file(&mut self, unit: &Unit) -> Result<(), Failure> {
        let count = std::mem::take(&mut self.of_file);
        if self.options.count && !self.options.quiet {
            let name = if self.named {
                format!("{}:", self.terminal.out.paint(NAME, unit.source()))
            } else {
                String::new()
            };
            writeln!(self.terminal.stdout(), "{name}{count}")?;
        }
        Ok(())
    }

    fn warn(&self, problem: &Problem) {
        self.terminal.warn(problem.kind.code(), &problem.to_string());
    }
}

/// `4,563 events in 1 file (6.4 MB) searched in 0.02 s: 1,769 matched, 0 skipped`
fn closing_line(summary: &Summary, skipped_files: u64, matched: u64, started: Instant) -> String {
    let events = counted(summary.events, "event");
    let files = counted(summary.files, "file");
    let more = match summary.more_problems {
        0 => String::new(),
        more => format!(", {} not shown", counted(more, "further problem")),
    };
    let digests = match skipped_files {
        0 => String::new(),
        files => format!(", {} left out", counted(files, "digest file")),
    };
    format!(
        "{events} in {files} ({}) searched in {:.2} s: {} matched, {} skipped{digests}{more}\n",
        size(summary.bytes),
        started.elapsed().as_secs_f64(),
        grouped(matched),
        grouped(summary.skipped),
    )
}

/// Bytes for a person, in powers of ten.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = "B";
    for larger in UNITS {
        if value < 1000.0 {
            break;
        }
        value /= 1000.0;
        unit = larger;
    }
    if unit == "B" { format!("{bytes} B") } else { format!("{value:.1} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_one_decimal() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_000), "1.0 kB");
        assert_eq!(size(6_363_907), "6.4 MB");
        assert_eq!(size(12_000_000_000_000_000), "12000.0 TB");
    }
}
