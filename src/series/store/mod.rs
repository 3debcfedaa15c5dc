//! Metric data in memory: what was published, by metric and by minute or second.

mod data;
mod record;
mod refused;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use data::{MetricData, Unavailable};
pub use refused::RefusedValue;

use super::identity::MetricIdentity;
use super::points::TimeRange;
use super::unit::Unit;
use crate::EpochMillis;
use refused::{MOST_SAMPLES, check_count, check_value};

/// How finely a metric is kept (`spec/metrics-insights.md` 2.9; AWS: `StorageResolution`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StorageResolution {
    /// By the minute: standard resolution, and that of every metric filter.
    #[default]
    Minute,
    /// By the second: high resolution.
    Second,
}

impl StorageResolution {
    /// Its length in seconds.
    pub fn seconds(self) -> u32 {
        match self {
            Self::Minute => 60,
            Self::Second => 1,
        }
    }
}

/// Values that were summed up before they were published (AWS: *API_StatisticSet*).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StatisticSet {
    /// How many values; a whole number from 1 to 2⁵³.
    pub sample_count: f64,
    /// Their sum.
    pub sum: f64,
    /// The least.
    pub minimum: f64,
    /// The largest.
    pub maximum: f64,
}

impl StatisticSet {
    /// Whether the single values follow from the set, so that percentiles stay available: all of them are the same
    /// (`spec/metrics-insights.md` 2.11).
    pub fn is_raw(&self) -> bool {
        self.minimum == self.maximum && self.sum == self.minimum * self.sample_count
    }
}

/// What is known of values that were summed up elsewhere: a [`StatisticSet`], or a part of one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KnownStatistics {
    /// How many values; a whole number from 1 to 2⁵³.
    pub sample_count: Option<f64>,
    /// Their sum.
    pub sum: Option<f64>,
    /// The least.
    pub minimum: Option<f64>,
    /// The largest.
    pub maximum: Option<f64>,
}

impl KnownStatistics {
    fn whole(&self) -> Option<StatisticSet> {
        Some(StatisticSet {
            sample_count: self.sample_count?,
            sum: self.sum?,
            minimum: self.minimum?,
            maximum: self.maximum?,
        })
    }
}

/// How much a [`MetricStore`] holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreLimits {
    /// Different values of one minute or second of a metric. Where there are more, that record keeps the basic
    /// statistics alone; see [`Unavailable::TooManyValues`].
    pub values_per_record: usize,
    /// Bytes of all metrics together, as reckoned. What would be more is refused; see [`RefusedValue::Full`].
    pub memory_bytes: usize,
}

impl Default for StoreLimits {
    fn default() -> Self {
        StoreLimits { values_per_record: 1 << 16, memory_bytes: 1 << 30 }
    }
}

/// Metric data by metric and time (`spec/metrics-insights.md` 2.1).
///
/// Values come in any order, late or not; what is read does not depend on it. Each record, a minute or a second of a
/// metric, keeps how often each value occurs, so that every statistic is exact.
///
/// ```
/// use trailql::EpochMillis;
/// use trailql::series::{MetricIdentity, MetricStore, Period, StorageResolution, TimeRange, Unit};
///
/// let metric = MetricIdentity::new("app", "latency");
/// let mut store = MetricStore::new();
/// for (seconds, value) in [(0, 20.0), (59, 10.0), (130, 5.0)] {
///     let at = EpochMillis(seconds * 1_000);
///     store.put(&metric, Unit::Milliseconds, StorageResolution::Minute, at, value)?;
/// }
/// let data = store.get(&metric).unwrap();
/// let range = TimeRange { start: EpochMillis(0), end: EpochMillis(300_000) };
/// assert_eq!(data.value(&"p50".parse()?, range), Some(10.0));
/// let sums = data.points(&"Sum".parse()?, Period::MINUTE, range);
/// let shown: Vec<_> = sums.iter().map(|point| (point.at.0 / 60_000, point.value)).collect();
/// assert_eq!(shown, [(0, 30.0), (2, 5.0)], "a minute without values has no point");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct MetricStore {
    limits: StoreLimits,
    metrics: BTreeMap<MetricIdentity, MetricData>,
    held: usize,
}

impl MetricStore {
    /// An empty store with the usual limits.
    pub fn new() -> Self {
        MetricStore::default()
    }

    /// An empty store with these limits.
    pub fn with_limits(limits: StoreLimits) -> Self {
        MetricStore { limits, ..MetricStore::default() }
    }

    /// Takes in one value of a metric.
    ///
    /// # Errors
    /// A value that the service refuses, or one that no longer fits the memory of the store. Nothing is taken in then.
    pub fn put(
        &mut self,
        metric: &MetricIdentity,
        unit: Unit,
        resolution: StorageResolution,
        at: EpochMillis,
        value: f64,
    ) -> Result<(), RefusedValue> {
        self.put_repeated(metric, unit, resolution, at, value, 1)
    }

