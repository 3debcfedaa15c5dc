//! The values of the two preceding weeks: all that a detector ever trains on.

use std::collections::VecDeque;

use crate::EpochMillis;

use super::calendar::{DAY_MILLIS, WallClock};

/// The longest past that trains: two weeks.
pub(super) const SPAN_MILLIS: i64 = 14 * DAY_MILLIS;

/// One value and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub at: EpochMillis,
    pub clock: WallClock,
    pub value: f64,
    /// Whether it was moved to a later level. Such values tell the season, not the spread.
    pub is_moved: bool,
    /// What was expected of it before it was known.
    pub expected: Option<f64>,
}

/// Ascending in time, none older than two weeks before the end.
#[derive(Clone, Debug, Default)]
pub(super) struct History(VecDeque<Entry>);

impl History {
    pub(super) fn push(&mut self, at: EpochMillis, clock: WallClock, value: f64, expected: Option<f64>) {
        self.0.push_back(Entry { at, clock, value, is_moved: false, expected });
    }

    /// Forgets what is older than two weeks at this instant.
    pub(super) fn forget_before(&mut self, end: EpochMillis) {
        let oldest = end.0.saturating_sub(SPAN_MILLIS);
        while self.0.front().is_some_and(|entry| entry.at.0 < oldest) {
            self.0.pop_front();
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// From the first value to an instant.
    pub(super) fn millis_until(&self, end: EpochMillis) -> i64 {
        self.0.front().map_or(0, |first| end.0.saturating_sub(first.at.0).max(0))
    }

    /// Moves all that is before an instant to another level.
    pub(super) fn move_before(&mut self, at: EpochMillis, moved: impl Fn(f64) -> f64) {
        for entry in self.0.iter_mut().take_while(|entry| entry.at < at) {
            entry.value = moved(entry.value);
            entry.is_moved = true;
        }
    }
}
