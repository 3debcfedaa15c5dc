//! The walk of a new model over its history: the level, the short memory and the spread as it will meet them.

use crate::EpochMillis;

use super::configuration::DetectorConfiguration;
use super::counts::untruncated;
use super::history::{Entry, History};
use super::memory::Memory;
use super::model::{Expectation, Model, Shape};
use super::reals::Spread;
use super::season::Link;
use super::spread::Overdispersion;

/// More missing periods than this leave nothing of the short memory.
const LONGEST_GAP: f64 = 64.0;
/// The least scale, as a share of that of the hour.
const LEAST_SPREAD: f64 = 1e-3;

/// One value on the way.
struct Step<'a> {
    entry: &'a Entry,
    expectation: Expectation,
    periods: f64,
}

/// The model at the end of its history.
pub(super) fn replay(model: Model, history: &History, configuration: &DetectorConfiguration) -> Model {
    let (mut model, steps) = find_level(model, history, configuration);
    model.memory = find_memory(&model, &steps);

    let (mut overdispersion, mut magnitudes) = (Overdispersion::default(), Magnitudes::default());
    let without_zero = matches!(model.shape, Shape::Counts { without_zero: true, .. });
    for Step { entry, expectation, periods } in steps {
        let expectation = model.recall(expectation, periods);
        if !entry.is_moved {
            // Measured values spread as far as the errors that were really made; a fit to the same values is flattered.
            let expected = match model.link {
                Link::Offset => entry.expected.unwrap_or(expectation.expected),
                Link::Ratio => expectation.expected,
            };
            let distance = (entry.value - expected).abs();
            let is_outlier = distance > model.reach(&expectation);
            magnitudes.add(distance / expectation.deviation, is_outlier);
            if !is_outlier {
                let rate = if without_zero { untruncated(expected) } else { expected };
                let variance = if without_zero { expected * (1.0 + rate - expected) } else { expected };
                overdispersion.add(rate, variance, expected, entry.value);
            }
        }
        model.remember(&expectation, entry.value, periods);
    }
    match &mut model.shape {
        Shape::Counts { overdispersion: known, .. } => *known = overdispersion.value(),
        Shape::Reals { spread, .. } => {
            if !magnitudes.kept.is_empty() {
                *spread = Spread::of_magnitudes(&mut magnitudes.kept, LEAST_SPREAD);
            }
        }
    }
    model
}

fn find_level<'a>(
    mut model: Model,
    history: &'a History,
    configuration: &DetectorConfiguration,
) -> (Model, Vec<Step<'a>>) {
    let period = configuration.period.millis() as f64;
    let mut last: Option<EpochMillis> = None;
    let mut steps = Vec::with_capacity(history.len());
    for entry in history.iter() {
        let periods = last.map_or(1.0, |last| entry.at.0.saturating_sub(last.0) as f64 / period).max(1.0);
        let expectation = model.expect(entry.at, entry.clock, periods);
        model.adapt(&expectation, entry.value, periods);
        steps.push(Step { entry, expectation, periods });
        last = Some(entry.at);
    }
    (model, steps)
}

fn find_memory(model: &Model, steps: &[Step<'_>]) -> Memory {
    let mut deviations: Vec<Option<f64>> = Vec::with_capacity(steps.len());
    for Step { entry, expectation, periods } in steps {
        deviations.extend((1..periods.min(LONGEST_GAP) as u32).map(|_| None));
        // An incident says how it goes on itself, not how the metric does otherwise.
        let is_outlier = (entry.value - expectation.base).abs() > model.reach(expectation);
        deviations.push(model.deviation(expectation, entry.value).filter(|_| !is_outlier));
    }
    Memory::of_deviations(&deviations)
}

/// Gathers how far values were from what was expected. Outliers that come singly belong to the tails; three and more in a
/// row are an incident, and left out.
#[derive(Default)]
struct Magnitudes {
    kept: Vec<f64>,
    outliers: usize,
}

impl Magnitudes {
    const INCIDENT: usize = 3;

    fn add(&mut self, magnitude: f64, is_outlier: bool) {
        self.outliers = if is_outlier { self.outliers + 1 } else { 0 };
        if self.outliers < Self::INCIDENT {
            self.kept.push(magnitude);
        } else if self.outliers == Self::INCIDENT {
            self.kept.truncate(self.kept.len() + 1 - Self::INCIDENT);
        }
    }
}
