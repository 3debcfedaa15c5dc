//! A detector: takes one value after the other, retrains at local midnight, and says what it expects of the next.

use crate::EpochMillis;
use crate::series::Point;

use super::band::{Band, BandWidth};
use super::calendar::{DAY_MILLIS, WallClock};
use super::change::Change;
use super::configuration::DetectorConfiguration;
use super::history::{History, SPAN_MILLIS};
use super::model::Model;
use super::training::train;

/// From how many days of data on there is a band.
const LEAST_DAYS: i64 = 3;
/// From how many values on there is a band.
const LEAST_VALUES: usize = 12;
/// The service takes values between -2^360 and 2^360; others are no values here either.
const LARGEST_VALUE: f64 = 2.348_542_582_773_833_3e108;

/// The service's own words for how far a detector is (`spec/metrics-insights.md` 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum DetectorState {
    /// No value has been observed yet.
    PendingTraining,
    /// Values have been observed, too few for a band; [`Detector::why_not`] says what is missing.
    TrainedInsufficientData,
    /// There is a band.
    Trained,
}

/// What is missing until there is a band.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NoBand {
    /// Not a single value.
    #[error("no value has been observed yet; a band needs {LEAST_DAYS} days of data")]
    NoValues,
    /// The values go back too little.
    #[error("a band needs {LEAST_DAYS} days of data, and there are {days:.1}")]
    TooShort {
        /// How many days there are.
        days: f64,
    },
    /// Too many gaps or exclusions, or too long a period.
    #[error("a band needs {LEAST_VALUES} values of the last two weeks, and there are {values}")]
    TooFew {
        /// How many there are.
        values: usize,
    },
}

/// Learns one metric and statistic at one period, and says between which values the next one is no anomaly.
///
/// It approximates the service's unpublished model; see [`super::APPROXIMATION`]. `grammar.md` says how it learns.
///
/// It is causal: a band depends only on what was observed before it. It is deterministic, and retrains at each local
/// midnight on at most the two preceding weeks; between, each value takes constant time. A gap is no zero: it does not train.
///
/// ```
/// use trailql::EpochMillis;
/// use trailql::anomaly::{BandWidth, Detector, DetectorConfiguration, DetectorState};
/// use trailql::series::Period;
///
/// // A security counter that is nearly always zero.
/// let mut detector = Detector::new(DetectorConfiguration::new(Period::from_seconds(300)?));
/// let at = |period: i64| EpochMillis(1_725_235_200_000 + period * 300_000);
/// (0..288).for_each(|period| detector.observe(at(period), Some(0.0)));
/// assert_eq!(detector.state(), DetectorState::TrainedInsufficientData);
/// assert_eq!(detector.why_not().unwrap().to_string(), "a band needs 3 days of data, and there are 1.0");
///
/// (288..2_000).for_each(|period| detector.observe(at(period), Some(0.0)));
/// let band = detector.band(at(2_000), BandWidth::default()).unwrap();
/// assert_eq!(band.lower, 0.0);
/// assert!(band.contains(1.0), "the first count after a long time is not yet an anomaly");
/// assert!(!band.contains(2.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Detector {
    configuration: DetectorConfiguration,
    history: History,
    model: Option<Model>,
    /// The local day for which the model was trained.
    trained_day: i64,
    /// The start of the last period, with a value or without.
    last: Option<EpochMillis>,
    /// The start of the last period whose value trained.
    last_value: Option<EpochMillis>,
    change: Change,
}

impl Detector {
    /// A detector that has seen nothing.
    pub fn new(configuration: DetectorConfiguration) -> Self {
        Detector {
            change: Change::new(configuration.adaptation_speed),
            configuration,
            history: History::default(),
            model: None,
            trained_day: i64::MIN,
            last: None,
            last_value: None,
        }
    }

    /// A detector that has observed the points before `end`, in their order.
    pub fn train(configuration: DetectorConfiguration, points: &[Point], end: EpochMillis) -> Self {
        let mut detector = Detector::new(configuration);
        for point in points.iter().take_while(|point| point.at < end) {
            detector.observe(point.at, Some(point.value));
        }
        detector
    }

    /// What it was told.
    pub fn configuration(&self) -> &DetectorConfiguration {
        &self.configuration
    }

