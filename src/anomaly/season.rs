//! The day and the week of a metric: what each slot of the week is worth, learnt from coarse to fine.
//!
//! A fit starts from one number for all slots and refines it step by step: weekend against weekday, broad shape of the
//! day, its details, days of the week, their own shapes. Each step looks at what is left and keeps of it only what stands
//! out of the noise: a deviation of `z` standard errors is kept to the share `1 - t/z²`, nothing below `t`. So while data
//! is short or counts are small the slots lean on their neighbours, on the other days and on the level; and a clear
//! edge, such as a nightly job, stays an edge.

use super::calendar::{DAY_SECONDS, WallClock};
use super::reals::median;

const WEEK: usize = 7;
/// Slots are a quarter of an hour, or the period where it is longer.
const SLOT_SECONDS: i64 = 900;

/// How a deviation acts on what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Counts are multiplied.
    Ratio,
    /// Other values are shifted.
    Offset,
}

impl Link {
    pub(super) fn apply(self, expected: f64, deviation: f64) -> f64 {
        match self {
            Link::Ratio => expected * (1.0 + deviation).max(0.02),
            Link::Offset => expected + deviation,
        }
    }

    /// What a trend makes of a value: a logarithm of a factor, or an amount.
    pub(super) fn grow(self, value: f64, trend: f64) -> f64 {
        match self {
            Link::Ratio if trend == 0.0 => value,
            Link::Ratio => value * trend.exp(),
            Link::Offset => value + trend,
        }
    }
}

/// The slots of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    seconds: i64,
    /// How many a day has.
    pub slots: usize,
}

impl Grid {
    pub(super) fn of_period(period_seconds: u32) -> Self {
        let mut seconds = SLOT_SECONDS.max(i64::from(period_seconds));
        while seconds < DAY_SECONDS && DAY_SECONDS % seconds != 0 {
            seconds += 60;
        }
        let seconds = seconds.min(DAY_SECONDS);
        Grid { seconds, slots: usize::try_from(DAY_SECONDS / seconds).unwrap_or(1) }
    }

    pub(super) fn slot_of_day(self, clock: WallClock) -> usize {
        usize::try_from(i64::from(clock.second) / self.seconds).unwrap_or(0)
    }

    pub(super) fn slot_of_week(self, clock: WallClock) -> usize {
        clock.weekday() * self.slots + self.slot_of_day(clock)
    }

    /// A reach in minutes as a number of slots.
    fn reach(self, minutes: i64) -> usize {
        usize::try_from(minutes * 60 / self.seconds).unwrap_or(0)
    }
}

/// The values of one slot of one day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    pub weekday: usize,
    pub slot: usize,
    /// How many values.
    pub number: f64,
    /// Their sum.
    pub sum: f64,
}

/// What each slot of the week is worth.
#[derive(Clone, Debug)]
pub(super) struct Season {
    grid: Grid,
    expected: Vec<f64>,
    /// The variance of `expected`: relative for ratios, in squares of the unit for offsets.
    uncertainty: Vec<f64>,
    /// How much more the cells spread than single, independent values would let them.
    pub noise: f64,
}

/// Which days share a deviation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Days {
    All,
    Weekend,
    Each,
}

impl Days {
    fn rows(self) -> usize {
        match self {
            Days::All => 1,
            Days::Weekend => 2,
            Days::Each => WEEK,
        }
    }

    fn row(self, weekday: usize) -> usize {
        match self {
            Days::All => 0,
            Days::Weekend => usize::from(weekday >= 5),
            Days::Each => weekday,
        }
    }
}

#[derive(Clone, Copy)]
struct Step {
    days: Days,
    /// How far the slots of a day share a deviation, in minutes; none for the whole day.
    reach: Option<i64>,
    /// The `t` of `1 - t/z²`.
    threshold: f64,
    /// From how many days of data on.
    since: f64,
}

