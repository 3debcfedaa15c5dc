//! Where everything stands in a picture: title, axes, plot, legend.

use super::SvgOptions;
use super::legend::{self, Placed};
use crate::EpochMillis;
use crate::chart::calendar::{self, Room, TimeTick};
use crate::chart::extent::extent;
use crate::chart::scale::ValueAxis;
use crate::chart::text::{clean, fit_end, width, wrap};
use crate::chart::{Chart, ShadeKind};
use crate::series::TimeRange;

pub(super) const TITLE_FONT: f64 = 15.0;
pub(super) const NOTE_FONT: f64 = 12.0;
pub(super) const TICK_FONT: f64 = 11.0;
/// The margin of a picture with a ground of its own. An embedded one lines up with the text around it.
const EDGE: f64 = 12.0;
const EMBEDDED_EDGE: f64 = 1.0;
/// Beneath the caption and beneath the legend.
const FOOT: f64 = 8.0;
const LINE_HEIGHT: f64 = 16.0;
/// Between a label and the axis.
pub(super) const TICK_GAP: f64 = 8.0;
/// The least height of the plot.
const LEAST_PLOT: f64 = 60.0;
/// The height that one step of the value axis should have.
const VALUE_STEP: f64 = 42.0;

/// A text and its base line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) x: f64,
    pub(super) y: f64,
}

/// Everything in its place.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) title: Vec<Line>,
    pub(super) subtitle: Vec<Line>,
    pub(super) axis_label: Option<Line>,
    /// The names of windows, centred.
    pub(super) windows: Vec<Line>,
    /// `None` where there is nothing to draw.
    pub(super) values: Option<ValueAxis>,
    pub(super) times: Vec<TimeTick>,
    pub(super) caption: Line,
    pub(super) legend: Vec<Placed>,
    edge: f64,
    range: TimeRange,
}

impl Layout {
    pub(super) fn of(chart: &Chart, options: &SvgOptions) -> Self {
        let width_px = f64::from(options.width.clamp(SvgOptions::LEAST_WIDTH, SvgOptions::MOST));
        let height_px = f64::from(options.height.clamp(SvgOptions::LEAST_HEIGHT, SvgOptions::MOST));
        let edge = if options.embedded { EMBEDDED_EDGE } else { EDGE };
        let room = width_px - 2.0 * edge;

        let mut y = edge;
        let title = lines(&chart.title, TITLE_FONT, 2, edge, room, &mut y);
        let subtitle = lines(chart.subtitle.as_deref().unwrap_or_default(), NOTE_FONT, 3, edge, room, &mut y);
        let has_header = chart.axis_label().is_some() || windows(chart).next().is_some();
        if has_header {
            y += LINE_HEIGHT + 4.0;
        }
        let header = y - 2.0;
        let top = y + if has_header { 7.0 } else { 14.0 };
        let beneath = 2.0 * LINE_HEIGHT + FOOT + 8.0;
        let bottom = (height_px - beneath).max(top + LEAST_PLOT);

        let steps = ((bottom - top) / VALUE_STEP).floor().clamp(2.0, 8.0) as usize;
        let values = extent(chart).map(|extent| ValueAxis::over(extent, steps));
        let labels = values.iter().flat_map(|axis| &axis.ticks).map(|tick| width(&tick.label, TICK_FONT));
        let left = edge + labels.fold(16.0, f64::max).min(room / 3.0) + TICK_GAP;
        let right = width_px - edge - 8.0;

        let mut layout = Layout {
            width: width_px,
            height: 0.0,
            left,
            right,
            top,
            bottom,
            title,
            subtitle,
            axis_label: None,
            windows: Vec::new(),
            values,
            times: Vec::new(),
            caption: Line { text: String::new(), x: left, y: bottom + 2.0 * LINE_HEIGHT + 6.0 },
            legend: Vec::new(),
            edge,
            range: chart.range,
        };
        layout.place_times(chart);
        let windows_named = layout.place_header(chart, header);
        layout.place_legend(chart, !windows_named, beneath);
        layout
    }

