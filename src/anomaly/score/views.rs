//! What may be strange about a row: six raw surprises, each the logarithm of a distance that has no unit of its own.

use std::collections::VecDeque;

use super::recent::{Recent, Scale};
use super::{DAY, VIEWS};

/// Fewer rows tell nothing.
const LEAST_ROWS: usize = 30;
/// A distance below this share of the spread is no distance. The views of single values are finer than those of the
/// season, where a small distance is chance.
const FINE: f64 = 0.001;
const HOURLY: f64 = 0.01;
const DAILY: f64 = 0.05;
const WEEKLY: f64 = 0.1;
/// How far from the time of day a row still is of that time: one hour to both sides, in milliseconds.
const HOUR: i64 = 3_600_000;
/// A slot's usual value is a median of at least so many rows.
const LEAST_IN_SLOT: usize = 3;

/// The state that the views keep beside the rows.
#[derive(Clone, Debug)]
pub(super) struct Views {
    period: i64,
    activity: Activity,
    week: Recently<6>,
    medians: Vec<f64>,
}

impl Views {
    pub(super) fn new(period: i64) -> Self {
        let (activity, week) = (Activity::default(), Recently::default());
        Views { period, activity, week, medians: Vec::new() }
    }

    /// The surprises of a row that is not yet among the recent ones.
    pub(super) fn surprises(&mut self, recent: &Recent, time: i64, value: f64) -> [Option<f64>; VIEWS] {
        let activity = self.activity.surprise(recent.last_value().map(|last| value - last));
        let (plain, root) = (recent.spread(Scale::Plain), recent.spread(Scale::Root));
        let days = self.usual(recent, time, DAY, 7, Scale::Root);
        let weeks = self.usual(recent, time, 7 * DAY, 2, Scale::Plain);
        let off_week = self.week.mean(weeks.map(|usual| value - usual));
        if recent.len() < LEAST_ROWS {
            return [None; VIEWS];
        }
        let log = |distance: Option<f64>, spread: f64, share: f64| {
            distance.map(|distance| (distance.abs() + share * spread).ln())
        };
        [
            log(recent.nearest(value, Scale::Plain), plain, FINE),
            log(recent.nearest(value, Scale::Root), root, FINE),
            log(nearest_at_this_hour(recent, time, value), root, HOURLY),
            log(days.map(|usual| Scale::Root.of(value) - usual), root, DAILY),
            log(off_week, plain, WEEKLY),
            activity,
        ]
    }

    /// The median of the same slot and its neighbours, so many cycles back.
    fn usual(&mut self, recent: &Recent, time: i64, cycle: i64, cycles: i64, scale: Scale) -> Option<f64> {
        self.medians.clear();
        for back in 1..=cycles {
            let slot = recent.slot(time.saturating_sub(back * cycle), self.period, scale);
            self.medians.extend_from_slice(slot);
        }
        if self.medians.len() < LEAST_IN_SLOT {
            return None;
        }
        let middle = self.medians.len() / 2;
        Some(*self.medians.select_nth_unstable_by(middle, f64::total_cmp).1)
    }
}

/// How far the value is from the nearest one that was seen within an hour of the same time on another day.
fn nearest_at_this_hour(recent: &Recent, time: i64, value: f64) -> Option<f64> {
    let root = Scale::Root.of(value);
    let mut nearest = f64::INFINITY;
    for back in 1..=14 {
        let then = time.saturating_sub(back * DAY);
        for other in recent.between(then.saturating_sub(HOUR), then.saturating_add(HOUR), Scale::Root) {
            nearest = nearest.min((root - other).abs());
        }
    }
    nearest.is_finite().then_some(nearest)
}

/// How much the series moves lately, against how much it moves in the long run.
#[derive(Clone, Debug, Default)]
struct Activity {
    lately: Recently<12>,
    long: f64,
    rows: f64,
}

impl Activity {
    /// The weight of one row in the long run: about 500 rows count, fewer while there are fewer.
    const LONG: f64 = 0.002;

    fn surprise(&mut self, step: Option<f64>) -> Option<f64> {
        let step = step.map_or(0.0, f64::abs);
        self.rows += 1.0;
        self.long += Self::LONG.max(1.0 / self.rows) * (step - self.long);
        let lately = self.lately.mean(Some(step))?;
        (self.long > 0.0).then(|| (lately / self.long + FINE).ln())
    }
}

/// The mean of the last `N` rows.
#[derive(Clone, Debug, Default)]
struct Recently<const N: usize> {
    rows: VecDeque<Option<f64>>,
}

impl<const N: usize> Recently<N> {
    /// The mean with the next row, where more than half of the rows have a value.
    fn mean(&mut self, next: Option<f64>) -> Option<f64> {
        if self.rows.len() == N {
            self.rows.pop_front();
        }
        self.rows.push_back(next);
        let (mut sum, mut count) = (0.0, 0_usize);
        for value in self.rows.iter().flatten() {
            sum += value;
            count += 1;
        }
        (2 * count > N).then(|| sum / count as f64)
    }
}
