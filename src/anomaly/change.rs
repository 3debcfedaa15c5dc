//! When values that look like outliers are the new level: once they have stayed on one side long enough.

use crate::EpochMillis;

use super::configuration::AdaptationSpeed;
use super::season::Link;

const HOUR_MILLIS: i64 = 3_600_000;
/// The share of values on one side that keeps a run going, once it has this many values.
const SHARE: f64 = 0.5;
const SETTLED: f64 = 6.0;
/// A run ends when no outlier came for this part of the time that it has to last.
const QUIET_PART: i64 = 4;

/// A run of values of which most are outliers on one side.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    since: i64,
    number: f64,
    above: f64,
    below: f64,
    sum: f64,
    expected: f64,
    last_outlier: i64,
}

/// Watches for a new level.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    persistence_millis: i64,
    run: Option<Run>,
}

/// A new level: since when, and how the values before move to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moved {
    pub since: EpochMillis,
    mean: f64,
    expected: f64,
}

impl Moved {
    pub(super) fn apply(self, link: Link, value: f64) -> f64 {
        match link {
            Link::Offset => value + (self.mean - self.expected),
            // Nothing is gained by multiplying what was nothing.
            Link::Ratio if self.expected < self.mean * 0.01 => self.mean,
            Link::Ratio => value * (self.mean / self.expected),
        }
    }
}

impl Change {
    pub(super) fn new(speed: AdaptationSpeed) -> Self {
        Change { persistence_millis: speed.persistence_hours() * HOUR_MILLIS, run: None }
    }

    /// One value; `side` is 0 for one that is no outlier.
    pub(super) fn observe(
        &mut self,
        at: EpochMillis,
        period: i64,
        side: f64,
        value: f64,
        expected: f64,
    ) -> Option<Moved> {
        if self.run.is_none() && side == 0.0 {
            return None;
        }
        let run = self.run.get_or_insert(Run { since: at.0, last_outlier: at.0, ..Run::default() });
        run.number += 1.0;
        run.above += f64::from(u8::from(side > 0.0));
        run.below += f64::from(u8::from(side < 0.0));
        run.sum += value;
        run.expected += expected;
        if side != 0.0 {
            run.last_outlier = at.0;
        }
        let is_quiet = at.0.saturating_sub(run.last_outlier) > self.persistence_millis / QUIET_PART;
        if !is_quiet && run.number < SETTLED {
            return None;
        }
        if is_quiet || run.above.max(run.below) < SHARE * run.number {
            self.run = None;
            return None;
        }
        if at.0.saturating_add(period).saturating_sub(run.since) < self.persistence_millis {
            return None;
        }
        let moved = Moved {
            since: EpochMillis(run.since),
            mean: run.sum / run.number,
            expected: run.expected / run.number,
        };
        self.run = None;
        Some(moved)
    }
}