    /// Takes the value of the period that starts at `at`; `None` is a period without data.
    ///
    /// Periods come in ascending order; a period that is not after the last one is left out, and so is a value that the
    /// service would refuse (no number, infinite, beyond ±2^360). A value in an excluded time range counts as missing.
    pub fn observe(&mut self, at: EpochMillis, value: Option<f64>) {
        let at = self.configuration.period.floor(at);
        if self.last.is_some_and(|last| at <= last) {
            return;
        }
        self.last = Some(at);
        let value = value.filter(|value| value.abs() <= LARGEST_VALUE);
        let value = value.filter(|_| !self.configuration.is_excluded(at));
        if let Some(value) = value {
            self.learn(at, value);
        }
        let next = EpochMillis(at.0.saturating_add(self.configuration.period.millis()));
        let day = WallClock::of(&self.configuration.time_zone, next).day;
        if day > self.trained_day || self.model.is_none() {
            self.retrain(next, day);
        }
    }

    fn learn(&mut self, at: EpochMillis, value: f64) {
        let clock = WallClock::of(&self.configuration.time_zone, at);
        let periods = self.periods_since_value(at);
        self.last_value = Some(at);
        let Some(model) = &mut self.model else {
            self.history.push(at, clock, value, None);
            return;
        };
        let expectation = model.expect(at, clock, periods);
        self.history.push(at, clock, value, Some(expectation.expected));
        let is_outlier = model.observe(&expectation, value, periods);
        let side = if is_outlier { (value - expectation.expected).signum() } else { 0.0 };
        let period = self.configuration.period.millis();
        if let Some(moved) = self.change.observe(at, period, side, value, expectation.base) {
            let (link, least) = (model.link, if model.is_nonnegative { 0.0 } else { -LARGEST_VALUE });
            self.history
                .move_before(moved.since, |value| moved.apply(link, value).clamp(least, LARGEST_VALUE));
            let next = EpochMillis(at.0.saturating_add(period));
            self.retrain(next, self.trained_day);
        }
    }

    /// How many periods after the last value this one is.
    fn periods_since_value(&self, at: EpochMillis) -> f64 {
        let millis = self.last_value.map_or(0, |last| at.0.saturating_sub(last.0));
        (millis as f64 / self.configuration.period.millis() as f64).max(1.0)
    }

    fn retrain(&mut self, at: EpochMillis, day: i64) {
        self.history.forget_before(at);
        self.model = match self.missing(at) {
            None => {
                self.trained_day = day;
                Some(train(&self.history, &self.configuration, at))
            }
            Some(_) => None,
        };
    }

    fn missing(&self, at: EpochMillis) -> Option<NoBand> {
        let values = self.history.len();
        let millis = self.history.millis_until(at);
        if values == 0 {
            Some(NoBand::NoValues)
        } else if millis < LEAST_DAYS * DAY_MILLIS {
            Some(NoBand::TooShort { days: millis as f64 / DAY_MILLIS as f64 })
        } else if values < LEAST_VALUES {
            Some(NoBand::TooFew { values })
        } else {
            None
        }
    }

    /// How far the detector is, after the last period that it observed.
    pub fn state(&self) -> DetectorState {
        match self.why_not() {
            None => DetectorState::Trained,
            Some(NoBand::NoValues) => DetectorState::PendingTraining,
            Some(_) => DetectorState::TrainedInsufficientData,
        }
    }

    /// What is missing until there is a band; nothing once there is one.
    pub fn why_not(&self) -> Option<NoBand> {
        if self.model.is_some() {
            return None;
        }
        let end = self.last.map_or(0, |last| last.0.saturating_add(self.configuration.period.millis()));
        self.missing(EpochMillis(end)).or(Some(NoBand::NoValues))
    }

    /// The band of the period that starts at `at`, by what was observed before.
    ///
    /// Nothing while data is short ([`Detector::why_not`]), for a period that is not after the last observed one, and once
    /// the last value is two weeks old.
    pub fn band(&self, at: EpochMillis, width: BandWidth) -> Option<Band> {
        let at = self.configuration.period.floor(at);
        let model = self.model.as_ref()?;
        if self.last? >= at || at.0.saturating_sub(self.last_value?.0) > SPAN_MILLIS {
            return None;
        }
        let clock = WallClock::of(&self.configuration.time_zone, at);
        Some(model.band(&model.expect(at, clock, self.periods_since_value(at)), width))
    }
}
