//! An alarm on a grouped query: each series has a state of its own (`spec/metrics-insights.md` 5.5).

use std::collections::BTreeMap;

use crate::EpochMillis;
use crate::series::TimeRange;

use super::data::{Contributor, ContributorData, ContributorIdentity, ContributorSet, Datapoint};
use super::definition::AlarmDefinition;
use super::evaluate::EvaluationRule;
use super::lanes::Slot;
use super::reason;
use super::run::{Clock, ReplayError, ReplayOptions, WarmUp, has_few_samples, looked_at};
use super::settings::{AlarmState, EmptyResult, EvaluationState, TreatMissingData};
use super::state_reason_data::StateReasonData;
use super::timeline::{StateChange, Timeline};

/// What became of an alarm on a grouped query.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct QueryTimeline {
    /// The alarm as a whole: `ALARM` while one contributor is.
    pub alarm: Timeline,
    /// Every series that was ever returned, by identity.
    pub contributors: Vec<ContributorTimeline>,
}

/// What became of one series.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ContributorTimeline {
    /// Which one.
    pub identity: ContributorIdentity,
    /// From its first appearance on.
    pub timeline: Timeline,
}

/// One alarm on a grouped query over a time: created at the start, evaluated up to and including the end.
///
/// # Errors
/// The time is too long for one replay.
pub fn replay_query(
    definition: &AlarmDefinition,
    data: &(impl ContributorData + ?Sized),
    range: TimeRange,
    options: &ReplayOptions,
) -> Result<QueryTimeline, ReplayError> {
    let mut run = QueryAlarmRun::new(definition, range.start, options);
    run.advance(data, range.end)?;
    Ok(run.into_timeline())
}

/// An alarm on a grouped query between two evaluations.
#[derive(Clone, Debug)]
pub struct QueryAlarmRun<'a> {
    definition: &'a AlarmDefinition,
    rule: EvaluationRule,
    clock: Clock,
    warm_up: WarmUp,
    empty_result: EmptyResult,
    alarm: Timeline,
    contributors: BTreeMap<ContributorIdentity, Member>,
}

#[derive(Clone, Debug)]
struct Member {
    timeline: Timeline,
    /// The last evaluation for which the query returned it.
    returned: EpochMillis,
}

impl<'a> QueryAlarmRun<'a> {
    /// The alarm as it is created, without contributors.
    pub fn new(definition: &'a AlarmDefinition, created: EpochMillis, options: &ReplayOptions) -> Self {
        QueryAlarmRun {
            definition,
            rule: definition.rule_over(options.evaluation_range),
            clock: Clock::new(definition, created, options),
            warm_up: WarmUp::new(definition.warm_up(), created),
            empty_result: options.empty_result,
            alarm: Timeline::new(created),
            contributors: BTreeMap::new(),
        }
    }

    /// Evaluates it up to and including an instant, and may be called again for a later one.
    ///
    /// # Errors
    /// The time is too long for one step.
    pub fn advance(
        &mut self,
        data: &(impl ContributorData + ?Sized),
        until: EpochMillis,
    ) -> Result<(), ReplayError> {
        self.clock.check_length(until)?;
        while let Some(end) = self.clock.next_until(until) {
            let (at, buckets) = (EpochMillis(end), self.buckets(end));
            let seen: Vec<_> = buckets.iter().filter_map(|bucket| self.clock.seen_at(at, *bucket)).collect();
            let result = data.contributors(&seen);
            self.evaluate(at, &buckets, &result);
        }
        self.alarm.extend_to(until);
        for member in self.contributors.values_mut() {
            member.timeline.extend_to(until);
        }
        Ok(())
    }

    /// The alarm as a whole, so far.
    pub fn alarm(&self) -> &Timeline {
        &self.alarm
    }

    /// What happened.
    pub fn into_timeline(self) -> QueryTimeline {
        let contributors = self.contributors.into_iter();
        let contributors = contributors
            .map(|(identity, member)| ContributorTimeline { identity, timeline: member.timeline });
        QueryTimeline { alarm: self.alarm, contributors: contributors.collect() }
    }

    /// The periods of an evaluation, oldest first.
    fn buckets(&self, end: i64) -> Vec<TimeRange> {
        let newest = self.clock.schedule.bucket_before(end);
        let before = |bucket: &TimeRange| Some(self.clock.schedule.bucket_before(bucket.start.0));
        let range = usize::try_from(self.rule.evaluation_range()).unwrap_or(usize::MAX);
        let mut buckets: Vec<_> = std::iter::successors(Some(newest), before).take(range).collect();
        buckets.reverse();
        buckets
    }

