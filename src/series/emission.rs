//! A metric filter at work: from events to values in a store, with an account of what was not published.

use std::collections::BTreeMap;

use super::cardinality::{Cardinality, Pairs};
use super::identity::MetricIdentity;
use super::sample::{NoSample, Sample};
use super::store::{MetricStore, RefusedValue, StorageResolution};
use super::transformation::MetricTransformation;
use crate::{LogEvent, Matcher, Scratch};

/// A metric filter that publishes into a [`MetricStore`] (`spec/filter-pattern.md` 3.6).
///
/// A match gives a sample of its value; an event that does not match gives one of the default value, where there is one.
/// Samples have the time of their event, so late ones go where they belong.
///
/// ```
/// use trailql::series::{MetricFilterRun, MetricStore, TransformationSpec};
/// use trailql::{EpochMillis, FilterPattern, Limits, LogEvent};
///
/// let pattern: FilterPattern = "{ $.eventName = GetObject }".parse()?;
/// let spec = TransformationSpec {
///     namespace: "app".into(),
///     name: "downloads".into(),
///     value: "1".into(),
///     dimensions: vec![("userName".into(), "$.userName".into())],
///     ..TransformationSpec::default()
/// };
/// let mut filter = MetricFilterRun::new(spec.check(&pattern).unwrap());
/// let matcher = pattern.compile(&Limits::default())?;
/// let mut store = MetricStore::new();
/// for user in [r#""alice""#, r#""bob""#, "null"] {
///     let message = format!(r#"{{"eventName":"GetObject","userName":{user}}}"#);
///     filter.observe(&mut store, &matcher, &LogEvent::new(&message).at(EpochMillis(0)))?;
/// }
/// assert_eq!(store.len(), 2, "each user is a metric of its own");
/// assert_eq!((filter.emission().matches, filter.emission().samples), (3, 2));
/// let (reason, count) = filter.emission().dropped.first_key_value().unwrap();
/// assert_eq!(reason.to_string(), "the event matches, but has no value for dimension `userName`");
/// assert_eq!((*count, filter.cardinality().metrics), (1, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct MetricFilterRun {
    transformation: MetricTransformation,
    /// The metric at hand; its dimensions change from sample to sample.
    metric: MetricIdentity,
    scratch: Scratch,
    emission: Emission,
    pairs: Pairs,
}

/// What became of the events of a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emission {
    /// Events that were looked at.
    pub events: u64,
    /// Those that match.
    pub matches: u64,
    /// Samples of matches.
    pub samples: u64,
    /// Samples of the default value.
    pub default_samples: u64,
    /// Samples that are not published, by reason. An event that does not match a filter without default value is none.
    pub dropped: BTreeMap<Dropped, u64>,
}

/// Why a sample is not published.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum Dropped {
    /// The event gives none.
    #[error("{0}")]
    NoSample(NoSample),
    /// The event has no time, and so the sample has no minute.
    #[error("the event has no time")]
    NoTime,
    /// The service takes no such value.
    #[error("the value is beyond 2^360, which CloudWatch refuses")]
    TooLarge,
}

impl MetricFilterRun {
    /// A filter that has seen nothing.
    pub fn new(transformation: MetricTransformation) -> Self {
        MetricFilterRun {
            metric: MetricIdentity::new(&transformation.namespace, &transformation.name),
            pairs: Pairs::of(transformation.dimensions.iter().map(|dimension| dimension.name.clone())),
            transformation,
            scratch: Scratch::new(),
            emission: Emission::default(),
        }
    }

    /// The same, with metrics that are owned by this account.
    #[must_use]
    pub fn in_account(mut self, account: impl Into<String>) -> Self {
        self.metric.account = Some(account.into());
        self
    }

    /// Evaluates an event and publishes what it gives. The matcher is that of the pattern for which the transformation
    /// was checked.
    ///
    /// # Errors
    /// [`RefusedValue::Full`] where the store has no room left.
    pub fn observe(
        &mut self,
        store: &mut MetricStore,
        matcher: &Matcher,
        event: &LogEvent<'_>,
    ) -> Result<(), RefusedValue> {
        let is_match = matcher.is_match_with(&mut self.scratch, event);
        self.observe_judged(store, matcher, event, is_match)
    }

    /// The same for an event of which it is known whether it matches.
    ///
    /// # Errors
    /// [`RefusedValue::Full`] where the store has no room left.
    pub fn observe_judged(
        &mut self,
        store: &mut MetricStore,
        matcher: &Matcher,
        event: &LogEvent<'_>,
        is_match: bool,
    ) -> Result<(), RefusedValue> {
        let outcome = if is_match {
            self.transformation.sample_of_match(matcher, event)
        } else {
            self.transformation.default_sample(event)
        };
        self.publish(store, outcome)
    }

    /// Publishes what [`MetricTransformation::sample`] gave for an event, and counts it.
    ///
    /// # Errors
    /// [`RefusedValue::Full`] where the store has no room left.
    pub fn publish(
        &mut self,
        store: &mut MetricStore,
        outcome: Result<Sample, NoSample>,
    ) -> Result<(), RefusedValue> {
        self.emission.events += 1;
        let is_match = match &outcome {
            Ok(sample) => !sample.is_default,
            Err(reason) => *reason != NoSample::NoMatch,
        };
        self.emission.matches += u64::from(is_match);
        match outcome {
            Ok(sample) => self.put(store, sample),
            Err(NoSample::NoMatch) => Ok(()),
            Err(reason) => self.drop(Dropped::NoSample(reason)),
        }
    }

    fn put(&mut self, store: &mut MetricStore, sample: Sample) -> Result<(), RefusedValue> {
        let Some(at) = sample.timestamp else { return self.drop(Dropped::NoTime) };
        self.metric.dimensions = sample.dimensions.into_iter().collect();
        match store.put(&self.metric, sample.unit, StorageResolution::Minute, at, sample.value) {
            Ok(()) => {}
            Err(full @ RefusedValue::Full { .. }) => return Err(full),
            Err(_) => return self.drop(Dropped::TooLarge),
        }
        if sample.is_default {
            self.emission.default_samples += 1;
        } else {
            self.emission.samples += 1;
        }
        self.pairs.note(&self.metric.dimensions, at);
        Ok(())
    }

    fn drop(&mut self, reason: Dropped) -> Result<(), RefusedValue> {
        *self.emission.dropped.entry(reason).or_default() += 1;
        Ok(())
    }

    /// What became of the events so far.
    pub fn emission(&self) -> &Emission {
        &self.emission
    }

    /// How many metrics came of them.
    pub fn cardinality(&self) -> Cardinality {
        self.pairs.cardinality()
    }

    /// The filter's transformation.
    pub fn transformation(&self) -> &MetricTransformation {
        &self.transformation
    }
}
