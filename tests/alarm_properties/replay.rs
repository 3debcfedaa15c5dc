//! Whole replays.

use proptest::prelude::*;
use trailql::EpochMillis;
use trailql::alarm::{
    AlarmData, AlarmDefinition, AlarmRun, AlarmSource, AlarmSpec, AlarmState, BandEdges, BandOperator,
    ComparisonOperator, Contributor, ContributorIdentity, ContributorSet, Datapoint, EvaluationRule,
    EvaluationWindow, QueryAlarmRun, ReplayError, ReplayOptions, StaticOperator, Timeline, TreatMissingData,
    WallClockZone, replay, replay_query,
};
use trailql::series::TimeRange;

use crate::plain::Plain;

const MINUTE: i64 = 60_000;
/// 2026-03-01T00:00:00Z
const START: i64 = 1_772_323_200_000;

fn alarm(period: u64, m: u32, n: u32, treat: TreatMissingData) -> AlarmSpec {
    let operator = ComparisonOperator::Static(StaticOperator::GreaterThanThreshold);
    AlarmSpec {
        threshold: Some(10.0),
        datapoints_to_alarm: Some(m),
        treat_missing_data: treat,
        ..AlarmSpec::new("alarm", operator, period, n)
    }
}

fn treat() -> impl Strategy<Value = TreatMissingData> {
    prop::sample::select(TreatMissingData::ALL.to_vec())
}

/// M of N.
fn counts(most: u32) -> impl Strategy<Value = (u32, u32)> {
    (1..=most).prop_flat_map(|n| (1..=n, Just(n)))
}

/// A value a minute, with gaps.
fn minutes() -> impl Strategy<Value = Vec<Option<u8>>> {
    let calm = prop::collection::vec(prop::option::weighted(0.5, 0_u8..4), 1..60);
    let busy = prop::collection::vec(prop::option::weighted(0.8, 0_u8..20), 1..60);
    prop::collection::vec(prop_oneof![calm, busy, prop::collection::vec(Just(None), 1..20)], 1..5)
        .prop_map(|parts| parts.concat())
}

/// The sum of the minutes in a range.
fn sum(minutes: &[Option<u8>], range: TimeRange) -> Datapoint {
    let inside = minutes.iter().enumerate().filter_map(|(index, value)| {
        let at = START + i64::try_from(index).unwrap() * MINUTE;
        (range.contains(EpochMillis(at))).then_some((*value)?)
    });
    let (count, sum) = inside.fold((0, 0.0), |(count, sum), value| (count + 1, sum + f64::from(value)));
    if count == 0 { Datapoint::MISSING } else { Datapoint::of(sum) }
}

fn range(minutes: &[Option<u8>]) -> TimeRange {
    let length = i64::try_from(minutes.len()).unwrap() * MINUTE;
    TimeRange { start: EpochMillis(START), end: EpochMillis(START + length) }
}

/// A source of its own, as whoever holds a store has one.
struct Minutes<'a>(&'a [Option<u8>]);

impl AlarmData for Minutes<'_> {
    fn datapoint(&self, bucket: TimeRange) -> Datapoint {
        sum(self.0, bucket)
    }
}

/// Every minute, every period anew.
fn plain_changes(minutes: &[Option<u8>], period: i64, plain: &Plain, delay: i64) -> Vec<(i64, AlarmState)> {
    let (mut state, mut changes) = (AlarmState::InsufficientData, Vec::new());
    for minute in 1..=i64::try_from(minutes.len()).unwrap() {
        let now = START + minute * MINUTE;
        let buckets = (1..=i64::try_from(plain.range).unwrap()).rev().map(|age| {
            let (start, end) = (now - age * period, now - (age - 1) * period);
            let arrived = TimeRange { start: EpochMillis(start), end: EpochMillis(end.min(now - delay)) };
            sum(minutes, arrived).value.map(|value| value > 10.0)
        });
        let next = plain.state(&buckets.collect::<Vec<_>>(), state);
        if next != state {
            changes.push((now, next));
        }
        state = next;
    }
    changes
}

fn changes(timeline: &Timeline) -> Vec<(i64, AlarmState)> {
    timeline.changes().iter().map(|change| (change.at.0, change.to)).collect()
}

/// What must hold of any timeline.
fn is_sound(timeline: &Timeline) {
    let mut state = AlarmState::InsufficientData;
    for change in timeline.changes() {
        assert_eq!(change.from, state);
        assert_ne!(change.from, change.to);
        assert!(!change.reason.is_empty());
        assert_eq!(timeline.state_at(change.at), change.to);
        assert_eq!(timeline.state_at(EpochMillis(change.at.0 - 1)), change.from);
        state = change.to;
    }
    assert!(timeline.changes().is_sorted_by(|one, other| one.at < other.at));
    let whole = timeline.until().0 - timeline.created().0;
    assert_eq!(AlarmState::ALL.iter().map(|state| timeline.millis_in(*state)).sum::<i64>(), whole);
    assert_eq!(timeline.intervals().iter().map(|part| part.range.millis()).sum::<i64>(), whole);
}

