//! Each part of an expression, from the inside out.

use super::combine;
use super::fill;
use super::reduce;
use super::transform;
use super::{BandRequest, MathError, MathOperand, MathRun, MathValue, Origin};
use crate::series::TimeSeries;
use crate::syntax::math::{Band, Filler, MathCall, MathKind, MathNode, PlainFunction, SortFunction};

pub(super) fn value(node: &MathNode, run: &MathRun<'_>) -> Result<MathValue, MathError> {
    match &node.kind {
        MathKind::Number(number) => Ok(MathValue::Scalar(Some(number.value()))),
        MathKind::Id(id) => operand(id, run).map(|operand| operand.value.clone()),
        MathKind::List(parts) => {
            let mut series = Vec::new();
            for part in parts {
                match value(part, run)? {
                    MathValue::Scalar(_) => return Err(wrong("[…]", "series", part, "a number")),
                    found => series.extend(found.into_series()),
                }
            }
            Ok(MathValue::Array(series))
        }
        MathKind::Negate(inner) => Ok(combine::negated(value(inner, run)?)),
        MathKind::Binary { operator, left, right } => {
            let (left_value, right_value) = (value(left, run)?, value(right, run)?);
            combine::joined(*operator, left_value, right_value).ok_or_else(|| MathError::Arrays {
                operator: operator.as_str(),
                left: left.to_string(),
                right: right.to_string(),
            })
        }
        MathKind::Call(call) => called(call, run),
    }
}

fn operand<'a>(id: &str, run: &MathRun<'a>) -> Result<&'a MathOperand, MathError> {
    run.operands.iter().find(|operand| operand.id == id).ok_or_else(|| {
        let distance = |operand: &&MathOperand| strsim::damerau_levenshtein(&operand.id, id);
        let near = run.operands.iter().min_by_key(distance).filter(|operand| distance(operand) <= 2);
        let word =
            ["REPEAT", "LINEAR"].into_iter().find(|word| word.eq_ignore_ascii_case(id)).map(str::to_owned);
        MathError::UnknownId {
            id: id.to_owned(),
            near: word.or_else(|| near.map(|operand| operand.id.clone())),
        }
    })
}

fn wrong(what: &str, wanted: &'static str, argument: &MathNode, found: &'static str) -> MathError {
    MathError::Kind { what: what.to_owned(), wanted, argument: argument.to_string(), found }
}

fn called(call: &MathCall, run: &MathRun<'_>) -> Result<MathValue, MathError> {
    match call {
        MathCall::Plain { function, argument } => plain(*function, argument, run),
        MathCall::Metrics(text) => Ok(MathValue::Array(metrics(text.as_deref(), run))),
        MathCall::Fill { series, with } => filled(series, with, run),
        MathCall::If { condition, then, otherwise } => {
            let condition_value = value(condition, run)?;
            let then_value = value(then, run)?;
            let otherwise_value = otherwise.as_deref().map(|node| value(node, run)).transpose()?;
            for (node, found) in [(condition, Some(&condition_value)), (then, Some(&then_value))]
                .into_iter()
                .chain(otherwise.as_ref().map(|node| (node, otherwise_value.as_ref())))
            {
                if let Some(array @ MathValue::Array(_)) = found {
                    return Err(wrong("IF", "numbers and series", node, array.kind()));
                }
            }
            combine::chosen(condition_value, then_value, otherwise_value).map(MathValue::Series).ok_or_else(
                || wrong("IF", "series to choose from where the condition is a number", then, "a number"),
            )
        }
        MathCall::Sort { array, by, descending, most } => {
            let most = most.as_deref().map(|node| index("SORT", node, run)).transpose()?;
            let series = array_of("SORT", array, run)?;
            Ok(MathValue::Array(sorted(series, *by, *descending, most.unwrap_or(usize::MAX))))
        }
        MathCall::Slice { array, start, end } => {
            let start = index("SLICE", start, run)?;
            let end = end.as_deref().map(|node| index("SLICE", node, run)).transpose()?;
            let series = array_of("SLICE", array, run)?.into_iter();
            let taken = end.map_or(usize::MAX, |end| end.saturating_sub(start));
            Ok(MathValue::Array(series.skip(start).take(taken).collect()))
        }
        MathCall::Band(band) => edges(band, call, run),
    }
}

