//! The expected band of a metric, learnt from its own past, and how surprising each new value is.

mod band;
mod calendar;
mod change;
mod configuration;
mod counts;
mod detector;
mod history;
mod level;
mod memory;
mod model;
mod reals;
mod recurrence;
mod replay;
pub mod score;
mod season;
mod spread;
mod training;

pub use band::{APPROXIMATION, BadBandWidth, Band, BandWidth};
pub use configuration::{AdaptationSpeed, DetectorConfiguration, OutlierFilteringStrength};
pub use detector::{Detector, DetectorState, NoBand};
