//! The data of one metric, read as statistics of periods.

use std::collections::BTreeMap;

use super::super::identity::MetricIdentity;
use super::super::period::Period;
use super::super::points::{Point, TimeRange};
use super::super::statistic::{Basics, Statistic, ValueCount};
use super::super::unit::Unit;
use super::record::{BYTES_PER_SUM, BYTES_PER_VALUE, NoValues, Record};
use super::{KnownStatistics, StatisticSet, StorageResolution, StoreLimits};
use crate::EpochMillis;

/// What a record takes, in bytes: its time and itself, in a tree that is filled in order and so is half empty.
const BYTES_PER_RECORD: usize = 96;

/// What one more value takes at most.
pub(super) const MOST_PER_PUT: usize = BYTES_PER_RECORD + 2 * BYTES_PER_VALUE + BYTES_PER_SUM;

/// What a metric takes before its first record.
pub(super) fn bytes_of_metric(metric: &MetricIdentity) -> usize {
    let account = metric.account.as_ref().map_or(0, String::len);
    let dimensions =
        metric.dimensions.iter().map(|(name, value)| name.len() + value.len() + 2 * size_of::<String>());
    let texts = metric.namespace.len() + metric.name.len() + account + dimensions.sum::<usize>();
    texts + size_of::<MetricIdentity>() + size_of::<MetricData>()
}

/// The data of one metric.
///
/// A record holds a minute, or a second where the metric was put at high resolution. A range takes the records that
/// start in it, its own start rounded down to a record.
#[derive(Clone, Debug, Default)]
pub struct MetricData {
    /// By their start, in seconds since 1970.
    records: BTreeMap<i64, Record>,
    /// The finest that was put.
    resolution: StorageResolution,
    /// A bit for each of [`Unit::ALL`].
    units: u32,
    has_negative: bool,
    lacks: Lacks,
}

/// Which of the statistics of a set are not known at some time.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one for each statistic of a set")]
struct Lacks {
    sample_count: bool,
    sum: bool,
    minimum: bool,
    maximum: bool,
}

/// Why a statistic has no values (`spec/metrics-insights.md` 2.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unavailable {
    /// A value of the metric is negative, at any time.
    #[error(
        "the metric has negative values, and CloudWatch has no percentiles of those; take a basic statistic"
    )]
    NegativeValues,
    /// A statistic set of different values.
    #[error(
        "a statistic set is part of the data, and single values are not known of it; take a basic statistic"
    )]
    StatisticSets,
    /// More different values than [`StoreLimits::values_per_record`].
    #[error(
        "a minute has more different values than are kept; take a basic statistic, or raise `values_per_record`"
    )]
    TooManyValues,
    /// Not all values came with what it follows from; see [`KnownStatistics`](super::KnownStatistics).
    #[error("it does not follow from what was imported; import it too, a mean as `Sum` and `SampleCount`")]
    NotKnown,
}

impl MetricData {
    /// Takes in a value; gives the bytes taken and set free.
    pub(super) fn put(
        &mut self,
        unit: Unit,
        resolution: StorageResolution,
        at: EpochMillis,
        value: f64,
        count: u64,
        limits: &StoreLimits,
    ) -> (usize, usize) {
        self.has_negative |= value < 0.0;
        let (record, created) = self.record(unit, resolution, at);
        let (taken, freed) = record.put(value, count, limits.values_per_record);
        (taken + created, freed)
    }

    /// Takes in a statistic set; gives the bytes taken and set free.
    #[expect(clippy::too_many_arguments, reason = "the members of a checked statistic set")]
    pub(super) fn put_summed(
        &mut self,
        unit: Unit,
        resolution: StorageResolution,
        at: EpochMillis,
        count: u64,
        sum: f64,
        minimum: f64,
        maximum: f64,
    ) -> (usize, usize) {
        self.has_negative |= minimum < 0.0;
        let (record, created) = self.record(unit, resolution, at);
        (record.put_summed(count, sum, minimum, maximum) + created, 0)
    }