    fn evaluate(&mut self, at: EpochMillis, buckets: &[TimeRange], result: &ContributorSet) {
        let series: Vec<_> =
            result.contributors.iter().map(|series| (series, self.slots(buckets, series))).collect();
        let is_filled = |slots: &[Slot]| {
            let states = slots.iter().map(|slot| slot.state);
            self.rule.decide(states, AlarmState::InsufficientData).missing == 0
        };
        let is_window_filled = !series.is_empty() && series.iter().all(|(_, slots)| is_filled(slots));
        if !self.warm_up.is_over(at, is_window_filled) {
            return;
        }
        let evaluation_state = result.is_partial.then_some(EvaluationState::PartialData);
        for (contributor, slots) in &series {
            if !self.contributors.contains_key(&contributor.identity) {
                let member = Member { timeline: Timeline::new(at), returned: at };
                self.contributors.insert(contributor.identity.clone(), member);
            }
            if let Some(member) = self.contributors.get_mut(&contributor.identity) {
                member.returned = at;
                evaluate_one(self.definition, &self.rule, &mut member.timeline, at, slots, evaluation_state);
            }
        }
        for gone in self.contributors.values_mut().filter(|member| member.returned < at) {
            let from = gone.timeline.state();
            if from != AlarmState::Ok {
                gone.timeline.push(StateChange {
                    at,
                    from,
                    to: AlarmState::Ok,
                    reason: reason::NO_LONGER_RETURNED.to_owned(),
                    facts: StateReasonData::bare(at),
                    evaluation_state,
                });
            }
        }
        let (to, reason) = self.whole(at);
        let from = self.alarm.state();
        if to != from {
            let facts = StateReasonData::bare(at);
            self.alarm.push(StateChange { at, from, to, reason, facts, evaluation_state });
        }
    }

    /// A series' periods, newest first.
    fn slots(&self, buckets: &[TimeRange], series: &Contributor) -> Vec<Slot> {
        let points = series.datapoints.iter().copied().chain(std::iter::repeat(Datapoint::MISSING));
        let slots = buckets.iter().zip(points).map(|(bucket, datapoint)| {
            let state = self.definition.point_state(&datapoint);
            Slot { bucket: *bucket, datapoint, state, is_complete: true }
        });
        let mut slots: Vec<_> = slots.collect();
        slots.reverse();
        slots
    }

    /// The state of the alarm as a whole, and why.
    fn whole(&self, at: EpochMillis) -> (AlarmState, String) {
        let returned = || self.contributors.values().filter(|member| member.returned == at);
        let count = |state| returned().filter(|member| member.timeline.state() == state).count();
        let all = returned().count();
        if all == 0 {
            let treatment = self.rule.treat_missing_data();
            return (self.without_series(treatment), reason::of_empty_result(treatment));
        }
        let by_weight = [AlarmState::Alarm, AlarmState::Ok, AlarmState::InsufficientData];
        let found = by_weight.into_iter().map(|state| (state, count(state))).find(|(_, count)| *count > 0);
        let (state, in_state) = found.unwrap_or((AlarmState::InsufficientData, 0));
        (state, reason::of_contributors(state, in_state, all))
    }

    fn without_series(&self, treatment: TreatMissingData) -> AlarmState {
        match (self.empty_result, treatment) {
            (EmptyResult::Observed, TreatMissingData::NotBreaching) => AlarmState::Ok,
            (EmptyResult::Observed, TreatMissingData::Breaching) => AlarmState::Alarm,
            _ => AlarmState::InsufficientData,
        }
    }
}

fn evaluate_one(
    definition: &AlarmDefinition,
    rule: &EvaluationRule,
    timeline: &mut Timeline,
    at: EpochMillis,
    slots: &[Slot],
    evaluation_state: Option<EvaluationState>,
) {
    let from = timeline.state();
    let decision = rule.decide(slots.iter().map(|slot| slot.state), from);
    if decision.state == from {
        return;
    }
    let slots = looked_at(slots.iter().copied(), rule, decision.datapoints);
    if has_few_samples(definition, &slots) {
        return;
    }
    timeline.push(StateChange {
        at,
        from,
        to: decision.state,
        reason: reason::of_decision(definition, &decision, &slots),
        facts: StateReasonData::of(definition, at, &slots),
        evaluation_state,
    });
}
