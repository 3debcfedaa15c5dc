//! How rare a raw surprise is among those seen so far: what makes views of different units comparable.

use std::collections::VecDeque;

use super::ROWS_KEPT;
use super::ordered::Ordered;

/// Fewer earlier surprises tell nothing of how rare one is.
const LEAST_SEEN: usize = 100;
/// Above this quantile of the surprises seen, a Pareto tail speaks instead of the rank, which could not tell a record
/// from one that is far beyond it.
const TAIL_FROM: f64 = 0.99;
/// How far the number of rows looked at counts against a surprise: at 1 a rare value would be as loud after a year as
/// after a day, at 0 a long past would raise as many alarms a day as a short one.
const LOOKS: f64 = 0.8;
/// The number of earlier rows at which [`LOOKS`] takes nothing away, as its decimal logarithm.
const USUAL_PAST: f64 = 3.0;
/// A shorter past counts as one of so many rows; without it, a usual row would pass for evidence for being an early one.
const LEAST_PAST: f64 = 250.0;

/// What the excesses of the tail sum to before there is one, in the natural logarithms that surprises are.
const FIRST_EXCESS: f64 = 0.5;

/// Evidence of a row that is as usual as can be. What lies below is all the same, so that one view's boredom does not
/// silence another's alarm.
pub(super) const LEAST_EVIDENCE: f64 = 0.7;

/// The surprises of one view, in order of size and of time.
#[derive(Clone, Debug, Default)]
pub(super) struct Calibration {
    sizes: Ordered,
    times: VecDeque<f64>,
}

impl Calibration {
    /// Decimal orders of magnitude by which a surprise is rarer than what one expects to see once in so many rows; at
    /// least [`LEAST_EVIDENCE`]. The surprise then joins those seen. A view that has nothing to say says the least.
    pub(super) fn evidence(&mut self, surprise: Option<f64>) -> f64 {
        let Some(surprise) = surprise.filter(|surprise| surprise.is_finite()) else { return LEAST_EVIDENCE };
        let seen = self.sizes.len();
        let evidence = if seen < LEAST_SEEN {
            LEAST_EVIDENCE
        } else {
            let looks = LOOKS * ((seen as f64).max(LEAST_PAST).log10() - USUAL_PAST);
            (-self.log_rarity(surprise) / std::f64::consts::LN_10 - looks).max(LEAST_EVIDENCE)
        };
        self.learn(surprise);
        evidence
    }

    /// The natural logarithm of the share of rows that are as surprising (`spec/anomaly.md` 3, score from surprise).
    fn log_rarity(&self, surprise: f64) -> f64 {
        let seen = self.sizes.len();
        let tail_from = (seen as f64 * TAIL_FROM) as usize;
        let bound = self.sizes.at(tail_from).unwrap_or(f64::INFINITY);
        let all = seen as f64 + 1.0;
        if surprise <= bound {
            let as_surprising = seen - self.sizes.below(surprise);
            return ((as_surprising as f64 + 1.0) / all).ln();
        }
        let (mut above, mut excess) = (1.0, FIRST_EXCESS);
        for held in self.sizes.descending().take_while(|held| *held > bound) {
            above += 1.0;
            excess += held - bound;
        }
        (above / all).ln() - above * ((surprise - bound) / excess).ln_1p()
    }

    fn learn(&mut self, surprise: f64) {
        self.sizes.insert(surprise);
        self.times.push_back(surprise);
        if self.times.len() > ROWS_KEPT
            && let Some(oldest) = self.times.pop_front()
        {
            self.sizes.remove(oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1,000 surprises 0.00, 0.01 … 9.99: the bound is the one of rank 990, 9.90, with nine above it, whose excesses
    /// 0.01 … 0.09 sum to 0.45; one counts as one more, and the sum as 0.5 more.
    #[test]
    fn beyond_the_tails_bound_the_pareto_formula_decides() {
        let mut calibration = Calibration::default();
        for step in 0..1_000 {
            calibration.evidence(Some(f64::from(step) / 100.0));
        }
        let evidence = calibration.evidence(Some(12.0));
        let share = 10.0 / 1001.0 * (1.0_f64 + 2.1 / 0.95).powf(-10.0);
        assert!((evidence + share.log10()).abs() < 1e-9, "{evidence}");
    }

    #[test]
    fn below_the_tail_the_rank_decides() {
        let mut calibration = Calibration::default();
        for step in 0..1_000 {
            calibration.evidence(Some(f64::from(step)));
        }
        let evidence = calibration.evidence(Some(950.0));
        assert!((evidence + (51.0_f64 / 1001.0).log10()).abs() < 1e-9, "{evidence}");
        assert_eq!(calibration.evidence(Some(2.0)), LEAST_EVIDENCE);
    }

    #[test]
    fn what_is_no_number_is_no_surprise() {
        let mut calibration = Calibration::default();
        for surprise in [None, Some(f64::NAN), Some(f64::INFINITY)] {
            assert_eq!(calibration.evidence(surprise), LEAST_EVIDENCE);
        }
        assert_eq!(calibration.sizes.len(), 0);
    }
}