    /// Notes which statistics do not come with what is put next.
    pub(super) fn note_unknown(&mut self, known: &KnownStatistics) {
        self.lacks.sample_count |= known.sample_count.is_none();
        self.lacks.sum |= known.sum.is_none();
        self.lacks.minimum |= known.minimum.is_none();
        self.lacks.maximum |= known.maximum.is_none();
    }

    /// Whether all values came with what a statistic needs. The single values are another matter.
    pub(in crate::series) fn knows(&self, statistic: &Statistic) -> bool {
        match statistic {
            Statistic::SampleCount => !self.lacks.sample_count,
            Statistic::Sum => !self.lacks.sum,
            Statistic::Average => !self.lacks.sample_count && !self.lacks.sum,
            Statistic::Minimum => !self.lacks.minimum,
            Statistic::Maximum => !self.lacks.maximum,
            _ => true,
        }
    }

    fn record(&mut self, unit: Unit, resolution: StorageResolution, at: EpochMillis) -> (&mut Record, usize) {
        self.units |= bit(unit);
        self.resolution = self.resolution.max(resolution);
        let width = i64::from(resolution.seconds());
        let start = at.0.div_euclid(1_000).div_euclid(width) * width;
        let mut created = 0;
        let record = self.records.entry(start).or_insert_with(|| {
            created = BYTES_PER_RECORD;
            Record::default()
        });
        (record, created)
    }

    /// The basic statistics of the values in a range; `None` where there are none, and where one of them is not known.
    pub fn statistics(&self, range: TimeRange) -> Option<StatisticSet> {
        let Lacks { sample_count: false, sum: false, minimum: false, maximum: false } = self.lacks else {
            return None;
        };
        let mut basics = Basics::default();
        self.records(range).for_each(|(_, record)| record.add_to(&mut basics));
        (basics.total.count() > 0).then(|| StatisticSet {
            sample_count: basics.count(),
            sum: basics.total.rounded(),
            minimum: basics.minimum,
            maximum: basics.maximum,
        })
    }

    /// A statistic of the values in a range; `None` where there are none, where a mean has none in its own range, and
    /// where [`MetricData::unavailable`] says why.
    pub fn value(&self, statistic: &Statistic, range: TimeRange) -> Option<f64> {
        if !self.knows(statistic) {
            return None;
        }
        let records = self.records(range).map(|(_, record)| record);
        if statistic.needs_distribution() {
            self.of_values(statistic, records)
        } else {
            let mut basics = Basics::default();
            records.for_each(|record| record.add_to(&mut basics));
            statistic.of_basics(&basics)
        }
    }

    /// A statistic by period: periods count from 1970, each has the values of its records that are in the range, and
    /// one without value has no point. Shorter periods than the data have are [made longer](Self::readable_period).
    pub fn points(&self, statistic: &Statistic, period: Period, range: TimeRange) -> Vec<Point> {
        if !self.knows(statistic) {
            return Vec::new();
        }
        let period = self.readable_period(period);
        let mut points = Vec::new();
        let mut records = self.records(range).peekable();
        while let Some((first, _)) = records.peek() {
            let at = period.floor(EpochMillis(first.saturating_mul(1_000)));
            let of_period = std::iter::from_fn(|| {
                records.next_if(|(start, _)| period.floor(EpochMillis(start.saturating_mul(1_000))) == at)
            });
            let value = if statistic.needs_distribution() {
                self.of_values(statistic, of_period.map(|(_, record)| record))
            } else {
                let mut basics = Basics::default();
                of_period.for_each(|(_, record)| record.add_to(&mut basics));
                statistic.of_basics(&basics)
            };
            points.extend(value.map(|value| Point { at, value }));
        }
        points
    }

