//! Imported series as metric data, where they say enough.

use std::collections::BTreeMap;

use super::super::identity::MetricIdentity;
use super::super::period::Period;
use super::super::statistic::Statistic;
use super::super::store::{KnownStatistics, MetricStore, RefusedValue, StorageResolution};
use super::super::unit::Unit;
use super::{ImportedSeries, time};
use crate::EpochMillis;

/// What a statistic set is made of.
const PARTS: [Statistic; 4] =
    [Statistic::SampleCount, Statistic::Sum, Statistic::Minimum, Statistic::Maximum];

/// Why imported series are no metric data.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRaw {
    /// It is not known of which metric.
    #[error("{} does not say which metric it is of; name namespace and metric", called(.0))]
    NoMetric(String),
    /// It is not known of which statistic.
    #[error("{} does not say which statistic it is; name the statistic", called(.0))]
    NoStatistic(String),
    /// A statistic from which those of longer periods do not follow.
    #[error(
        "`{statistic}` of `{metric}` says nothing about longer periods; leave it out, and import `SampleCount`, `Sum`, `Minimum` or `Maximum`"
    )]
    Statistic {
        /// The metric.
        metric: String,
        /// The statistic.
        statistic: Statistic,
    },
    /// A statistic is there at some times, and not at this one.
    #[error(
        "`{metric}` has `{statistic}` at other times, but not at {at}; the statistics of a metric are needed at the same times"
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

/// The values of [`PARTS`] of one period.
#[derive(Clone, Copy, Debug, Default)]
struct Gathered {
    values: [Option<f64>; PARTS.len()],
    has_short_period: bool,
}

/// Puts series of `SampleCount`, `Sum`, `Minimum` and `Maximum` into a store, and tells how many times of metrics there
/// were. Together they are statistic sets; of a metric that has only some of them, the others stay unknown. `Average` may
/// be beside `SampleCount` and `Sum`, from which it follows. A set stands at the start of its period: asked for by shorter
/// periods, all of it is in the first.
///
/// ```
/// use trailql::series::exchange::{metric_statistics, put_into_store};
/// use trailql::series::{MetricIdentity, MetricStore};
///
/// let text = r#"{"Label":"latency","Datapoints":[{"Timestamp":"2024-09-02T00:00:00Z","SampleCount":2,"Sum":5,
///     "Maximum":4,"Unit":"Seconds"}]}"#;
/// let mut series = metric_statistics::parse(text)?;
/// let metric = MetricIdentity::new("app", "latency");
/// series.iter_mut().for_each(|series| series.metric = Some(metric.clone()));
/// let mut store = MetricStore::new();
/// assert_eq!(put_into_store(&series, &mut store)?, 1);
/// let data = store.get(&metric).unwrap();
/// assert_eq!(data.value(&"Average".parse()?, store.range().unwrap()), Some(2.5));
/// assert_eq!(data.value(&"Minimum".parse()?, store.range().unwrap()), None, "it was not among them");
/// assert_eq!(data.value(&"p50".parse()?, store.range().unwrap()), None, "two different values are not known");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first reason for which the series say too little; nothing is put then, unless it is [`NotRaw::Refused`].
pub fn put_into_store(series: &[ImportedSeries], store: &mut MetricStore) -> Result<usize, NotRaw> {
    let mut sets: BTreeMap<(&MetricIdentity, Unit, EpochMillis), Gathered> = BTreeMap::new();
    let mut told: BTreeMap<&MetricIdentity, [bool; PARTS.len()]> = BTreeMap::new();
    let mut with_average = Vec::new();
    for series in series {
        let metric = series.metric.as_ref().ok_or_else(|| NotRaw::NoMetric(series.label.clone()))?;
        let statistic = series.statistic.ok_or_else(|| NotRaw::NoStatistic(series.label.clone()))?;
        let Some(place) = PARTS.iter().position(|part| *part == statistic) else {
            match statistic {
                Statistic::Average => with_average.push(metric),
                _ => return Err(NotRaw::Statistic { metric: metric.to_string(), statistic }),
            }
            continue;
        };
        if let Some(told) = told.entry(metric).or_default().get_mut(place) {
            *told = true;
        }
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
    let follows = |metric: &&&MetricIdentity| matches!(told.get(**metric), Some([true, true, ..]));
    if let Some(metric) = with_average.iter().find(|metric| !follows(metric)) {
        return Err(NotRaw::Statistic { metric: metric.to_string(), statistic: Statistic::Average });
    }
    for ((metric, _, at), set) in &sets {
        let told = told.get(metric).copied().unwrap_or_default();
        let lacking = PARTS
            .iter()
            .zip(told.iter().zip(&set.values))
            .find(|(_, (told, value))| **told && value.is_none());
        if let Some((statistic, _)) = lacking {
            let at = time::to_text(*at);
            return Err(NotRaw::Incomplete { metric: metric.to_string(), statistic: *statistic, at });
        }
    }
    for ((metric, unit, at), set) in &sets {
        let [sample_count, sum, minimum, maximum] = set.values;
        let known = KnownStatistics { sample_count, sum, minimum, maximum };
        let resolution =
            if set.has_short_period { StorageResolution::Second } else { StorageResolution::Minute };
        store.put_known(metric, *unit, resolution, *at, known).map_err(|reason| NotRaw::Refused {
            metric: metric.to_string(),
            at: time::to_text(*at),
            reason,
        })?;
    }
    Ok(sets.len())
}

/// What a message calls a series of this label.
fn called(label: &str) -> String {
    if label.is_empty() { "a series".to_owned() } else { format!("the series `{label}`") }
}
