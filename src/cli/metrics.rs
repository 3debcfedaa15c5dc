//! `trailql metrics`: the metric data that a stack's filters emit.

use std::borrow::Cow;
use std::io::Write;
use std::path::PathBuf;

use crate::EpochMillis;
use crate::chart::{Chart, Summary, terminal};
use crate::report::rows::{Column, Format as RowFormat, Layout, RowWriter};
use crate::series::exchange::{ImportedSeries, SeriesStatus, csv, metric_data};
use crate::series::{MetricStore, Period, Statistic, TimeRange, TimeSeries, Unit};

use super::import::Import;
use super::stack::{Input, Shown, load};
use super::terminal::Terminal;
use super::window::{Window, instant};
use super::{Failure, Status};

/// Print the metric data that a stack's metric filters emit for log files, or that other tools exported.
#[derive(Debug, clap::Args)]
pub(super) struct Metrics {
    #[command(flatten)]
    pub(super) data: DataSource,

    /// Only the metrics of this name.
    #[arg(long, value_name = "NAME")]
    metric: Option<String>,

    /// The statistic, such as Sum, Average or p99.
    #[arg(long, default_value = "Sum", value_name = "STATISTIC")]
    stat: String,

    /// How it is printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Where metric data come from, and of which time and period.
#[derive(Debug, clap::Args)]
pub(super) struct DataSource {
    /// The stack file, whose metric filters are run over the files.
    #[arg(long, value_name = "STACK")]
    stack: Option<PathBuf>,

    #[command(flatten)]
    import: Import,

    #[command(flatten)]
    pub(super) input: Input,

    /// The length of a period, in seconds.
    #[arg(long, default_value_t = 300, value_name = "SECONDS")]
    period: u64,

    /// Only data from this time on: RFC 3339, epoch, or relative such as `-2w`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    start: Option<String>,

    /// Only data before this time.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    end: Option<String>,
}

/// How metric data are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// A row for each period, for a person.
    Table,
    /// As GetMetricData answers.
    Json,
    /// A row for each value, with the metric, statistic and period.
    Csv,
    /// A line for each metric, drawn.
    Chart,
}

/// Metric data, and the time and period that are asked of them.
pub(super) struct Data {
    pub(super) store: MetricStore,
    pub(super) range: TimeRange,
    pub(super) period: Period,
    /// Whether everything was read.
    pub(super) is_clean: bool,
}

impl DataSource {
    /// Reads the data; `None` where the stack is refused.
    pub(super) fn read(&self, terminal: &Terminal) -> Result<Option<Data>, Failure> {
        let usage = |error: String| Failure::Usage(error);
        let period = Period::from_seconds(self.period).map_err(|error| usage(error.to_string()))?;
        let mut store = MetricStore::new();
        let mut times: Option<TimeRange> = None;
        let mut is_clean = true;
        if let Some(path) = &self.stack {
            let Some(loaded) = load(path, Shown::Errors, terminal)? else { return Ok(None) };
            // Nothing is read from standard input where data are imported.
            if self.import.paths.is_empty() || !self.input.files.is_empty() {
                let (sources, found_all) = self.input.sources(terminal);
                let published = self.input.publish(&loaded.stack, &sources, terminal)?;
                is_clean = found_all && published.summary.is_clean();
                store = published.store;
                times = published.times;
            }
        } else if !self.input.files.is_empty() || self.import.paths.is_empty() {
            let instead = if self.import.paths.is_empty() {
                ", or metric data of another tool by `--import`"
            } else {
                ""
            };
            return Err(usage(format!(
                "log files need a stack whose metric filters are run over them; give `--stack`{instead}"
            )));
        }
        self.import.put_into(&mut store)?;
        if let Some(range) = store.range() {
            let known = times.get_or_insert(range);
            known.start = known.start.min(range.start);
            known.end = known.end.max(range.end);
        }
        let range = self.range(times, period)?;
        Ok(Some(Data { store, range, period, is_clean }))
    }

