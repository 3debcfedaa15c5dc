//! The statistics of CloudWatch: what is asked of the values of a period.

mod evaluate;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt;
use std::hash::{Hash, Hasher};

pub(super) use evaluate::{Basics, ValueCount};
pub use parse::StatisticError;

/// A statistic of metric data (`spec/metrics-insights.md` 2.11).
///
/// It is parsed from the service's text and printed in one canonical spelling: `tm90` and `TM(:90%)` are equal, and
/// both print as `tm90`.
///
/// ```
/// use trailql::series::Statistic;
///
/// let statistic: Statistic = "TM(:90%)".parse()?;
/// assert_eq!(statistic, "tm90".parse()?);
/// assert_eq!(statistic.to_string(), "tm90");
/// assert!(statistic.needs_distribution());
/// assert_eq!("p99".parse::<Statistic>()?.least_samples(), Some(1_000));
/// assert_eq!("avg".parse::<Statistic>().unwrap_err().to_string(), "`avg` is no statistic; write `Average`");
/// # Ok::<(), trailql::series::StatisticError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Statistic {
    /// How many values there are.
    SampleCount,
    /// Their sum.
    Sum,
    /// `Sum` through `SampleCount`.
    Average,
    /// The least value.
    Minimum,
    /// The largest value.
    Maximum,
    /// `p99`: the value at the nearest rank.
    Percentile(Percent),
    /// `IQM`: the mean of the middle half, `TM(25%:75%)`.
    InterquartileMean,
    /// `TM`: the mean of the values in a range.
    TrimmedMean(ValueRange),
    /// `TC`: how many values are in a range; a fraction where a percent bound cuts a value.
    TrimmedCount(ValueRange),
    /// `TS`: the sum of the values in a range, which is `TM` times `TC`.
    TrimmedSum(ValueRange),
    /// `WM`: the mean of all values, those outside of a range taken as the value at its edge.
    WinsorizedMean(ValueRange),
    /// `PR`: how many percent of the values are in a range.
    PercentileRank(AbsoluteRange),
}

impl Statistic {
    /// Whether the single values must be known: everything but the five basic statistics.
    pub fn needs_distribution(&self) -> bool {
        !matches!(self, Self::SampleCount | Self::Sum | Self::Average | Self::Minimum | Self::Maximum)
    }

    /// From how many samples on a percentile says something: `10 / (1 - p)`, and `10 / p` in the lower half
    /// (AWS: *Percentile-based alarms and low data samples*). `None` for the other statistics, and for `p0` and `p100`,
    /// for which no number is enough.
    pub fn least_samples(&self) -> Option<u64> {
        let Self::Percentile(percent) = self else { return None };
        let tail = percent.0.min(Percent::WHOLE - percent.0);
        (tail > 0).then(|| (10 * Percent::WHOLE).div_ceil(tail))
    }
}

/// A number of percent from 0 to 100, with at most ten decimals, kept exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Percent(u64);

impl Percent {
    /// What one percent is.
    const ONE: u64 = 10_000_000_000;
    /// What a hundred percent are.
    const WHOLE: u64 = 100 * Self::ONE;

    /// As a number of percent.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / Self::ONE as f64
    }
}

/// `99.9`
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 / Self::ONE)?;
        let decimals = format!("{:010}", self.0 % Self::ONE);
        match decimals.trim_end_matches('0') {
            "" => Ok(()),
            decimals => write!(f, ".{decimals}"),
        }
    }
}

/// The range of a trimmed statistic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueRange {
    /// By rank: `(10%:90%)`.
    Percent(PercentRange),
    /// By value: `(100:2000)`.
    Absolute(AbsoluteRange),
}

/// A range of ranks; one of the bounds may be open, and it is never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PercentRange {
    low: Option<Percent>,
    high: Option<Percent>,
}

impl PercentRange {
    fn new(low: Option<Percent>, high: Option<Percent>) -> Option<Self> {
        let range = PercentRange { low, high };
        let (from, to) = range.ends();
        (from < to).then_some(range)
    }

