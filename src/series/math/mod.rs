//! Metric math evaluated over series (`spec/metrics-insights.md` 2.10).

mod combine;
mod error;
mod evaluate;
mod fill;
mod order;
mod reduce;
mod transform;

pub use error::MathError;
pub use order::in_order;

use super::query::QueryResult;
use super::{Period, TimeRange, TimeSeries};
use crate::EpochMillis;
use crate::syntax::math::MathExpression;

/// The value of an expression or of a part of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum MathValue {
    /// A number; `None` where there is none, as of a division by zero or the mean of no points.
    Scalar(Option<f64>),
    /// A series.
    Series(TimeSeries),
    /// An array of series.
    Array(Vec<TimeSeries>),
}

impl MathValue {
    /// What it is, in the words of the reference.
    pub fn kind(&self) -> &'static str {
        match self {
            MathValue::Scalar(_) => "a number",
            MathValue::Series(_) => "a series",
            MathValue::Array(_) => "an array of series",
        }
    }

    /// The series: one, those of the array, or none of a number.
    pub fn series(&self) -> &[TimeSeries] {
        match self {
            MathValue::Scalar(_) => &[],
            MathValue::Series(series) => std::slice::from_ref(series),
            MathValue::Array(series) => series,
        }
    }

    /// As [`MathValue::series`], by value.
    pub fn into_series(self) -> Vec<TimeSeries> {
        match self {
            MathValue::Scalar(_) => Vec::new(),
            MathValue::Series(series) => vec![series],
            MathValue::Array(series) => series,
        }
    }
}

/// A query without `GROUP BY` is a series, one with it an array.
impl From<QueryResult> for MathValue {
    fn from(result: QueryResult) -> Self {
        let is_grouped = !result.keys.is_empty();
        let mut series = result.rows.into_iter().map(super::query::QueryRow::into_series);
        if is_grouped {
            MathValue::Array(series.collect())
        } else {
            MathValue::Series(series.next().unwrap_or_default())
        }
    }
}

/// A result that expressions may name.
#[derive(Clone, Debug, PartialEq)]
pub struct MathOperand {
    /// Its id.
    pub id: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What it is.
    pub value: MathValue,
}

/// Where a result comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A metric with a statistic: part of `METRICS()`, and with a `PERIOD`.
    Metric,
    /// A Metrics Insights query; no part of `METRICS()` (U23).
    Query,
    /// Another expression.
    Math,
}

/// What an expression is evaluated with.
#[derive(Clone, Copy)]
pub struct MathRun<'a> {
    /// The time for which `FILL` and `TIME_SERIES` give points.
    pub range: TimeRange,
    /// The period of all series.
    pub period: Period,
    /// From where periods are counted: 1970, or the evaluation of an alarm.
    pub origin: EpochMillis,
    /// The results that the expression may name, in the order of the request.
    pub operands: &'a [MathOperand],
    /// Who knows the bands.
    pub bands: &'a dyn BandSource,
    /// What a legend calls the result.
    pub label: Option<&'a str>,
}

impl<'a> MathRun<'a> {
    /// A run over these results without bands and label, with periods that count from 1970.
    pub fn new(range: TimeRange, period: Period, operands: &'a [MathOperand]) -> Self {
        MathRun { range, period, origin: EpochMillis(0), operands, bands: &NoBands, label: None }
    }
}

/// What a band is asked for.
#[derive(Clone, Copy, Debug)]
pub struct BandRequest<'a> {
    /// What the band is of, as it is written: `m1`.
    pub subject: &'a str,
    /// Its id, where it is nothing but one.
    pub id: Option<&'a str>,
    /// Its values in the range.
    pub series: &'a TimeSeries,
    /// How many standard deviations the band is wide to each side.
    pub width: f64,
    /// The range for which the band is wanted.
    pub range: TimeRange,
    /// The period.
    pub period: Period,
}

/// Who knows the expected band of a series.
pub trait BandSource {
    /// The lower and the upper edge.
    ///
    /// # Errors
    /// Why there is none, in words for a person.
    fn band(&self, request: &BandRequest<'_>) -> Result<[TimeSeries; 2], String>;
}

/// Knows no band.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBands;

impl BandSource for NoBands {
    fn band(&self, request: &BandRequest<'_>) -> Result<[TimeSeries; 2], String> {
        Err(format!("no anomaly detector is trained on `{}` here", request.subject))
    }
}

/// A function that gives bands is a source of them.
impl<F: Fn(&BandRequest<'_>) -> Result<[TimeSeries; 2], String>> BandSource for F {
    fn band(&self, request: &BandRequest<'_>) -> Result<[TimeSeries; 2], String> {
        self(request)
    }
}

impl MathExpression {
    /// Evaluates the expression: a series, or an array of series.
    ///
    /// ```
    /// use trailql::series::math::{MathOperand, MathRun, MathValue, Origin};
    /// use trailql::series::{Period, Point, TimeRange, TimeSeries};
    /// use trailql::{EpochMillis, syntax::math::MathExpression};
    ///
    /// let operand = |id: &str, values: &[(i64, f64)]| MathOperand {
    ///     id: id.into(),
    ///     origin: Origin::Metric,
    ///     value: MathValue::Series(TimeSeries {
    ///         label: id.into(),
    ///         points: values.iter().map(|(at, value)| Point { at: EpochMillis(at * 60_000), value: *value }).collect(),
    ///     }),
    /// };
    /// let operands = [operand("errors", &[(0, 1.0), (1, 3.0)]), operand("calls", &[(0, 4.0), (1, 0.0)])];
    /// let range = TimeRange { start: EpochMillis(0), end: EpochMillis(120_000) };
    /// let expression: MathExpression = "100 * errors / calls".parse()?;
    /// let result = expression.evaluate(&MathRun::new(range, Period::MINUTE, &operands))?;
    /// let points: Vec<f64> = result.series()[0].points.iter().map(|point| point.value).collect();
    /// assert_eq!(points, [25.0], "a division by zero gives no point");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// An id that names no result, an argument of a wrong kind, a band that nobody knows, a result that is a number.
    ///
    /// # Limits
    /// `FILL` and `TIME_SERIES` give up to 4,194,304 points, in all series together; more is an error.
    pub fn evaluate(&self, run: &MathRun<'_>) -> Result<MathValue, MathError> {
        let named = |label: &mut String| match run.label {
            Some("") | None => {}
            Some(expression) if label.is_empty() => expression.clone_into(label),
            Some(expression) => *label = format!("{expression} {label}"),
        };
        match evaluate::value(&self.root, run)? {
            MathValue::Scalar(_) => Err(MathError::ScalarResult { expression: self.to_string() }),
            MathValue::Series(mut series) => {
                series.label = run.label.map_or_else(|| self.to_string(), str::to_owned);
                Ok(MathValue::Series(series))
            }
            MathValue::Array(mut array) => {
                array.iter_mut().for_each(|series| named(&mut series.label));
                Ok(MathValue::Array(array))
            }
        }
    }
}
