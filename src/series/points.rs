//! Values over time, and the times between which they are asked for.

use crate::EpochMillis;

/// The value of one period.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Point {
    /// The start of the period.
    pub at: EpochMillis,
    /// What the period is worth.
    pub value: f64,
}

/// From a start to an end that is no longer part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TimeRange {
    /// The first instant.
    pub start: EpochMillis,
    /// The first instant that is outside.
    pub end: EpochMillis,
}

impl TimeRange {
    /// Whether an instant is inside.
    pub fn contains(&self, at: EpochMillis) -> bool {
        self.start <= at && at < self.end
    }

    /// How long it is; nothing where the end is before the start.
    pub fn millis(&self) -> i64 {
        self.end.0.saturating_sub(self.start.0).max(0)
    }
}

/// Values over time under one label: ascending starts, no entry for a period without data.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TimeSeries {
    /// What a legend calls it.
    pub label: String,
    /// The values.
    pub points: Vec<Point>,
}
