//! A trained model: what it expects of a period, how the values spread around that, and its step from value to value.

use crate::EpochMillis;

use super::band::{Band, BandWidth};
use super::calendar::{DAY_MILLIS, WallClock};
use super::counts::{Counts, untruncated};
use super::level::Level;
use super::memory::Memory;
use super::reals::Spread;
use super::recurrence::{Recurrence, Recurrences};
use super::season::{Link, Season};

/// Standardised deviations enter the short memory no larger than this.
const MEMORY_CLIP: f64 = 3.0;
/// The band of a count is never narrower than half a count a standard deviation: one count after any number of zeros
/// is inside a band of two.
const COUNT_FLOOR: f64 = 0.5;
pub(super) const HOURS: usize = 24;

/// How values spread around what is expected.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// Non-negative whole numbers.
    Counts { overdispersion: f64, without_zero: bool },
    /// Anything else: a spread in units of the hour's own scale.
    Reals { spread: Spread, scale_by_hour: Box<[f64; HOURS]> },
}

#[derive(Clone, Debug)]
pub(super) struct Model {
    pub link: Link,
    pub season: Season,
    /// The logarithm of the factor a day, or the amount a day.
    pub trend: f64,
    pub trained_at: EpochMillis,
    pub level: Level,
    pub memory: Memory,
    pub recurrences: Recurrences,
    pub shape: Shape,
    /// Whether no value was negative.
    pub is_nonnegative: bool,
    /// The greatest value that the unit lets a metric have.
    pub ceiling: Option<f64>,
    /// The share of its weight that the level keeps over a period.
    pub keep: f64,
    /// Beyond how many deviations a value is an outlier.
    pub outlier: f64,
    pub raises_spikes: bool,
}

/// What a model expects of one period.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expectation {
    /// By season and trend, at the level of the training.
    season: f64,
    /// By season, trend, recurrence and level, without the short memory.
    pub base: f64,
    /// With the short memory.
    pub expected: f64,
    /// One standard deviation around `base`.
    pub deviation: f64,
    /// The variance of the expectation itself.
    uncertainty: f64,
    recurrence: Option<Recurrence>,
}

impl Model {
    /// What it expects so many periods after the last value.
    pub(super) fn expect(&self, at: EpochMillis, clock: WallClock, periods: f64) -> Expectation {
        let (season, uncertainty) = self.season.at(clock);
        let days = at.0.saturating_sub(self.trained_at.0) as f64 / DAY_MILLIS as f64;
        let season = self.link.grow(season, self.trend * days.clamp(-15.0, 15.0));
        let recurrence = self.recurrences.at(clock);
        let level = self.level.apply(season);
        let base = recurrence.map_or(level, |recurrence| self.link.apply(level, recurrence.typical));
        let (base, deviation) = match &self.shape {
            Shape::Counts { .. } => {
                let base = base.max(1e-9);
                (base, self.counts(base, 0.0).deviation())
            }
            Shape::Reals { scale_by_hour, .. } => (base, hour_of(scale_by_hour, clock)),
        };
        let expectation = Expectation { season, base, expected: base, deviation, uncertainty, recurrence };
        self.recall(expectation, periods)
    }

    /// Adds what the short memory says so many periods after the last value.
    pub(super) fn recall(&self, expectation: Expectation, periods: f64) -> Expectation {
        let base = expectation.base;
        let expected = base + self.memory.foretold(periods) * expectation.deviation;
        let expected = match self.link {
            Link::Ratio => expected.max(base * 0.1),
            Link::Offset if self.is_nonnegative => expected.max(0.0),
            Link::Offset => expected,
        };
        let expected = self.ceiling.map_or(expected, |ceiling| expected.min(ceiling));
        Expectation { expected, ..expectation }
    }

    pub(super) fn band(&self, expectation: &Expectation, width: BandWidth) -> Band {
        let (expected, width) = (expectation.expected, width.deviations());
        let (mut lower, mut upper) = match &self.shape {
            Shape::Counts { .. } => {
                let level = self.season.noise / self.level.weight();
                let (lower, upper) = self.counts(expected, expectation.uncertainty + level).quantiles(width);
                (lower, upper.max(expected + COUNT_FLOOR * width))
            }
            Shape::Reals { spread, .. } => {
                let deviation = spread.deviation(width) * expectation.deviation;
                let deviation = deviation.hypot(width * expectation.uncertainty.sqrt());
                (expected - deviation, expected + deviation)
            }
        };
        if let Some(recurrence) = expectation.recurrence.filter(|_| self.raises_spikes) {
            upper = upper.max(self.link.apply(self.level.apply(expectation.season), recurrence.largest));
        }
        if self.is_nonnegative {
            lower = lower.max(0.0);
        }
        if let Some(ceiling) = self.ceiling {
            upper = upper.min(ceiling);
        }
        let (lower, upper) = (lower.max(f64::MIN), upper.min(f64::MAX));
        Band { expected, lower: lower.min(expected), upper: upper.max(expected) }
    }

    /// One value of the period that was expected; whether it is an outlier.
    pub(super) fn observe(&mut self, expectation: &Expectation, value: f64, periods: f64) -> bool {
        self.adapt(expectation, value, periods);
        self.remember(expectation, value, periods);
        (value - expectation.expected).abs() > self.reach(expectation)
    }

    /// Moves the level. What recurs is no news of it, and neither is an outlier.
    pub(super) fn adapt(&mut self, expectation: &Expectation, value: f64, periods: f64) {
        let is_outlier = (value - expectation.base).abs() > self.reach(expectation);
        if expectation.recurrence.is_none() && !is_outlier {
            let keep = if periods > 1.0 { self.keep.powf(periods) } else { self.keep };
            self.level.observe(expectation.season, value, keep);
        }
    }

    pub(super) fn remember(&mut self, expectation: &Expectation, value: f64, periods: f64) {
        for _ in 1..gap_steps(periods) {
            self.memory.observe(None);
        }
        self.memory.observe(self.deviation(expectation, value));
    }

    /// The standardised deviation that the short memory takes.
    pub(super) fn deviation(&self, expectation: &Expectation, value: f64) -> Option<f64> {
        let deviation = (value - expectation.base) / expectation.deviation;
        expectation.recurrence.is_none().then_some(deviation.clamp(-MEMORY_CLIP, MEMORY_CLIP))
    }

    /// How far from what is expected a value is no outlier yet.
    pub(super) fn reach(&self, expectation: &Expectation) -> f64 {
        let one_count = if self.link == Link::Ratio { 1.0 } else { 0.0 };
        self.outlier * expectation.deviation + one_count
    }

    fn counts(&self, mean: f64, uncertainty: f64) -> Counts {
        let (overdispersion, without_zero) = match self.shape {
            Shape::Counts { overdispersion, without_zero } => (overdispersion, without_zero),
            Shape::Reals { .. } => (0.0, false),
        };
        let mean = if without_zero { untruncated(mean) } else { mean };
        Counts { mean, overdispersion: overdispersion + uncertainty, without_zero }
    }
}

/// A gap longer than this has let go of all short memory anyway.
fn gap_steps(periods: f64) -> u32 {
    periods.clamp(1.0, 500.0) as u32
}

pub(super) fn hour_of(scale_by_hour: &[f64; HOURS], clock: WallClock) -> f64 {
    scale_by_hour.get((clock.second / 3_600) as usize).copied().unwrap_or(1.0)
}
