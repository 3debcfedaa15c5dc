//! Points where there are none: `FILL` and `TIME_SERIES`.

use std::collections::BTreeMap;

use super::{MathError, MathRun};
use crate::EpochMillis;
use crate::series::{Point, TimeSeries};

/// What stands in a gap.
pub(super) enum Filling {
    /// The value before it.
    Repeat,
    /// What lies on the line from the value before it to the one behind it.
    Linear,
    /// A number, if it is one.
    Number(Option<f64>),
    /// The value of a series at that time, if it has one.
    Series(Vec<Point>),
}

/// How many points `FILL` and `TIME_SERIES` give at most, in all series of an array together.
const MOST_POINTS: i64 = 1 << 22;

/// Whether so many series may be filled.
pub(super) fn check(series: usize, run: &MathRun<'_>) -> Result<(), MathError> {
    let points = periods(run).saturating_mul(i64::try_from(series).unwrap_or(i64::MAX));
    if points > MOST_POINTS { Err(MathError::TooManyPoints { points, most: MOST_POINTS }) } else { Ok(()) }
}

/// The start of the first period of the range.
fn first(run: &MathRun<'_>) -> i64 {
    let phase = run.range.start.0.saturating_sub(run.origin.0).rem_euclid(run.period.millis());
    run.range.start.0.saturating_sub(phase)
}

/// How many periods the range has, those that it holds in part among them.
fn periods(run: &MathRun<'_>) -> i64 {
    let width = run.period.millis();
    let length = run.range.end.0.saturating_sub(first(run)).max(0);
    length / width + i64::from(length % width > 0)
}

/// The starts of the periods of the range.
fn slots(run: &MathRun<'_>) -> Result<impl Iterator<Item = EpochMillis> + use<>, MathError> {
    check(1, run)?;
    let (first, width) = (first(run), run.period.millis());
    Ok((0..periods(run)).map(move |index| EpochMillis(first.saturating_add(index * width))))
}

/// A series of one number throughout; of no number one without points.
pub(super) fn constant(number: Option<f64>, run: &MathRun<'_>) -> Result<TimeSeries, MathError> {
    let points = match number {
        Some(value) => slots(run)?.map(|at| Point { at, value }).collect(),
        None => Vec::new(),
    };
    Ok(TimeSeries { label: String::new(), points })
}

/// The series with a point in each period of the range for which the filling has one.
pub(super) fn filled(
    series: TimeSeries,
    filling: &Filling,
    run: &MathRun<'_>,
) -> Result<TimeSeries, MathError> {
    let known: BTreeMap<EpochMillis, f64> =
        series.points.iter().map(|point| (point.at, point.value)).collect();
    let others: BTreeMap<EpochMillis, f64> = match filling {
        Filling::Series(points) => points.iter().map(|point| (point.at, point.value)).collect(),
        _ => BTreeMap::new(),
    };
    let mut all = known.clone();
    for at in slots(run)? {
        if known.contains_key(&at) {
            continue;
        }
        let value = match filling {
            Filling::Repeat => known.range(..at).next_back().map(|(_, value)| *value),
            Filling::Linear => between(&known, at),
            Filling::Number(number) => *number,
            Filling::Series(_) => others.get(&at).copied(),
        };
        all.extend(value.map(|value| (at, value)));
    }
    Ok(TimeSeries {
        label: series.label,
        points: all.into_iter().map(|(at, value)| Point { at, value }).collect(),
    })
}

/// On the line between the neighbours; nothing before the first value and behind the last.
fn between(known: &BTreeMap<EpochMillis, f64>, at: EpochMillis) -> Option<f64> {
    let (before, low) = known.range(..at).next_back()?;
    let (behind, high) = known.range(at..).next()?;
    let share = at.0.saturating_sub(before.0) as f64 / behind.0.saturating_sub(before.0) as f64;
    Some(low + (high - low) * share).filter(|value| value.is_finite())
}
