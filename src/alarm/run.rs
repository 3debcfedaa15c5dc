//! An alarm evaluated as often as the service does, over past data.

use crate::EpochMillis;
use crate::series::TimeRange;

use super::data::{AlarmData, Datapoint};
use super::definition::{AlarmDefinition, WarmUpConfiguration};
use super::evaluate::{EvaluationRule, PointState};
use super::lanes::{Lanes, Slot};
use super::reason;
use super::schedule::Schedule;
use super::settings::EmptyResult;
use super::state_reason_data::StateReasonData;
use super::timeline::{StateChange, Timeline};

/// How alarms are replayed, where the service leaves it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayOptions {
    /// How many periods an evaluation looks back over; [`EvaluationRule::usual_range`] where it is `None`, N at least.
    pub evaluation_range: Option<u32>,
    /// How late data arrive, in seconds: an evaluation does not see what is younger than that, and later ones do.
    /// CloudTrail's events reach a log group minutes after they happen.
    pub data_delay_seconds: u32,
    /// What becomes of an alarm on a grouped query that returns nothing.
    pub empty_result: EmptyResult,
}

impl Default for ReplayOptions {
    fn default() -> Self {
        ReplayOptions { evaluation_range: None, data_delay_seconds: 0, empty_result: EmptyResult::Documented }
    }
}

/// Why a replay ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// Too long a time at this rhythm.
    #[error("the replay has {evaluations} evaluations, the limit is {most}; take a shorter time range", most = ReplayError::MOST_EVALUATIONS)]
    TooLong {
        /// About how many there would be.
        evaluations: u64,
    },
}

impl ReplayError {
    /// The most evaluations of one replay, or of one step of a run: nine years of minutes.
    pub const MOST_EVALUATIONS: u64 = 5_000_000;
}

/// One alarm over a time: created at the start, evaluated up to and including the end.
///
/// ```
/// use trailql::EpochMillis;
/// use trailql::alarm::{AlarmSpec, ComparisonOperator, Datapoint, ReplayOptions, StaticOperator, replay};
/// use trailql::series::TimeRange;
///
/// let operator = ComparisonOperator::Static(StaticOperator::GreaterThanThreshold);
/// let spec = AlarmSpec {
///     threshold: Some(31.0),
///     datapoints_to_alarm: Some(1),
///     ..AlarmSpec::new("presigned", operator, 60, 1)
/// };
/// let alarm = spec.check().unwrap();
/// let start = EpochMillis(1_751_531_220_000); // 2025-07-03T08:27:00Z
/// let burst = EpochMillis(start.0 + 120_000);
/// let data = |bucket: TimeRange| Datapoint::of(if bucket.contains(burst) { 32.6 } else { 1.0 });
/// let range = TimeRange { start, end: EpochMillis(start.0 + 300_000) };
/// let timeline = replay(&alarm, &data, range, &ReplayOptions::default())?;
/// assert_eq!(timeline.alarms(), 1);
/// assert_eq!(
///     timeline.changes()[1].reason,
///     "Threshold Crossed: 1 out of the last 1 datapoints [32.6 (03/07/25 08:29:00)] was greater than the threshold \
///      (31.0) (minimum 1 datapoint for OK -> ALARM transition)."
/// );
/// # Ok::<(), trailql::alarm::ReplayError>(())
/// ```
///
/// # Errors
/// The time is too long for one replay.
pub fn replay(
    definition: &AlarmDefinition,
    data: &(impl AlarmData + ?Sized),
    range: TimeRange,
    options: &ReplayOptions,
) -> Result<Timeline, ReplayError> {
    let mut run = AlarmRun::new(definition, range.start, options);
    run.advance(data, range.end)?;
    Ok(run.into_timeline())
}

/// An alarm between two evaluations: its state, and what the next evaluation needs.
#[derive(Clone, Debug)]
pub struct AlarmRun<'a> {
    definition: &'a AlarmDefinition,
    rule: EvaluationRule,
    clock: Clock,
    warm_up: WarmUp,
    lanes: Lanes,
    timeline: Timeline,
}

impl<'a> AlarmRun<'a> {
    /// The alarm as it is created, in `INSUFFICIENT_DATA`.
    pub fn new(definition: &'a AlarmDefinition, created: EpochMillis, options: &ReplayOptions) -> Self {
        let rule = definition.rule_over(options.evaluation_range);
        let clock = Clock::new(definition, created, options);
        let lanes = Lanes::new(&clock.schedule, rule.evaluation_range());
        let warm_up = WarmUp::new(definition.warm_up(), created);
        AlarmRun { definition, rule, clock, warm_up, lanes, timeline: Timeline::new(created) }
    }

    /// Evaluates it up to and including an instant, and may be called again for a later one.
    ///
    /// # Errors
    /// The time is too long for one step.
    pub fn advance(
        &mut self,
        data: &(impl AlarmData + ?Sized),
        until: EpochMillis,
    ) -> Result<(), ReplayError> {
        self.clock.check_length(until)?;
        while let Some(end) = self.clock.next_until(until) {
            self.evaluate(data, end);
        }
        self.timeline.extend_to(until);
        Ok(())
    }

