//! Functions that make a series of a series, point by point, and of an array one of each.

use super::MathValue;
use super::combine::mapped;
use crate::series::{Point, TimeSeries};
use crate::syntax::math::PlainFunction;

/// The function of each series; nothing of a number, and for functions of other kinds.
pub(super) fn each(function: PlainFunction, value: MathValue) -> Option<MathValue> {
    if matches!(value, MathValue::Scalar(_)) {
        return None;
    }
    let finite = |value: f64| Some(value).filter(|value| value.is_finite());
    Some(match function {
        PlainFunction::Abs => mapped(value, |number| Some(number.abs())),
        PlainFunction::Ceil => mapped(value, |number| Some(number.ceil())),
        PlainFunction::Floor => mapped(value, |number| Some(number.floor())),
        PlainFunction::Log => mapped(value, |number| finite(number.ln())),
        PlainFunction::Log10 => mapped(value, |number| finite(number.log10())),
        PlainFunction::Diff => stepwise(value, |before, point| point.value - before.value),
        PlainFunction::DiffTime => stepwise(value, seconds),
        PlainFunction::Rate => {
            stepwise(value, |before, point| (point.value - before.value) / seconds(before, point))
        }
        PlainFunction::RunningSum => summed(value),
        _ => return None,
    })
}

fn seconds(before: &Point, point: &Point) -> f64 {
    point.at.0.saturating_sub(before.at.0) as f64 / 1_000.0
}

/// Each point but the first by itself and the one before; what is no number is dropped.
fn stepwise(value: MathValue, step: impl Fn(&Point, &Point) -> f64 + Copy) -> MathValue {
    let of_series = |series: TimeSeries| {
        let pairs = series.points.iter().zip(series.points.iter().skip(1));
        let points = pairs.map(|(before, point)| Point { at: point.at, value: step(before, point) });
        let points = points.filter(|point| point.value.is_finite()).collect();
        TimeSeries { label: series.label, points }
    };
    of_each(value, of_series)
}

fn summed(value: MathValue) -> MathValue {
    of_each(value, |mut series| {
        let mut sum = 0.0;
        for point in &mut series.points {
            sum += point.value;
            point.value = sum;
        }
        series.points.retain(|point| point.value.is_finite());
        series
    })
}

fn of_each(value: MathValue, function: impl Fn(TimeSeries) -> TimeSeries) -> MathValue {
    match value {
        MathValue::Scalar(number) => MathValue::Scalar(number),
        MathValue::Series(series) => MathValue::Series(function(series)),
        MathValue::Array(array) => MathValue::Array(array.into_iter().map(function).collect()),
    }
}