/// The metrics of the request in its order, or those whose id holds a text.
fn metrics(text: Option<&str>, run: &MathRun<'_>) -> Vec<TimeSeries> {
    let metrics = run.operands.iter().filter(|operand| operand.origin == Origin::Metric);
    let asked = metrics.filter(|operand| text.is_none_or(|text| operand.id.contains(text)));
    asked.flat_map(|operand| operand.value.series().iter().cloned()).collect()
}

fn plain(function: PlainFunction, argument: &MathNode, run: &MathRun<'_>) -> Result<MathValue, MathError> {
    let name = function.as_str();
    match function {
        PlainFunction::Period => {
            let id = match &argument.kind {
                MathKind::Id(id) => Some(id),
                _ => None,
            };
            let metric = id.map(|id| operand(id, run)).transpose()?;
            match metric.filter(|operand| operand.origin == Origin::Metric) {
                Some(_) => Ok(MathValue::Scalar(Some(f64::from(run.period.seconds())))),
                None => Err(MathError::NotAMetric { argument: argument.to_string() }),
            }
        }
        PlainFunction::First => {
            Ok(MathValue::Series(array_of(name, argument, run)?.into_iter().next().unwrap_or_default()))
        }
        PlainFunction::Last => {
            Ok(MathValue::Series(array_of(name, argument, run)?.into_iter().next_back().unwrap_or_default()))
        }
        PlainFunction::MetricCount => {
            Ok(MathValue::Scalar(Some(array_of(name, argument, run)?.len() as f64)))
        }
        PlainFunction::RemoveEmpty => {
            let mut series = array_of(name, argument, run)?;
            series.retain(|series| !series.points.is_empty());
            Ok(MathValue::Array(series))
        }
        PlainFunction::TimeSeries => match value(argument, run)? {
            MathValue::Scalar(number) => Ok(MathValue::Series(fill::constant(number, run)?)),
            found => Err(wrong(name, "a number", argument, found.kind())),
        },
        _ => {
            let found = value(argument, run)?;
            let kind = found.kind();
            let result = match reduce::Reduction::of(function) {
                Some(reduction) => reduction.of_value(found),
                None => transform::each(function, found),
            };
            result.ok_or_else(|| wrong(name, "a series or an array", argument, kind))
        }
    }
}

fn filled(series: &MathNode, with: &Filler, run: &MathRun<'_>) -> Result<MathValue, MathError> {
    let filling = match with {
        Filler::Repeat => fill::Filling::Repeat,
        Filler::Linear => fill::Filling::Linear,
        Filler::Value(node) => match value(node, run)? {
            MathValue::Scalar(number) => fill::Filling::Number(number),
            MathValue::Series(series) => fill::Filling::Series(series.points),
            found @ MathValue::Array(_) => {
                return Err(wrong("FILL", "`REPEAT`, `LINEAR`, a number or a series", node, found.kind()));
            }
        },
    };
    match value(series, run)? {
        MathValue::Scalar(_) => Err(wrong("FILL", "a series or an array", series, "a number")),
        MathValue::Series(gaps) => Ok(MathValue::Series(fill::filled(gaps, &filling, run)?)),
        MathValue::Array(array) => {
            fill::check(array.len(), run)?;
            let filled: Result<Vec<_>, _> =
                array.into_iter().map(|gaps| fill::filled(gaps, &filling, run)).collect();
            Ok(MathValue::Array(filled?))
        }
    }
}