const STEPS: [Step; 10] = [
    Step { days: Days::Weekend, reach: None, threshold: 4.0, since: 3.9 },
    Step { days: Days::All, reach: Some(180), threshold: 1.5, since: 0.0 },
    Step { days: Days::All, reach: Some(60), threshold: 2.0, since: 0.0 },
    Step { days: Days::All, reach: Some(0), threshold: 4.0, since: 0.0 },
    Step { days: Days::Weekend, reach: Some(180), threshold: 4.0, since: 5.0 },
    Step { days: Days::Weekend, reach: Some(60), threshold: 6.0, since: 5.0 },
    Step { days: Days::Weekend, reach: Some(0), threshold: 8.0, since: 5.0 },
    Step { days: Days::Each, reach: None, threshold: 4.0, since: 8.0 },
    Step { days: Days::Each, reach: Some(180), threshold: 4.0, since: 8.0 },
    Step { days: Days::Each, reach: Some(45), threshold: 8.0, since: 8.0 },
];

impl Season {
    /// The same value in every slot.
    pub(super) fn flat(grid: Grid, value: f64) -> Self {
        let slots = grid.slots * WEEK;
        Season { grid, expected: vec![value; slots], uncertainty: vec![0.0; slots], noise: 1.0 }
    }

    /// One day for Monday to Friday and one for the weekend.
    pub(super) fn of_days(grid: Grid, weekday: &[f64], weekend: &[f64]) -> Self {
        let days = (0..WEEK).map(|day| if day < 5 { weekday } else { weekend });
        let expected: Vec<f64> = days.flat_map(|day| day.iter().copied()).collect();
        Season { grid, uncertainty: vec![0.0; expected.len()], expected, noise: 1.0 }
    }

    /// Learns from cells of so many days.
    pub(super) fn fit(grid: Grid, link: Link, cells: &[Cell], days: f64) -> Self {
        let (number, sum) =
            cells.iter().fold((0.0, 0.0), |(number, sum), cell| (number + cell.number, sum + cell.sum));
        let level = match link {
            Link::Ratio => (sum + 0.5) / (number + 1.0),
            Link::Offset => sum / f64::max(number, 1.0),
        };
        let mut season = Season::flat(grid, level);
        season.noise = season.noise_of(link, cells);
        for _ in 0..3 {
            let noise = season.noise;
            season = Season::flat(grid, level);
            let base = match link {
                Link::Ratio => noise / (sum + 0.5),
                Link::Offset => noise / (cells.len() as f64).max(1.0),
            };
            season.uncertainty.iter_mut().for_each(|variance| *variance = base);
            for step in STEPS.iter().filter(|step| days >= step.since) {
                season.refine(link, cells, step, noise);
            }
            season.noise = season.noise_of(link, cells);
        }
        season
    }

    /// What a slot is worth, and the variance of that.
    pub(super) fn at(&self, clock: WallClock) -> (f64, f64) {
        let slot = self.grid.slot_of_week(clock);
        let of = |values: &[f64]| values.get(slot).copied().unwrap_or(0.0);
        (of(&self.expected), of(&self.uncertainty))
    }

    /// What one value of a cell is worth.
    pub(super) fn of_cell(&self, cell: &Cell) -> f64 {
        self.expected.get(cell.weekday * self.grid.slots + cell.slot).copied().unwrap_or(0.0)
    }

    /// A cell's deviation from what is expected, and its weight: the quotient is the deviation of one cell.
    fn deviation(&self, link: Link, cell: &Cell) -> (f64, f64) {
        let expected = self.of_cell(cell);
        match link {
            Link::Ratio => (cell.sum - expected * cell.number, expected * cell.number),
            Link::Offset => (cell.sum / cell.number.max(1.0) - expected, 1.0),
        }
    }

    fn noise_of(&self, link: Link, cells: &[Cell]) -> f64 {
        match link {
            Link::Ratio => {
                let (sum, number) = cells.iter().fold((0.0, 0.0), |(sum, number), cell| {
                    let (deviation, weight) = self.deviation(link, cell);
                    (sum + deviation * deviation / weight.max(0.01), number + 1.0)
                });
                f64::max(sum / f64::max(number, 1.0), 0.7)
            }
            Link::Offset => {
                let mut deviations: Vec<f64> =
                    cells.iter().map(|cell| self.deviation(link, cell).0.abs()).collect();
                let scale = 1.4826 * median(&mut deviations);
                f64::max(scale * scale, f64::MIN_POSITIVE)
            }
        }
    }

