//! One alarm for one incident: evidence that only repeats what was just reported is held back.

/// What comes after a report must be this much stronger to be reported too.
const STRONGER: f64 = 1.1;
/// How long a report holds in full, as a share of the rows seen and in rows at most (`spec/anomaly.md` 3).
const HOLD: (f64, f64) = (0.03, 300.0);
/// The time in which it then fades to 1/e, likewise.
const FADE: (f64, f64) = (0.12, 1_000.0);

/// The last report.
#[derive(Clone, Debug, Default)]
pub(super) struct Repeats {
    rows: f64,
    since: f64,
    bar: f64,
}

impl Repeats {
    /// The evidence of the next row, or 0 where it says no more than what was reported lately.
    pub(super) fn held_back(&mut self, evidence: f64) -> f64 {
        self.rows += 1.0;
        self.since += 1.0;
        let hold = (HOLD.0 * self.rows).min(HOLD.1);
        let fade = (FADE.0 * self.rows).min(FADE.1).max(1.0);
        let bar = self.bar * (-(self.since - hold).max(0.0) / fade).exp();
        if evidence <= bar {
            return 0.0;
        }
        self.bar = evidence * STRONGER;
        self.since = 0.0;
        evidence
    }
}

#[cfg(test)]
mod tests {
    use super::Repeats;

    #[test]
    fn a_repeat_waits_and_a_stronger_one_does_not() {
        let mut repeats = Repeats::default();
        for _ in 0..1_000 {
            assert_eq!(repeats.held_back(0.0), 0.0);
        }
        assert_eq!(repeats.held_back(2.0), 2.0);
        assert_eq!(repeats.held_back(2.0), 0.0);
        assert_eq!(repeats.held_back(2.1), 0.0, "not enough stronger");
        assert_eq!(repeats.held_back(3.0), 3.0);
        let waited = (1..).find(|_| repeats.held_back(3.0) > 0.0);
        assert!(waited.is_some_and(|rows| (30..60).contains(&rows)), "{waited:?}");
    }
}