    /// The lower bound.
    pub fn low(&self) -> Option<Percent> {
        self.low
    }

    /// The upper bound.
    pub fn high(&self) -> Option<Percent> {
        self.high
    }

    fn ends(&self) -> (Percent, Percent) {
        (self.low.unwrap_or(Percent(0)), self.high.unwrap_or(Percent(Percent::WHOLE)))
    }
}

/// A range of values, exclusive below and inclusive above; one of the bounds may be open, and it is never empty.
#[derive(Clone, Copy, Debug)]
pub struct AbsoluteRange {
    low: Option<f64>,
    high: Option<f64>,
}

impl AbsoluteRange {
    fn new(low: Option<f64>, high: Option<f64>) -> Option<Self> {
        let is_empty = low.zip(high).is_some_and(|(low, high)| low >= high);
        (!is_empty).then_some(AbsoluteRange { low, high })
    }

    /// The lower bound, which is outside.
    pub fn low(&self) -> Option<f64> {
        self.low
    }

    /// The upper bound, which is inside.
    pub fn high(&self) -> Option<f64> {
        self.high
    }

    /// Whether a value is inside.
    pub fn contains(&self, value: f64) -> bool {
        self.low.is_none_or(|low| value > low) && self.high.is_none_or(|high| value <= high)
    }

    /// Bounds are finite and never -0, so that equal numbers have equal bits.
    fn bits(&self) -> (Option<u64>, Option<u64>) {
        (self.low.map(f64::to_bits), self.high.map(f64::to_bits))
    }
}

impl PartialEq for AbsoluteRange {
    fn eq(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }
}

impl Eq for AbsoluteRange {}

impl Hash for AbsoluteRange {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bits().hash(state);
    }
}

/// The service's spelling; a range that is open below and ends with a percent has the short form.
impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ranged = |f: &mut fmt::Formatter<'_>, short, long, range: &ValueRange| match range {
            ValueRange::Percent(PercentRange { low: None, high: Some(high) }) => write!(f, "{short}{high}"),
            ValueRange::Percent(range) => write!(f, "{long}({range})"),
            ValueRange::Absolute(range) => write!(f, "{long}({range})"),
        };
        match self {
            Self::SampleCount => f.write_str("SampleCount"),
            Self::Sum => f.write_str("Sum"),
            Self::Average => f.write_str("Average"),
            Self::Minimum => f.write_str("Minimum"),
            Self::Maximum => f.write_str("Maximum"),
            Self::InterquartileMean => f.write_str("IQM"),
            Self::Percentile(percent) => write!(f, "p{percent}"),
            Self::TrimmedMean(range) => ranged(f, "tm", "TM", range),
            Self::TrimmedCount(range) => ranged(f, "tc", "TC", range),
            Self::TrimmedSum(range) => ranged(f, "ts", "TS", range),
            Self::WinsorizedMean(range) => ranged(f, "wm", "WM", range),
            Self::PercentileRank(range) => write!(f, "PR({range})"),
        }
    }
}

/// `10%:90%`
impl fmt::Display for PercentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = |bound: Option<Percent>| bound.map(|bound| format!("{bound}%")).unwrap_or_default();
        write!(f, "{}:{}", bound(self.low), bound(self.high))
    }
}

/// `100:2000`
impl fmt::Display for AbsoluteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = |bound: Option<f64>| bound.map(shortest).unwrap_or_default();
        write!(f, "{}:{}", bound(self.low), bound(self.high))
    }
}

/// The decimal form as long as it can be taken in at a glance, else the shorter of it and the exponent form.
pub(super) fn shortest(number: f64) -> String {
    let (plain, exponent) = (number.to_string(), format!("{number:e}"));
    if plain.len() <= READABLE.max(exponent.len()) { plain } else { exponent }
}

/// A decimal form of so many characters is preferred to a shorter exponent form.
const READABLE: usize = 12;

#[cfg(feature = "serde")]
impl serde::Serialize for Statistic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
