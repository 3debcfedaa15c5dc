//! A laid out picture as markup, from the ground to the marks.

use super::layout::{Layout, Line, NOTE_FONT, TICK_FONT, TICK_GAP, TITLE_FONT};
use super::legend::{self, Placed, Swatch};
use super::markup::{Markup, PathData, px};
use super::style;
use crate::EpochMillis;
use crate::chart::extent::{band_at, drawn, drawn_band, named};
use crate::chart::thin::{Dot, Slice, band_columns, columns, runs};
use crate::chart::{BandPoint, Chart, ShadeKind, calendar, numbers};
use crate::series::{Point, TimeSeries};

/// The width of a column in which points are thinned, in pixels.
const COLUMN: f64 = 1.0;
const MARK_RADIUS: f64 = 3.5;
/// More marks than this say nothing beside the pointer.
const MOST_TITLES: usize = 500;
/// A line of at most so many points shows each as a dot.
const FEW: usize = 60;
const ALARM_BAR: f64 = 5.0;

pub(super) fn picture(chart: &Chart, layout: &Layout, embedded: bool) -> String {
    let mut out = Markup::default();
    let (width, height) = (px(layout.width), px(layout.height));
    let view = format!("0 0 {width} {height}");
    out.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("class", "tq-chart"),
            ("role", "img"),
            ("viewBox", &view),
            ("width", &width),
            ("height", &height),
        ],
    );
    out.text("title", &[], &chart.title);
    out.text("desc", &[], &description(chart));
    if !embedded {
        out.style(style::STYLE);
        rect(&mut out, "tq-surface", (0.0, 0.0), (layout.width, layout.height));
    }
    for line in &layout.title {
        text(&mut out, line, "tq-title", TITLE_FONT, "start");
    }
    for line in &layout.subtitle {
        text(&mut out, line, "tq-note", NOTE_FONT, "start");
    }
    if let Some(line) = &layout.axis_label {
        text(&mut out, line, "tq-note", TICK_FONT, "start");
    }
    grid(&mut out, layout);
    shades(&mut out, chart, layout);
    let band = drawn_band(&chart.band, chart.range);
    let slices = slices(chart, layout, &band);
    expected_range(&mut out, &slices);
    lines(&mut out, chart, layout);
    upper_edge(&mut out, chart, layout, &slices);
    expected_value(&mut out, chart, layout, &band);
    thresholds(&mut out, chart, layout);
    axes(&mut out, layout);
    alarm_bars(&mut out, chart, layout);
    marks(&mut out, chart, layout, &band);
    for entry in &layout.legend {
        legend_entry(&mut out, entry);
    }
    if layout.values.is_none() {
        let x = f64::midpoint(layout.left, layout.right);
        let line = Line { text: "no data".to_owned(), x, y: f64::midpoint(layout.top, layout.bottom) };
        text(&mut out, &line, "tq-note", 14.0, "middle");
    }
    out.close("svg");
    out.finish()
}

/// What a listener must know of the picture.
fn description(chart: &Chart) -> String {
    let mut parts = vec![calendar::caption(chart.range, chart.period, &chart.time_zone)];
    let points =
        || chart.lines.iter().flat_map(|line| drawn(&line.points, chart.range)).map(|point| point.value);
    let many = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    match points().next() {
        None => parts.push("no data".to_owned()),
        Some(first) => {
            let (low, high) =
                points().fold((first, first), |(low, high), value| (low.min(value), high.max(value)));
            let values = format!("values from {} to {}", numbers::figure(low), numbers::figure(high));
            parts.push(format!("{}, {values}", many(chart.lines.len(), "line")));
        }
    }
    if !chart.band.is_empty() {
        parts.push(format!("{} outside of the expected range", many(chart.anomalies.len(), "point")));
    }
    let alarms = chart.shades.iter().filter(|shade| shade.kind == ShadeKind::Alarm).count();
    if alarms > 0 {
        parts.push(format!("{} in ALARM", many(alarms, "time")));
    }
    format!("{}.", parts.join("; "))
}

fn grid(out: &mut Markup, layout: &Layout) {
    for tick in layout.values.iter().flat_map(|axis| &axis.ticks) {
        let y = layout.y(tick.value);
        let class = if tick.value == 0.0 { "tq-axis" } else { "tq-grid" };
        line(out, class, (layout.left, y), (layout.right, y));
    }
    for tick in layout.times.iter().filter(|tick| tick.strong) {
        let x = layout.x(tick.at);
        line(out, "tq-grid", (x, layout.top), (x, layout.bottom));
    }
}

