//! The facts behind a reason: `StateReasonData`.

use crate::EpochMillis;

use super::definition::{AlarmDefinition, Comparison};
use super::evaluate::PointState;
use super::lanes::Slot;
#[cfg(feature = "serde")]
use super::number::long_time;

/// What a decision stood on (`spec/metrics-insights.md` 5.5). With feature `serde` it serializes to the service's JSON.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct StateReasonData {
    /// Always `1.0`.
    pub version: &'static str,
    /// When it was decided.
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_time"))]
    pub query_date: EpochMillis,
    /// When the oldest period with data begins that decided.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "Option::is_none", serialize_with = "as_maybe_time")
    )]
    pub start_date: Option<EpochMillis>,
    /// The statistic; none for expressions.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub statistic: Option<String>,
    /// The period in seconds; none for a grouped query as a whole.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub period: Option<u32>,
    /// The values that decided, oldest first; none for a grouped query as a whole.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub recent_datapoints: Option<Vec<f64>>,
    /// The threshold of a static alarm.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub threshold: Option<f64>,
    /// The lower edges beside `recent_datapoints`, where they were compared with.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub recent_lower_thresholds: Option<Vec<f64>>,
    /// The upper edges beside `recent_datapoints`, where they were compared with.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub recent_upper_thresholds: Option<Vec<f64>>,
    /// The periods that were looked at, newest first.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub evaluated_datapoints: Vec<EvaluatedDatapoint>,
}

/// A period that was looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct EvaluatedDatapoint {
    /// Its start.
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_time"))]
    pub timestamp: EpochMillis,
    /// How many samples it had, where that is known.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub sample_count: Option<f64>,
    /// Its value; none where it was missing.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub value: Option<f64>,
    /// The edge that it was compared with, for an operator that knows one edge.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub threshold: Option<f64>,
}

impl StateReasonData {
    /// The date alone, all that a grouped query's alarm tells.
    pub(super) fn bare(query_date: EpochMillis) -> Self {
        StateReasonData {
            version: "1.0",
            query_date,
            start_date: None,
            statistic: None,
            period: None,
            recent_datapoints: None,
            threshold: None,
            recent_lower_thresholds: None,
            recent_upper_thresholds: None,
            evaluated_datapoints: Vec::new(),
        }
    }

    /// The facts of a decision over these periods, newest first.
    pub(super) fn of(definition: &AlarmDefinition, query_date: EpochMillis, slots: &[Slot]) -> Self {
        let decided: Vec<_> = slots.iter().rev().filter(|slot| slot.state != PointState::Missing).collect();
        let (threshold, sees_lower, sees_upper) = match definition.comparison() {
            Comparison::Static { threshold, .. } => (Some(*threshold), false, false),
            Comparison::Band { operator, .. } => (None, operator.sees_lower(), operator.sees_upper()),
        };
        let edge = |slot: &Slot| match (sees_lower, sees_upper, slot.datapoint.band) {
            (true, false, Some(band)) => Some(band.lower),
            (false, true, Some(band)) => Some(band.upper),
            _ => None,
        };
        let bands = || decided.iter().filter_map(|slot| slot.datapoint.band);
        let evaluated = slots.iter().map(|slot| {
            let is_there = slot.state != PointState::Missing;
            EvaluatedDatapoint {
                timestamp: slot.bucket.start,
                sample_count: slot.datapoint.sample_count.filter(|_| is_there),
                value: slot.datapoint.value.filter(|_| is_there),
                threshold: edge(slot).filter(|_| is_there),
            }
        });
        StateReasonData {
            version: "1.0",
            query_date,
            start_date: decided.first().map(|slot| slot.bucket.start),
            statistic: definition.statistic().map(str::to_owned),
            period: Some(definition.period().seconds()),
            recent_datapoints: Some(decided.iter().filter_map(|slot| slot.datapoint.value).collect()),
            threshold,
            recent_lower_thresholds: sees_lower.then(|| bands().map(|band| band.lower).collect()),
            recent_upper_thresholds: sees_upper.then(|| bands().map(|band| band.upper).collect()),
            evaluated_datapoints: evaluated.collect(),
        }
    }
}

#[cfg(feature = "serde")]
fn as_time<S: serde::Serializer>(at: &EpochMillis, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&long_time(*at))
}

#[cfg(feature = "serde")]
fn as_maybe_time<S: serde::Serializer>(at: &Option<EpochMillis>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => as_time(at, serializer),
        None => serializer.serialize_none(),
    }
}