    /// Where an instant stands; what is outside stands at the edge.
    pub(super) fn x(&self, at: EpochMillis) -> f64 {
        let whole = self.range.millis() as f64;
        let part = at.0.saturating_sub(self.range.start.0) as f64;
        let fraction = if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 };
        self.left + fraction * (self.right - self.left)
    }

    /// Where a value stands.
    pub(super) fn y(&self, value: f64) -> f64 {
        let fraction = self.values.as_ref().map_or(0.0, |axis| axis.fraction(value));
        self.bottom - fraction * (self.bottom - self.top)
    }

    /// The part of a time that is inside, as left and right edge.
    pub(super) fn columns(&self, range: TimeRange) -> Option<(f64, f64)> {
        let is_inside = range.start < self.range.end && range.end > self.range.start && range.millis() > 0;
        is_inside.then(|| (self.x(range.start), self.x(range.end)))
    }

    fn place_times(&mut self, chart: &Chart) {
        let position = |at| self.x(at);
        let measure = |text: &str| width(text, TICK_FONT);
        let room = Room { position: &position, width: &measure, gap: 14.0, from: 2.0, to: self.width - 2.0 };
        let ticks = calendar::ticks(chart.range, &chart.time_zone, &room);
        self.times = ticks;
        let room = self.width - self.edge - self.left;
        let fits = |text: &str| width(text, TICK_FONT) <= room;
        let caption = calendar::fitting_caption(chart.range, chart.period, &chart.time_zone, fits);
        self.caption.text = fit_end(&clean(&caption), room, |text| width(text, TICK_FONT)).into_owned();
    }

    /// Places the name of the value axis and those of windows in one line above the plot. Says whether all windows
    /// have their name there.
    fn place_header(&mut self, chart: &Chart, y: f64) -> bool {
        let measure = |text: &str| width(text, TICK_FONT);
        let mut taken: Vec<(f64, f64)> = Vec::new();
        if let Some(label) = chart.axis_label() {
            let room = (self.width - 2.0 * self.edge) / 2.0;
            let text = fit_end(&clean(label), room, measure).into_owned();
            let x = self.edge;
            taken.push((x, x + measure(&text)));
            self.axis_label = Some(Line { text, x, y });
        }
        let mut names = Vec::new();
        for (label, range) in windows(chart) {
            let Some((from, to)) = self.columns(range) else { continue };
            let text = clean(label).into_owned();
            let half = measure(&text) / 2.0;
            if 2.0 * half > self.width - 2.0 * self.edge {
                return false;
            }
            let x = f64::midpoint(from, to).clamp(self.edge + half, self.width - self.edge - half);
            if taken.iter().any(|(start, end)| x - half < end + 10.0 && x + half > start - 10.0) {
                return false;
            }
            taken.push((x - half, x + half));
            names.push(Line { text, x, y });
        }
        self.windows = names;
        true
    }

    fn place_legend(&mut self, chart: &Chart, name_windows: bool, beneath: f64) {
        let (mut placed, height) = match self.values {
            Some(_) => legend::placed(chart, name_windows, self.width - self.edge - self.left),
            None => (Vec::new(), 0.0),
        };
        let top = self.bottom + beneath;
        for entry in &mut placed {
            entry.x += self.left;
            entry.right += self.left;
            entry.y += top;
        }
        self.legend = placed;
        self.height = if height > 0.0 { top + height + FOOT } else { top };
    }
}

/// The names and times of windows that have a name.
fn windows(chart: &Chart) -> impl Iterator<Item = (&str, TimeRange)> {
    let windows =
        chart.shades.iter().filter(|shade| shade.kind == ShadeKind::Window && !shade.label.is_empty());
    windows.map(|shade| (shade.label.as_str(), shade.range))
}

/// Lines of a text one beneath the other; moves `y` below the last.
fn lines(text: &str, font: f64, most: usize, x: f64, room: f64, y: &mut f64) -> Vec<Line> {
    let wrapped = wrap(&clean(text), room, most, |text| width(text, font));
    wrapped
        .into_iter()
        .map(|text| {
            *y += font + 4.0;
            Line { text, x, y: *y - 3.0 }
        })
        .collect()
}
