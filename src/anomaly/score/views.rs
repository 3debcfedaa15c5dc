//! What may be strange about a row: five raw surprises, each the logarithm of a distance.

use std::collections::VecDeque;

use super::recent::{Recent, Scale};
use super::{DAY, VIEWS};

/// Fewer rows tell nothing.
const LEAST_ROWS: usize = 30;
/// A distance that is a smaller share of the spread is as good as none.
const FINE: f64 = 0.003;
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
    /// Scratch: the values of a slot.
    slots: Vec<f64>,
}

impl Views {
    pub(super) fn new(period: i64) -> Self {
        let (activity, week) = (Activity::default(), Recently::default());
        Views { period, activity, week, slots: Vec::new() }
    }

    /// The surprises of a row that is not yet among the recent ones.
    pub(super) fn surprises(&mut self, recent: &Recent, time: i64, value: f64) -> [Option<f64>; VIEWS] {
        let activity = self.activity.surprise(recent.last_value().map(|last| value - last));
        let off_week = self.usual_of_week(recent, time).map(|usual| value - usual);
        let off_week = self.week.mean(off_week);
        if recent.len() < LEAST_ROWS {
            return [None; VIEWS];
        }
        let (plain, root) = (recent.spread(Scale::Plain), recent.spread(Scale::Root));
        let log = |distance: Option<f64>, spread: f64| {
            distance.map(|distance| (distance.abs() + FINE * spread).ln())
        };
        [
            log(recent.nearest(value, Scale::Plain), plain),
            log(recent.nearest(value, Scale::Root), root),
            log(nearest_at_this_hour(recent, time, value), root),
            log(off_week, plain),
            activity,
        ]
    }

    /// The median of the same slot of the week and the rows beside it, one and two weeks back.
    fn usual_of_week(&mut self, recent: &Recent, time: i64) -> Option<f64> {
        self.slots.clear();
        for weeks in 1..=2 {
            self.slots.extend_from_slice(recent.slot(time.saturating_sub(weeks * 7 * DAY), self.period));
        }
        if self.slots.len() < LEAST_IN_SLOT {
            return None;
        }
        let middle = self.slots.len() / 2;
        Some(*self.slots.select_nth_unstable_by(middle, f64::total_cmp).1)
    }
}

/// How far the value is from the nearest one that was seen within an hour of the same time on another day.
fn nearest_at_this_hour(recent: &Recent, time: i64, value: f64) -> Option<f64> {
    let root = Scale::Root.of(value);
    let mut nearest = f64::INFINITY;
    for back in 1..=14 {
        let then = time.saturating_sub(back * DAY);
        for other in recent.roots_between(then.saturating_sub(HOUR), then.saturating_add(HOUR)) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: i64 = 600_000;

    /// Three weeks of ten minutes; the value is the row's number within its day.
    fn past() -> (Recent, i64) {
        let mut recent = Recent::default();
        for row in 0..21 * 144 {
            recent.forget(row * STEP);
            recent.push(row * STEP, (row % 144) as f64);
        }
        (recent, 21 * 144 * STEP)
    }

    #[test]
    fn a_value_is_far_from_those_of_its_hour_though_it_is_known() {
        let (recent, midnight) = past();
        assert_eq!(recent.nearest(72.0, Scale::Plain), Some(0.0));
        // The values of 23:00 to 01:00 are 138 … 143 and 0 … 6.
        let distance = nearest_at_this_hour(&recent, midnight, 72.0).unwrap();
        assert!((distance - (138.0_f64.sqrt() - 72.0_f64.sqrt())).abs() < 1e-12, "{distance}");
    }

    #[test]
    fn a_slot_of_the_week_is_the_median_of_its_rows_and_their_neighbours() {
        let (recent, midnight) = past();
        let mut views = Views::new(STEP);
        // Rows 71, 72 and 73, of one week before and two.
        assert_eq!(views.usual_of_week(&recent, midnight + 72 * STEP), Some(72.0));
        assert_eq!(views.usual_of_week(&Recent::default(), midnight), None);
    }

    #[test]
    fn activity_is_the_log_of_the_recent_steps_over_the_usual_ones() {
        let mut activity = Activity::default();
        for row in 0..400 {
            activity.surprise(Some(if row % 2 == 0 { 1.0 } else { -1.0 }));
        }
        assert!((activity.surprise(Some(1.0)).unwrap() - 1.003_f64.ln()).abs() < 1e-12);
        let burst = (0..12).filter_map(|_| activity.surprise(Some(8.0))).last().unwrap();
        // The long run has moved from 1 by 12 rows of weight 1/402 … 1/413.
        let long = (401.0 + 12.0 * 8.0) / 413.0;
        assert!((burst - (8.0_f64 / long + 0.003).ln()).abs() < 1e-9, "{burst}");
        assert_eq!(Activity::default().surprise(Some(0.0)), None);
    }

    #[test]
    fn the_mean_of_a_few_rows_needs_more_than_half_of_them() {
        let mut week = Recently::<6>::default();
        let means: Vec<_> = [None, Some(1.0), Some(2.0), Some(3.0), Some(6.0), None, None, None]
            .map(|row| week.mean(row))
            .into();
        assert_eq!(means, [None, None, None, None, Some(3.0), Some(3.0), Some(3.0), None]);
    }
}
