//! A plain evaluator, written after the prose of the specification: it keeps nothing and shares nothing.

use trailql::alarm::{AlarmState, TreatMissingData};

/// M, N, the evaluation range and the treatment of missing data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain {
    pub(crate) m: usize,
    pub(crate) n: usize,
    pub(crate) range: usize,
    pub(crate) treat: TreatMissingData,
}

fn alarm_if(alarm: bool) -> AlarmState {
    if alarm { AlarmState::Alarm } else { AlarmState::Ok }
}

impl Plain {
    /// `points` come oldest first; `Some(true)` breaches.
    pub(crate) fn state(&self, points: &[Option<bool>], current: AlarmState) -> AlarmState {
        let seen = &points[points.len().saturating_sub(self.range)..];
        let real: Vec<bool> = seen.iter().flatten().copied().collect();
        // Rules 1 and 2: the newest N that are there.
        let newest = &real[real.len().saturating_sub(self.n)..];
        // Rule 3: the other places are filled.
        let fill = self.n - newest.len();
        let with = |filled: bool| {
            let places = newest.iter().copied().chain(std::iter::repeat_n(filled, fill));
            alarm_if(places.filter(|breaches| *breaches).count() >= self.m)
        };
        if fill == 0 || self.treat == TreatMissingData::NotBreaching {
            return with(false);
        }
        if self.treat == TreatMissingData::Breaching {
            return with(true);
        }
        if newest.is_empty() {
            return if self.treat == TreatMissingData::Ignore {
                current
            } else {
                AlarmState::InsufficientData
            };
        }
        // Whatever the gaps are: the same, or some are fine.
        if with(false) == AlarmState::Alarm {
            return AlarmState::Alarm;
        }
        if newest.contains(&false) {
            return AlarmState::Ok;
        }
        // Rule 4: the oldest point is at least M places old, and all that is newer breaches or is missing.
        let first = seen.iter().position(Option::is_some).unwrap_or(seen.len());
        if self.treat == TreatMissingData::Missing && seen.len() - first >= self.m {
            return AlarmState::Alarm;
        }
        current
    }
}
