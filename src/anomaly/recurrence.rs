//! Short events that come at the same time of most days, such as a nightly job of five minutes: too short for the slots
//! of the season, too regular for an anomaly.

use super::calendar::{DAY_SECONDS, WallClock};
use super::reals::median;

/// On how many days, and on which share of the days, a period must stand out to the same side.
const LEAST_DAYS: usize = 3;
const LEAST_SHARE: f64 = 2.0 / 3.0;

/// A recurring deviation from the season: a factor less one for counts, an amount otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Recurrence {
    pub typical: f64,
    pub largest: f64,
}

/// The periods of a day in which something recurs.
#[derive(Clone, Debug, Default)]
pub(super) struct Recurrences {
    period_seconds: u32,
    by_period: Vec<(u32, Recurrence)>,
}

/// What is gathered of one period of the day.
#[derive(Clone, Debug, Default)]
struct Gathered {
    number: usize,
    above: Vec<f64>,
    below: Vec<f64>,
}

impl Recurrences {
    /// Finds them among values: where each stood on the wall clock, its deviation, and whether that stands out.
    pub(super) fn find(period_seconds: u32, values: impl Iterator<Item = (WallClock, f64, bool)>) -> Self {
        let periods = usize::try_from(DAY_SECONDS).unwrap_or(0) / period_seconds.max(1) as usize + 1;
        let mut gathered = vec![Gathered::default(); periods];
        for (clock, deviation, stands_out) in values {
            let period = (clock.second / period_seconds.max(1)) as usize;
            let Some(gathered) = gathered.get_mut(period) else { continue };
            gathered.number += 1;
            if stands_out && deviation > 0.0 {
                gathered.above.push(deviation);
            } else if stands_out {
                gathered.below.push(deviation);
            }
        }
        let by_period = (0..).zip(&mut gathered).filter_map(|(period, gathered)| {
            let least = LEAST_DAYS.max((gathered.number as f64 * LEAST_SHARE).ceil() as usize);
            let side =
                [&mut gathered.above, &mut gathered.below].into_iter().find(|side| side.len() >= least)?;
            let largest = side.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            Some((period, Recurrence { typical: median(side), largest }))
        });
        Recurrences { period_seconds, by_period: by_period.collect() }
    }

    pub(super) fn at(&self, clock: WallClock) -> Option<Recurrence> {
        if self.by_period.is_empty() {
            return None;
        }
        let period = clock.second / self.period_seconds.max(1);
        let index = self.by_period.binary_search_by_key(&period, |(known, _)| *known).ok()?;
        self.by_period.get(index).map(|(_, recurrence)| *recurrence)
    }
}
