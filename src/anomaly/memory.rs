//! The short memory of a metric: how much of the last deviations is still there one period later.

/// A forgetting mean of deviations and the share of it that the next value inherits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    /// The share of the mean that is replaced by the newest deviation.
    pub renewal: f64,
    /// The share of the mean that the next value inherits; 0 for a metric without a short memory.
    pub inheritance: f64,
    mean: f64,
}

const RENEWALS: [f64; 4] = [1.0, 0.5, 0.25, 0.1];
/// An inheritance must stand so many squared standard errors above zero.
const THRESHOLD: f64 = 12.0;
const LARGEST: f64 = 0.98;

impl Memory {
    /// The memory that foretells these deviations best; a gap is `None`.
    pub(super) fn of_deviations(deviations: &[Option<f64>]) -> Self {
        let mut best = (f64::INFINITY, Memory::default());
        let none: f64 = deviations.iter().flatten().map(|deviation| deviation.abs()).sum();
        if none.is_finite() {
            best.0 = none * 0.995;
        }
        for renewal in RENEWALS {
            let memory = Memory { renewal, ..Memory::default() };
            let (mut product, mut square, mut own) = (0.0, 0.0, 0.0);
            memory.walk(deviations, |mean, deviation| {
                product += mean * deviation;
                square += mean * mean;
                own += deviation * deviation;
            });
            if square <= 0.0 || own <= 0.0 {
                continue;
            }
            // The squared correlation times the number of values is the squared standard score.
            let number = deviations.iter().flatten().count() as f64;
            let score = product * product / (square * own) * number;
            if product <= 0.0 || score < THRESHOLD {
                continue;
            }
            let inheritance = (product / square).min(LARGEST);
            let mut error = 0.0;
            memory.walk(deviations, |mean, deviation| error += (deviation - inheritance * mean).abs());
            if error < best.0 {
                best = (error, Memory { inheritance, ..memory });
            }
        }
        best.1
    }

    fn walk(mut self, deviations: &[Option<f64>], mut each: impl FnMut(f64, f64)) {
        for deviation in deviations {
            if let Some(deviation) = deviation {
                each(self.mean, *deviation);
            }
            self.observe(*deviation);
        }
    }

    /// What the value so many periods after the last one inherits.
    pub(super) fn foretold(&self, periods: f64) -> f64 {
        if self.inheritance <= 0.0 {
            0.0
        } else if periods <= 1.0 {
            self.mean * self.inheritance
        } else {
            self.mean * self.inheritance.powf(periods)
        }
    }

    /// One period: its deviation, or a gap.
    pub(super) fn observe(&mut self, deviation: Option<f64>) {
        match deviation {
            Some(deviation) => self.mean += self.renewal * (deviation - self.mean),
            None => self.mean *= self.inheritance,
        }
    }
}
