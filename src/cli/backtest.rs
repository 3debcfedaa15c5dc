//! `trailql backtest`: a stack replayed over past logs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::EpochMillis;
use crate::alarm::{EmptyResult, ReplayOptions};
use crate::backtest::{Backtest, BacktestOptions};
use crate::chart::{SvgOptions, svg};
use crate::eval::logs::{QueryWindow, RunError, RunLimits};
use crate::events::{FileGroups, Published, Source};
use crate::report::backtest::{QueryTable, Replayed, Table, TextOptions, charts, json, page, text};
use crate::report::{self, counted, grouped};
use crate::stack::{CheckedLogsQuery, CheckedStack};

use super::matching::size;
use super::stack::{Input, Loaded, Shown, load};
use super::terminal::Terminal;
use super::whole_file::write_whole;
use super::{Failure, Status};

/// Replay a stack over past logs: what its filters, detectors and alarms would have done.
///
/// The stack file holds metric filters, anomaly detectors, alarms and saved queries under the service's own names. All of
/// it is checked; then the events are read, and the report says what matched, what was expected, when each alarm changed
/// its state and why, and who was behind it.
#[derive(Debug, clap::Args)]
pub(super) struct Run {
    /// The stack file.
    #[arg(long, value_name = "STACK")]
    stack: PathBuf,

    #[command(flatten)]
    input: Input,

    /// How the report is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Also write each chart as an SVG picture into this directory.
    #[arg(long, value_name = "DIR")]
    svg: Option<PathBuf>,

    /// Also write the whole report as one HTML page.
    #[arg(long, value_name = "PATH")]
    html: Option<PathBuf>,

    /// The account that owns the metric data, for queries that ask for `AWS.AccountId`.
    #[arg(long, value_name = "ID")]
    account: Option<String>,

    /// Let no evaluation see data younger than so many seconds, as CloudTrail's events come late.
    #[arg(long, default_value_t = 0, value_name = "SECONDS")]
    delay: u32,

    /// What an alarm on a grouped query makes of a result without any series.
    #[arg(long, value_enum, default_value_t = Empty::Documented, value_name = "ANSWER")]
    empty_result: Empty,
}

/// How the report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Everything, for a person.
    Text,
    /// The charts alone.
    Chart,
    /// One JSON document, for a program.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Empty {
    /// Too little data, as the service's guide says.
    Documented,
    /// As missing data are treated, as it was recorded of the service.
    Observed,
}

