//! A chart in characters: braille dots for lines, shade for the band, signs for anomalies and alarms.

mod canvas;
mod legend;

use canvas::{ACROSS, Canvas, DOWN, Ink, Painted};

use super::calendar::{self, Room, TimeTick};
use super::extent::{drawn, drawn_band, extent, named};
use super::scale::ValueAxis;
use super::text::{cells, clean, fit_end, wrap};
use super::thin::{Dot, Slice, band_columns, columns, runs};
use super::{Chart, ShadeKind};
use crate::EpochMillis;
use crate::series::{Point, TimeRange};

const LEAST_WIDTH: usize = 24;
const LEAST_HEIGHT: usize = 8;
const MOST: usize = 1_000;

/// The chart in `height` lines of at most `width` cells, and the legend beneath. The width is taken into 24 to 1,000
/// cells, the height into 8 to 1,000 lines; the plot has three lines at least. Every line is ended by a line feed. With
/// `colour`, parts are painted with the basic colours of the terminal; labels never hold escape sequences.
///
/// ```
/// use trailql::EpochMillis;
/// use trailql::chart::{Chart, terminal};
/// use trailql::series::{Period, TimeRange};
///
/// let range = TimeRange { start: EpochMillis(0), end: EpochMillis(3_600_000) };
/// let picture = terminal(&Chart::new("presigned-URL", range, Period::MINUTE), 40, 10, false);
/// assert!(picture.starts_with("presigned-URL\n"));
/// assert!(picture.contains("no data"));
/// assert_eq!(picture.lines().count(), 10);
/// ```
pub fn terminal(chart: &Chart, width: usize, height: usize, colour: bool) -> String {
    let width = width.clamp(LEAST_WIDTH, MOST);
    let height = height.clamp(LEAST_HEIGHT, MOST);
    let mut lines = header(chart, width, colour);
    let has_alarms = chart.shades.iter().any(|shade| shade.kind == ShadeKind::Alarm);
    let has_windows = windows(chart).next().is_some();
    let around = lines.len() + 3 + usize::from(has_alarms) + usize::from(has_windows);
    let rows = height.saturating_sub(around).max(3);
    let field = Field::of(chart, width, rows);

    let mut unnamed = Vec::new();
    if has_windows {
        let (line, left) = window_lane(chart, &field, colour);
        lines.push(line);
        unnamed = left;
    }
    lines.extend(plot(chart, &field, colour));
    lines.push(axis(&field, colour));
    if has_alarms {
        lines.push(alarm_lane(chart, &field, colour));
    }
    lines.push(time_labels(&field, colour));
    lines.push(caption(chart, &field, width, colour));
    if field.values.is_some() {
        lines.extend(legend::rows(chart, &unnamed, width, colour));
    }
    let mut out = lines.join("\n");
    out.push('\n');
    out
}

/// The plot's place in the terminal, and what its axes show.
struct Field {
    range: TimeRange,
    values: Option<ValueAxis>,
    times: Vec<TimeTick>,
    /// The cells before the axis.
    left: usize,
    /// The cells and rows of the plot itself.
    width: usize,
    rows: usize,
}

impl Field {
    fn of(chart: &Chart, width: usize, rows: usize) -> Self {
        let values = extent(chart).map(|extent| ValueAxis::over(extent, (rows / 3).clamp(1, 8)));
        let labels = values.iter().flat_map(|axis| &axis.ticks).map(|tick| cells(&tick.label));
        let left = labels.max().unwrap_or(1).min(width / 3);
        let plot_width = width.saturating_sub(left + 2).max(1);
        let mut field =
            Field { range: chart.range, values, times: Vec::new(), left, width: plot_width, rows };
        let position = |at| field.cell_of(at) as f64 + 0.5;
        let measure = |text: &str| cells(text) as f64;
        let from = -(left as f64) - 2.0;
        let room = Room { position: &position, width: &measure, gap: 2.0, from, to: plot_width as f64 };
        let times = calendar::ticks(chart.range, &chart.time_zone, &room);
        field.times = times;
        field
    }

    /// How far an instant stands from the left, of 1.
    fn part(&self, at: EpochMillis) -> f64 {
        let part = at.0.saturating_sub(self.range.start.0) as f64 / self.range.millis() as f64;
        if part.is_nan() { 0.0 } else { part.clamp(0.0, 1.0) }
    }

    fn cell_of(&self, at: EpochMillis) -> usize {
        ((self.part(at) * self.width as f64) as usize).min(self.width - 1)
    }

    /// Where an instant stands, in dots.
    fn dot_x(&self, at: EpochMillis) -> f64 {
        let dots = (self.width * ACROSS) as f64;
        (self.part(at) * dots).min(dots - 1.0)
    }

    /// Where a value stands, in dots from the top; the lowest dot is the lower end of the axis.
    fn dot_y(&self, value: f64) -> f64 {
        let fraction = self.values.as_ref().map_or(0.0, |axis| axis.fraction(value));
        ((1.0 - fraction) * (self.rows * DOWN - 1) as f64).round()
    }

