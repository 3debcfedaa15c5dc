//! A backtest for a person at a terminal.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use jiff::tz::TimeZone;

use super::charts::zone_of;
use super::{Replayed, Table, charts, facts};
use crate::anomaly::APPROXIMATION;
use crate::backtest::{AlarmHistory, Causes, History, Watched};
use crate::chart::terminal;
use crate::report::rows::{Column, Format, Layout, RowWriter};
use crate::report::{counted, grouped};
use crate::stack::CheckedFilter;

/// How the text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// How many cells a line may take. `None`: nothing is cut, and charts take 100.
    pub width: Option<usize>,
    /// Whether it is painted.
    pub colour: bool,
    /// Whether only charts are drawn.
    pub charts_only: bool,
}

const HEADING: Style = Style::new().bold();
const ALARM: Style = AnsiColor::Red.on_default().bold();
const FAINT: Style = Style::new().dimmed();
const CHART_WIDTH: usize = 100;
const CHART_HEIGHT: usize = 16;
/// Changes of state that are listed of one alarm.
const MOST_CHANGES: usize = 40;
/// Runs of points outside of a band that are listed.
const MOST_RUNS: usize = 20;
/// Groups that are listed of one alarm.
const MOST_ROWS: usize = 10;

/// Prints a backtest.
///
/// # Errors
/// Those of the stream.
pub fn render(replayed: &Replayed<'_>, options: &TextOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut report = Report { replayed, options, out };
    if options.charts_only {
        return report.charts();
    }
    report.filters()?;
    report.watched()?;
    report.alarms()?;
    report.causes()?;
    report.queries()?;
    report.cost()
}

struct Report<'r, 'w> {
    replayed: &'r Replayed<'r>,
    options: &'r TextOptions,
    out: &'w mut dyn Write,
}

impl Report<'_, '_> {
    fn heading(&mut self, text: &str, more: &str) -> io::Result<()> {
        let text = self.painted(HEADING, text);
        match more {
            "" => writeln!(self.out, "{text}"),
            more => writeln!(self.out, "{text}  {}", self.painted(FAINT, more)),
        }
    }