fn axes(out: &mut Markup, layout: &Layout) {
    line(out, "tq-axis", (layout.left, layout.bottom), (layout.right, layout.bottom));
    for tick in layout.values.iter().flat_map(|axis| &axis.ticks) {
        let y = layout.y(tick.value) + TICK_FONT * 0.35;
        let label = Line { text: tick.label.clone(), x: layout.left - TICK_GAP, y };
        text(out, &label, "tq-note", TICK_FONT, "end");
    }
    for tick in &layout.times {
        let x = layout.x(tick.at);
        line(out, "tq-axis", (x, layout.bottom), (x, layout.bottom + 5.0));
        if !tick.label.is_empty() {
            let class = if tick.strong { "tq-strong" } else { "tq-note" };
            let label = Line { text: tick.label.clone(), x, y: layout.bottom + TICK_GAP + TICK_FONT };
            text(out, &label, class, TICK_FONT, "middle");
        }
    }
    text(out, &layout.caption, "tq-note", TICK_FONT, "start");
}

fn shades(out: &mut Markup, chart: &Chart, layout: &Layout) {
    for kind in [ShadeKind::Window, ShadeKind::Alarm] {
        for shade in chart.shades.iter().filter(|shade| shade.kind == kind) {
            let Some((from, to)) = visible(layout.columns(shade.range), layout) else { continue };
            let class = if kind == ShadeKind::Alarm { "tq-alarm" } else { "tq-window" };
            rect(out, class, (from, layout.top), (to - from, layout.bottom - layout.top));
            if kind == ShadeKind::Window {
                line(out, "tq-window-edge", (from, layout.top), (from, layout.bottom));
                line(out, "tq-window-edge", (to, layout.top), (to, layout.bottom));
            }
        }
    }
    for name in &layout.windows {
        text(out, name, "tq-window-name", TICK_FONT, "middle");
    }
}

fn alarm_bars(out: &mut Markup, chart: &Chart, layout: &Layout) {
    for shade in chart.shades.iter().filter(|shade| shade.kind == ShadeKind::Alarm) {
        if let Some((from, to)) = visible(layout.columns(shade.range), layout) {
            rect(out, "tq-alarm-bar", (from, layout.bottom), (to - from, ALARM_BAR));
        }
    }
}

/// The same edges, at least three pixels apart.
fn visible(edges: Option<(f64, f64)>, layout: &Layout) -> Option<(f64, f64)> {
    let (from, to) = edges?;
    let from = from.min(layout.right - 3.0);
    Some((from, to.max(from + 3.0)))
}

/// The runs of the band, thinned.
fn slices(chart: &Chart, layout: &Layout, band: &[BandPoint]) -> Vec<Vec<Slice>> {
    let slice = |point: &BandPoint| {
        let (upper, lower) = (layout.y(point.upper), layout.y(point.lower));
        Slice { x: layout.x(point.at), upper, lower }
    };
    runs(band, chart.period.millis())
        .map(|run| {
            let mut slices: Vec<Slice> = run.iter().map(slice).collect();
            // The band holds to the end of the last period.
            if let (Some(point), Some(last)) = (run.last(), slices.last()) {
                let end = EpochMillis(point.at.0.saturating_add(chart.period.millis()));
                slices.push(Slice { x: layout.x(end), ..*last });
            }
            band_columns(&slices, COLUMN)
        })
        .collect()
}

fn expected_range(out: &mut Markup, runs: &[Vec<Slice>]) {
    let mut area = PathData::default();
    for run in runs {
        area.polyline(run.iter().map(|slice| (slice.x, slice.upper)));
        for slice in run.iter().rev() {
            area.line_to(slice.x, slice.lower);
        }
        area.close();
    }
    if !area.is_empty() {
        out.empty("path", &[("class", "tq-band"), ("d", area.as_str())]);
    }
}