    fn row_of(&self, value: f64) -> usize {
        self.dot_y(value) as usize / DOWN
    }

    /// The cells of a time, at least one; none where it is outside.
    fn cells_of(&self, range: TimeRange) -> std::ops::Range<usize> {
        if range.start >= self.range.end || range.end <= self.range.start || range.millis() == 0 {
            return 0..0;
        }
        let from = self.cell_of(range.start);
        let end = (self.part(range.end) * self.width as f64).ceil() as usize;
        from..end.clamp(from + 1, self.width.max(from + 1))
    }
}

fn header(chart: &Chart, width: usize, colour: bool) -> Vec<String> {
    let measure = |text: &str| cells(text) as f64;
    let mut lines = Vec::new();
    let mut push = |ink, text: &str, most| {
        for text in wrap(&clean(text), width as f64, most, measure) {
            let mut line = Painted::new(colour);
            line.push(ink, &text);
            lines.push(line.finish());
        }
    };
    push(Ink::Strong, &chart.title, 1);
    push(Ink::Faint, chart.subtitle.as_deref().unwrap_or_default(), 2);
    push(Ink::Faint, chart.axis_label().unwrap_or_default(), 1);
    lines
}

fn windows(chart: &Chart) -> impl Iterator<Item = (&str, TimeRange)> {
    let windows = chart.shades.iter().filter(|shade| shade.kind == ShadeKind::Window);
    windows.map(|shade| (shade.label.as_str(), shade.range))
}

/// Where windows are, each with its name beside it; and the names that found no room.
fn window_lane(chart: &Chart, field: &Field, colour: bool) -> (String, Vec<String>) {
    let mut lane: Vec<char> = vec![' '; field.width];
    for (_, range) in windows(chart) {
        for cell in field.cells_of(range) {
            if let Some(place) = lane.get_mut(cell) {
                *place = '▾';
            }
        }
    }
    let mut unnamed = Vec::new();
    for (label, range) in windows(chart) {
        let span = field.cells_of(range);
        let label = clean(label);
        let size = cells(&label);
        if span.is_empty() || label.is_empty() {
            continue;
        }
        let behind = span.end + 1;
        let before = span.start.saturating_sub(size + 1);
        let is_free = |from: usize| {
            let around = from.saturating_sub(1)..from + size + 1;
            let inside = lane.iter().enumerate().filter(|(cell, _)| around.contains(cell));
            from + size <= field.width
                && inside.into_iter().all(|(cell, c)| *c == ' ' || span.contains(&cell))
        };
        // A wide character would move what stands behind it.
        let is_narrow = size == label.chars().count();
        let place = if is_narrow && is_free(behind) {
            behind
        } else if is_narrow && span.start > size && is_free(before) {
            before
        } else {
            unnamed.push(label.into_owned());
            continue;
        };
        for (cell, c) in label.chars().enumerate() {
            if let Some(free) = lane.get_mut(place + cell) {
                *free = c;
            }
        }
    }
    let mut line = Painted::new(colour);
    line.push(Ink::Plain, &" ".repeat(field.left + 2));
    line.push(Ink::Window, &lane.into_iter().collect::<String>());
    (line.finish(), unnamed)
}

fn plot(chart: &Chart, field: &Field, colour: bool) -> Vec<String> {
    let mut canvas = Canvas::new(field.width, field.rows);
    if field.values.is_some() {
        thresholds(&mut canvas, chart, field);
        band(&mut canvas, chart, field);
        lines(&mut canvas, chart, field);
        for point in drawn(&chart.anomalies, chart.range) {
            canvas.mark(field.cell_of(point.at), field.row_of(point.value), '●', Ink::Mark);
        }
    } else {
        let from = field.width.saturating_sub(7) / 2;
        for (index, c) in "no data".chars().enumerate() {
            canvas.mark(from + index, field.rows / 2, c, Ink::Faint);
        }
    }
    canvas
        .rows()
        .enumerate()
        .map(|(row, cells)| {
            let mut line = Painted::new(colour);
            let tick = value_tick(field, row);
            let label = fit_end(tick.unwrap_or_default(), field.left as f64, |text| self::cells(text) as f64);
            let blanks = " ".repeat(field.left.saturating_sub(self::cells(&label)));
            line.push(Ink::Plain, &format!("{blanks}{label} "));
            line.push(Ink::Faint, if tick.is_some() { "┤" } else { "│" });
            cells(&mut line);
            line.finish()
        })
        .collect()
}

/// The label of the tick in a row of the plot.
fn value_tick(field: &Field, row: usize) -> Option<&str> {
    let ticks = field.values.iter().flat_map(|axis| &axis.ticks);
    ticks.into_iter().find(|tick| field.row_of(tick.value) == row).map(|tick| tick.label.as_str())
}

