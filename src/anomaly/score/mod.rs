//! How anomalous each value of a series is, judged by the two weeks before it (`spec/anomaly.md` 3).
//!
//! Five views look at a row, each for another kind of strangeness (`views`); how rare that is among what the view saw
//! before makes them comparable (`calibration`); their mean is the evidence; and what only repeats the last report is
//! held back (`repeats`). Values are never modelled here: a view is a distance to rows that were seen. The expected band
//! is another matter.

mod calibration;
mod ordered;
mod recent;
mod repeats;
mod views;

use crate::EpochMillis;

use calibration::{Calibration, LEAST_EVIDENCE};
use recent::Recent;
use repeats::Repeats;
use views::Views;

/// Milliseconds.
const DAY: i64 = 86_400_000;
/// Two weeks of minutes: what is remembered of a series, whatever its period.
const ROWS_KEPT: usize = 20_160;
/// The number of views.
const VIEWS: usize = 5;
/// The evidence whose score is 0.5: the benchmark's one threshold for all series (`spec/anomaly.md` 2), rounded. With any
/// from 0.65 to 0.9 its figure is within three points of the best.
const WORTH_AN_ALARM: f64 = 0.74;

/// Gives each value of a series a score from 0, nothing to report, to 1.
///
/// Causal: a score depends on the rows up to its own, none older than two weeks nor further back than 20,160 rows.
/// Deterministic. A score from 0.5 on is worth an alarm; one incident is reported once, so the rows after a high score
/// have low ones unless they are stranger still. Values are compared by distance alone, so the unit does not matter.
///
/// It approximates nothing that CloudWatch publishes: the service has a band, but no score.
///
/// ```
/// use trailql::EpochMillis;
/// use trailql::anomaly::score::Scorer;
///
/// let minute = 60_000;
/// let mut scorer = Scorer::new(minute);
/// let mut row = 0;
/// let mut observe = |value: f64| {
///     row += 1;
///     scorer.observe(EpochMillis(row * minute), value)
/// };
/// let usual: Vec<f64> = (0..2_000).map(|step| observe(f64::from(step % 7))).collect();
/// assert!(usual.iter().all(|score| *score < 0.5));
/// assert!(observe(40.0) > 0.7);
/// assert!(observe(40.0) < 0.5, "the same again is no news");
/// ```
#[derive(Clone, Debug)]
pub struct Scorer {
    recent: Recent,
    views: Views,
    calibrations: [Calibration; VIEWS],
    repeats: Repeats,
}

impl Scorer {
    /// Scores rows that come about every so many milliseconds. A period of zero or less is taken as one millisecond.
    pub fn new(period_millis: i64) -> Self {
        Scorer {
            recent: Recent::default(),
            views: Views::new(period_millis.max(1)),
            calibrations: Default::default(),
            repeats: Repeats::default(),
        }
    }