/// Where many points share a pixel, lines become an area that hides the band; its upper edge then lies over them.
fn upper_edge(out: &mut Markup, chart: &Chart, layout: &Layout, runs: &[Vec<Slice>]) {
    let most = chart.lines.iter().map(|line| line.points.len()).max().unwrap_or(0);
    if (most as f64) < layout.right - layout.left {
        return;
    }
    let mut edge = PathData::default();
    for run in runs {
        edge.polyline(run.iter().map(|slice| (slice.x, slice.upper)));
    }
    if !edge.is_empty() {
        out.empty("path", &[("class", "tq-band-edge"), ("d", edge.as_str())]);
    }
}

/// Lies over the lines, which would hide it where there are many points, and is visible on them and on the band.
fn expected_value(out: &mut Markup, chart: &Chart, layout: &Layout, band: &[BandPoint]) {
    let expected: Vec<Point> =
        band.iter().map(|point| Point { at: point.at, value: point.expected }).collect();
    let (path, _) = line_path(&drawn(&expected, chart.range), chart, layout);
    if !path.is_empty() {
        out.empty("path", &[("class", "tq-expected"), ("d", path.as_str())]);
    }
}

/// The named lines lie over the others, the first on top.
fn lines(out: &mut Markup, chart: &Chart, layout: &Layout) {
    let (named, rest) = named(&chart.lines);
    for series in rest {
        line_of(out, chart, layout, series, "tq-rest", "");
    }
    for (place, series) in named.into_iter().enumerate().rev() {
        line_of(out, chart, layout, series, &style::colour_class(place), style::dash_class(place));
    }
}

fn line_of(out: &mut Markup, chart: &Chart, layout: &Layout, series: &TimeSeries, class: &str, dashes: &str) {
    let points = drawn(&series.points, chart.range);
    let (path, alone) = line_path(&points, chart, layout);
    if !path.is_empty() {
        let class = format!("{class}{dashes}");
        out.titled("path", &[("class", &class), ("d", path.as_str())], &series.label);
    }
    if points.len() <= FEW {
        let mut dots = PathData::default();
        for point in &points {
            dots.dot(layout.x(point.at), layout.y(point.value));
        }
        dot_path(out, &dots, &format!("{class} tq-few"));
    } else {
        dot_path(out, &alone, &format!("{class} tq-alone"));
    }
}

fn dot_path(out: &mut Markup, dots: &PathData, class: &str) {
    if !dots.is_empty() {
        out.empty("path", &[("class", class), ("d", dots.as_str())]);
    }
}

/// A line a run, and the runs of one point as dots. Dots that look alike are drawn once.
fn line_path(points: &[Point], chart: &Chart, layout: &Layout) -> (PathData, PathData) {
    let (mut line, mut alone) = (PathData::default(), PathData::default());
    let mut seen = Seen::default();
    for run in runs(points, chart.period.millis()) {
        let dots: Vec<Dot> =
            run.iter().map(|point| Dot { x: layout.x(point.at), y: layout.y(point.value) }).collect();
        let [dot] = *dots.as_slice() else {
            line.polyline(columns(&dots, COLUMN).into_iter().map(|dot| (dot.x, dot.y)));
            continue;
        };
        if seen.is_new(dot) {
            alone.dot(dot.x, dot.y);
        }
    }
    (line, alone)
}

/// The heights that have a dot in the current column of pixels.
#[derive(Default)]
struct Seen {
    column: Option<i64>,
    heights: Vec<i64>,
}

impl Seen {
    /// Whether a dot would be seen beside those before it, which came in order of time.
    fn is_new(&mut self, dot: Dot) -> bool {
        let (column, height) = (dot.x.floor() as i64, dot.y.round() as i64);
        if self.column != Some(column) {
            *self = Seen { column: Some(column), heights: Vec::new() };
        }
        let is_new = !self.heights.contains(&height);
        if is_new {
            self.heights.push(height);
        }
        is_new
    }
}

fn thresholds(out: &mut Markup, chart: &Chart, layout: &Layout) {
    if layout.values.is_none() {
        return;
    }
    for threshold in chart.thresholds.iter().filter(|threshold| threshold.value.is_finite()) {
        let y = layout.y(threshold.value);
        line(out, "tq-threshold", (layout.left, y), (layout.right, y));
    }
}

