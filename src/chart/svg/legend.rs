//! The legend beneath a picture: which entries there are, and where each stands.

use super::style;
use crate::chart::extent::{named, summary};
use crate::chart::text::{clean, fit_middle, width};
use crate::chart::{Chart, ShadeKind, numbers};
use crate::series::TimeSeries;

pub(super) const FONT: f64 = 12.0;
pub(super) const ROW: f64 = 19.0;
/// How long the sample before a name is.
pub(super) const SWATCH: f64 = 22.0;
/// Between sample and name, and between name and number.
pub(super) const GAP: f64 = 7.0;
const COLUMN_GAP: f64 = 24.0;
/// The width from which a name may be cut.
const WIDEST_LABEL: f64 = 260.0;
/// How many names windows and thresholds may add each.
const MOST_MARKS: usize = 6;

/// What stands before a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Swatch {
    /// A line with these classes.
    Line(String),
    Band,
    /// The band with the expected value in it.
    Expected,
    Mark,
    Alarm,
    Window,
    Threshold,
}

/// One entry, not yet placed.
#[derive(Clone, Debug)]
struct Entry {
    swatch: Swatch,
    label: String,
    figure: Option<String>,
}

/// One entry in its place: `x` is its left edge, `y` the base line of its text.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) swatch: Swatch,
    /// As much of the name as there is room for.
    pub(super) label: String,
    /// The whole name, where it was cut.
    pub(super) whole: Option<String>,
    pub(super) figure: Option<String>,
    pub(super) x: f64,
    pub(super) y: f64,
    /// Where the number ends.
    pub(super) right: f64,
}

/// The entries in their places within a width, counted from the legend's upper left corner, and the height. Many lines
/// stand in columns, the first column first; everything else in rows.
pub(super) fn placed(chart: &Chart, name_windows: bool, room: f64) -> (Vec<Placed>, f64) {
    let mut lines = lines(chart);
    let mut marks = marks(chart, name_windows);
    let (mut placed, mut height) = (Vec::new(), 0.0);
    if lines.len() > 1 && row_width(&lines) > room {
        (placed, height) = in_columns(std::mem::take(&mut lines), room);
    }
    lines.append(&mut marks);
    in_rows(lines, room, &mut placed, &mut height);
    (placed, height)
}

fn row_width(entries: &[Entry]) -> f64 {
    entries.iter().map(|entry| entry.width() + COLUMN_GAP).sum::<f64>() - COLUMN_GAP
}

fn in_rows(entries: Vec<Entry>, room: f64, placed: &mut Vec<Placed>, height: &mut f64) {
    let mut x = 0.0;
    for entry in entries {
        let width = entry.width().min(room);
        if x > 0.0 && x + width > room {
            x = 0.0;
        }
        if x == 0.0 {
            *height += ROW;
        }
        let label = width - SWATCH - GAP - figure_width(entry.figure.as_deref());
        placed.push(entry.at(x, *height - ROW + FONT, x + width, label));
        x += width + COLUMN_GAP;
    }
}

fn in_columns(entries: Vec<Entry>, room: f64) -> (Vec<Placed>, f64) {
    let figure = entries.iter().map(|entry| figure_width(entry.figure.as_deref())).fold(0.0, f64::max);
    let longest = entries.iter().map(|entry| width(&entry.label, FONT)).fold(0.0, f64::max);
    let around = SWATCH + GAP + figure;
    let column = around + longest.min(WIDEST_LABEL);
    let most = ((room + COLUMN_GAP) / (column + COLUMN_GAP)).floor().clamp(1.0, 12.0);
    let rows = entries.len().div_ceil(most as usize);
    let columns = entries.len().div_ceil(rows) as f64;
    // Names that were to be cut take what room the columns leave.
    let column = ((room + COLUMN_GAP) / columns - COLUMN_GAP).min(around + longest);
    let placed = entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| {
            let (at, row) = (index / rows, index % rows);
            let x = at as f64 * (column + COLUMN_GAP);
            entry.at(x, row as f64 * ROW + FONT, x + column, column - around)
        })
        .collect();
    (placed, rows as f64 * ROW)
}

impl Entry {
    fn width(&self) -> f64 {
        SWATCH + GAP + width(&self.label, FONT).min(WIDEST_LABEL) + figure_width(self.figure.as_deref())
    }

    fn at(self, x: f64, y: f64, right: f64, most: f64) -> Placed {
        let label = fit_middle(&self.label, most + 0.01, |text| width(text, FONT)).into_owned();
        let whole = (label != self.label).then_some(self.label);
        Placed { swatch: self.swatch, label, whole, figure: self.figure, x, y, right }
    }
}

fn figure_width(figure: Option<&str>) -> f64 {
    figure.map_or(0.0, |figure| GAP + width(figure, FONT))
}

fn marks(chart: &Chart, name_windows: bool) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mark = |swatch, label: &str| Entry { swatch, label: clean(label).into_owned(), figure: None };
    let inside: Vec<_> = chart.band.iter().filter(|point| chart.range.contains(point.at)).collect();
    if inside.iter().any(|point| point.expected.is_finite()) {
        entries.push(mark(Swatch::Expected, "expected range and value"));
    } else if !inside.is_empty() {
        entries.push(mark(Swatch::Band, "expected range"));
    }
    if chart.anomalies.iter().any(|point| chart.range.contains(point.at) && point.value.is_finite()) {
        entries.push(mark(Swatch::Mark, "outside of the range"));
    }
    for (kind, swatch) in [(ShadeKind::Alarm, Swatch::Alarm), (ShadeKind::Window, Swatch::Window)] {
        if kind == ShadeKind::Window && !name_windows {
            continue;
        }
        let shades = chart.shades.iter().filter(|shade| shade.kind == kind);
        entries.extend(
            few(shades.map(|shade| shade.label.clone())).iter().map(|label| mark(swatch.clone(), label)),
        );
    }
    let thresholds = chart.thresholds.iter().filter(|threshold| threshold.value.is_finite());
    let names =
        thresholds.map(|threshold| format!("{} {}", threshold.label, numbers::figure(threshold.value)));
    entries.extend(few(names).iter().map(|label| mark(Swatch::Threshold, label.trim())));
    entries
}

fn lines(chart: &Chart) -> Vec<Entry> {
    let (named, rest) = named(&chart.lines);
    let figure = |lines: &[&TimeSeries]| summary(chart, lines).map(numbers::figure);
    let mut entries: Vec<Entry> = named
        .iter()
        .enumerate()
        .filter(|(_, line)| named.len() > 1 || !line.label.is_empty())
        .map(|(place, line)| Entry {
            swatch: Swatch::Line(style::colour_class(place) + style::dash_class(place)),
            label: clean(&line.label).into_owned(),
            figure: figure(&[line]),
        })
        .collect();
    if !rest.is_empty() {
        entries.push(Entry {
            swatch: Swatch::Line("tq-rest".to_owned()),
            label: format!("and {} more", rest.len()),
            figure: figure(&rest),
        });
    }
    entries
}

/// The distinct texts in their order; past the most, how many there are more.
fn few(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    let mut more = 0_usize;
    for text in texts {
        if distinct.contains(&text) {
            continue;
        }
        if distinct.len() < MOST_MARKS {
            distinct.push(text);
        } else {
            more += 1;
        }
    }
    if more > 0 {
        distinct.push(format!("and {more} more"));
    }
    distinct
}