    fn refine(&mut self, link: Link, cells: &[Cell], step: &Step, noise: f64) {
        let slots = self.grid.slots;
        let mut sums = vec![(0.0, 0.0); step.days.rows() * slots];
        for cell in cells {
            let (deviation, weight) = self.deviation(link, cell);
            if let Some(sum) = sums.get_mut(step.days.row(cell.weekday) * slots + cell.slot) {
                sum.0 += deviation;
                sum.1 += weight;
            }
        }
        if step.reach.is_none() && sums.chunks(slots).any(|row| covered(row) < slots / 2) {
            return;
        }
        let effects = match step.reach {
            None => whole_days(&sums, slots),
            Some(minutes) => neighbours(&sums, slots, step.days, self.grid.reach(minutes)),
        };
        let kept: Vec<(f64, f64)> =
            effects.into_iter().map(|effect| effect.kept(noise, step.threshold)).collect();
        for weekday in 0..WEEK {
            let row = step.days.row(weekday) * slots;
            for slot in 0..slots {
                let Some((deviation, variance)) = kept.get(row + slot).copied() else { continue };
                let at = weekday * slots + slot;
                if let Some(expected) = self.expected.get_mut(at) {
                    *expected = link.apply(*expected, deviation);
                }
                if let Some(uncertainty) = self.uncertainty.get_mut(at) {
                    *uncertainty += variance;
                }
            }
        }
    }
}

fn covered(row: &[(f64, f64)]) -> usize {
    row.iter().filter(|(_, weight)| *weight > 0.0).count()
}

/// A weighted sum of deviations, the sum of the weights, and the sum of squared kernel times weight.
#[derive(Clone, Copy, Default)]
struct Effect {
    deviation: f64,
    weight: f64,
    square: f64,
}

impl Effect {
    fn add(&mut self, (deviation, weight): (f64, f64), kernel: f64) {
        self.deviation += kernel * deviation;
        self.weight += kernel * weight;
        self.square += kernel * kernel * weight;
    }

    /// What stands out of the noise, and the variance of that.
    fn kept(self, noise: f64, threshold: f64) -> (f64, f64) {
        if self.weight <= 0.0 {
            return (0.0, 0.0);
        }
        let deviation = self.deviation / self.weight;
        let variance = noise * self.square / (self.weight * self.weight);
        let share = 1.0 - threshold * variance / (deviation * deviation).max(f64::MIN_POSITIVE);
        let share = if share > 0.0 { share } else { 0.0 };
        (deviation * share, variance * share * share)
    }
}

fn whole_days(sums: &[(f64, f64)], slots: usize) -> Vec<Effect> {
    let days = sums.chunks(slots).map(|row| {
        row.iter().fold(Effect::default(), |mut effect, sum| {
            effect.add(*sum, 1.0);
            effect
        })
    });
    days.flat_map(|effect| std::iter::repeat_n(effect, slots)).collect()
}

/// Each slot with those around it, by a triangular kernel. The last slot of a day is followed by the first of the next.
fn neighbours(sums: &[(f64, f64)], slots: usize, days: Days, reach: usize) -> Vec<Effect> {
    let around = if days == Days::Each { sums.len() } else { slots };
    let reach = reach.min(around.saturating_sub(1) / 2);
    let effect_at = |index: usize| {
        let (row, slot) = (index / around * around, index % around);
        let mut effect = Effect::default();
        for step in 0..=2 * reach {
            let kernel = 1.0 - reach.abs_diff(step) as f64 / (reach + 1) as f64;
            if let Some(sum) = sums.get(row + (slot + around + step - reach) % around) {
                effect.add(*sum, kernel);
            }
        }
        effect
    };
    (0..sums.len()).map(effect_at).collect()
}
