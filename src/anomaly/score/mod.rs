//! How anomalous each value of a series is, judged by the two weeks before it (`spec/anomaly.md` 3).
//!
//! Six views look at a row, each for another kind of strangeness (`views`); how rare that is among what the view saw
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
const VIEWS: usize = 6;
/// The views' evidence is joined by the mean of this power: between the plain mean, which lets one view be outvoted, and
/// the greatest, which lets one view decide.
const POWER: f64 = 1.3;

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
            sum += calibration.evidence(surprise).powf(POWER);
        }
        let evidence = (sum / VIEWS as f64).powf(POWER.recip()) - LEAST_EVIDENCE;
        let evidence = self.repeats.held_back(evidence);
        evidence / (evidence + 1.0)
    }
}
