//! Training: from the values of two weeks to a model.

use crate::EpochMillis;
use crate::series::Unit;

use super::calendar::{DAY_MILLIS, WallClock};
use super::configuration::DetectorConfiguration;
use super::history::{Entry, History};
use super::level::Level;
use super::memory::Memory;
use super::model::{HOURS, Model, Shape, hour_of};
use super::reals::{Spread, median};
use super::recurrence::Recurrences;
use super::replay::replay;
use super::season::{Cell, Grid, Link, Season};
use super::spread::{Overdispersion, scale_by_hour};

/// How often outliers are sought again with the season found without them.
const PASSES: usize = 2;
/// Doubles count exactly up to here.
const LARGEST_COUNT: f64 = 9_007_199_254_740_992.0;
/// Counts that spread less than this share of a Poisson distribution's variance are measured, not counted.
const LEAST_DISPERSION: f64 = 0.5;
/// Means from which on it shows whether counts spread less.
const TELLING_MEAN: f64 = 1.0;
/// Means from which on it does not matter whether zeros are left out.
const ZEROLESS_MEAN: f64 = 5.0;
/// The level begins with the weight of so many counts, or so many days, on the side of the season.
const PRIOR_COUNTS: f64 = 4.0;
const PRIOR_DAYS: f64 = 0.25;
/// The largest trend: the logarithm of 10 % a day.
const LARGEST_TREND: f64 = 0.0953;

/// The model of a history, as of an instant. The history is not empty.
pub(super) fn train(history: &History, configuration: &DetectorConfiguration, at: EpochMillis) -> Model {
    let training = Training {
        history,
        configuration,
        at,
        grid: Grid::of_period(configuration.period.seconds()),
        days: history.millis_until(at) as f64 / DAY_MILLIS as f64,
    };
    if history.iter().all(|entry| is_count(entry.value) || (entry.is_moved && entry.value >= 0.0)) {
        let fitted = training.season(Link::Ratio);
        if training.spreads_like_counts(&fitted) {
            return training.finish(Link::Ratio, fitted);
        }
    }
    training.finish(Link::Offset, training.season(Link::Offset))
}

fn is_count(value: f64) -> bool {
    (0.0..=LARGEST_COUNT).contains(&value) && value.fract() == 0.0
}

struct Training<'a> {
    history: &'a History,
    configuration: &'a DetectorConfiguration,
    at: EpochMillis,
    grid: Grid,
    days: f64,
}

/// A season, and what was left out to find it.
struct Fitted {
    season: Season,
    trend: f64,
    limits: Limits,
}

/// Beyond what a value is an outlier.
#[derive(Clone)]
enum Limits {
    Counts { deviations: f64, overdispersion: f64 },
    Reals { deviations: f64, scale_by_hour: Box<[f64; HOURS]> },
}

impl Limits {
    fn keep(&self, clock: WallClock, expected: f64, value: f64) -> bool {
        (value - expected).abs() <= self.reach(clock, expected)
    }

    fn reach(&self, clock: WallClock, expected: f64) -> f64 {
        match self {
            Limits::Counts { deviations, overdispersion } => {
                let mean = expected.max(0.1);
                deviations * (mean + overdispersion * mean * mean).sqrt() + 1.0
            }
            Limits::Reals { deviations, scale_by_hour } => deviations * hour_of(scale_by_hour, clock),
        }
    }
}

