//! What a detector is told: the metric's period and time zone, what not to learn from, how to adapt.

use jiff::tz::TimeZone;

use crate::EpochMillis;
use crate::series::{Period, TimeRange, Unit};

/// The configuration of a detector (`spec/metrics-insights.md` 6.1; AWS: *AnomalyDetectorConfiguration*).
#[derive(Clone, Debug)]
pub struct DetectorConfiguration {
    /// The period of the values.
    pub period: Period,
    /// `MetricTimezone`: the days and hours of the season are those of this zone's wall clock.
    pub time_zone: TimeZone,
    /// `ExcludedTimeRanges`: values in them do not train. They are judged all the same.
    pub excluded: Vec<TimeRange>,
    /// `AdaptationSpeed`.
    pub adaptation_speed: AdaptationSpeed,
    /// `OutlierFilteringStrength`.
    pub outlier_filtering: OutlierFilteringStrength,
    /// `PeriodicSpikes`: a spike that came at the same time of most days so far is no anomaly.
    pub periodic_spikes: bool,
    /// The unit. A metric in `Percent` that never was above 100 has no band above 100.
    pub unit: Unit,
}

impl DetectorConfiguration {
    /// The service's defaults for this period: UTC, nothing excluded, normal speed, moderate filtering.
    pub fn new(period: Period) -> Self {
        DetectorConfiguration {
            period,
            time_zone: TimeZone::UTC,
            excluded: Vec::new(),
            adaptation_speed: AdaptationSpeed::default(),
            outlier_filtering: OutlierFilteringStrength::default(),
            periodic_spikes: false,
            unit: Unit::default(),
        }
    }

    pub(super) fn is_excluded(&self, at: EpochMillis) -> bool {
        self.excluded.iter().any(|range| range.contains(at))
    }
}

/// How fast the band follows a changing metric.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "UPPERCASE"))]
pub enum AdaptationSpeed {
    /// `FAST`: the level has a half-life of one day; a new level wins after 6 hours.
    Fast,
    /// `NORMAL`: 4 days; 36 hours.
    #[default]
    Normal,
    /// `SLOW`: 10 days; 72 hours.
    Slow,
}

impl AdaptationSpeed {
    /// In how many days a value loses half its weight in the level.
    pub fn half_life_days(self) -> f64 {
        match self {
            AdaptationSpeed::Fast => 1.0,
            AdaptationSpeed::Normal => 4.0,
            AdaptationSpeed::Slow => 10.0,
        }
    }

    /// For how many hours values must stay outside, most of them on one side, before they are the new level.
    pub fn persistence_hours(self) -> i64 {
        match self {
            AdaptationSpeed::Fast => 6,
            AdaptationSpeed::Normal => 36,
            AdaptationSpeed::Slow => 72,
        }
    }
}

/// How much is kept from the training as an outlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "UPPERCASE"))]
pub enum OutlierFilteringStrength {
    /// `MINIMAL`: values beyond 6 standard deviations of their slot.
    Minimal,
    /// `MODERATE`: 4.
    #[default]
    Moderate,
    /// `STRICT`: 3.
    Strict,
}

impl OutlierFilteringStrength {
    /// Beyond how many standard deviations a value is an outlier.
    pub fn deviations(self) -> f64 {
        match self {
            OutlierFilteringStrength::Minimal => 6.0,
            OutlierFilteringStrength::Moderate => 4.0,
            OutlierFilteringStrength::Strict => 3.0,
        }
    }
}