fn thresholds(canvas: &mut Canvas, chart: &Chart, field: &Field) {
    for threshold in chart.thresholds.iter().filter(|threshold| threshold.value.is_finite()) {
        for column in 0..field.width {
            canvas.ground(column, field.row_of(threshold.value), '╌', Ink::Strong);
        }
    }
}

fn band(canvas: &mut Canvas, chart: &Chart, field: &Field) {
    let (across, down) = (ACROSS as f64, DOWN as f64);
    for run in runs(&drawn_band(&chart.band, chart.range), chart.period.millis()) {
        let slices: Vec<Slice> = run
            .iter()
            .map(|point| Slice {
                x: field.dot_x(point.at) / across,
                upper: field.dot_y(point.upper) / down,
                lower: (field.dot_y(point.lower) + 1.0) / down,
            })
            .collect();
        let slices = band_columns(&slices, 1.0);
        if let [only] = slices.as_slice() {
            shade(canvas, field, *only);
        }
        for pair in slices.windows(2) {
            let [from, to] = pair else { continue };
            shade(canvas, field, *from);
            shade(canvas, field, *to);
            for column in (from.x as usize + 1)..(to.x as usize) {
                let part = (column as f64 + 0.5 - from.x) / (to.x - from.x);
                let between = |a: f64, b: f64| a + (b - a) * part;
                shade(
                    canvas,
                    field,
                    Slice {
                        x: column as f64,
                        upper: between(from.upper, to.upper),
                        lower: between(from.lower, to.lower),
                    },
                );
            }
        }
    }
}

/// Shades the rows of a column that the band fills by half, or the one that holds all of it.
fn shade(canvas: &mut Canvas, field: &Field, slice: Slice) {
    let middle = f64::midpoint(slice.upper, slice.lower) as usize;
    for row in 0..field.rows {
        let covered = slice.lower.min(row as f64 + 1.0) - slice.upper.max(row as f64);
        if covered >= 0.5 || row == middle {
            canvas.ground(slice.x as usize, row, '░', Ink::Faint);
        }
    }
}

fn lines(canvas: &mut Canvas, chart: &Chart, field: &Field) {
    let (named, rest) = named(&chart.lines);
    let rest = rest.into_iter().map(|series| (series, Ink::Faint));
    let named = named.into_iter().enumerate().map(|(place, series)| (series, Ink::Line(place)));
    for (series, ink) in rest.chain(named.rev()) {
        let points: Vec<Point> = drawn(&series.points, chart.range);
        for run in runs(&points, chart.period.millis()) {
            let dots: Vec<Dot> = run
                .iter()
                .map(|point| Dot { x: field.dot_x(point.at), y: field.dot_y(point.value) })
                .collect();
            canvas.polyline(&columns(&dots, 1.0), ink);
        }
    }
}

fn axis(field: &Field, colour: bool) -> String {
    let ticks: Vec<usize> = field.times.iter().map(|tick| field.cell_of(tick.at)).collect();
    let line: String = (0..field.width).map(|cell| if ticks.contains(&cell) { '┬' } else { '─' }).collect();
    let mut out = Painted::new(colour);
    out.push(Ink::Plain, &" ".repeat(field.left + 1));
    out.push(Ink::Faint, &format!("└{line}"));
    out.finish()
}

fn alarm_lane(chart: &Chart, field: &Field, colour: bool) -> String {
    let mut lane = vec![' '; field.width];
    for shade in chart.shades.iter().filter(|shade| shade.kind == ShadeKind::Alarm) {
        for cell in field.cells_of(shade.range) {
            if let Some(place) = lane.get_mut(cell) {
                *place = '▀';
            }
        }
    }
    let mut out = Painted::new(colour);
    out.push(Ink::Plain, &" ".repeat(field.left + 2));
    out.push(Ink::Mark, &lane.into_iter().collect::<String>());
    out.finish()
}

fn time_labels(field: &Field, colour: bool) -> String {
    let mut out = Painted::new(colour);
    let mut used = 0;
    for tick in field.times.iter().filter(|tick| !tick.label.is_empty()) {
        let middle = field.left + 2 + field.cell_of(tick.at);
        let from = (middle + 1).saturating_sub(cells(&tick.label).div_ceil(2)).max(used);
        out.push(Ink::Plain, &" ".repeat(from - used));
        out.push(if tick.strong { Ink::Strong } else { Ink::Plain }, &tick.label);
        used = from + cells(&tick.label);
    }
    out.finish()
}

fn caption(chart: &Chart, field: &Field, width: usize, colour: bool) -> String {
    let fits = |text: &str| cells(text) <= width;
    let text = calendar::fitting_caption(chart.range, chart.period, &chart.time_zone, fits);
    let text = clean(&text).into_owned();
    let indent = if cells(&text) + field.left + 2 <= width { field.left + 2 } else { 0 };
    let mut out = Painted::new(colour);
    out.push(Ink::Plain, &" ".repeat(indent));
    out.push(Ink::Faint, &fit_end(&text, (width - indent) as f64, |text| cells(text) as f64));
    out.finish()
}
