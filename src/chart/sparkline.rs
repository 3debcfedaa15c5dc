//! A series in one line of characters.

use super::extent::drawn;
use crate::series::{Point, TimeRange};

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// The widest line that is drawn, in characters.
const WIDEST: usize = 1_000;

/// The series as `width` characters from `▁` to `█`, each the greatest value of its time, a blank where there is none.
/// The scale begins at zero, or at the least value where that is negative. At most 1,000 characters.
///
/// ```
/// use trailql::EpochMillis;
/// use trailql::chart::sparkline;
/// use trailql::series::{Point, TimeRange};
///
/// let points: Vec<Point> = [(0, 1.0), (1, 0.0), (2, 8.0), (4, 4.0)]
///     .map(|(at, value)| Point { at: EpochMillis(at), value })
///     .to_vec();
/// let range = TimeRange { start: EpochMillis(0), end: EpochMillis(5) };
/// assert_eq!(sparkline(&points, range, 5), "▁▁█ ▄");
/// ```
pub fn sparkline(points: &[Point], range: TimeRange, width: usize) -> String {
    let width = width.min(WIDEST);
    let mut peaks: Vec<Option<f64>> = vec![None; width];
    let points = drawn(points, range);
    let length = range.millis() as f64;
    for point in &points {
        let part = point.at.0.saturating_sub(range.start.0) as f64 / length;
        let column = (part * width as f64).max(0.0) as usize;
        if let Some(peak) = peaks.get_mut(column.min(width.saturating_sub(1))) {
            *peak = Some(peak.map_or(point.value, |peak| peak.max(point.value)));
        }
    }
    let low = points.iter().map(|point| point.value).fold(0.0, f64::min);
    let high = points.iter().map(|point| point.value).fold(0.0, f64::max);
    peaks.into_iter().map(|peak| peak.map_or(' ', |value| bar(value, low, high))).collect()
}

fn bar(value: f64, low: f64, high: f64) -> char {
    // Halves, so that the difference of huge values stays finite.
    let fraction = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
    let level = (fraction * BARS.len() as f64).ceil() - 1.0;
    let index = if level.is_finite() { level.clamp(0.0, 7.0) as usize } else { 0 };
    BARS.get(index).copied().unwrap_or(' ')
}