impl Training<'_> {
    fn season(&self, link: Link) -> Fitted {
        let everything = self.cells(link, 0.0, |_| true);
        let mut season = self.robust_days(link, &everything);
        let means = Means::of(self.grid, &everything);
        let mut limits = self.limits(link, |entry| season.at(entry.clock).0, None);
        let mut trend = 0.0;
        for pass in 0..PASSES {
            let cells = self.cells(link, trend, |entry| {
                let expected = self.expected(link, &season, trend, entry);
                limits.keep(entry.clock, expected, entry.value)
                    || means.a_week_off(entry.clock).any(|mean| limits.keep(entry.clock, mean, entry.value))
            });
            let flat: Vec<Cell> = cells.iter().map(|(_, cell)| *cell).collect();
            season = Season::fit(self.grid, link, &flat, self.days);
            if pass + 1 < PASSES {
                trend += self.trend(link, &season, &cells);
                trend = self.bounded(link, trend);
            }
            limits = self.limits(link, |entry| self.expected(link, &season, trend, entry), Some(limits));
        }
        Fitted { season, trend, limits }
    }

    /// The season at an entry, with the trend up to the time of the training.
    fn expected(&self, link: Link, season: &Season, trend: f64, entry: &Entry) -> f64 {
        link.grow(season.at(entry.clock).0, -trend * self.age(entry))
    }

    /// In days.
    fn age(&self, entry: &Entry) -> f64 {
        self.at.0.saturating_sub(entry.at.0) as f64 / DAY_MILLIS as f64
    }

    /// The values kept, by local day and slot, with the trend taken out.
    fn cells(&self, link: Link, trend: f64, keep: impl Fn(&Entry) -> bool) -> Vec<(i64, Cell)> {
        let mut cells: Vec<(i64, Cell)> = Vec::new();
        for entry in self.history.iter().filter(|entry| keep(entry)) {
            let value = link.grow(entry.value, trend * self.age(entry));
            let (weekday, slot) = (entry.clock.weekday(), self.grid.slot_of_day(entry.clock));
            match cells.last_mut() {
                Some((day, cell)) if *day == entry.clock.day && cell.slot == slot => {
                    cell.number += 1.0;
                    cell.sum += value;
                }
                _ => cells.push((entry.clock.day, Cell { weekday, slot, number: 1.0, sum: value })),
            }
        }
        cells
    }

    /// A day that no short oddity can bend, one for weekdays and one for weekends: the median of each slot and those
    /// around it, over the days.
    fn robust_days(&self, link: Link, cells: &[(i64, Cell)]) -> Season {
        let slots = self.grid.slots;
        let mut means: Vec<Vec<f64>> = vec![Vec::new(); 2 * slots];
        for (_, cell) in cells {
            if let Some(means) = means.get_mut(usize::from(cell.weekday >= 5) * slots + cell.slot) {
                means.push(cell.sum / cell.number);
            }
        }
        let (weekday, weekend) = means.split_at(slots);
        let is_known =
            |kind: &[Vec<f64>]| kind.iter().filter(|means| !means.is_empty()).count() * 4 > slots * 3;
        let around = |kind: &[Vec<f64>], other: &[Vec<f64>], slot: usize| {
            let near = (slot + slots - 2..=slot + slots + 2).filter_map(|at| kind.get(at % slots));
            let mut near: Vec<f64> = near.flatten().copied().collect();
            // A kind of day that is hardly known yet is taken for the other kind.
            if !is_known(kind) || near.is_empty() {
                let other = (slot + slots - 2..=slot + slots + 2).filter_map(|at| other.get(at % slots));
                near.extend(other.flatten().copied());
            }
            let middle = median(&mut near);
            if link == Link::Ratio { f64::max(middle, 0.1) } else { middle }
        };
        let day = |kind, other| -> Vec<f64> { (0..slots).map(|slot| around(kind, other, slot)).collect() };
        Season::of_days(self.grid, &day(weekday, weekend), &day(weekend, weekday))
    }

    /// How the values that count spread around what is expected.
    fn limits(&self, link: Link, expected: impl Fn(&Entry) -> f64, before: Option<Limits>) -> Limits {
        let deviations = self.configuration.outlier_filtering.deviations();
        match link {
            Link::Ratio => {
                let Some(before) = before else {
                    let mut shares: Vec<f64> = self
                        .history
                        .iter()
                        .map(|entry| (entry, expected(entry)))
                        .map(|(entry, mean)| (entry.value - mean).abs() / mean.max(1.0))
                        .collect();
                    return Limits::Counts {
                        deviations,
                        overdispersion: (1.4826 * median(&mut shares)).powi(2),
                    };
                };
                let mut overdispersion = Overdispersion::default();
                for entry in self.history.iter().filter(|entry| !entry.is_moved) {
                    let mean = expected(entry);
                    if before.keep(entry.clock, mean, entry.value) {
                        overdispersion.add(mean, mean, mean, entry.value);
                    }
                }
                Limits::Counts { deviations, overdispersion: overdispersion.value() }
            }
            Link::Offset => {
                let values = self.history.iter().map(|entry| (entry, entry.value - expected(entry)));
                let scale_by_hour = Box::new(scale_by_hour(values));
                Limits::Reals { deviations, scale_by_hour }
            }
        }
    }

    /// What is left of a trend once the season is known: only days a week apart are compared, so that a weekend is none.
    fn trend(&self, link: Link, season: &Season, cells: &[(i64, Cell)]) -> f64 {
        let mut days: Vec<(i64, f64, f64, f64)> = Vec::new();
        for (day, cell) in cells {
            let expected = season.of_cell(cell);
            let (deviation, weight) = match link {
                Link::Ratio => (cell.sum, expected * cell.number),
                Link::Offset => (cell.sum / cell.number - expected, 1.0),
            };
            match days.last_mut() {
                Some((known, sum, weights, cells)) if known == day => {
                    *sum += deviation;
                    *weights += weight;
                    *cells += 1.0;
                }
                _ => days.push((*day, deviation, weight, 1.0)),
            }
        }
        days.retain(|(_, _, weight, cells)| *cells * 2.0 >= self.grid.slots as f64 && *weight > 0.0);
        let height = |sum: f64, weight: f64| match link {
            Link::Ratio => ((sum + 0.5) / (weight + 0.5)).ln(),
            Link::Offset => sum / weight,
        };
        let mut slopes: Vec<f64> = Vec::new();
        for (day, sum, weight, _) in &days {
            if let Some((_, later, later_weight, _)) = days.iter().find(|(known, ..)| *known == day + 7) {
                slopes.push((height(*later, *later_weight) - height(*sum, *weight)) / 7.0);
            }
        }
        if slopes.len() < 3 {
            return 0.0;
        }
        let slope = median(&mut slopes);
        let weight = days.iter().map(|(_, _, weight, _)| *weight).sum::<f64>() / days.len() as f64;
        let least = (2.0 * season.noise / weight.max(f64::MIN_POSITIVE)).sqrt() / 7.0;
        let mut distances: Vec<f64> = slopes.iter().map(|known| (known - slope).abs()).collect();
        let error = f64::max(1.4826 * median(&mut distances), least) / (slopes.len() as f64).sqrt();
        let share = 1.0 - 4.0 * error * error / (slope * slope).max(f64::MIN_POSITIVE);
        if share > 0.0 { slope * share } else { 0.0 }
    }

    fn bounded(&self, link: Link, trend: f64) -> f64 {
        match link {
            Link::Ratio => trend.clamp(-LARGEST_TREND, LARGEST_TREND),
            Link::Offset => trend,
        }
    }

    fn spreads_like_counts(&self, fitted: &Fitted) -> bool {
        let (mut sum, mut square, mut number) = (0.0, 0.0, 0.0);
        for entry in self.history.iter().filter(|entry| !entry.is_moved) {
            let mean = self.expected(Link::Ratio, &fitted.season, fitted.trend, entry);
            if fitted.limits.keep(entry.clock, mean, entry.value) {
                sum += entry.value;
                square += (entry.value - mean).powi(2) / mean.max(0.01);
                number += 1.0;
            }
        }
        number == 0.0
            || sum < TELLING_MEAN * number
            || square >= LEAST_DISPERSION * number
            || self.is_without_zero()
    }

    /// Whether the metric is reported only when there is something to count.
    fn is_without_zero(&self) -> bool {
        let periods = self.history.millis_until(self.at) as f64 / self.configuration.period.millis() as f64;
        let number = self.history.len() as f64;
        let sum: f64 = self.history.iter().map(|entry| entry.value).sum();
        number < 0.9 * periods
            && sum < ZEROLESS_MEAN * number
            && self.history.iter().all(|entry| entry.value >= 1.0)
    }

    fn finish(&self, link: Link, fitted: Fitted) -> Model {
        let Fitted { season, trend, limits } = fitted;
        let recurrences = {
            let expected = |entry: &Entry| self.expected(link, &season, trend, entry);
            Recurrences::find(
                self.configuration.period.seconds(),
                self.history.iter().map(|entry| {
                    let expected = expected(entry);
                    let deviation = match link {
                        Link::Ratio => entry.value / expected.max(0.01) - 1.0,
                        Link::Offset => entry.value - expected,
                    };
                    let reach = limits.reach(entry.clock, expected) * 0.75;
                    (entry.clock, deviation, (entry.value - expected).abs() > reach)
                }),
            )
        };
        let per_day = DAY_MILLIS as f64 / self.configuration.period.millis() as f64;
        let half_life = self.configuration.adaptation_speed.half_life_days() * per_day;
        let prior = match link {
            Link::Ratio => PRIOR_COUNTS * season.noise,
            Link::Offset => PRIOR_DAYS * per_day,
        };
        let shape = match limits {
            Limits::Counts { overdispersion, .. } => {
                Shape::Counts { overdispersion, without_zero: self.is_without_zero() }
            }
            Limits::Reals { scale_by_hour, .. } => {
                Shape::Reals { spread: Spread { scale: 1.0, freedom: None }, scale_by_hour }
            }
        };
        let is_percent = self.configuration.unit == Unit::Percent;
        let model = Model {
            link,
            season,
            trend,
            trained_at: self.at,
            level: Level::new(link, prior),
            memory: Memory::default(),
            recurrences,
            shape,
            is_nonnegative: self.history.iter().all(|entry| entry.value >= 0.0),
            ceiling: (is_percent && self.history.iter().all(|entry| entry.value <= 100.0)).then_some(100.0),
            keep: 0.5_f64.powf(1.0 / half_life.max(1e-6)),
            outlier: self.configuration.outlier_filtering.deviations(),
            raises_spikes: self.configuration.periodic_spikes,
        };
        replay(model, self.history, self.configuration)
    }
}

