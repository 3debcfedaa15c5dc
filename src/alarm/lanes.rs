//! The datapoints that evaluations share: each period is asked for once.

use std::collections::VecDeque;
use std::iter;

use crate::series::TimeRange;

use super::data::Datapoint;
use super::evaluate::PointState;
use super::schedule::Schedule;

/// A period that was looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slot {
    pub(super) bucket: TimeRange,
    pub(super) datapoint: Datapoint,
    pub(super) state: PointState,
    /// Whether all its data had arrived.
    pub(super) is_complete: bool,
}

/// Periods seen so far. With periods of five minutes, evaluations five minutes apart share all periods but one, and those
/// between share none: each of the five rounds is a lane of its own.
#[derive(Clone, Debug)]
pub(super) struct Lanes {
    /// Adjoining periods, newest first.
    lanes: Vec<VecDeque<Slot>>,
    range: usize,
}

impl Lanes {
    /// Room for evaluations that look back over so many periods.
    pub(super) fn new(schedule: &Schedule, range: u32) -> Self {
        let rounds = schedule.stride().and_then(|stride| usize::try_from(stride).ok()).unwrap_or(1);
        let range = usize::try_from(range).unwrap_or(usize::MAX);
        Lanes { lanes: vec![VecDeque::new(); rounds.max(1)], range }
    }

    /// The periods of the evaluation that ends at `end`, newest first; `read` is asked, by their ends, for those not seen
    /// in full yet, and only as far back as they are taken.
    pub(super) fn newest_first<'a>(
        &'a mut self,
        end: i64,
        schedule: &Schedule,
        read: impl Fn(i64) -> Slot + 'a,
    ) -> impl Iterator<Item = Slot> + 'a {
        let mut lane = self.lanes.get_mut(schedule.round(end));
        if let Some(lane) = &mut lane
            && lane.front().is_none_or(|newest| newest.bucket.end.0 != end)
        {
            let newest = read(end);
            if lane.front().is_some_and(|before| before.bucket.end != newest.bucket.start) {
                lane.clear();
            }
            lane.push_front(newest);
            lane.truncate(self.range);
        }
        let mut indices = 0..self.range;
        iter::from_fn(move || {
            let index = indices.next()?;
            let lane = lane.as_mut()?;
            if index == lane.len() {
                let older = read(lane.back()?.bucket.start.0);
                lane.push_back(older);
            }
            let slot = lane.get_mut(index)?;
            if !slot.is_complete {
                *slot = read(slot.bucket.end.0);
            }
            Some(*slot)
        })
    }
}