    /// Takes in a value that occurs so many times, as one entry of the service's `Values` and `Counts` does.
    ///
    /// # Errors
    /// As [`MetricStore::put`]; a count of 0 or of more than 2⁵³.
    pub fn put_repeated(
        &mut self,
        metric: &MetricIdentity,
        unit: Unit,
        resolution: StorageResolution,
        at: EpochMillis,
        value: f64,
        count: u64,
    ) -> Result<(), RefusedValue> {
        let value = check_value(value)?;
        if !(1..=MOST_SAMPLES).contains(&count) {
            return Err(RefusedValue::SampleCount(count as f64));
        }
        self.change(metric, |data, limits| data.put(unit, resolution, at, value, count, limits))
    }

    /// Takes in values that were summed up before. Where the single values follow from them they are kept as such;
    /// otherwise the metric has the basic statistics only wherever the set is part.
    ///
    /// # Errors
    /// As [`MetricStore::put`]; a sample count that is no whole number from 1 to 2⁵³; a minimum above the maximum.
    pub fn put_statistics(
        &mut self,
        metric: &MetricIdentity,
        unit: Unit,
        resolution: StorageResolution,
        at: EpochMillis,
        set: StatisticSet,
    ) -> Result<(), RefusedValue> {
        let count = check_count(set.sample_count)?;
        let [sum, minimum, maximum] = [set.sum, set.minimum, set.maximum].map(check_value);
        let (sum, minimum, maximum) = (sum?, minimum?, maximum?);
        if minimum > maximum {
            return Err(RefusedValue::Bounds { minimum, maximum });
        }
        if set.is_raw() {
            return self
                .change(metric, |data, limits| data.put(unit, resolution, at, minimum, count, limits));
        }
        self.change(metric, |data, _| data.put_summed(unit, resolution, at, count, sum, minimum, maximum))
    }

    /// Takes in what is known of values that were summed up elsewhere. Where something is not known, the metric has
    /// none of the statistics that need it, at any time; see [`Unavailable::NotKnown`].
    ///
    /// # Errors
    /// As [`MetricStore::put_statistics`].
    pub fn put_known(
        &mut self,
        metric: &MetricIdentity,
        unit: Unit,
        resolution: StorageResolution,
        at: EpochMillis,
        known: KnownStatistics,
    ) -> Result<(), RefusedValue> {
        if let Some(set) = known.whole() {
            return self.put_statistics(metric, unit, resolution, at, set);
        }
        let count = known.sample_count.map(check_count).transpose()?;
        let checked = |value: Option<f64>| value.map(check_value).transpose();
        let (sum, minimum, maximum) = (checked(known.sum)?, checked(known.minimum)?, checked(known.maximum)?);
        if let (Some(minimum), Some(maximum)) = (minimum, maximum)
            && minimum > maximum
        {
            return Err(RefusedValue::Bounds { minimum, maximum });
        }
        // What is not known is never read; it only must not disturb the rest.
        let (count, sum) = (count.unwrap_or(1), sum.unwrap_or(0.0));
        let (minimum, maximum) = (minimum.unwrap_or(f64::INFINITY), maximum.unwrap_or(f64::NEG_INFINITY));
        self.change(metric, |data, _| {
            data.note_unknown(&known);
            data.put_summed(unit, resolution, at, count, sum, minimum, maximum)
        })
    }

    /// Changes a metric's data, and notes what that takes; `change` gives what it took and what it set free.
    fn change(
        &mut self,
        metric: &MetricIdentity,
        change: impl FnOnce(&mut MetricData, &StoreLimits) -> (usize, usize),
    ) -> Result<(), RefusedValue> {
        let full = RefusedValue::Full { budget: self.limits.memory_bytes };
        let room = self.limits.memory_bytes.saturating_sub(self.held);
        let (taken, freed) = match self.metrics.get_mut(metric) {
            Some(_) if room < data::MOST_PER_PUT => return Err(full),
            Some(data) => change(data, &self.limits),
            None => {
                let own = data::bytes_of_metric(metric);
                if room < own.saturating_add(data::MOST_PER_PUT) {
                    return Err(full);
                }
                let data = self.metrics.entry(metric.clone()).or_default();
                let (taken, freed) = change(data, &self.limits);
                (taken + own, freed)
            }
        };
        self.held = (self.held + taken).saturating_sub(freed);
        Ok(())
    }

    /// The metrics and their data, in order of identity.
    pub fn metrics(&self) -> impl Iterator<Item = (&MetricIdentity, &MetricData)> {
        self.metrics.iter()
    }

    /// The data of a metric.
    pub fn get(&self, metric: &MetricIdentity) -> Option<&MetricData> {
        self.metrics.get(metric)
    }

    /// How many metrics there are.
    pub fn len(&self) -> usize {
        self.metrics.len()
    }

    /// Whether there is no metric.
    pub fn is_empty(&self) -> bool {
        self.metrics.is_empty()
    }

    /// From the start of the first record to the end of the last; `None` of an empty store.
    pub fn range(&self) -> Option<TimeRange> {
        let ranges = self.metrics.values().filter_map(MetricData::range);
        ranges.reduce(|left, right| TimeRange {
            start: left.start.min(right.start),
            end: left.end.max(right.end),
        })
    }

    /// How many bytes the data take, as reckoned.
    pub fn memory_bytes(&self) -> usize {
        self.held
    }
}
