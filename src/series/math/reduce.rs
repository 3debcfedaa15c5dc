//! Functions that make a number of a series, and a series of an array.

use std::collections::BTreeMap;

use super::MathValue;
use crate::EpochMillis;
use crate::series::{Point, TimeSeries};
use crate::syntax::math::PlainFunction;
use crate::values::Total;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reduction {
    Count,
    Deviation,
    Largest,
    Mean,
    Smallest,
    Sum,
}

impl Reduction {
    pub(super) fn of(function: PlainFunction) -> Option<Self> {
        Some(match function {
            PlainFunction::Avg => Reduction::Mean,
            PlainFunction::DatapointCount => Reduction::Count,
            PlainFunction::Max => Reduction::Largest,
            PlainFunction::Min => Reduction::Smallest,
            PlainFunction::Stddev => Reduction::Deviation,
            PlainFunction::Sum => Reduction::Sum,
            _ => return None,
        })
    }

    /// Of a series a number over its points; of an array a series over what its series have at each time. Nothing of a
    /// number.
    pub(super) fn of_value(self, value: MathValue) -> Option<MathValue> {
        match value {
            MathValue::Scalar(_) => None,
            MathValue::Series(series) => {
                Some(MathValue::Scalar(self.of_numbers(series.points.iter().map(|point| point.value))))
            }
            MathValue::Array(array) => Some(MathValue::Series(self.across(&array))),
        }
    }

    /// At each time that one of the series has. In a mean a series without a value there counts as 0, as the reference
    /// says of `AVG`; otherwise it does not count.
    fn across(self, array: &[TimeSeries]) -> TimeSeries {
        let mut at_times: BTreeMap<EpochMillis, Vec<f64>> = BTreeMap::new();
        for point in array.iter().flat_map(|series| &series.points) {
            at_times.entry(point.at).or_default().push(point.value);
        }
        let points = at_times.into_iter().filter_map(|(at, mut values)| {
            if self == Reduction::Mean {
                values.resize(array.len(), 0.0);
            }
            self.of_numbers(values.into_iter()).map(|value| Point { at, value })
        });
        TimeSeries { label: String::new(), points: points.collect() }
    }

    /// Nothing of no numbers, but for sums and counts, which are 0.
    pub(super) fn of_numbers(self, numbers: impl Iterator<Item = f64> + Clone) -> Option<f64> {
        let mut total = Total::default();
        numbers.clone().for_each(|number| total.add(number));
        let count = total.count() as f64;
        let mean = || Some(total.rounded() / count).filter(|mean| mean.is_finite());
        match self {
            Reduction::Count => Some(count),
            Reduction::Sum => Some(total.rounded()).filter(|sum| sum.is_finite()),
            Reduction::Largest => numbers.reduce(f64::max),
            Reduction::Smallest => numbers.reduce(f64::min),
            Reduction::Mean => mean(),
            Reduction::Deviation => {
                let mean = mean()?;
                let mut squares = Total::default();
                numbers.for_each(|number| squares.add((number - mean).powi(2)));
                Some((squares.rounded() / count).sqrt()).filter(|deviation| deviation.is_finite())
            }
        }
    }
}