fn window() -> impl Strategy<Value = EvaluationWindow> {
    let zones = vec!["UTC", "+05:30", "Europe/Berlin", "-00:05"];
    prop_oneof![
        Just(EvaluationWindow::Sliding),
        prop::sample::select(zones)
            .prop_map(|zone| EvaluationWindow::WallClock(WallClockZone::parse(zone).unwrap())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_plain_replay_agrees(
        minutes in minutes(),
        period in prop::sample::select(vec![60_u64, 120, 300, 420]),
        (m, n) in counts(12),
        treat in treat(),
        delay in prop::sample::select(vec![0_u32, 30, 60, 200]),
        wider in prop::option::of(0_u32..30),
    ) {
        let alarm = alarm(period, m, n, treat).check().unwrap();
        let options =
            ReplayOptions { data_delay_seconds: delay, evaluation_range: wider, ..ReplayOptions::default() };
        let data = |bucket: TimeRange| sum(&minutes, bucket);
        let timeline = replay(&alarm, &data, range(&minutes), &options).unwrap();
        is_sound(&timeline);
        let range = wider.unwrap_or_else(|| EvaluationRule::usual_range(n)).max(n) as usize;
        let plain = Plain { m: m as usize, n: n as usize, range, treat };
        let expected = plain_changes(&minutes, i64::try_from(period).unwrap() * 1_000, &plain, i64::from(delay) * 1_000);
        prop_assert_eq!(changes(&timeline), expected);
    }

    #[test]
    fn a_replay_in_parts_is_the_same(
        minutes in minutes(),
        period in prop::sample::select(vec![60_u64, 300]),
        (m, n) in counts(6),
        treat in treat(),
        window in window(),
        delay in 0_u32..400,
        cuts in prop::collection::vec(0_i64..18_000, 0..6),
    ) {
        let spec = AlarmSpec { evaluation_window: window, ..alarm(period, m, n, treat) };
        let alarm = spec.check().unwrap();
        let options = ReplayOptions { data_delay_seconds: delay, ..ReplayOptions::default() };
        let (data, range) = (Minutes(&minutes), range(&minutes));
        let whole = replay(&alarm, &data, range, &options).unwrap();
        let mut run = AlarmRun::new(&alarm, range.start, &options);
        let mut cuts: Vec<_> = cuts.iter().map(|cut| EpochMillis((START + cut * 1_000).min(range.end.0))).collect();
        cuts.sort_unstable();
        for cut in cuts.into_iter().chain([range.end]) {
            run.advance(&data, cut).unwrap();
        }
        prop_assert_eq!(run.into_timeline(), whole);
    }

    #[test]
    fn a_query_of_one_series_is_like_a_metric(
        minutes in minutes(),
        period in prop::sample::select(vec![60_u64, 300]),
        (m, n) in counts(6),
        treat in treat(),
        delay in 0_u32..400,
        cut in 0_usize..200,
    ) {
        let source = AlarmSource::Query { is_grouped: true, is_ordered: true };
        let alarm = AlarmSpec { source, ..alarm(period, m, n, treat) }.check().unwrap();
        let options = ReplayOptions { data_delay_seconds: delay, ..ReplayOptions::default() };
        let identity = ContributorIdentity { attributes: Vec::new(), label: "only".to_owned() };
        // A series that is always returned, even without values.
        let data = |buckets: &[TimeRange]| {
            let datapoints = buckets.iter().map(|bucket| sum(&minutes, *bucket)).collect();
            let only = Contributor { identity: identity.clone(), datapoints };
            ContributorSet { contributors: vec![only], is_partial: false }
        };
        let whole = replay_query(&alarm, &data, range(&minutes), &options).unwrap();
        is_sound(&whole.alarm);
        let single = replay(&alarm, &|bucket: TimeRange| sum(&minutes, bucket), range(&minutes), &options).unwrap();
        prop_assert_eq!(whole.contributors.len(), 1);
        prop_assert_eq!(whole.contributors[0].timeline.changes(), single.changes());
        prop_assert_eq!(changes(&whole.alarm), changes(&single));

        let mut run = QueryAlarmRun::new(&alarm, EpochMillis(START), &options);
        let cut = EpochMillis((START + i64::try_from(cut).unwrap() * MINUTE).min(range(&minutes).end.0));
        run.advance(&data, cut).unwrap();
        run.advance(&data, range(&minutes).end).unwrap();
        prop_assert_eq!(run.into_timeline(), whole);
    }

    #[test]
    fn a_query_alarms_while_one_series_does(
        series in prop::collection::vec(minutes(), 1..5),
        (m, n) in counts(4),
        treat in treat(),
    ) {
        let source = AlarmSource::Query { is_grouped: true, is_ordered: true };
        let alarm = AlarmSpec { source, ..alarm(60, m, n, treat) }.check().unwrap();
        let data = |buckets: &[TimeRange]| {
            let all = series.iter().enumerate().map(|(index, minutes)| Contributor {
                identity: ContributorIdentity { attributes: Vec::new(), label: index.to_string() },
                datapoints: buckets.iter().map(|bucket| sum(minutes, *bucket)).collect(),
            });
            let returned = |one: &Contributor| one.datapoints.iter().any(|point| point.value.is_some());
            ContributorSet { contributors: all.filter(returned).collect(), is_partial: false }
        };
        let longest = series.iter().max_by_key(|minutes| minutes.len()).unwrap();
        let result = replay_query(&alarm, &data, range(longest), &ReplayOptions::default()).unwrap();
        is_sound(&result.alarm);
        result.contributors.iter().for_each(|one| is_sound(&one.timeline));
        for minute in 1..=i64::try_from(longest.len()).unwrap() {
            let at = EpochMillis(START + minute * MINUTE);
            let one_alarms = result.contributors.iter().any(|one| one.timeline.state_at(at) == AlarmState::Alarm);
            prop_assert_eq!(result.alarm.state_at(at) == AlarmState::Alarm, one_alarms);
        }
    }

    #[test]
    fn no_values_and_no_times_are_too_strange(
        values in prop::collection::vec(prop::option::weighted(0.8, any::<f64>()), 1..20),
        edges in prop::collection::vec(prop::option::of((any::<f64>(), any::<f64>())), 1..20),
        start: i64,
        minutes in 0_i64..500,
        is_band: bool,
        window in window(),
        (m, n) in counts(5),
        treat in treat(),
    ) {
        let spec = alarm(60, m, n, treat);
        let band = AlarmSpec {
            comparison_operator: ComparisonOperator::Band(BandOperator::LessThanLowerOrGreaterThanUpperThreshold),
            threshold: None,
            threshold_metric_id: Some("ad1".to_owned()),
            ..spec.clone()
        };
        let spec = AlarmSpec { evaluation_window: window, ..if is_band { band } else { spec } };
        let alarm: AlarmDefinition = spec.check().unwrap();
        let data = |bucket: TimeRange| {
            let index = usize::try_from(bucket.start.0.div_euclid(MINUTE).rem_euclid(1_000)).unwrap();
            let band = edges[index % edges.len()].map(|(lower, upper)| BandEdges { lower, upper });
            Datapoint { value: values[index % values.len()], band, sample_count: values[index % values.len()] }
        };
        let range = TimeRange {
            start: EpochMillis(start),
            end: EpochMillis(start.saturating_add(minutes * MINUTE)),
        };
        let timeline = replay(&alarm, &data, range, &ReplayOptions::default()).unwrap();
        prop_assert!(timeline.changes().is_sorted_by(|one, other| one.at <= other.at));
    }
}

#[test]
fn a_replay_of_ages_is_refused() {
    let alarm = alarm(60, 1, 1, TreatMissingData::Missing).check().unwrap();
    let range = TimeRange { start: EpochMillis(i64::MIN), end: EpochMillis(i64::MAX) };
    let refused = replay(&alarm, &|_: TimeRange| Datapoint::MISSING, range, &ReplayOptions::default());
    assert!(matches!(refused, Err(ReplayError::TooLong { evaluations }) if evaluations > 100_000_000_000));
}

/// A guard against the square of the length, not a benchmark.
#[test]
fn each_period_is_asked_for_once() {
    for (period, n, minutes) in [(60, 1, 20_160), (60, 1_440, 2_000), (300, 3, 20_160), (86_400, 1, 20_160)] {
        let range = TimeRange { start: EpochMillis(START), end: EpochMillis(START + minutes * MINUTE) };
        let alarm = alarm(period, 1, n, TreatMissingData::Missing).check().unwrap();
        let asked = std::cell::Cell::new(0_u64);
        let data = |bucket: TimeRange| {
            asked.set(asked.get() + 1);
            Datapoint::of((bucket.start.0 / MINUTE % 10) as f64)
        };
        let timeline = replay(&alarm, &data, range, &ReplayOptions::default()).unwrap();
        is_sound(&timeline);
        let before = u64::from(n + n) * period / 60;
        assert!(asked.get() <= minutes.unsigned_abs() + before, "{period} s, {n}: {}", asked.get());
    }
}