    /// The score of the next row, from 0 to 1; the row then belongs to the past.
    ///
    /// A row without data is not to be observed. A value that is not finite, or beyond 10^150, has score 0 and teaches
    /// nothing. A row that is older than the one before counts as of the same time.
    pub fn observe(&mut self, at: EpochMillis, value: f64) -> f64 {
        // Beyond this, squares and sums of two weeks would no longer be finite.
        if value.is_nan() || value.abs() > 1e150 {
            return 0.0;
        }
        let time = self.recent.last_time().map_or(at.0, |last| last.max(at.0));
        self.recent.forget(time);
        let surprises = self.views.surprises(&self.recent, time, value);
        self.recent.push(time, value);

        let mut sum = 0.0;
        for (calibration, surprise) in self.calibrations.iter_mut().zip(surprises) {
            sum += calibration.evidence(surprise);
        }
        let evidence = (sum / VIEWS as f64 - LEAST_EVIDENCE).max(0.0);
        let evidence = self.repeats.held_back(evidence);
        evidence / (evidence + WORTH_AN_ALARM)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PERIOD: i64 = 300_000;

    fn scores(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
        let mut scorer = Scorer::new(PERIOD);
        let row = |(row, value)| scorer.observe(EpochMillis(row as i64 * PERIOD), value);
        values.into_iter().enumerate().map(row).collect()
    }

    /// A day of 288 rows that goes up and down, with a little unevenness that never repeats.
    fn daily(row: usize) -> f64 {
        let phase = row as f64 * std::f64::consts::TAU / 288.0;
        100.0 + 40.0 * phase.sin() + (row as f64 * 0.737).sin()
    }

    fn alarms(scores: &[f64]) -> Vec<usize> {
        scores.iter().enumerate().filter(|(_, score)| **score >= 0.5).map(|(row, _)| row).collect()
    }

    #[test]
    fn a_usual_day_at_an_unusual_hour_is_reported() {
        let values = |row| if (3_000..3_040).contains(&row) { daily(row + 144) } else { daily(row) };
        let alarms = alarms(&scores((0..4_000).map(values)));
        assert!(alarms.iter().any(|row| (3_000..3_012).contains(row)), "{alarms:?}");
        assert!(alarms.iter().filter(|row| **row > 600).all(|row| *row >= 3_000), "{alarms:?}");
    }

    #[test]
    fn a_new_level_is_reported_and_then_taken_for_granted() {
        let values = (0..6_000).map(|row| daily(row) + if row < 3_000 { 0.0 } else { 200.0 });
        let alarms = alarms(&scores(values));
        assert_eq!(alarms.iter().find(|row| **row > 600), Some(&3_000), "{alarms:?}");
        assert!(alarms.iter().all(|row| *row < 4_000), "{alarms:?}");
    }

    #[test]
    fn more_restlessness_is_reported_though_every_value_is_known() {
        let mut random = 1_u64;
        let mut noise = move || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 40) as f64 / (1_u64 << 24) as f64
        };
        let mut values: Vec<f64> =
            (0..3_000).map(|row| (f64::from(row) * 0.05).sin() + 0.01 * noise()).collect();
        values.extend((0..40).map(|_| 2.0 * noise() - 1.0));
        let alarms = alarms(&scores(values));
        assert!(alarms.iter().any(|row| *row >= 3_000), "{alarms:?}");
    }

    #[test]
    fn a_constant_is_never_an_anomaly_and_the_first_other_value_is_one_once() {
        let values = (0..4_000).map(|row| f64::from(u8::from(row >= 3_000 && row % 50 == 0)));
        let scores = scores(values);
        assert!(scores.iter().take(3_000).all(|score| *score == 0.0));
        let alarms = alarms(&scores);
        assert_eq!(alarms.first(), Some(&3_000));
        assert!(alarms.len() <= 2, "{alarms:?}");
    }

    #[test]
    fn a_gap_in_time_and_a_clock_that_goes_back_change_nothing_but_the_past() {
        let mut scorer = Scorer::new(PERIOD);
        for time in [0, i64::MAX, i64::MIN, -5, i64::MAX, 0] {
            assert_eq!(scorer.observe(EpochMillis(time), 1.0), 0.0);
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut scorer = Scorer::new(1);
        for row in 0..3 * ROWS_KEPT as i64 {
            scorer.observe(EpochMillis(row), (row % 1_000) as f64);
        }
        assert_eq!(scorer.recent.len(), ROWS_KEPT);
        let mut scorer = Scorer::new(3_600_000);
        for row in 0..1_000 {
            scorer.observe(EpochMillis(row * 3_600_000), row as f64);
        }
        assert_eq!(scorer.recent.len(), 14 * 24 + 1);
    }

    fn any_value() -> impl Strategy<Value = f64> {
        prop_oneof![4 => (-5..50_i32).prop_map(f64::from), 2 => -1e3..1e3_f64, 1 => any::<f64>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn scores_are_shares_and_depend_on_nothing_later(
            rows in prop::collection::vec((any_value(), 0..3_i64), 0..400),
            later in prop::collection::vec(any_value(), 0..40),
        ) {
            let run = |later: &[f64]| {
                let mut scorer = Scorer::new(PERIOD);
                let mut at = 0;
                let mut observe = |value, step| { at += step * PERIOD; scorer.observe(EpochMillis(at), value) };
                let scores: Vec<f64> = rows.iter().map(|(value, step)| observe(*value, *step)).collect();
                later.iter().for_each(|value| { observe(*value, 1); });
                scores
            };
            let scores = run(&[]);
            prop_assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
            prop_assert_eq!(run(&later), scores);
        }

        #[test]
        fn any_time_and_any_value_will_do(rows in prop::collection::vec((any::<i64>(), any::<f64>()), 0..200)) {
            let mut scorer = Scorer::new(PERIOD);
            for (at, value) in rows {
                prop_assert!((0.0..=1.0).contains(&scorer.observe(EpochMillis(at), value)));
            }
        }

        /// A metric in bytes is as anomalous as in kilobytes.
        #[test]
        fn the_unit_does_not_matter(values in prop::collection::vec(0..1_000_u32, 200..400)) {
            let scored = |factor: f64| scores(values.iter().map(|value| f64::from(*value) * factor));
            for (one, other) in scored(1.0).iter().zip(scored(1_024.0)) {
                prop_assert!((one - other).abs() < 1e-6, "{} {}", one, other);
            }
        }
    }
}
