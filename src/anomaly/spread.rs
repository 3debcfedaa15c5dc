//! How far values lie from what is expected of them: robust scales, and how much more than Poisson's counts vary.

use super::history::Entry;
use super::model::HOURS;
use super::reals::{median, quantile};

/// The least scale of values, as a share of their size.
const LEAST_SCALE: f64 = 1e-3;

/// Gathers how much more than Poisson's the variance of counts is, in units of the squared mean.
#[derive(Clone, Copy, Default)]
pub(super) struct Overdispersion {
    excess: f64,
    square: f64,
}

impl Overdispersion {
    /// One count: the Poisson rate behind it, the variance and the mean that it would have, and itself.
    pub(super) fn add(&mut self, rate: f64, variance: f64, expected: f64, value: f64) {
        self.excess += (value - expected) * (value - expected) - variance;
        self.square += rate * rate;
    }

    /// In squares of the mean.
    pub(super) fn value(self) -> f64 {
        if self.square > 0.0 { (self.excess / self.square).clamp(0.0, 25.0) } else { 0.0 }
    }
}

/// A robust scale for each hour of the day, leaning on the hours beside it and on the whole day.
pub(super) fn scale_by_hour<'a>(deviations: impl Iterator<Item = (&'a Entry, f64)>) -> [f64; HOURS] {
    let mut by_hour: [Vec<f64>; HOURS] = Default::default();
    let mut every: Vec<f64> = Vec::new();
    let mut size: Vec<f64> = Vec::new();
    for (entry, deviation) in deviations {
        if let Some(hour) = by_hour.get_mut((entry.clock.second / 3_600) as usize) {
            hour.push(deviation.abs());
        }
        every.push(deviation.abs());
        size.push(entry.value.abs());
    }
    let least = f64::max(LEAST_SCALE * median(&mut size), 1e-9);
    let robust = |magnitudes: &mut [f64]| {
        let half = 1.4826 * quantile(magnitudes, 0.5);
        // Where most values are the same, the middle says nothing.
        let outer = quantile(magnitudes, 0.9) / 1.645;
        if half > 0.02 * outer { half } else { outer }
    };
    let whole = f64::max(robust(&mut every), least);
    let numbers: Vec<f64> = by_hour.iter().map(|hour| hour.len() as f64).collect();
    let scales: Vec<f64> = by_hour.iter_mut().map(|hour| robust(hour)).collect();
    std::array::from_fn(|hour| {
        let (mut square, mut weight) = (50.0 * whole * whole, 50.0);
        for (step, kernel) in [(HOURS - 1, 0.5), (0, 1.0), (1, 0.5)] {
            let at = (hour + step) % HOURS;
            if let (Some(scale), Some(number)) = (scales.get(at), numbers.get(at)) {
                square += kernel * number * scale * scale;
                weight += kernel * number;
            }
        }
        f64::max((square / weight).sqrt(), least)
    })
}
