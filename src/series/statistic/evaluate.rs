//! What a statistic makes of values.

use super::{AbsoluteRange, Percent, PercentRange, Statistic, ValueRange};
use crate::values::Total;

/// A value, and how often it occurs.
pub(in crate::series) type ValueCount = (f64, u64);

/// What the five basic statistics need of values.
#[derive(Clone, Debug)]
pub(in crate::series) struct Basics {
    pub(in crate::series) total: Total,
    pub(in crate::series) minimum: f64,
    pub(in crate::series) maximum: f64,
}

impl Default for Basics {
    fn default() -> Self {
        Basics { total: Total::default(), minimum: f64::INFINITY, maximum: f64::NEG_INFINITY }
    }
}

impl Basics {
    pub(in crate::series) fn add(&mut self, value: f64, count: u64) {
        self.total.add_times(value, count);
        self.minimum = self.minimum.min(value);
        self.maximum = self.maximum.max(value);
    }

    pub(in crate::series) fn count(&self) -> f64 {
        self.total.count() as f64
    }
}

impl Statistic {
    /// A basic statistic; nothing of no values, nor for the other statistics.
    pub(in crate::series) fn of_basics(&self, basics: &Basics) -> Option<f64> {
        if basics.total.count() == 0 {
            return None;
        }
        match self {
            Self::SampleCount => Some(basics.count()),
            Self::Sum => Some(basics.total.rounded()),
            Self::Average => Some(basics.total.rounded() / basics.count()),
            Self::Minimum => Some(basics.minimum),
            Self::Maximum => Some(basics.maximum),
            _ => None,
        }
    }

    /// The statistic of values, ascending, each once. Nothing of no values, or where a mean has none in its range.
    pub(in crate::series) fn of_values(&self, values: &[ValueCount]) -> Option<f64> {
        let count: u64 = values.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count));
        if count == 0 {
            return None;
        }
        match self {
            Self::Percentile(percent) => at_rank(values, count, *percent),
            Self::InterquartileMean => {
                let quarter = 25 * Percent::ONE;
                let middle = PercentRange {
                    low: Some(Percent(quarter)),
                    high: Some(Percent(Percent::WHOLE - quarter)),
                };
                Part::of(values, count, &ValueRange::Percent(middle)).mean()
            }
            Self::TrimmedMean(range) => Part::of(values, count, range).mean(),
            Self::TrimmedCount(range) => Some(Part::of(values, count, range).weight),
            Self::TrimmedSum(range) => Some(Part::of(values, count, range).sum),
            Self::WinsorizedMean(range) => Some(clamped_mean(values, count, range)),
            Self::PercentileRank(range) => Some(count_inside(values, range) as f64 / count as f64 * 100.0),
            Self::SampleCount | Self::Sum | Self::Average | Self::Minimum | Self::Maximum => {
                let mut basics = Basics::default();
                values.iter().for_each(|(value, count)| basics.add(*value, *count));
                self.of_basics(&basics)
            }
        }
    }
}

/// The value at the nearest rank, `ceil(p / 100 * n)` counted from one.
fn at_rank(values: &[ValueCount], count: u64, percent: Percent) -> Option<f64> {
    let rank = (u128::from(percent.0) * u128::from(count)).div_ceil(u128::from(Percent::WHOLE)).max(1);
    let mut seen = 0;
    let found = values.iter().find(|(_, count)| {
        seen += u128::from(*count);
        seen >= rank
    });
    found.map(|(value, _)| *value)
}

/// The values in a range: how many, and their sum.
struct Part {
    weight: f64,
    sum: f64,
}

impl Part {
    fn of(values: &[ValueCount], count: u64, range: &ValueRange) -> Self {
        match range {
            ValueRange::Percent(range) => Self::between_ranks(values, count, range),
            ValueRange::Absolute(range) => {
                let mut total = Total::default();
                for (value, count) in values.iter().filter(|(value, _)| range.contains(*value)) {
                    total.add_times(*value, *count);
                }
                Part { weight: total.count() as f64, sum: total.rounded() }
            }
        }
    }

    /// A value that a bound cuts counts by the part that is inside.
    fn between_ranks(values: &[ValueCount], count: u64, range: &PercentRange) -> Self {
        let unit = u128::from(Percent::WHOLE);
        let mut whole = Total::default();
        let (mut cut, mut weight) = (0.0, 0);
        for (value, inside) in overlaps(values, count, range) {
            weight += inside;
            whole.add_times(value, u64::try_from(inside / unit).unwrap_or(u64::MAX));
            cut += (inside % unit) as f64 / unit as f64 * value;
        }
        Part { weight: weight as f64 / unit as f64, sum: whole.rounded() + cut }
    }

    fn mean(&self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

/// The values that are at least in part between two ranks, and how much of them is, in [`Percent::WHOLE`]ths of a sample.
fn overlaps(values: &[ValueCount], count: u64, range: &PercentRange) -> impl Iterator<Item = (f64, u128)> {
    let (low, high) = range.ends();
    let (low, high) = (u128::from(low.0) * u128::from(count), u128::from(high.0) * u128::from(count));
    let mut start = 0;
    values.iter().filter_map(move |(value, count)| {
        let end = start + u128::from(*count) * u128::from(Percent::WHOLE);
        let inside = end.min(high).saturating_sub(low.max(start));
        start = end;
        (inside > 0).then_some((*value, inside))
    })
}

fn clamped_mean(values: &[ValueCount], count: u64, range: &ValueRange) -> f64 {
    let (low, high) = match range {
        ValueRange::Absolute(range) => (range.low, range.high),
        ValueRange::Percent(range) => {
            let mut inside = overlaps(values, count, range).map(|(value, _)| value);
            let first = inside.next();
            (first, inside.last().or(first))
        }
    };
    let mut total = Total::default();
    for (value, count) in values {
        let value = value.max(low.unwrap_or(f64::NEG_INFINITY)).min(high.unwrap_or(f64::INFINITY));
        total.add_times(value, *count);
    }
    total.rounded() / count as f64
}

fn count_inside(values: &[ValueCount], range: &AbsoluteRange) -> u64 {
    let inside = values.iter().filter(|(value, _)| range.contains(*value));
    inside.fold(0, |sum, (_, count)| sum.saturating_add(*count))
}