    fn painted(&self, style: Style, text: &str) -> String {
        match self.options.colour && !text.is_empty() {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }

    fn table(&mut self, table: &Table) -> io::Result<()> {
        let columns: Vec<Column> = table.columns.iter().map(Column::new).collect();
        let layout = Layout { format: Format::Table, width: self.options.width, colour: self.options.colour };
        let mut writer = RowWriter::new(&columns, layout, &mut *self.out)?;
        for row in &table.rows {
            let cells: Vec<Option<Cow<'_, str>>> =
                row.iter().map(|cell| cell.as_deref().map(Cow::Borrowed)).collect();
            writer.row(&cells)?;
        }
        writer.finish()?;
        writeln!(self.out)
    }

    fn filters(&mut self) -> io::Result<()> {
        let stack = self.replayed.stack;
        self.heading("Metric filters", stack.log_group().unwrap_or_default())?;
        let mut table = Table::named(&["filter", "matches", "samples", "metric"]);
        for (filter, run) in stack.filters().iter().zip(&self.replayed.published.filters) {
            let emission = run.emission();
            let samples = emission.samples + emission.default_samples;
            table.push([filter.name.clone(), grouped(emission.matches), grouped(samples), metric_of(filter)]);
        }
        self.table(&table)?;
        let dropped: Vec<String> = stack
            .filters()
            .iter()
            .zip(&self.replayed.published.filters)
            .flat_map(|(filter, run)| {
                let reasons = run.emission().dropped.iter();
                reasons.map(|(reason, count)| {
                    format!("{}: {} not published, for {reason}", filter.name, grouped(*count))
                })
            })
            .collect();
        for line in &dropped {
            writeln!(self.out, "{line}")?;
        }
        if dropped.is_empty() { Ok(()) } else { writeln!(self.out) }
    }

    fn watched(&mut self) -> io::Result<()> {
        let charts = charts::charts(self.replayed);
        for (watched, chart) in self.replayed.backtest.watched.iter().zip(&charts) {
            self.heading("Metric", &facts::series(watched))?;
            let mut chart = chart.chart.clone();
            // Said by the heading, and by the line beneath.
            chart.title = String::new();
            chart.subtitle = None;
            let width = self.options.width.unwrap_or(CHART_WIDTH).min(160);
            write!(self.out, "{}", terminal(&chart, width, CHART_HEIGHT, self.options.colour))?;
            if let Some(missing) = &watched.missing {
                writeln!(self.out, "no data: {missing}")?;
            }
            if let Some(outside) = facts::outside(watched) {
                writeln!(self.out, "{outside}")?;
                let note = self.painted(FAINT, APPROXIMATION);
                writeln!(self.out, "{note}")?;
            }
            writeln!(self.out)?;
            self.outside(watched)?;
        }
        Ok(())
    }

    fn outside(&mut self, watched: &Watched) -> io::Result<()> {
        let Some((table, more)) = facts::outside_table(watched, MOST_RUNS) else { return Ok(()) };
        self.table(&table)?;
        self.more(more.saturating_add(MOST_RUNS), MOST_RUNS, "run")
    }

    fn more(&mut self, all: usize, shown: usize, what: &str) -> io::Result<()> {
        match all.saturating_sub(shown) {
            0 => Ok(()),
            rest => writeln!(self.out, "and {} more\n", counted(rest as u64, what)),
        }
    }

    fn alarms(&mut self) -> io::Result<()> {
        for alarm in &self.replayed.backtest.alarms {
            let zone = zone_of(self.replayed, &alarm.name);
            let timeline = alarm.timeline();
            let raised = facts::raised(alarm);
            let state = timeline.state();
            self.heading(&format!("Alarm {}", alarm.name), &format!("{raised}, {state} at the end"))?;
            let mut table = Table::named(&["from", "state", "reason"]);
            for change in timeline.changes().iter().take(MOST_CHANGES) {
                table.push(facts::change(change, &zone));
            }
            self.table(&table)?;
            self.more(timeline.changes().len(), MOST_CHANGES, "change")?;
            self.contributors(alarm, &zone)?;
        }
        Ok(())
    }

    fn contributors(&mut self, alarm: &AlarmHistory, zone: &TimeZone) -> io::Result<()> {
        let History::Grouped(query) = &alarm.history else { return Ok(()) };
        let mut table = Table::named(&["contributor", "alarms", "first"]);
        let mut alarmed = 0;
        for contributor in &query.contributors {
            let changes = contributor.timeline.changes();
            let first = changes.iter().find(|change| change.to == crate::alarm::AlarmState::Alarm);
            let Some(first) = first else { continue };
            alarmed += 1;
            if alarmed <= MOST_CHANGES {
                let alarms = grouped(contributor.timeline.alarms() as u64);
                table.push([contributor.identity.label.clone(), alarms, facts::time(first.at, zone)]);
            }
        }
        if alarmed > 0 {
            self.table(&table)?;
            self.more(alarmed, MOST_CHANGES, "contributor")?;
        }
        Ok(())
    }

    fn causes(&mut self) -> io::Result<()> {
        for causes in &self.replayed.backtest.causes {
            let zone = zone_of(self.replayed, &causes.alarm);
            let when = format!("{}, {}", causes.alarm, facts::times(causes.during, &zone));
            self.heading("Who was behind it", &when)?;
            writeln!(self.out, "{}", self.painted(FAINT, &causes.query.to_string()))?;
            self.table(&who(causes, MOST_ROWS))?;
            self.more(causes.rows.len(), MOST_ROWS, "group")?;
        }
        Ok(())
    }

    fn queries(&mut self) -> io::Result<()> {
        for query in &self.replayed.backtest.queries {
            for note in &query.notes {
                writeln!(self.out, "{}: {note}\n", query.path)?;
            }
        }
        for query in &self.replayed.backtest.not_run {
            self.heading("Query", &query.path)?;
            writeln!(self.out, "not run: {}\n", query.reason)?;
        }
        for query in self.replayed.queries {
            self.heading("Query", &query.name)?;
            match &query.result {
                Ok(table) if table.rows.is_empty() => writeln!(self.out, "no rows\n")?,
                Ok(table) => self.table(table)?,
                Err(reason) => writeln!(self.out, "not run: {reason}\n")?,
            }
        }
        Ok(())
    }

    fn cost(&mut self) -> io::Result<()> {
        let (lines, warnings) = cost(self.replayed);
        self.heading("Cost", &lines.join(" · "))?;
        for warning in warnings {
            let mark = self.painted(ALARM, "warning:");
            writeln!(self.out, "{mark} {warning}")?;
        }
        Ok(())
    }

    fn charts(&mut self) -> io::Result<()> {
        for named in charts::charts(self.replayed) {
            let width = self.options.width.unwrap_or(CHART_WIDTH).min(200);
            writeln!(self.out, "{}", terminal(&named.chart, width, CHART_HEIGHT + 4, self.options.colour))?;
        }
        Ok(())
    }
}

impl Table {
    pub(super) fn named(columns: &[&str]) -> Self {
        Table { columns: columns.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
    }

    pub(super) fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(Some).collect());
    }
}

/// `advanced-cloudtrail-event / presigned-URL-userName by userName`
pub(super) fn metric_of(filter: &CheckedFilter) -> String {
    let names: Vec<&str> = filter.transformation.dimensions.iter().map(|one| one.name.as_str()).collect();
    match names.as_slice() {
        [] => filter.metric().to_string(),
        names => format!("{} by {}", filter.metric(), names.join(", ")),
    }
}

/// The groups of an alarm, the first few.
pub(super) fn who(causes: &Causes, most: usize) -> Table {
    let keys: Vec<String> = causes.query.group_by.iter().map(|key| key.to_string()).collect();
    let mut columns: Vec<&str> = keys.iter().map(String::as_str).collect();
    columns.extend(["during the alarm", "usually"]);
    let mut table = Table::named(&columns);
    for row in causes.rows.iter().take(most) {
        let mut cells: Vec<String> =
            row.group.iter().map(|value| value.clone().unwrap_or_else(|| "Other".to_owned())).collect();
        cells.extend([facts::number(row.during), facts::number(row.before)]);
        table.push(cells);
    }
    table
}

/// How many custom metrics each filter makes, and what is too much.
pub(super) fn cost(replayed: &Replayed<'_>) -> (Vec<String>, Vec<String>) {
    let (mut lines, mut warnings, mut total) = (Vec::new(), Vec::new(), 0);
    for (filter, run) in replayed.stack.filters().iter().zip(&replayed.published.filters) {
        let cardinality = run.cardinality();
        total += cardinality.metrics;
        for dimension in &cardinality.dimensions {
            let values = counted(dimension.values, "value");
            lines.push(format!("`{}` of {} has {values}", dimension.name, filter.name));
        }
        warnings
            .extend(cardinality.warnings().into_iter().map(|warning| format!("{}: {warning}", filter.name)));
    }
    let metrics = counted(total, "custom metric");
    lines.insert(0, metrics);
    (lines, warnings)
}
