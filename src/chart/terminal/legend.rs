//! What stands beneath a chart in a terminal: a line's name, course and number a row, and what the signs mean.

use super::canvas::{Ink, Painted};
use crate::chart::extent::{named, summary};
use crate::chart::text::{cells, clean, fit_middle};
use crate::chart::{Chart, ShadeKind, numbers, sparkline};
use crate::series::TimeSeries;

const WIDEST_LABEL: usize = 48;
const WIDEST_SPARKLINE: usize = 40;

/// The rows, none wider than `width`.
pub(super) fn rows(chart: &Chart, windows: &[String], width: usize, colour: bool) -> Vec<String> {
    let mut rows = lines(chart, width, colour);
    rows.extend(signs(chart, windows, width, colour));
    rows
}

fn lines(chart: &Chart, width: usize, colour: bool) -> Vec<String> {
    let (named, rest) = named(&chart.lines);
    if named.len() < 2 {
        return Vec::new();
    }
    let figure = |lines: &[&TimeSeries]| summary(chart, lines).map(numbers::figure).unwrap_or_default();
    let mut entries: Vec<(Ink, String, Option<String>, String)> = named
        .iter()
        .enumerate()
        .map(|(place, line)| (Ink::Line(place), clean(&line.label).into_owned(), None, figure(&[line])))
        .collect();
    if !rest.is_empty() {
        entries.push((Ink::Faint, format!("and {} more", rest.len()), Some(String::new()), figure(&rest)));
    }
    let figures = entries.iter().map(|entry| cells(&entry.3)).max().unwrap_or(0);
    let longest = entries.iter().map(|entry| cells(&entry.1)).max().unwrap_or(0).min(WIDEST_LABEL);
    let room = width.saturating_sub(figures + 5);
    let label_room = longest.min(room);
    let spark_room = room.saturating_sub(label_room).min(WIDEST_SPARKLINE);
    entries
        .into_iter()
        .enumerate()
        .map(|(place, (ink, label, spark, figure))| {
            let label = fit_middle(&label, label_room as f64, |text| cells(text) as f64);
            let spark = spark.unwrap_or_else(|| {
                named
                    .get(place)
                    .map(|line| sparkline(&line.points, chart.range, spark_room))
                    .unwrap_or_default()
            });
            let mut row = Painted::new(colour);
            row.push(ink, "━ ");
            row.push(Ink::Plain, &padded(&label, label_room));
            row.push(Ink::Plain, " ");
            row.push(ink, &padded(&spark, spark_room));
            row.push(Ink::Plain, &format!(" {}{figure}", " ".repeat(figures.saturating_sub(cells(&figure)))));
            row.finish()
        })
        .collect()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(cells(text))))
}

/// The signs that occur, as many a row as there is room for.
fn signs(chart: &Chart, windows: &[String], width: usize, colour: bool) -> Vec<String> {
    let mut signs: Vec<(&str, Ink, String)> = Vec::new();
    if let ([line], false) = (chart.lines.as_slice(), chart.lines.iter().all(|line| line.label.is_empty())) {
        let figure = summary(chart, &[line]).map(|value| format!(" {}", numbers::figure(value)));
        signs.push(("━", Ink::Line(0), format!("{}{}", line.label, figure.unwrap_or_default())));
    }
    if chart.band.iter().any(|point| chart.range.contains(point.at)) {
        signs.push(("░", Ink::Faint, "expected range".to_owned()));
    }
    if chart.anomalies.iter().any(|point| chart.range.contains(point.at) && point.value.is_finite()) {
        signs.push(("●", Ink::Mark, "outside of the range".to_owned()));
    }
    let alarms = chart.shades.iter().filter(|shade| shade.kind == ShadeKind::Alarm);
    signs.extend(distinct(alarms.map(|shade| shade.label.clone())).map(|label| ("▀", Ink::Mark, label)));
    signs.extend(distinct(windows.iter().cloned()).map(|label| ("▾", Ink::Window, label)));
    let thresholds = chart.thresholds.iter().filter(|threshold| threshold.value.is_finite());
    let names =
        thresholds.map(|threshold| format!("{} {}", threshold.label, numbers::figure(threshold.value)));
    signs.extend(distinct(names).map(|label| ("╌", Ink::Strong, label.trim().to_owned())));

    let mut rows = Vec::new();
    let mut row = Painted::new(colour);
    let mut used = 0;
    for (sign, ink, label) in signs {
        let label = clean(&label);
        let label = fit_middle(&label, width.saturating_sub(2) as f64, |text| cells(text) as f64);
        let needed = cells(sign) + 1 + cells(&label);
        if used > 0 && used + 3 + needed > width {
            rows.push(std::mem::replace(&mut row, Painted::new(colour)).finish());
            used = 0;
        }
        if used > 0 {
            row.push(Ink::Plain, "   ");
            used += 3;
        }
        row.push(ink, sign);
        row.push(Ink::Plain, " ");
        row.push(Ink::Plain, &label);
        used += needed;
    }
    if used > 0 {
        rows.push(row.finish());
    }
    rows
}

/// The first few distinct texts.
fn distinct(texts: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if seen.len() < 6 && !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.into_iter()
}