impl Run {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let started = Instant::now();
        let Some(loaded) = load(&self.stack, Shown::All, terminal)? else { return Ok(Status::Failure) };
        let (sources, found_all) = self.input.sources(terminal);
        let published = self.input.publish(&loaded.stack, &sources, terminal)?;
        let Some(times) = published.times else {
            return Err(Failure::Usage(
                "there is no event with a time, so there is nothing to replay".into(),
            ));
        };
        let options = BacktestOptions { account: self.account.clone(), alarms: self.alarm_options() };
        let backtest = Backtest::run(&loaded.stack, &published.store, times, &options)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        let queries = self.queries(&loaded.stack, &sources, times.end);
        let findings = report::full::render(&loaded.checked(), false);
        let replayed = Replayed {
            name: &loaded.name,
            source: &loaded.text,
            stack: &loaded.stack,
            published: &published,
            backtest: &backtest,
            queries: &queries,
            findings: &findings,
        };
        if let Some(folder) = &self.svg {
            write_charts(folder, &replayed)?;
        }
        if let Some(path) = &self.html {
            write_whole(path, &page(&replayed))?;
        }
        self.print(&replayed, terminal)?;
        terminal.note(&closing_line(&loaded, &published, started));
        let is_clean = published.summary.is_clean() && found_all;
        Ok(if is_clean || self.input.lenient { Status::Success } else { Status::Failure })
    }

    fn alarm_options(&self) -> ReplayOptions {
        ReplayOptions {
            data_delay_seconds: self.delay,
            empty_result: match self.empty_result {
                Empty::Documented => EmptyResult::Documented,
                Empty::Observed => EmptyResult::Observed,
            },
            ..ReplayOptions::default()
        }
    }

    fn print(&self, replayed: &Replayed<'_>, terminal: &Terminal) -> Result<(), Failure> {
        let mut out = std::io::BufWriter::new(terminal.stdout());
        match self.format {
            Format::Json => out.write_all(json(replayed).as_bytes())?,
            Format::Text | Format::Chart => {
                let options = TextOptions {
                    width: terminal.stdout_width(),
                    colour: terminal.out.is_coloured(),
                    charts_only: self.format == Format::Chart,
                };
                text(replayed, &options, &mut out)?;
            }
        }
        out.flush()?;
        Ok(())
    }

    /// The saved Logs Insights queries over the same files.
    fn queries(&self, stack: &CheckedStack, sources: &[Source], now: EpochMillis) -> Vec<QueryTable> {
        let run = |saved: &CheckedLogsQuery| {
            let result = self.query(stack, saved, sources, now);
            QueryTable { name: saved.name.clone(), text: saved.text.clone(), result }
        };
        stack.logs_queries().iter().map(run).collect()
    }

    fn query(
        &self,
        stack: &CheckedStack,
        saved: &CheckedLogsQuery,
        sources: &[Source],
        now: EpochMillis,
    ) -> Result<Table, String> {
        let Some(plan) = &saved.plan else {
            return Err("it has a parameter without a default value".into());
        };
        if sources.contains(&Source::Stdin) {
            return Err("standard input was read for the metric filters; name files instead".into());
        }
        let own = stack.log_group();
        if let Some(other) = saved.groups.iter().find(|group| own.is_some_and(|own| own != group.as_str())) {
            return Err(format!(
                "it asks for the log group `{other}`, and the files are those of another one"
            ));
        }
        let named = own.map(|own| (own.to_owned(), sources.to_vec())).into_iter().collect();
        let mut groups = FileGroups::new(sources.to_vec(), named, self.input.read_options())
            .with_threads(self.input.thread_count());
        let window = QueryWindow::everything(now);
        let result = plan.run(&window, &RunLimits::default(), &mut groups).map_err(|error| match error {
            RunError::NoWindow { what } => format!("`{what}` needs a time range; run it by `trailql query`"),
            error => error.to_string(),
        })?;
        let shown: Vec<usize> = (0..result.columns.len())
            .filter(|&at| result.columns.get(at).is_some_and(|name| name != "@ptr"))
            .collect();
        Ok(Table {
            columns: shown.iter().filter_map(|&at| result.columns.get(at).cloned()).collect(),
            rows: result
                .rows
                .iter()
                .map(|row| {
                    let cells = shown.iter().map(|&at| row.get(at)?.render().map(|text| text.into_owned()));
                    cells.collect()
                })
                .collect(),
        })
    }
}

fn write_charts(folder: &Path, replayed: &Replayed<'_>) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::Usage(format!("cannot make `{}`: {error}", folder.display())))?;
    for named in charts(replayed) {
        let numbered = named.close.iter().enumerate();
        let close = numbered.map(|(index, chart)| (format!("{}-close-{}", named.name, index + 1), chart));
        for (name, chart) in std::iter::once((named.name.clone(), &named.chart)).chain(close) {
            write_whole(&folder.join(format!("{name}.svg")), &svg(chart, &SvgOptions::default()))?;
        }
    }
    Ok(())
}

/// `stack.toml over 4,500 events in 1 file (6.8 MB) replayed in 0.08 s: no findings, 0 skipped`
fn closing_line(loaded: &Loaded, published: &Published, started: Instant) -> String {
    let summary = &published.summary;
    let findings = match loaded.findings.len() as u64 {
        0 => "no findings".to_owned(),
        some => counted(some, "finding"),
    };
    format!(
        "{} over {} in {} ({}) replayed in {:.2} s: {findings}, {} skipped\n",
        loaded.name,
        counted(summary.events, "event"),
        counted(summary.files, "file"),
        size(summary.bytes),
        started.elapsed().as_secs_f64(),
        grouped(summary.skipped),
    )
}