/// The mean of each slot of each day.
struct Means {
    grid: Grid,
    first_day: i64,
    by_slot: Vec<Option<f64>>,
}

impl Means {
    fn of(grid: Grid, cells: &[(i64, Cell)]) -> Self {
        let first_day = cells.first().map_or(0, |(day, _)| *day);
        let mut means = Means { grid, first_day, by_slot: Vec::new() };
        for (day, cell) in cells {
            let Some(index) = means.index(*day, cell.slot) else { continue };
            if means.by_slot.len() <= index {
                means.by_slot.resize(index + 1, None);
            }
            if let Some(mean) = means.by_slot.get_mut(index) {
                *mean = Some(cell.sum / cell.number);
            }
        }
        means
    }

    fn index(&self, day: i64, slot: usize) -> Option<usize> {
        usize::try_from(day - self.first_day).ok()?.checked_mul(self.grid.slots)?.checked_add(slot)
    }

    /// The same slot a week before and a week after. What it was like then is no outlier, however odd the day.
    fn a_week_off(&self, clock: WallClock) -> impl Iterator<Item = f64> {
        let slot = self.grid.slot_of_day(clock);
        let days = [clock.day - 7, clock.day + 7].into_iter();
        days.filter_map(move |day| self.by_slot.get(self.index(day, slot)?).copied()?)
    }
}
