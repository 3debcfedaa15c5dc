//! The states of an alarm over time, and why each began.

use crate::EpochMillis;
use crate::series::TimeRange;

use super::settings::{AlarmState, EvaluationState};
use super::state_reason_data::StateReasonData;

/// A change of state.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StateChange {
    /// When it was seen.
    pub at: EpochMillis,
    /// The state before.
    pub from: AlarmState,
    /// The state from then on.
    pub to: AlarmState,
    /// `StateReason`, as the service words it.
    pub reason: String,
    /// `StateReasonData`
    pub facts: StateReasonData,
    /// `EvaluationState`, where something is wrong.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub evaluation_state: Option<EvaluationState>,
}

/// A time in one state.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StateInterval {
    /// The state.
    pub state: AlarmState,
    /// From when to when.
    pub range: TimeRange,
}

/// What state an alarm, or one contributor of it, was in from its creation on.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Timeline {
    created: EpochMillis,
    until: EpochMillis,
    changes: Vec<StateChange>,
}

impl Timeline {
    /// The reason of the state in which every alarm begins, `INSUFFICIENT_DATA`.
    pub const INITIAL_REASON: &'static str = "Unchecked: Initial alarm creation";

    pub(super) fn new(created: EpochMillis) -> Self {
        Timeline { created, until: created, changes: Vec::new() }
    }

    pub(super) fn push(&mut self, change: StateChange) {
        self.extend_to(change.at);
        self.changes.push(change);
    }

    pub(super) fn extend_to(&mut self, until: EpochMillis) {
        self.until = self.until.max(until);
    }

    /// When it began.
    pub fn created(&self) -> EpochMillis {
        self.created
    }

    /// Up to when it is known.
    pub fn until(&self) -> EpochMillis {
        self.until
    }

    /// The changes, in order of time.
    pub fn changes(&self) -> &[StateChange] {
        &self.changes
    }

    /// The last state.
    pub fn state(&self) -> AlarmState {
        self.changes.last().map_or(AlarmState::InsufficientData, |change| change.to)
    }

    /// Why the last state began.
    pub fn reason(&self) -> &str {
        self.changes.last().map_or(Self::INITIAL_REASON, |change| &change.reason)
    }

    /// The state at an instant; `INSUFFICIENT_DATA` before the first change.
    pub fn state_at(&self, at: EpochMillis) -> AlarmState {
        let before = self.changes.partition_point(|change| change.at <= at);
        let last = before.checked_sub(1).and_then(|index| self.changes.get(index));
        last.map_or(AlarmState::InsufficientData, |change| change.to)
    }

    /// The states from creation to the end, each with its time; none of no length.
    pub fn intervals(&self) -> Vec<StateInterval> {
        let mut intervals = Vec::with_capacity(self.changes.len() + 1);
        let (mut state, mut start) = (AlarmState::InsufficientData, self.created);
        let end = (self.until, self.state());
        for (at, next) in self.changes.iter().map(|change| (change.at, change.to)).chain([end]) {
            if start < at {
                intervals.push(StateInterval { state, range: TimeRange { start, end: at } });
            }
            (state, start) = (next, at);
        }
        intervals
    }

    /// How often the state became `ALARM`.
    pub fn alarms(&self) -> usize {
        self.changes.iter().filter(|change| change.to == AlarmState::Alarm).count()
    }

    /// For how many milliseconds it was in a state.
    pub fn millis_in(&self, state: AlarmState) -> i64 {
        let intervals = self.intervals();
        let spent =
            intervals.iter().filter(|interval| interval.state == state).map(|part| part.range.millis());
        spent.fold(0, i64::saturating_add)
    }
}
