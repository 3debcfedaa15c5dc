//! The rows of the last two weeks, in order of time and of size.

use super::ordered::Ordered;
use super::{DAY, ROWS_KEPT};

/// Rows older than this say nothing: the service trains on at most two weeks (`spec/anomaly.md` 1).
const HORIZON: i64 = 14 * DAY;

/// Times that never go back, with the value of each as it is and as its signed square root. On the root's scale a count
/// has the same spread whatever its level.
#[derive(Clone, Debug, Default)]
pub(super) struct Recent {
    times: Vec<i64>,
    values: Vec<f64>,
    roots: Vec<f64>,
    /// Rows before this index are forgotten; they are cut off together once they are as many as the others.
    start: usize,
    sizes: Ordered,
}

/// On which scale values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// As they are.
    Plain,
    /// Their square roots, with the sign kept.
    Root,
}

impl Scale {
    /// A value on this scale.
    pub(super) fn of(self, value: f64) -> f64 {
        match self {
            Scale::Plain => value,
            Scale::Root => value.abs().sqrt().copysign(value),
        }
    }
}

impl Recent {
    /// How many rows are remembered.
    pub(super) fn len(&self) -> usize {
        self.sizes.len()
    }

    /// The time of the last row.
    pub(super) fn last_time(&self) -> Option<i64> {
        self.times.last().copied()
    }

    /// The value of the last row.
    pub(super) fn last_value(&self) -> Option<f64> {
        self.values.last().copied()
    }

    /// Forgets what is older than two weeks, and more than [`ROWS_KEPT`] rows.
    pub(super) fn forget(&mut self, now: i64) {
        let oldest = now.saturating_sub(HORIZON);
        while let (Some(time), Some(value)) = (self.times.get(self.start), self.values.get(self.start)) {
            if *time >= oldest && self.len() < ROWS_KEPT {
                break;
            }
            self.sizes.remove(*value);
            self.start += 1;
        }
        if self.start > self.len() {
            self.times.drain(..self.start);
            self.values.drain(..self.start);
            self.roots.drain(..self.start);
            self.start = 0;
        }
    }

    /// Takes a row in, whose time is not before the last one's and whose value is finite.
    pub(super) fn push(&mut self, time: i64, value: f64) {
        self.times.push(time);
        self.values.push(value);
        self.roots.push(Scale::Root.of(value));
        self.sizes.insert(value);
    }

    /// How far a value is from the nearest one remembered.
    pub(super) fn nearest(&self, value: f64, scale: Scale) -> Option<f64> {
        let rank = self.sizes.below(value);
        let below = rank.checked_sub(1).and_then(|rank| self.sizes.at(rank));
        let distance = |other: f64| (scale.of(value) - scale.of(other)).abs();
        [below, self.sizes.at(rank)].into_iter().flatten().map(distance).min_by(f64::total_cmp)
    }

    /// The distance between the 5 % and the 95 % quantile, with a thousandth of the range so that rare values count
    /// where the rest is constant, and the rounding error of the numbers so that it is never zero.
    pub(super) fn spread(&self, scale: Scale) -> f64 {
        let len = self.len();
        let at = |rank: usize| scale.of(self.sizes.at(rank).unwrap_or(0.0));
        let last = len.saturating_sub(1);
        let (least, greatest) = (at(0), at(last));
        let rounding = least.abs().max(greatest.abs()) * f64::EPSILON + f64::MIN_POSITIVE;
        at((len * 19 / 20).min(last)) - at(len / 20) + (greatest - least) / 1_000.0 + rounding
    }

    /// The roots of the values between two times, both included, oldest first.
    pub(super) fn roots_between(&self, from: i64, to: i64) -> &[f64] {
        let times = self.times.get(self.start..).unwrap_or_default();
        let first = self.start + times.partition_point(|time| *time < from);
        let end = self.start + times.partition_point(|time| *time <= to);
        self.roots.get(first..end).unwrap_or_default()
    }

    /// The values of the row at this time, give or take a period, and of the rows beside it; nothing where there is none.
    pub(super) fn slot(&self, time: i64, period: i64) -> &[f64] {
        let times = self.times.get(self.start..).unwrap_or_default();
        let place = times.partition_point(|held| *held < time.saturating_sub(period / 2));
        if times.get(place).is_none_or(|held| held.saturating_sub(time) > period) {
            return &[];
        }
        let row = self.start + place;
        let end = (row + 2).min(self.times.len());
        self.values.get(row.saturating_sub(1).max(self.start)..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_scale() {
        let mut recent = Recent::default();
        assert_eq!(recent.nearest(1.0, Scale::Plain), None);
        for (time, value) in [(0, -9.0), (1, 4.0), (2, 16.0)] {
            recent.push(time, value);
        }
        assert_eq!(recent.nearest(9.0, Scale::Plain), Some(5.0));
        assert_eq!(recent.nearest(9.0, Scale::Root), Some(1.0));
        assert_eq!(recent.nearest(-16.0, Scale::Root), Some(1.0));
        assert_eq!(recent.nearest(4.0, Scale::Root), Some(0.0));
    }

    #[test]
    fn the_spread_leaves_out_a_twentieth_at_either_end() {
        let mut recent = Recent::default();
        (0..100).for_each(|row| recent.push(row, row as f64));
        assert!((recent.spread(Scale::Plain) - (95.0 - 5.0 + 0.099)).abs() < 1e-9);
        assert!(Recent::default().spread(Scale::Root) > 0.0);
    }

    #[test]
    fn two_weeks_are_kept_across_the_cuts() {
        let mut recent = Recent::default();
        for hour in 0..2_000 {
            recent.forget(hour * DAY / 24);
            recent.push(hour * DAY / 24, hour as f64);
        }
        assert_eq!(recent.len(), 337);
        assert_eq!(recent.slot(1_800 * DAY / 24, DAY / 24), [1_799.0, 1_800.0, 1_801.0]);
        assert_eq!(
            recent.slot(1_663 * DAY / 24, DAY / 24),
            [1_663.0, 1_664.0],
            "the oldest has one neighbour"
        );
        assert!(recent.slot(2_500 * DAY / 24, DAY / 24).is_empty());
        let roots = recent.roots_between(1_681 * DAY / 24, 1_682 * DAY / 24 + 1);
        assert_eq!(roots, [41.0, 1_682.0_f64.sqrt()]);
        assert!(recent.times.len() <= 2 * 337 + 1, "the forgotten are cut off");
    }
}
