//! How many metrics the dimensions of a filter make, for each is paid for.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::Dimensions;
use crate::EpochMillis;

/// From how many different pairs within an hour on the service may disable a filter (`spec/filter-pattern.md` 4.3).
const MOST_PAIRS_AN_HOUR: u64 = 1_000;

/// From how many metrics of one filter on a warning is due: a choice.
const MANY_METRICS: u64 = 100;

const HOUR_MILLIS: i64 = 3_600_000;

/// The metrics that one filter makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cardinality {
    /// The different sets of dimension values; each is a custom metric, billed as such. One for a filter without
    /// dimensions, as soon as it published a value.
    pub metrics: u64,
    /// The different values of each dimension, in the order of the transformation.
    pub dimensions: Vec<DimensionCardinality>,
    /// The hour with the most different pairs of a name and a value, the first of equal ones.
    pub busiest_hour: Option<BusiestHour>,
}

/// The values of one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DimensionCardinality {
    /// The dimension.
    pub name: String,
    /// How many different values it has.
    pub values: u64,
}

/// An hour of the clock, and its pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BusiestHour {
    /// Its start.
    pub start: EpochMillis,
    /// How many different pairs of a dimension's name and a value it has.
    pub pairs: u64,
}

/// Why the dimensions of a filter deserve a second thought.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardinalityWarning {
    /// The service may disable the filter.
    #[error(
        "the dimensions have {pairs} different name and value pairs within an hour; CloudWatch may disable a filter with more than about {MOST_PAIRS_AN_HOUR}; take dimensions with fewer values"
    )]
    TooManyPairs {
        /// In the busiest hour.
        pairs: u64,
        /// The start of that hour.
        hour: EpochMillis,
    },
    /// It may become dear.
    #[error(
        "the dimensions make {metrics} custom metrics, each of which is billed; `{dimension}` alone has {values} values"
    )]
    ManyMetrics {
        /// How many.
        metrics: u64,
        /// The dimension with the most values.
        dimension: String,
        /// How many those are.
        values: u64,
    },
}

impl Cardinality {
    /// What is too much, if anything.
    ///
    /// ```
    /// use trailql::series::{Cardinality, DimensionCardinality};
    ///
    /// let dimensions = vec![DimensionCardinality { name: "sourceIPAddress".into(), values: 2_950 }];
    /// let cardinality = Cardinality { metrics: 2_950, dimensions, busiest_hour: None };
    /// let warnings = cardinality.warnings();
    /// assert_eq!(
    ///     warnings[0].to_string(),
    ///     "the dimensions make 2950 custom metrics, each of which is billed; `sourceIPAddress` alone has 2950 values"
    /// );
    /// ```
    pub fn warnings(&self) -> Vec<CardinalityWarning> {
        let mut warnings = Vec::new();
        if let Some(hour) = self.busiest_hour.filter(|hour| hour.pairs > MOST_PAIRS_AN_HOUR) {
            warnings.push(CardinalityWarning::TooManyPairs { pairs: hour.pairs, hour: hour.start });
        }
        let widest = self.dimensions.iter().max_by_key(|dimension| dimension.values);
        if let Some(widest) = widest.filter(|_| self.metrics > MANY_METRICS) {
            warnings.push(CardinalityWarning::ManyMetrics {
                metrics: self.metrics,
                dimension: widest.name.clone(),
                values: widest.values,
            });
        }
        warnings
    }
}

/// What was seen of the dimensions of one filter.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    sets: BTreeSet<Dimensions>,
    /// By dimension, in the order of the transformation: the hours in which each value occurs.
    hours: Vec<(String, BTreeMap<String, BTreeSet<i64>>)>,
}

impl Pairs {
    /// Nothing yet of these dimensions.
    pub(super) fn of(names: impl Iterator<Item = String>) -> Self {
        Pairs { sets: BTreeSet::new(), hours: names.map(|name| (name, BTreeMap::new())).collect() }
    }

    /// Notes a sample that was published.
    pub(super) fn note(&mut self, dimensions: &Dimensions, at: EpochMillis) {
        if !self.sets.contains(dimensions) {
            self.sets.insert(dimensions.clone());
        }
        let hour = at.0.div_euclid(HOUR_MILLIS);
        for (name, values) in &mut self.hours {
            let Some(value) = dimensions.get(name) else { continue };
            match values.get_mut(value) {
                Some(hours) => _ = hours.insert(hour),
                None => _ = values.insert(value.to_owned(), BTreeSet::from([hour])),
            }
        }
    }

    pub(super) fn cardinality(&self) -> Cardinality {
        let mut by_hour: BTreeMap<i64, u64> = BTreeMap::new();
        for hour in self.hours.iter().flat_map(|(_, values)| values.values().flatten()) {
            *by_hour.entry(*hour).or_default() += 1;
        }
        // Of equal ones `max_by_key` takes the last.
        let busiest = by_hour.into_iter().rev().max_by_key(|(_, pairs)| *pairs);
        let dimension = |(name, values): &(String, BTreeMap<String, BTreeSet<i64>>)| DimensionCardinality {
            name: name.clone(),
            values: values.len() as u64,
        };
        Cardinality {
            metrics: self.sets.len() as u64,
            dimensions: self.hours.iter().map(dimension).collect(),
            busiest_hour: busiest.map(|(hour, pairs)| BusiestHour {
                start: EpochMillis(hour.saturating_mul(HOUR_MILLIS)),
                pairs,
            }),
        }
    }
}
