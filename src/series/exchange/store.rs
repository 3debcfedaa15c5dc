//! Imported series as metric data, where they say enough.

use std::collections::BTreeMap;

use super::super::identity::MetricIdentity;
use super::super::period::Period;
use super::super::statistic::Statistic;
use super::super::store::{MetricStore, RefusedValue, StatisticSet, StorageResolution};
use super::super::unit::Unit;
use super::{ImportedSeries, time};
use crate::EpochMillis;

/// What a statistic set is made of.
const NEEDED: [Statistic; 4] =
    [Statistic::SampleCount, Statistic::Sum, Statistic::Minimum, Statistic::Maximum];

/// Why imported series are no metric data.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRaw {
    /// It is not known of which metric.
    #[error("the series `{0}` does not say which metric it is of; name namespace and metric")]
    NoMetric(String),
    /// It is not known of which statistic.
    #[error("the series `{0}` does not say which statistic it is")]
    NoStatistic(String),
    /// A statistic from which those of longer periods do not follow.
    #[error(
        "`{statistic}` of `{metric}` says nothing about longer periods; leave it out, or use it as a series of its own"
    )]
    Statistic {
        /// The metric.
        metric: String,
        /// The statistic.
        statistic: Statistic,
    },
    /// One of the four statistics is not there at some time.
    #[error(
        "`{metric}` has no `{statistic}` at {at}; `SampleCount`, `Sum`, `Minimum` and `Maximum` are needed together"
    )]
    Incomplete {
        /// The metric.
        metric: String,
        /// The statistic.
        statistic: Statistic,
        /// The time.
        at: String,
    },
    /// The same statistic of a metric twice at one time.
    #[error("`{metric}` has two values of `{statistic}` at {at}; keep one")]
    Repeated {
        /// The metric.
        metric: String,
        /// The statistic.
        statistic: Statistic,
        /// The time.
        at: String,
    },
    /// The store does not take the values.
    #[error("`{metric}` at {at}: {reason}")]
    Refused {
        /// The metric.
        metric: String,
        /// The time.
        at: String,
        /// Why.
        reason: RefusedValue,
    },
}

/// The values of [`NEEDED`] of one period.
#[derive(Clone, Copy, Debug, Default)]
struct Gathered {
    values: [Option<f64>; NEEDED.len()],
    has_short_period: bool,
}

/// Puts series of `SampleCount`, `Sum`, `Minimum` and `Maximum` into a store as statistic sets, and tells how many
/// there were. `Average` may be among them; it follows from the others. A set stands at the start of its period: asked
/// for by shorter periods, all of it is in the first.
///
/// ```
/// use trailql::series::exchange::{metric_statistics, put_into_store};
/// use trailql::series::{MetricIdentity, MetricStore};
///
/// let text = r#"{"Label":"latency","Datapoints":[{"Timestamp":"2024-09-02T00:00:00Z","SampleCount":2,"Sum":5,
///     "Minimum":1,"Maximum":4,"Unit":"Seconds"}]}"#;
/// let mut series = metric_statistics::parse(text)?;
/// let metric = MetricIdentity::new("app", "latency");
/// series.iter_mut().for_each(|series| series.metric = Some(metric.clone()));
/// let mut store = MetricStore::new();
/// assert_eq!(put_into_store(&series, &mut store)?, 1);
/// let data = store.get(&metric).unwrap();
/// assert_eq!(data.value(&"Average".parse()?, store.range().unwrap()), Some(2.5));
/// assert_eq!(data.value(&"p50".parse()?, store.range().unwrap()), None, "two different values are not known");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first reason for which the series say too little; nothing is put then, unless it is [`NotRaw::Refused`].
pub fn put_into_store(series: &[ImportedSeries], store: &mut MetricStore) -> Result<usize, NotRaw> {
    let mut sets: BTreeMap<(&MetricIdentity, Unit, EpochMillis), Gathered> = BTreeMap::new();
    for series in series {
        let metric = series.metric.as_ref().ok_or_else(|| NotRaw::NoMetric(series.label.clone()))?;
        let statistic = series.statistic.ok_or_else(|| NotRaw::NoStatistic(series.label.clone()))?;
        let Some(place) = NEEDED.iter().position(|needed| *needed == statistic) else {
            match statistic {
                Statistic::Average => continue,
                _ => return Err(NotRaw::Statistic { metric: metric.to_string(), statistic }),
            }
        };
        let has_short_period = series.step().is_some_and(|period| period < Period::MINUTE);
        for point in &series.points {
            let set = sets.entry((metric, series.unit.unwrap_or_default(), point.at)).or_default();
            set.has_short_period |= has_short_period;
            if set.values.get(place).is_some_and(Option::is_some) {
                let at = time::to_text(point.at);
                return Err(NotRaw::Repeated { metric: metric.to_string(), statistic, at });
            }
            if let Some(value) = set.values.get_mut(place) {
                *value = Some(point.value);
            }
        }
    }
    let complete =
        sets.into_iter().map(|((metric, unit, at), set)| Ok((metric, unit, at, set.complete(metric, at)?)));
    let complete: Vec<_> = complete.collect::<Result<_, NotRaw>>()?;
    for (metric, unit, at, (set, resolution)) in &complete {
        store.put_statistics(metric, *unit, *resolution, *at, *set).map_err(|reason| NotRaw::Refused {
            metric: metric.to_string(),
            at: time::to_text(*at),
            reason,
        })?;
    }
    Ok(complete.len())
}

impl Gathered {
    fn complete(
        self,
        metric: &MetricIdentity,
        at: EpochMillis,
    ) -> Result<(StatisticSet, StorageResolution), NotRaw> {
        if let [Some(sample_count), Some(sum), Some(minimum), Some(maximum)] = self.values {
            let resolution =
                if self.has_short_period { StorageResolution::Second } else { StorageResolution::Minute };
            return Ok((StatisticSet { sample_count, sum, minimum, maximum }, resolution));
        }
        let missing = NEEDED.iter().zip(self.values).find(|(_, value)| value.is_none());
        let statistic = missing.map_or(Statistic::SampleCount, |(statistic, _)| *statistic);
        Err(NotRaw::Incomplete { metric: metric.to_string(), statistic, at: time::to_text(at) })
    }
}
