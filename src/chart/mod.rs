//! Series, bands and groups as pictures: SVG, and characters in a terminal.
//!
//! A [`Chart`] says what is to be seen; [`svg`] and [`terminal()`] draw it. Both keep every spike: where many points
//! share a column of pixels, their least and their greatest value are drawn. Periods without data stay gaps.
//!
//! ```
//! use trailql::EpochMillis;
//! use trailql::chart::{Chart, SvgOptions, svg};
//! use trailql::series::{Period, Point, TimeRange, TimeSeries};
//!
//! let start = 1_726_110_000_000;
//! let range = TimeRange { start: EpochMillis(start), end: EpochMillis(start + 3_600_000) };
//! let points = (0..12).map(|n| Point { at: EpochMillis(start + n * 300_000), value: n as f64 }).collect();
//! let mut chart = Chart::new("presigned-URL", range, Period::from_seconds(300)?);
//! chart.lines.push(TimeSeries { label: "Sum".into(), points });
//!
//! let picture = svg(&chart, &SvgOptions::default());
//! assert!(picture.starts_with("<svg "));
//! assert!(picture.contains(r#"role="img""#));
//! # Ok::<(), trailql::series::BadPeriod>(())
//! ```

mod calendar;
mod extent;
mod numbers;
mod scale;
mod sparkline;
mod svg;
mod terminal;
mod text;
mod thin;

use jiff::tz::TimeZone;

use crate::EpochMillis;
use crate::series::{Period, Point, TimeRange, TimeSeries, Unit};

pub use sparkline::sparkline;
#[cfg(feature = "cli")]
pub(crate) use svg::escape;
pub use svg::{STYLE, SvgOptions, svg};
pub use terminal::terminal;

/// What a picture shows. Values that are not finite, and what lies outside of `range`, are not drawn.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What it is about.
    pub title: String,
    /// What must be known to read it, such as that a band is an approximation.
    pub subtitle: Option<String>,
    /// The unit of the values; it names the value axis where `value_label` does not.
    pub unit: Unit,
    /// What the value axis is called.
    pub value_label: Option<String>,
    /// The times of the left and the right edge.
    pub range: TimeRange,
    /// The length of one period; a longer distance between two points is a gap.
    pub period: Period,
    /// The zone of the time axis.
    pub time_zone: TimeZone,
    /// The series, one line each. The twenty with the greatest sums get colours, the rest is grey.
    pub lines: Vec<TimeSeries>,
    /// The number beside each name in the legend.
    pub summary: Summary,
    /// The expected range, as a grey band.
    pub band: Vec<BandPoint>,
    /// The points to mark; see [`outside`].
    pub anomalies: Vec<Point>,
    /// Times to shade over the whole height.
    pub shades: Vec<Shade>,
    /// Horizontal lines.
    pub thresholds: Vec<Threshold>,
}

/// The number beside the name of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Summary {
    /// No number.
    #[default]
    None,
    /// The sum of its values, right for counts.
    Sum,
    /// Its greatest value.
    Maximum,
    /// Its last value.
    Latest,
}

/// What was expected of one period. An infinite bound is an open side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandPoint {
    /// The start of the period.
    pub at: EpochMillis,
    /// The lower bound.
    pub lower: f64,
    /// The upper bound.
    pub upper: f64,
    /// The value that was expected; drawn as a thin line where it is finite.
    pub expected: f64,
}

/// A time that is shaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shade {
    /// From when to when.
    pub range: TimeRange,
    /// What it means.
    pub kind: ShadeKind,
    /// Its name, shown where there is room and in the legend where there is not.
    pub label: String,
}

/// What a shaded time means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShadeKind {
    /// An alarm was in state ALARM.
    Alarm,
    /// A time to look at, such as that of a known incident.
    Window,
}

/// A horizontal line.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// At which value.
    pub value: f64,
    /// What the legend calls it; the value is added.
    pub label: String,
}

impl Chart {
    /// A chart without any content, in UTC.
    pub fn new(title: impl Into<String>, range: TimeRange, period: Period) -> Self {
        Chart {
            title: title.into(),
            subtitle: None,
            unit: Unit::None,
            value_label: None,
            range,
            period,
            time_zone: TimeZone::UTC,
            lines: Vec::new(),
            summary: Summary::None,
            band: Vec::new(),
            anomalies: Vec::new(),
            shades: Vec::new(),
            thresholds: Vec::new(),
        }
    }

    /// The name of the value axis.
    fn axis_label(&self) -> Option<&str> {
        match (&self.value_label, self.unit) {
            (Some(label), _) => Some(label),
            (None, Unit::None) => None,
            (None, unit) => Some(unit.as_str()),
        }
    }
}

/// The points above or below the band at their time, in their order. A time without a band has none.
///
/// ```
/// use trailql::EpochMillis;
/// use trailql::chart::{BandPoint, outside};
/// use trailql::series::Point;
///
/// let at = EpochMillis(0);
/// let band = [BandPoint { at, lower: 0.0, upper: 3.0, expected: 1.0 }];
/// let points = [Point { at, value: 3.0 }, Point { at, value: 4.0 }, Point { at: EpochMillis(300), value: 9.0 }];
/// assert_eq!(outside(&points, &band), [Point { at, value: 4.0 }]);
/// ```
pub fn outside(points: &[Point], band: &[BandPoint]) -> Vec<Point> {
    let mut bounds: Vec<&BandPoint> = band.iter().collect();
    bounds.sort_by_key(|bound| bound.at);
    points
        .iter()
        .filter(|point| {
            bounds
                .binary_search_by_key(&point.at, |bound| bound.at)
                .ok()
                .and_then(|index| bounds.get(index))
                .is_some_and(|bound| point.value < bound.lower || point.value > bound.upper)
        })
        .copied()
        .collect()
}
