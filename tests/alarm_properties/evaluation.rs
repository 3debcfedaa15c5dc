//! One evaluation.

use proptest::prelude::*;
use trailql::alarm::{AlarmState, EvaluationRule, PointState, TreatMissingData};

use crate::plain::Plain;

fn state() -> impl Strategy<Value = AlarmState> {
    prop::sample::select(AlarmState::ALL.to_vec())
}

fn treat() -> impl Strategy<Value = TreatMissingData> {
    prop::sample::select(TreatMissingData::ALL.to_vec())
}

/// M, N and a range, usual or wider.
fn rule() -> impl Strategy<Value = (Plain, EvaluationRule)> {
    (1_u32..15, 0_u32..20, treat(), any::<prop::sample::Index>()).prop_map(|(n, wider, treat, m)| {
        let m = u32::try_from(m.index(n as usize)).unwrap() + 1;
        let rule = EvaluationRule::new(m, n, treat).unwrap();
        let usual = rule.evaluation_range();
        let rule = rule.with_range(if wider > 5 { usual } else { usual + wider });
        let range = rule.evaluation_range() as usize;
        (Plain { m: m as usize, n: n as usize, range, treat }, rule)
    })
}

fn points(with_gaps: bool) -> impl Strategy<Value = Vec<Option<bool>>> {
    let point = prop_oneof![
        if with_gaps { 3 } else { 0 } => Just(None),
        1 => Just(Some(false)),
        1 => Just(Some(true)),
    ];
    // Without gaps, N points at least.
    prop::collection::vec(point, if with_gaps { 0..30 } else { 14..30 })
}

fn newest_first(points: &[Option<bool>]) -> impl Iterator<Item = PointState> {
    points.iter().rev().map(|point| match point {
        None => PointState::Missing,
        Some(false) => PointState::NotBreaching,
        Some(true) => PointState::Breaching,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn the_plain_evaluator_agrees((plain, rule) in rule(), points in points(true), current in state()) {
        let decision = rule.decide(newest_first(&points), current);
        prop_assert_eq!(decision.state, plain.state(&points, current));
    }

    #[test]
    fn no_alarm_without_m_breaching_points((plain, rule) in rule(), points in points(true), current in state()) {
        let decision = rule.decide(newest_first(&points), current);
        let breaching = points.iter().rev().take(plain.range).filter(|point| **point == Some(true)).count();
        let is_new = decision.state == AlarmState::Alarm && current != AlarmState::Alarm;
        if is_new && plain.treat != TreatMissingData::Breaching && !decision.premature {
            prop_assert!(breaching >= plain.m);
        }
        if decision.premature {
            prop_assert!(plain.treat == TreatMissingData::Missing && (1..plain.m).contains(&breaching));
        }
    }

    #[test]
    fn without_gaps_it_is_a_count((plain, rule) in rule(), points in points(false), current in state()) {
        let breaching = points.iter().rev().take(plain.n).filter(|point| **point == Some(true)).count();
        let decision = rule.decide(newest_first(&points), current);
        prop_assert_eq!(decision.state == AlarmState::Alarm, breaching >= plain.m);
        prop_assert_ne!(decision.state, AlarmState::InsufficientData);
        prop_assert_eq!(decision.breaching as usize, breaching);
    }

    #[test]
    fn one_more_breaching_point_never_ends_an_alarm(
        (_, rule) in rule(),
        points in points(false),
        place: prop::sample::Index,
        current in state(),
    ) {
        let before = rule.decide(newest_first(&points), current).state;
        let mut more = points;
        let place = place.index(more.len());
        more[place] = Some(true);
        if before == AlarmState::Alarm {
            prop_assert_eq!(rule.decide(newest_first(&more), current).state, AlarmState::Alarm);
        }
    }

    #[test]
    fn ignored_silence_changes_nothing((_, rule) in rule(), gaps in 0_usize..40, current in state()) {
        let rule = EvaluationRule::new(rule.datapoints_to_alarm(), rule.evaluation_periods(), TreatMissingData::Ignore);
        let silence = vec![None; gaps];
        prop_assert_eq!(rule.unwrap().decide(newest_first(&silence), current).state, current);
    }
}
