//! Series from and to other tools: the output of `GetMetricData` and `GetMetricStatistics`, and CSV.
//!
//! What is exchanged are points of one statistic each. They are no raw data: a percentile of theirs is not one of the
//! values behind them. [`put_into_store`] takes those from which the same statistic of any longer period follows.

pub mod csv;
mod fault;
pub mod metric_data;
mod metric_stat;
pub mod metric_statistics;
mod store;
mod time;

pub use fault::{ImportError, ImportFault, Place};
pub use store::{NotRaw, put_into_store};

use super::identity::MetricIdentity;
use super::period::Period;
use super::points::{Point, TimeSeries};
use super::statistic::Statistic;
use super::unit::Unit;

/// A series as it is exchanged: points of one statistic, and what is said of them.
///
/// ```
/// use trailql::series::exchange::csv;
///
/// let text = "timestamp,value\n2024-09-02 00:05:00,3\n2024-09-02T00:00:00Z,1\n";
/// let series = csv::parse(text)?.remove(0);
/// assert_eq!(series.step().unwrap().seconds(), 300);
/// assert_eq!(series.statistic, None, "the short form does not say what the values are");
/// assert_eq!(series.into_series().points[0].value, 1.0);
/// # Ok::<(), trailql::series::exchange::ImportError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ImportedSeries {
    /// The `Id` of its query.
    pub id: Option<String>,
    /// What a legend calls it.
    pub label: String,
    /// The metric, where it is told.
    pub metric: Option<MetricIdentity>,
    /// The statistic, where it is told.
    pub statistic: Option<Statistic>,
    /// The period, where it is told.
    pub period: Option<Period>,
    /// The unit, where it is told.
    pub unit: Option<Unit>,
    /// How far it is complete.
    pub status: SeriesStatus,
    /// The values, ascending, one a time.
    pub points: Vec<Point>,
}

impl ImportedSeries {
    /// A series without a name, of these points.
    pub fn of_points(points: Vec<Point>) -> Self {
        ImportedSeries { points, ..ImportedSeries::default() }
    }

    /// Label and points alone.
    pub fn into_series(self) -> TimeSeries {
        TimeSeries { label: self.label, points: self.points }
    }

    /// The period as told; else the least distance between two points, where the service has such a period.
    pub fn step(&self) -> Option<Period> {
        let distances = self.points.iter().zip(self.points.iter().skip(1));
        let least = || distances.map(|(left, right)| right.at.0.saturating_sub(left.at.0)).min();
        self.period.or_else(|| {
            let millis = u64::try_from(least()?).ok()?;
            if millis % 1_000 == 0 { Period::from_seconds(millis / 1_000).ok() } else { None }
        })
    }
}

/// How far the service could answer (AWS: `StatusCode` of *API_MetricDataResult*).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum SeriesStatus {
    /// `Complete`: all of it.
    #[default]
    Complete,
    /// `PartialData`: there is more, on another page or not at all.
    PartialData,
    /// `InternalError`
    InternalError,
    /// `Forbidden`
    Forbidden,
}

impl SeriesStatus {
    const ALL: [Self; 4] = [Self::Complete, Self::PartialData, Self::InternalError, Self::Forbidden];

    /// The service's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "Complete",
            Self::PartialData => "PartialData",
            Self::InternalError => "InternalError",
            Self::Forbidden => "Forbidden",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// Brings points into order; two at the same time are a fault.
fn sort(points: &mut [Point]) -> Result<(), ImportFault> {
    points.sort_by_key(|point| point.at);
    let pairs = points.iter().zip(points.iter().skip(1));
    match pairs.filter(|(left, right)| left.at == right.at).map(|(left, _)| left.at).next() {
        Some(at) => Err(ImportFault::Repeated(time::to_text(at))),
        None => Ok(()),
    }
}