fn marks(out: &mut Markup, chart: &Chart, layout: &Layout, band: &[BandPoint]) {
    let mut seen = Seen::default();
    for (index, point) in drawn(&chart.anomalies, chart.range).into_iter().enumerate() {
        let dot = Dot { x: layout.x(point.at), y: layout.y(point.value) };
        if !seen.is_new(dot) {
            continue;
        }
        let place = (px(dot.x), px(dot.y));
        let radius = px(MARK_RADIUS);
        let attributes = [("class", "tq-mark"), ("cx", &place.0), ("cy", &place.1), ("r", &radius)];
        if index < MOST_TITLES {
            out.titled("circle", &attributes, &mark_title(chart, point, band));
        } else {
            out.empty("circle", &attributes);
        }
    }
}

fn mark_title(chart: &Chart, point: Point, band: &[BandPoint]) -> String {
    let found = format!("{}: {}", calendar::moment(point.at, &chart.time_zone), numbers::figure(point.value));
    let Some(bound) = band_at(band, point) else { return found };
    let expected = match (bound.lower.is_finite(), bound.upper.is_finite()) {
        (true, true) => format!("{} to {}", numbers::figure(bound.lower), numbers::figure(bound.upper)),
        (false, true) => format!("at most {}", numbers::figure(bound.upper)),
        (true, false) => format!("at least {}", numbers::figure(bound.lower)),
        (false, false) => return found,
    };
    format!("{found} (expected {expected})")
}

fn legend_entry(out: &mut Markup, entry: &Placed) {
    let middle = entry.y - legend::FONT * 0.35;
    let (x, end) = (entry.x, entry.x + legend::SWATCH);
    match &entry.swatch {
        Swatch::Line(classes) => line(out, classes, (x, middle), (end, middle)),
        Swatch::Expected => {
            rect(out, "tq-band", (x, middle - 5.0), (legend::SWATCH, 10.0));
            line(out, "tq-expected", (x, middle), (end, middle));
        }
        Swatch::Threshold => line(out, "tq-threshold", (x, middle), (end, middle)),
        Swatch::Band => rect(out, "tq-band", (x, middle - 5.0), (legend::SWATCH, 10.0)),
        Swatch::Alarm => {
            rect(out, "tq-alarm", (x, middle - 6.0), (legend::SWATCH, 9.0));
            rect(out, "tq-alarm-bar", (x, middle + 3.0), (legend::SWATCH, 3.0));
        }
        Swatch::Window => {
            rect(out, "tq-window", (x, middle - 5.0), (legend::SWATCH, 10.0));
            line(out, "tq-window-edge", (x, middle - 5.0), (x, middle + 5.0));
            line(out, "tq-window-edge", (end, middle - 5.0), (end, middle + 5.0));
        }
        Swatch::Mark => {
            let (x, y, radius) = (px(f64::midpoint(x, end)), px(middle), px(MARK_RADIUS));
            out.empty("circle", &[("class", "tq-mark"), ("cx", &x), ("cy", &y), ("r", &radius)]);
        }
    }
    let name = Line { text: entry.label.clone(), x: end + legend::GAP, y: entry.y };
    match &entry.whole {
        None => text(out, &name, "tq-name", legend::FONT, "start"),
        Some(whole) => {
            out.open("g", &[]);
            out.text("title", &[], whole);
            text(out, &name, "tq-name", legend::FONT, "start");
            out.close("g");
        }
    }
    if let Some(figure) = &entry.figure {
        let figure = Line { text: figure.clone(), x: entry.right, y: entry.y };
        text(out, &figure, "tq-note", legend::FONT, "end");
    }
}

fn text(out: &mut Markup, line: &Line, class: &str, font: f64, anchor: &str) {
    let (x, y, size) = (px(line.x), px(line.y), px(font));
    let attributes = [("class", class), ("x", &x), ("y", &y), ("font-size", &size), ("text-anchor", anchor)];
    out.text("text", &attributes, &line.text);
}

fn line(out: &mut Markup, class: &str, from: (f64, f64), to: (f64, f64)) {
    let places = [from.0, from.1, to.0, to.1].map(px);
    let [x1, y1, x2, y2] = &places;
    out.empty("line", &[("class", class), ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)]);
}

fn rect(out: &mut Markup, class: &str, corner: (f64, f64), size: (f64, f64)) {
    let places = [corner.0, corner.1, size.0, size.1].map(px);
    let [x, y, width, height] = &places;
    out.empty("rect", &[("class", class), ("x", x), ("y", y), ("width", width), ("height", height)]);
}