    /// Adds the records of a range to the periods that `period_of` gives their starts; those without one are left out.
    pub(in crate::series) fn add_to_periods(
        &self,
        range: TimeRange,
        period_of: impl Fn(EpochMillis) -> Option<EpochMillis>,
        periods: &mut BTreeMap<EpochMillis, Basics>,
    ) {
        for (start, record) in self.records(range) {
            if let Some(at) = period_of(EpochMillis(start.saturating_mul(1_000))) {
                record.add_to(periods.entry(at).or_default());
            }
        }
    }

    /// The statistic of these records, all of which are visited.
    fn of_values<'a>(&self, statistic: &Statistic, records: impl Iterator<Item = &'a Record>) -> Option<f64> {
        let mut values = Vec::new();
        let is_known = records.fold(true, |known, record| known & record.append_to(&mut values).is_ok());
        if self.has_negative || !is_known {
            return None;
        }
        statistic.of_values(&merged(values))
    }

    /// Why a statistic cannot be told of a range, whatever values it has.
    pub fn unavailable(&self, statistic: &Statistic, range: TimeRange) -> Option<Unavailable> {
        if !self.knows(statistic) {
            return Some(Unavailable::NotKnown);
        }
        if !statistic.needs_distribution() {
            return None;
        }
        if self.has_negative {
            return Some(Unavailable::NegativeValues);
        }
        let reason = self.records(range).find_map(|(_, record)| record.append_to(&mut Vec::new()).err())?;
        Some(match reason {
            NoValues::Sets => Unavailable::StatisticSets,
            NoValues::Overflow => Unavailable::TooManyValues,
        })
    }

    /// The period in which data asked for by `period` are given: of a metric at standard resolution not less than a
    /// minute (`spec/metrics-insights.md` 2.3).
    pub fn readable_period(&self, period: Period) -> Period {
        match self.resolution {
            StorageResolution::Minute => period.max(Period::MINUTE),
            StorageResolution::Second => period,
        }
    }

    /// The finest resolution at which values were put.
    pub fn resolution(&self) -> StorageResolution {
        self.resolution
    }

    /// The units of the values, in the order of [`Unit::ALL`]. More than one are mixed in every statistic.
    pub fn units(&self) -> Vec<Unit> {
        Unit::ALL.iter().copied().filter(|unit| self.units & bit(*unit) != 0).collect()
    }

    /// How many minutes or seconds have values.
    pub fn record_count(&self) -> usize {
        self.records.len()
    }

    /// From the start of the first record to the end of the last; `None` without records.
    pub fn range(&self) -> Option<TimeRange> {
        let ((first, _), (last, _)) = self.records.first_key_value().zip(self.records.last_key_value())?;
        let end = last.saturating_add(i64::from(self.resolution.seconds()));
        let millis = |seconds: i64| EpochMillis(seconds.saturating_mul(1_000));
        Some(TimeRange { start: millis(*first), end: millis(end) })
    }

    fn records(&self, range: TimeRange) -> impl Iterator<Item = (i64, &Record)> {
        let width = i64::from(self.resolution.seconds()) * 1_000;
        let start = range.start.0.div_euclid(width) * (width / 1_000);
        // The first second that does not begin before the end.
        let end = range.end.0.div_euclid(1_000) + i64::from(range.end.0.rem_euclid(1_000) > 0);
        self.records.range(start..end.max(start)).map(|(start, record)| (*start, record))
    }
}

fn bit(unit: Unit) -> u32 {
    1 << (unit as u32)
}

/// The values in order, each once.
fn merged(mut values: Vec<ValueCount>) -> Vec<ValueCount> {
    values.sort_unstable_by(|(left, _), (right, _)| left.total_cmp(right));
    values.dedup_by(|(value, count), (kept, kept_count)| {
        let is_same = value == kept;
        if is_same {
            *kept_count = kept_count.saturating_add(*count);
        }
        is_same
    });
    values
}
