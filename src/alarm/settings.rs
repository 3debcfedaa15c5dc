//! The settings of an alarm that are one word of a few, under the service's names.

use std::fmt;
use std::str::FromStr;

use crate::listing::listed_names;

/// A word that is none of a setting's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no `{setting}`; write {names}")]
pub struct UnknownSetting {
    /// The setting, by the service's name.
    pub setting: &'static str,
    /// What was given.
    pub text: String,
    /// What it may be.
    pub names: String,
}

/// An enum whose values have one name each: `as_str`, `Display`, `FromStr`, `ALL`, and the same names for serde.
macro_rules! named {
    (
        $(#[$about:meta])*
        $setting:ident {
            $( $(#[$what:meta])* $value:ident = $name:literal, )+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
        pub enum $setting {
            $( $(#[$what])* #[cfg_attr(feature = "serde", serde(rename = $name))] $value, )+
        }

        impl $setting {
            /// Every value.
            pub const ALL: &'static [$setting] = &[ $( $setting::$value, )+ ];

            /// The service's name of it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $( $setting::$value => $name, )+
                }
            }
        }

        /// The service's name of it.
        impl fmt::Display for $setting {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $setting {
            type Err = UnknownSetting;

            fn from_str(text: &str) -> Result<Self, UnknownSetting> {
                let known = $setting::ALL.iter().copied().find(|value| value.as_str() == text);
                known.ok_or_else(|| UnknownSetting {
                    setting: stringify!($setting),
                    text: text.to_owned(),
                    names: listed_names($setting::ALL.iter().map(|value| value.as_str()), "or"),
                })
            }
        }
    };
}

named! {
    /// What an alarm says of its metric.
    AlarmState {
        /// The metric is within what is allowed.
        Ok = "OK",
        /// Enough points breach.
        Alarm = "ALARM",
        /// Not evaluated yet, or too little data.
        InsufficientData = "INSUFFICIENT_DATA",
    }
}

named! {
    /// What is wrong with an evaluation, beside its result.
    EvaluationState {
        /// The query matched or returned more series than it may: those beyond are not seen.
        PartialData = "PARTIAL_DATA",
    }
}

named! {
    /// A comparison with one threshold; the metric's value stands on the left.
    StaticOperator {
        /// `>=`
        GreaterThanOrEqualToThreshold = "GreaterThanOrEqualToThreshold",
        /// `>`
        GreaterThanThreshold = "GreaterThanThreshold",
        /// `<`
        LessThanThreshold = "LessThanThreshold",
        /// `<=`
        LessThanOrEqualToThreshold = "LessThanOrEqualToThreshold",
    }
}

named! {
    /// A comparison with a band; its edges are inside (`spec/metrics-insights.md` 5.4).
    BandOperator {
        /// Below the band or above it.
        LessThanLowerOrGreaterThanUpperThreshold = "LessThanLowerOrGreaterThanUpperThreshold",
        /// Below the band.
        LessThanLowerThreshold = "LessThanLowerThreshold",
        /// Above the band.
        GreaterThanUpperThreshold = "GreaterThanUpperThreshold",
    }
}

named! {
    /// What fills the places of points that are not there (`spec/metrics-insights.md` 5.3).
    TreatMissingData {
        /// Nothing: with no point at all the state is `INSUFFICIENT_DATA`.
        Missing = "missing",
        /// The state stays as it is.
        Ignore = "ignore",
        /// Breaching points.
        Breaching = "breaching",
        /// Points that do not breach.
        NotBreaching = "notBreaching",
    }
}

named! {
    /// What an alarm on a percentile does with periods of few samples.
    EvaluateLowSampleCountPercentile {
        /// Evaluates them all the same.
        Evaluate = "evaluate",
        /// Leaves the state as it is.
        Ignore = "ignore",
    }
}

named! {
    /// What an alarm on a grouped query makes of a result without any series. The service's guide and a recording of
    /// 2026 differ (`spec/metrics-insights.md` U28).
    EmptyResult {
        /// `INSUFFICIENT_DATA`, as the guide says.
        Documented = "documented",
        /// `OK` where missing data are `notBreaching`, as recorded, and by symmetry `ALARM` where they are `breaching`.
        Observed = "observed",
    }
}

/// Any `ComparisonOperator` of `PutMetricAlarm`.
///
/// ```
/// use trailql::alarm::{BandOperator, ComparisonOperator};
///
/// let operator: ComparisonOperator = "GreaterThanUpperThreshold".parse()?;
/// assert_eq!(operator, ComparisonOperator::Band(BandOperator::GreaterThanUpperThreshold));
/// assert!("GreaterThan".parse::<ComparisonOperator>().is_err());
/// # Ok::<(), trailql::alarm::UnknownSetting>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(untagged))]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub enum ComparisonOperator {
    /// Of a static alarm.
    Static(StaticOperator),
    /// Of an alarm on an anomaly band.
    Band(BandOperator),
}

impl ComparisonOperator {
    /// The service's name of it.
    pub fn as_str(self) -> &'static str {
        match self {
            ComparisonOperator::Static(operator) => operator.as_str(),
            ComparisonOperator::Band(operator) => operator.as_str(),
        }
    }
}

/// The service's name of it.
impl fmt::Display for ComparisonOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ComparisonOperator {
    type Err = UnknownSetting;

    fn from_str(text: &str) -> Result<Self, UnknownSetting> {
        let fixed = text.parse().map(ComparisonOperator::Static);
        fixed.or_else(|_| text.parse().map(ComparisonOperator::Band)).map_err(|_: UnknownSetting| {
            let fixed = StaticOperator::ALL.iter().map(|operator| operator.as_str());
            let band = BandOperator::ALL.iter().map(|operator| operator.as_str());
            let names = listed_names(fixed.chain(band), "or");
            UnknownSetting { setting: "ComparisonOperator", text: text.to_owned(), names }
        })
    }
}

impl StaticOperator {
    /// Whether a value breaches.
    pub fn is_breaching(self, value: f64, threshold: f64) -> bool {
        match self {
            StaticOperator::GreaterThanOrEqualToThreshold => value >= threshold,
            StaticOperator::GreaterThanThreshold => value > threshold,
            StaticOperator::LessThanThreshold => value < threshold,
            StaticOperator::LessThanOrEqualToThreshold => value <= threshold,
        }
    }
}

impl BandOperator {
    /// Whether a value breaches.
    pub fn is_breaching(self, value: f64, lower: f64, upper: f64) -> bool {
        (self.sees_lower() && value < lower) || (self.sees_upper() && value > upper)
    }

    /// Whether it compares with the lower edge.
    pub fn sees_lower(self) -> bool {
        self != BandOperator::GreaterThanUpperThreshold
    }

    /// Whether it compares with the upper edge.
    pub fn sees_upper(self) -> bool {
        self != BandOperator::LessThanLowerThreshold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_services_and_come_back() {
        assert_eq!("notBreaching".parse(), Ok(TreatMissingData::NotBreaching));
        assert_eq!(AlarmState::InsufficientData.to_string(), "INSUFFICIENT_DATA");
        let error = "nonBreaching".parse::<TreatMissingData>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`nonBreaching` is no `TreatMissingData`; write `missing`, `ignore`, `breaching` or `notBreaching`"
        );
        for operator in StaticOperator::ALL {
            assert_eq!(operator.as_str().parse(), Ok(ComparisonOperator::Static(*operator)));
        }
    }
}
