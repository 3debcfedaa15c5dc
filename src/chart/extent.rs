//! What of a chart is drawn: which values, which lines by name, and the band at a time.

use super::scale::Extent;
use super::{BandPoint, Chart, Summary};
use crate::series::{Point, TimeRange, TimeSeries, Unit};

/// How many lines have a colour and a name; more cannot be told apart.
pub(super) const NAMED: usize = 20;

/// The points of a series that are drawn, in order of time.
pub(super) fn drawn(points: &[Point], range: TimeRange) -> Vec<Point> {
    let mut kept: Vec<Point> =
        points.iter().filter(|point| point.value.is_finite() && range.contains(point.at)).copied().collect();
    kept.sort_by_key(|point| point.at);
    kept
}

/// The points of the band that are drawn, in order of time.
pub(super) fn drawn_band(band: &[BandPoint], range: TimeRange) -> Vec<BandPoint> {
    let mut kept: Vec<BandPoint> =
        band.iter().filter(|point| range.contains(point.at) && point.lower <= point.upper).copied().collect();
    kept.sort_by_key(|point| point.at);
    kept
}

/// The band at the time of a point.
pub(super) fn band_at(band: &[BandPoint], point: Point) -> Option<BandPoint> {
    let index = band.binary_search_by_key(&point.at, |bound| bound.at).ok()?;
    band.get(index).copied()
}

/// What the value axis must hold; `None` where there is nothing to draw.
pub(super) fn extent(chart: &Chart) -> Option<Extent> {
    let inside = |point: &&Point| point.value.is_finite() && chart.range.contains(point.at);
    let measured = || {
        let lines = chart.lines.iter().flat_map(|line| &line.points);
        lines.chain(&chart.anomalies).filter(inside).map(|point| point.value)
    };
    let band = chart
        .band
        .iter()
        .filter(|point| chart.range.contains(point.at) && point.lower <= point.upper)
        .flat_map(|point| [point.lower, point.upper])
        .filter(|bound| bound.is_finite());
    let expected = measured().chain(band);
    let (low, high) = ends(expected)?;
    let thresholds =
        chart.thresholds.iter().map(|threshold| threshold.value).filter(|value| value.is_finite());
    let (low, high) = ends(thresholds.chain([low, high]))?;
    Some(Extent {
        low,
        high,
        whole: measured().next().is_some() && measured().all(|value| value.fract() == 0.0),
        count: chart.unit == Unit::Count,
    })
}

fn ends(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |ends, value| {
        let (low, high) = ends.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

/// The lines with a colour and a name, in their order, and those without.
pub(super) fn named(lines: &[TimeSeries]) -> (Vec<&TimeSeries>, Vec<&TimeSeries>) {
    if lines.len() <= NAMED {
        return (lines.iter().collect(), Vec::new());
    }
    let mut ranked: Vec<(usize, f64)> = lines.iter().map(size).enumerate().collect();
    ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let kept: Vec<usize> = ranked.into_iter().take(NAMED).map(|(index, _)| index).collect();
    let (named, rest): (Vec<_>, Vec<_>) =
        lines.iter().enumerate().partition(|(index, _)| kept.contains(index));
    (without_index(named), without_index(rest))
}

fn without_index(lines: Vec<(usize, &TimeSeries)>) -> Vec<&TimeSeries> {
    lines.into_iter().map(|(_, line)| line).collect()
}

fn size(line: &TimeSeries) -> f64 {
    line.points.iter().map(|point| point.value.abs()).filter(|value| value.is_finite()).sum()
}

/// The number beside the name of these lines in a legend; `None` without a value, and where several lines have none
/// in common.
pub(super) fn summary(chart: &Chart, lines: &[&TimeSeries]) -> Option<f64> {
    let values = || {
        let points = lines.iter().flat_map(|line| &line.points);
        points.filter(|point| point.value.is_finite() && chart.range.contains(point.at))
    };
    values().next()?;
    let value = match chart.summary {
        Summary::None => return None,
        Summary::Sum => values().map(|point| point.value).sum(),
        Summary::Maximum => values().map(|point| point.value).fold(f64::NEG_INFINITY, f64::max),
        Summary::Latest if lines.len() > 1 => return None,
        Summary::Latest => values().max_by_key(|point| point.at)?.value,
    };
    value.is_finite().then_some(value)
}