fn edges(band: &Band, call: &MathCall, run: &MathRun<'_>) -> Result<MathValue, MathError> {
    const NAME: &str = "ANOMALY_DETECTION_BAND";
    let series = match value(&band.series, run)? {
        MathValue::Series(series) => series,
        found => return Err(wrong(NAME, "one series", &band.series, found.kind())),
    };
    let width = match band.width.as_deref() {
        None => 2.0,
        Some(node) => {
            let width = number(NAME, node, run)?;
            width.filter(|width| *width > 0.0).ok_or_else(|| MathError::Number {
                what: NAME,
                wanted: "a number of deviations above 0",
                argument: node.to_string(),
                found: told(width),
            })?
        }
    };
    let subject = band.series.to_string();
    let id = match &band.series.kind {
        MathKind::Id(id) => Some(id.as_str()),
        _ => None,
    };
    let request =
        BandRequest { subject: &subject, id, series: &series, width, range: run.range, period: run.period };
    let edges = run.bands.band(&request);
    edges
        .map(|edges| MathValue::Array(edges.into()))
        .map_err(|reason| MathError::NoBand { expression: call.to_string(), reason })
}

fn array_of(what: &str, node: &MathNode, run: &MathRun<'_>) -> Result<Vec<TimeSeries>, MathError> {
    match value(node, run)? {
        MathValue::Array(series) => Ok(series),
        found => Err(wrong(what, "an array", node, found.kind())),
    }
}

fn number(what: &str, node: &MathNode, run: &MathRun<'_>) -> Result<Option<f64>, MathError> {
    match value(node, run)? {
        MathValue::Scalar(number) => Ok(number),
        found => Err(wrong(what, "a number", node, found.kind())),
    }
}

/// How many, or which, counted from 0.
fn index(what: &'static str, node: &MathNode, run: &MathRun<'_>) -> Result<usize, MathError> {
    const MOST: f64 = 1e6;
    let found = number(what, node, run)?;
    match found.filter(|number| number.fract() == 0.0 && (0.0..=MOST).contains(number)) {
        // A whole number up to a million.
        Some(number) => Ok(number as usize),
        None => Err(MathError::Number {
            what,
            wanted: "whole numbers from 0 to 1,000,000",
            argument: node.to_string(),
            found: told(found),
        }),
    }
}

fn told(number: Option<f64>) -> String {
    number.map_or_else(|| "no number".to_owned(), |number| number.to_string())
}

/// The series by what they are worth, numbered; those without points last, and equals as they were.
fn sorted(mut series: Vec<TimeSeries>, by: SortFunction, descending: bool, most: usize) -> Vec<TimeSeries> {
    let reduction = match by {
        SortFunction::Avg => reduce::Reduction::Mean,
        SortFunction::Max => reduce::Reduction::Largest,
        SortFunction::Min => reduce::Reduction::Smallest,
        SortFunction::Sum => reduce::Reduction::Sum,
    };
    series.sort_by_cached_key(|series| {
        let worth = reduction.of_numbers(series.points.iter().map(|point| point.value));
        let worth = worth.filter(|_| !series.points.is_empty());
        worth.map_or(Worth::None, |worth| Worth::Some(if descending { -worth } else { worth }))
    });
    series.truncate(most);
    for (index, series) in series.iter_mut().enumerate() {
        series.label = format!("{} - {}", index.saturating_add(1), series.label);
    }
    series
}

/// A number in its order, or none, which comes last.
#[derive(Clone, Copy, Debug)]
enum Worth {
    Some(f64),
    None,
}

impl Ord for Worth {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        match (self, other) {
            (Worth::Some(left), Worth::Some(right)) => left.total_cmp(right),
            (Worth::Some(_), Worth::None) => std::cmp::Ordering::Less,
            (Worth::None, Worth::Some(_)) => std::cmp::Ordering::Greater,
            (Worth::None, Worth::None) => std::cmp::Ordering::Equal,
        }
    }
}

impl PartialOrd for Worth {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Worth {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Worth {}
