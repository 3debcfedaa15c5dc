//! The output of `GetMetricData`, as the service and its command line print it (AWS: *API_GetMetricData*).
//!
//! `{"MetricDataResults": [{"Id", "Label", "Timestamps", "Values", "StatusCode"}], "Messages", "NextToken"}`. Times are
//! texts or numbers of seconds. Pages that were joined may hold an `Id` several times; it is one series then. An entry may
//! have the `AccountId` and `MetricStat` of its query too, which say what it is of.

use serde_json::{Map, Value, json};

use super::super::points::Point;
use super::fault::{ImportError, ImportFault};
use super::metric_stat::{self, optional_text};
use super::{ImportedSeries, SeriesStatus, sort, time};

/// What one answer holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricDataOutput {
    /// The series, in the order of their first page.
    pub series: Vec<ImportedSeries>,
    /// What the service has to say about them: code and text.
    pub messages: Vec<String>,
    /// Whether there are more pages.
    pub has_more: bool,
}

/// The series of an answer.
///
/// ```
/// use trailql::series::exchange::metric_data;
///
/// let output = metric_data::parse(
///     r#"{"MetricDataResults":[{"Id":"m1","Label":"presigned-URL","Timestamps":["2024-09-02T00:05:00+00:00",
///         "2024-09-02T00:00:00+00:00"],"Values":[2.0,1.0],"StatusCode":"Complete"}]}"#,
/// )?;
/// assert_eq!(output.series[0].points[0].value, 1.0, "the service's own order is newest first");
/// # Ok::<(), trailql::series::exchange::ImportError>(())
/// ```
///
/// # Errors
/// The first fault, with the path of its member. Members that are not named above are not looked at.
pub fn parse(text: &str) -> Result<MetricDataOutput, ImportError> {
    let document: Value =
        serde_json::from_str(text).map_err(|error| ImportFault::Json(error.to_string()).of_whole())?;
    let members = document.as_object().ok_or_else(|| ImportFault::Kind("an object").of_whole())?;
    let results = match members.get("MetricDataResults") {
        None => return Err(ImportFault::Missing("MetricDataResults").of_whole()),
        Some(results) => array(results).map_err(|fault| fault.at_member("MetricDataResults"))?,
    };
    let mut series: Vec<ImportedSeries> = Vec::new();
    for (index, result) in results.iter().enumerate() {
        let page = one_result(result, &format!("MetricDataResults[{index}]"))?;
        match series.iter_mut().find(|known| known.id == page.id && known.label == page.label) {
            Some(known) => {
                known.points.extend(page.points);
                known.status = page.status;
            }
            None => series.push(page),
        }
    }
    for (index, series) in series.iter_mut().enumerate() {
        sort(&mut series.points).map_err(|fault| fault.at_member(format!("MetricDataResults[{index}]")))?;
    }
    let messages = members.get("Messages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Ok(MetricDataOutput {
        series,
        messages: messages.iter().map(message).collect(),
        has_more: members.get("NextToken").is_some_and(Value::is_string),
    })
}

fn one_result(result: &Value, path: &str) -> Result<ImportedSeries, ImportError> {
    let members = result.as_object().ok_or_else(|| ImportFault::Kind("an object").at_member(path))?;
    let status = match optional_text(members, "StatusCode", path)? {
        None => SeriesStatus::Complete,
        Some(status) => SeriesStatus::parse(&status)
            .ok_or_else(|| ImportFault::Status(status).at_member(format!("{path}.StatusCode")))?,
    };
    let id = optional_text(members, "Id", path)?;
    let mut series = ImportedSeries {
        label: optional_text(members, "Label", path)?.or_else(|| id.clone()).unwrap_or_default(),
        id,
        status,
        points: points(members, path)?,
        ..ImportedSeries::default()
    };
    metric_stat::read(members, path, &mut series)?;
    Ok(series)
}

fn points(members: &Map<String, Value>, path: &str) -> Result<Vec<Point>, ImportError> {
    let list = |name: &'static str| match members.get(name) {
        None => Err(ImportFault::Missing(name).at_member(path)),
        Some(list) => array(list).map_err(|fault| fault.at_member(format!("{path}.{name}"))),
    };
    let (timestamps, values) = (list("Timestamps")?, list("Values")?);
    if timestamps.len() != values.len() {
        let fault = ImportFault::Lengths { timestamps: timestamps.len(), values: values.len() };
        return Err(fault.at_member(path));
    }
    let pairs = timestamps.iter().zip(values).enumerate();
    let point = |(index, (at, value)): (usize, (&Value, &Value))| {
        let at = time::of_json(at).map_err(|fault| fault.at_member(format!("{path}.Timestamps[{index}]")))?;
        let value = number(value).map_err(|fault| fault.at_member(format!("{path}.Values[{index}]")))?;
        Ok(Point { at, value })
    };
    pairs.map(point).collect()
}

fn message(message: &Value) -> String {
    let text = |name: &str| message.get(name).and_then(Value::as_str);
    match (text("Code"), text("Value")) {
        (Some(code), Some(value)) => format!("{code}: {value}"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => message.to_string(),
    }
}

pub(super) fn array(value: &Value) -> Result<&[Value], ImportFault> {
    value.as_array().map(Vec::as_slice).ok_or(ImportFault::Kind("a list"))
}

pub(super) fn number(value: &Value) -> Result<f64, ImportFault> {
    let number = value.as_f64().filter(|number| number.is_finite());
    number.ok_or_else(|| ImportFault::Number(value.to_string()))
}

/// The answer that holds these series, as the command line prints it, oldest value first, each with the `MetricStat` of
/// its query where metric and statistic are known. A series without `Id` gets one by its place, `m1` the first. A value
/// that is no finite number is `null`, which no import takes.
pub fn print(series: &[ImportedSeries]) -> String {
    let results = series.iter().enumerate().map(|(index, series)| {
        let id = series.id.clone().unwrap_or_else(|| format!("m{}", index + 1));
        let timestamps: Vec<_> = series.points.iter().map(|point| time::to_text(point.at)).collect();
        let values: Vec<_> = series.points.iter().map(|point| point.value).collect();
        let mut entry = Map::from_iter([
            ("Id".to_owned(), json!(id)),
            ("Label".to_owned(), json!(series.label)),
            ("Timestamps".to_owned(), json!(timestamps)),
            ("Values".to_owned(), json!(values)),
            ("StatusCode".to_owned(), json!(series.status.as_str())),
        ]);
        metric_stat::write(series, &mut entry);
        entry
    });
    let document = json!({ "MetricDataResults": results.collect::<Vec<_>>(), "Messages": [] });
    format!("{document:#}\n")
}
