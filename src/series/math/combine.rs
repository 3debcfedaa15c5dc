//! Two or three values made one: operators and `IF`.

use std::collections::BTreeMap;

use super::MathValue;
use crate::EpochMillis;
use crate::series::{Point, TimeSeries};
use crate::syntax::math::MathOperator;

pub(super) fn negated(value: MathValue) -> MathValue {
    mapped(value, |number| Some(-number))
}

/// Each number by a function; where that gives nothing the point is dropped.
pub(super) fn mapped(value: MathValue, function: impl Fn(f64) -> Option<f64> + Copy) -> MathValue {
    match value {
        MathValue::Scalar(number) => MathValue::Scalar(number.and_then(function)),
        MathValue::Series(series) => MathValue::Series(each_point(series, function)),
        MathValue::Array(array) => {
            MathValue::Array(array.into_iter().map(|series| each_point(series, function)).collect())
        }
    }
}

fn each_point(series: TimeSeries, function: impl Fn(f64) -> Option<f64>) -> TimeSeries {
    let points = series.points.into_iter();
    let points =
        points.filter_map(|point| function(point.value).map(|value| Point { value, ..point })).collect();
    TimeSeries { points, ..series }
}

/// The values joined; nothing for two arrays, and for arrays that are compared.
pub(super) fn joined(operator: MathOperator, left: MathValue, right: MathValue) -> Option<MathValue> {
    use MathValue::{Array, Scalar, Series};
    let apply = |left, right| applied(operator, left, right);
    Some(match (left, right) {
        (Scalar(left), Scalar(right)) => Scalar(left.zip(right).and_then(|(left, right)| apply(left, right))),
        (Array(_), Array(_)) => return None,
        (Array(_), _) | (_, Array(_)) if operator.is_logical() => return None,
        (Scalar(left), right) => mapped(right, |right| left.and_then(|left| apply(left, right))),
        (left, Scalar(right)) => mapped(left, |left| right.and_then(|right| apply(left, right))),
        (Series(left), Series(right)) => Series(both(left, &right, apply)),
        (Array(array), Series(right)) => {
            Array(array.into_iter().map(|left| both(left, &right, apply)).collect())
        }
        (Series(left), Array(array)) => {
            let swapped = |right: TimeSeries| both(right, &left, |right, left| apply(left, right));
            Array(array.into_iter().map(swapped).collect())
        }
    })
}

/// At each time that one of two series has; the missing value of the other is 0.
fn both(left: TimeSeries, right: &TimeSeries, apply: impl Fn(f64, f64) -> Option<f64>) -> TimeSeries {
    let mut sides: BTreeMap<EpochMillis, (f64, f64)> = BTreeMap::new();
    left.points.iter().for_each(|point| sides.entry(point.at).or_default().0 = point.value);
    right.points.iter().for_each(|point| sides.entry(point.at).or_default().1 = point.value);
    let points = sides.into_iter();
    let points = points.filter_map(|(at, (left, right))| apply(left, right).map(|value| Point { at, value }));
    TimeSeries { label: left.label, points: points.collect() }
}

/// The outcome of an operator; nothing for a division by zero and what else is no number.
fn applied(operator: MathOperator, left: f64, right: f64) -> Option<f64> {
    let truth = |holds: bool| if holds { 1.0 } else { 0.0 };
    let value = match operator {
        MathOperator::Or => truth(left != 0.0 || right != 0.0),
        MathOperator::And => truth(left != 0.0 && right != 0.0),
        MathOperator::Equal => truth(left == right),
        MathOperator::NotEqual => truth(left != right),
        MathOperator::Less => truth(left < right),
        MathOperator::LessOrEqual => truth(left <= right),
        MathOperator::Greater => truth(left > right),
        MathOperator::GreaterOrEqual => truth(left >= right),
        MathOperator::Add => left + right,
        MathOperator::Subtract => left - right,
        MathOperator::Multiply => left * right,
        MathOperator::Divide => left / right,
        MathOperator::Power => left.powf(right),
    };
    Some(value).filter(|value| value.is_finite())
}

/// `IF`: nothing where a number decides between numbers, which is no series.
///
/// Where the condition has no point there is none. A missing point of what is chosen is 0, but for `IF(series, number,
/// series)` the table of the guide drops it.
pub(super) fn chosen(
    condition: MathValue,
    then: MathValue,
    otherwise: Option<MathValue>,
) -> Option<TimeSeries> {
    let condition = match condition {
        MathValue::Series(condition) => condition,
        MathValue::Scalar(condition) => {
            let is_number = |value: &MathValue| matches!(value, MathValue::Scalar(_));
            if is_number(&then) || otherwise.as_ref().is_some_and(is_number) {
                return None;
            }
            let chosen = match condition {
                Some(condition) if condition != 0.0 => Some(then),
                Some(_) => otherwise,
                None => None,
            };
            return Some(
                chosen
                    .map(MathValue::into_series)
                    .and_then(|series| series.into_iter().next())
                    .unwrap_or_default(),
            );
        }
        MathValue::Array(_) => return None,
    };
    let drops_missing = matches!(then, MathValue::Scalar(_));
    let (then, otherwise) = (Branch::new(then), otherwise.map(Branch::new));
    let points = condition.points.iter().filter_map(|point| {
        let value = if point.value != 0.0 {
            then.at(point.at, Some(0.0))
        } else {
            otherwise.as_ref()?.at(point.at, if drops_missing { None } else { Some(0.0) })
        };
        value.map(|value| Point { at: point.at, value })
    });
    Some(TimeSeries { points: points.collect(), label: condition.label.clone() })
}

/// What a condition chooses.
enum Branch {
    Number(Option<f64>),
    Points(BTreeMap<EpochMillis, f64>),
}

impl Branch {
    fn new(value: MathValue) -> Self {
        match value {
            MathValue::Scalar(number) => Branch::Number(number),
            series => {
                let points = series.into_series().into_iter().flat_map(|series| series.points);
                Branch::Points(points.map(|point| (point.at, point.value)).collect())
            }
        }
    }

    fn at(&self, at: EpochMillis, missing: Option<f64>) -> Option<f64> {
        match self {
            Branch::Number(number) => *number,
            Branch::Points(points) => points.get(&at).copied().or(missing),
        }
    }
}
