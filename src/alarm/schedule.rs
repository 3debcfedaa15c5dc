//! When an alarm is evaluated, and over which periods (`spec/metrics-insights.md` 5.2).

use crate::EpochMillis;
use crate::series::{Period, TimeRange};

use super::window::{EvaluationWindow, WallClockZone};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The rhythm of an alarm. An evaluation is named by the end of its newest period.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Schedule {
    period: i64,
    rhythm: Rhythm,
}

#[derive(Clone, Debug, PartialEq)]
enum Rhythm {
    /// Every so many milliseconds, the periods ending there.
    Sliding(i64),
    /// Whenever a period of the wall clock ends.
    WallClock(WallClockZone),
}

impl Schedule {
    /// The rhythm that the service keeps for this period and span.
    pub(super) fn new(period: Period, evaluation_periods: u32, window: &EvaluationWindow) -> Self {
        let period = period.millis();
        let rhythm = match window {
            EvaluationWindow::WallClock(zone) => Rhythm::WallClock(zone.clone()),
            EvaluationWindow::Sliding if period < MINUTE => Rhythm::Sliding(10 * SECOND),
            EvaluationWindow::Sliding if period.saturating_mul(i64::from(evaluation_periods)) > DAY => {
                Rhythm::Sliding(HOUR)
            }
            EvaluationWindow::Sliding => Rhythm::Sliding(MINUTE),
        };
        Schedule { period, rhythm }
    }

    /// The first evaluation after an instant; `None` where time ends.
    pub(super) fn next_after(&self, at: i64) -> Option<i64> {
        match &self.rhythm {
            Rhythm::Sliding(step) => at.checked_sub(at.rem_euclid(*step))?.checked_add(*step),
            Rhythm::WallClock(zone) => zone.next_period(at, self.period),
        }
    }

    /// The period that ends at an instant, itself the end of a period.
    pub(super) fn bucket_before(&self, end: i64) -> TimeRange {
        let start = match &self.rhythm {
            Rhythm::Sliding(_) => None,
            Rhythm::WallClock(zone) => zone.period_start(end.saturating_sub(1), self.period),
        };
        let start = start.unwrap_or_else(|| end.saturating_sub(self.period));
        TimeRange { start: EpochMillis(start), end: EpochMillis(end) }
    }

    /// How many evaluations apart two are whose periods begin where the other's end. Where that is no whole number, they
    /// never meet.
    pub(super) fn stride(&self) -> Option<i64> {
        match &self.rhythm {
            Rhythm::Sliding(step) => (self.period % step == 0).then_some(self.period / step),
            Rhythm::WallClock(_) => Some(1),
        }
    }

    /// At least how many milliseconds lie between two evaluations, as a rule.
    pub(super) fn step(&self) -> i64 {
        match &self.rhythm {
            Rhythm::Sliding(step) => *step,
            Rhythm::WallClock(_) => self.period,
        }
    }

    /// Which of the rounds of [`Schedule::stride`] an evaluation belongs to.
    pub(super) fn round(&self, end: i64) -> usize {
        let step = match &self.rhythm {
            Rhythm::Sliding(step) => *step,
            Rhythm::WallClock(_) => return 0,
        };
        let rounds = self.stride().unwrap_or(1).max(1);
        usize::try_from(end.div_euclid(step).rem_euclid(rounds)).unwrap_or(0)
    }
}