    fn range(&self, times: Option<TimeRange>, period: Period) -> Result<TimeRange, Failure> {
        let now = EpochMillis(jiff::Timestamp::now().as_millisecond());
        let usage = |error: super::window::BadTime| Failure::Usage(error.to_string());
        let window = Window::new(self.start.as_deref(), self.end.as_deref(), now).map_err(usage)?;
        let all = times.unwrap_or(TimeRange { start: now, end: now });
        let start = period.floor(window.start.unwrap_or(all.start));
        // Read again so that an end of today means the start of today, as with every other command.
        let end = match &self.end {
            Some(text) => instant(text, now).map_err(usage)?,
            None => {
                let last = period.floor(EpochMillis(all.end.0.saturating_sub(1)));
                EpochMillis(last.0.saturating_add(period.millis()))
            }
        };
        Ok(TimeRange { start, end })
    }

    pub(super) fn status(&self, data: &Data, is_empty: bool) -> Status {
        match () {
            () if !data.is_clean && !self.input.lenient => Status::Failure,
            () if is_empty => Status::Findings,
            () => Status::Success,
        }
    }
}

impl Metrics {
    pub(super) fn run(&self, terminal: &Terminal) -> Result<Status, Failure> {
        let statistic: Statistic = self
            .stat
            .parse()
            .map_err(|error: crate::series::StatisticError| Failure::Usage(error.to_string()))?;
        let Some(data) = self.data.read(terminal)? else { return Ok(Status::Failure) };
        let metrics = data.store.metrics();
        let metrics =
            metrics.filter(|(metric, _)| self.metric.as_ref().is_none_or(|name| *name == metric.name));
        let mut series = Vec::new();
        for (metric, values) in metrics {
            if let Some(reason) = values.unavailable(&statistic, data.range) {
                terminal.complain(&format!("{statistic} of {metric} is left out: {reason}"));
                continue;
            }
            let points = values.points(&statistic, data.period, data.range);
            if points.is_empty() {
                continue;
            }
            let units = values.units();
            series.push(ImportedSeries {
                id: None,
                label: metric.to_string(),
                metric: Some(metric.clone()),
                statistic: Some(statistic),
                period: Some(values.readable_period(data.period)),
                unit: units.first().copied().filter(|_| units.len() == 1),
                status: SeriesStatus::Complete,
                points,
            });
        }
        print(&series, self.format, &data, "metric", terminal)?;
        Ok(self.data.status(&data, series.is_empty()))
    }
}

/// Prints series in one of the forms.
pub(super) fn print(
    series: &[ImportedSeries],
    format: Format,
    data: &Data,
    what: &str,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(terminal.stdout());
    match format {
        Format::Json => out.write_all(metric_data::print(series).as_bytes())?,
        Format::Csv => out.write_all(csv::print(series).as_bytes())?,
        Format::Table => table(series, what, terminal, &mut out)?,
        Format::Chart => out.write_all(chart(series, data, terminal).as_bytes())?,
    }
    out.flush()?;
    Ok(())
}

fn table(
    series: &[ImportedSeries],
    what: &str,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let columns = [Column::new("time"), Column::new(what), Column::new("value")];
    let layout = Layout {
        format: RowFormat::Table,
        width: terminal.stdout_width(),
        colour: terminal.out.is_coloured(),
    };
    let mut writer = RowWriter::new(&columns, layout, out)?;
    for one in series {
        for point in &one.points {
            writer.row(&[
                Some(Cow::Owned(crate::values::render_time(point.at))),
                Some(Cow::Borrowed(&one.label)),
                Some(Cow::Owned(crate::values::render_number(point.value))),
            ])?;
        }
    }
    writer.finish()?;
    Ok(())
}

fn chart(series: &[ImportedSeries], data: &Data, terminal: &Terminal) -> String {
    let mut chart = Chart::new("", data.range, data.period);
    chart.lines = series
        .iter()
        .map(|one| TimeSeries { label: one.label.clone(), points: one.points.clone() })
        .collect();
    chart.summary = Summary::Sum;
    let unit = series.first().and_then(|one| one.unit).unwrap_or(Unit::None);
    chart.unit = if series.iter().all(|one| one.unit == Some(unit)) { unit } else { Unit::None };
    terminal_chart(&chart, terminal)
}

/// A chart as wide as the terminal.
fn terminal_chart(chart: &Chart, out: &Terminal) -> String {
    const WIDTH: usize = 100;
    const HEIGHT: usize = 20;
    terminal(chart, out.stdout_width().unwrap_or(WIDTH), HEIGHT, out.out.is_coloured())
}