    /// What happened so far.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// What happened.
    pub fn into_timeline(self) -> Timeline {
        self.timeline
    }

    fn evaluate(&mut self, data: &(impl AlarmData + ?Sized), end: i64) {
        let AlarmRun { definition, rule, clock, warm_up, lanes, timeline } = self;
        let (definition, current, at) = (*definition, timeline.state(), EpochMillis(end));
        let read = |end: i64| {
            let bucket = clock.schedule.bucket_before(end);
            let seen = clock.seen_at(at, bucket);
            let datapoint = seen.map_or(Datapoint::MISSING, |seen| data.datapoint(seen));
            let state = definition.point_state(&datapoint);
            Slot { bucket, datapoint, state, is_complete: seen == Some(bucket) }
        };
        let periods = lanes.newest_first(end, &clock.schedule, read);
        let decision = rule.decide(periods.map(|slot| slot.state), current);
        let is_warm = warm_up.is_over(at, decision.missing == 0);
        if decision.state == current || !is_warm {
            return;
        }
        let slots = looked_at(lanes.newest_first(end, &clock.schedule, read), rule, decision.datapoints);
        if has_few_samples(definition, &slots) {
            return;
        }
        timeline.push(StateChange {
            at,
            from: current,
            to: decision.state,
            reason: reason::of_decision(definition, &decision, &slots),
            facts: StateReasonData::of(definition, at, &slots),
            evaluation_state: None,
        });
    }
}

/// When the evaluations of an alarm happen.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    pub(super) schedule: Schedule,
    /// In milliseconds.
    data_delay: i64,
    /// The last evaluation, or the creation.
    last: i64,
}

impl Clock {
    pub(super) fn new(definition: &AlarmDefinition, created: EpochMillis, options: &ReplayOptions) -> Self {
        let periods = definition.rule().evaluation_periods();
        Clock {
            schedule: Schedule::new(definition.period(), periods, definition.evaluation_window()),
            data_delay: i64::from(options.data_delay_seconds) * 1_000,
            last: created.0,
        }
    }

    /// The part of a period whose data have arrived at an instant.
    pub(super) fn seen_at(&self, at: EpochMillis, bucket: TimeRange) -> Option<TimeRange> {
        let arrived = EpochMillis(at.0.saturating_sub(self.data_delay));
        (bucket.start < arrived).then(|| TimeRange { end: bucket.end.min(arrived), ..bucket })
    }

    /// The next evaluation, if it happens until then.
    pub(super) fn next_until(&mut self, until: EpochMillis) -> Option<i64> {
        let end = self.schedule.next_after(self.last).filter(|end| *end <= until.0)?;
        self.last = end;
        Some(end)
    }

    /// Refuses what would take too long.
    pub(super) fn check_length(&self, until: EpochMillis) -> Result<(), ReplayError> {
        let millis = until.0.saturating_sub(self.last).max(0);
        let evaluations = u64::try_from(millis / self.schedule.step().max(1)).unwrap_or(u64::MAX);
        if evaluations > ReplayError::MOST_EVALUATIONS {
            return Err(ReplayError::TooLong { evaluations });
        }
        Ok(())
    }
}

/// How far a warm-up has come.
#[derive(Clone, Debug)]
pub(super) struct WarmUp {
    running: Option<(WarmUpConfiguration, EpochMillis)>,
}

impl WarmUp {
    pub(super) fn new(configuration: Option<WarmUpConfiguration>, created: EpochMillis) -> Self {
        WarmUp { running: configuration.map(|configuration| (configuration, created)) }
    }

    /// Whether an evaluation counts. Once over, a warm-up does not come back.
    pub(super) fn is_over(&mut self, at: EpochMillis, is_window_filled: bool) -> bool {
        let Some((configuration, created)) = self.running else { return true };
        let is_early = is_window_filled && !configuration.only_start_evaluating_after_end;
        let is_over = is_early || at.0.saturating_sub(created.0) >= i64::from(configuration.minutes) * 60_000;
        if is_over {
            self.running = None;
        }
        is_over
    }
}

/// The periods behind a decision, newest first: N, and back to the oldest point that counted.
pub(super) fn looked_at(
    newest_first: impl Iterator<Item = Slot>,
    rule: &EvaluationRule,
    datapoints: u32,
) -> Vec<Slot> {
    let (mut slots, mut seen) = (Vec::new(), 0);
    for (age, slot) in (0..rule.evaluation_range()).zip(newest_first) {
        if age >= rule.evaluation_periods() && seen >= datapoints {
            break;
        }
        seen += u32::from(slot.state != PointState::Missing);
        slots.push(slot);
    }
    slots
}

/// Whether a point that counts stands on too few samples for the alarm to follow it.
pub(super) fn has_few_samples(definition: &AlarmDefinition, slots: &[Slot]) -> bool {
    let Some(least) = definition.low_sample_count() else { return false };
    let counted = slots.iter().filter(|slot| slot.state != PointState::Missing);
    counted.filter_map(|slot| slot.datapoint.sample_count).any(|samples| samples < least)
}
