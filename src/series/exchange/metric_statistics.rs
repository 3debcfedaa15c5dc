//! The output of `GetMetricStatistics`, as the service's command line prints it (AWS: *API_GetMetricStatistics*).
//!
//! `{"Label", "Datapoints": [{"Timestamp", "Unit", "SampleCount", "Average", "Sum", "Minimum", "Maximum",
//! "ExtendedStatistics": {"p99": …}}]}`. Each statistic of each unit is a series.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::points::Point;
use super::super::statistic::Statistic;
use super::super::unit::Unit;
use super::fault::{ImportError, ImportFault};
use super::metric_data::{array, number};
use super::{ImportedSeries, sort, time};

const BASIC: [Statistic; 5] =
    [Statistic::SampleCount, Statistic::Average, Statistic::Sum, Statistic::Minimum, Statistic::Maximum];

/// The series of an answer: by unit, and of each unit by statistic.
///
/// ```
/// use trailql::series::exchange::metric_statistics;
///
/// let text = r#"{"Label":"latency","Datapoints":[
///     {"Timestamp":1725235200,"SampleCount":2.0,"ExtendedStatistics":{"p99":7.5},"Unit":"Seconds"}]}"#;
/// let series = metric_statistics::parse(text)?;
/// let shown: Vec<_> = series.iter().map(|series| (series.statistic.unwrap().to_string(), series.points[0].value)).collect();
/// assert_eq!(shown, [("SampleCount".to_string(), 2.0), ("p99".to_string(), 7.5)]);
/// # Ok::<(), trailql::series::exchange::ImportError>(())
/// ```
///
/// # Errors
/// The first fault, with the path of its member. Members that are not named above are not looked at.
pub fn parse(text: &str) -> Result<Vec<ImportedSeries>, ImportError> {
    let document: Value =
        serde_json::from_str(text).map_err(|error| ImportFault::Json(error.to_string()).of_whole())?;
    let members = document.as_object().ok_or_else(|| ImportFault::Kind("an object").of_whole())?;
    let datapoints = match members.get("Datapoints") {
        None => return Err(ImportFault::Missing("Datapoints").of_whole()),
        Some(list) => array(list).map_err(|fault| fault.at_member("Datapoints"))?,
    };
    let label = match members.get("Label") {
        None => String::new(),
        Some(Value::String(label)) => label.clone(),
        Some(_) => return Err(ImportFault::Kind("a text").at_member("Label")),
    };
    let mut found: BTreeMap<(Unit, Column), Vec<Point>> = BTreeMap::new();
    for (index, datapoint) in datapoints.iter().enumerate() {
        one_datapoint(datapoint, &format!("Datapoints[{index}]"), &mut found)?;
    }
    let series = found.into_iter().map(|((unit, column), mut points)| {
        sort(&mut points).map_err(|fault| fault.at_member("Datapoints"))?;
        Ok(ImportedSeries {
            label: label.clone(),
            statistic: Some(column.statistic),
            unit: Some(unit),
            points,
            ..ImportedSeries::default()
        })
    });
    series.collect()
}

/// A statistic in its order among the columns: the basic ones first, the others by their text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Order(usize, String);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    order: Order,
    statistic: Statistic,
}

impl Column {
    fn of(statistic: Statistic) -> Self {
        let place = BASIC.iter().position(|basic| *basic == statistic).unwrap_or(BASIC.len());
        Column { order: Order(place, statistic.to_string()), statistic }
    }
}

impl PartialOrd for Column {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Column {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order.cmp(&other.order)
    }
}

fn one_datapoint(
    datapoint: &Value,
    path: &str,
    found: &mut BTreeMap<(Unit, Column), Vec<Point>>,
) -> Result<(), ImportError> {
    let members = datapoint.as_object().ok_or_else(|| ImportFault::Kind("an object").at_member(path))?;
    let within = |name: &str| format!("{path}.{name}");
    let at = match members.get("Timestamp") {
        None => return Err(ImportFault::Missing("Timestamp").at_member(path)),
        Some(at) => time::of_json(at).map_err(|fault| fault.at_member(within("Timestamp")))?,
    };
    let unit = match members.get("Unit") {
        None => Unit::None,
        Some(Value::String(unit)) => {
            unit.parse::<Unit>().map_err(|error| ImportFault::from(error).at_member(within("Unit")))?
        }
        Some(_) => return Err(ImportFault::Kind("a text").at_member(within("Unit"))),
    };
    let mut note = |statistic, value: &Value, path: String| {
        let value = number(value).map_err(|fault| fault.at_member(path))?;
        found.entry((unit, Column::of(statistic))).or_default().push(Point { at, value });
        Ok(())
    };
    for statistic in BASIC {
        let name = statistic.to_string();
        if let Some(value) = members.get(&name) {
            note(statistic, value, within(&name))?;
        }
    }
    let extended = match members.get("ExtendedStatistics") {
        None => return Ok(()),
        Some(Value::Object(extended)) => extended,
        Some(_) => return Err(ImportFault::Kind("an object").at_member(within("ExtendedStatistics"))),
    };
    for (name, value) in extended {
        let path = within(&format!("ExtendedStatistics.{name}"));
        let statistic =
            name.parse().map_err(|error| ImportFault::Statistic(error).at_member(path.as_str()))?;
        note(statistic, value, path)?;
    }
    Ok(())
}

/// The answer that holds these series of one metric; the label is that of the first. `None` where a series does not say
/// which statistic it is. A value that is no finite number is `null`, which no import takes.
pub fn print(series: &[ImportedSeries]) -> Option<String> {
    let mut datapoints: BTreeMap<_, Map<String, Value>> = BTreeMap::new();
    for series in series {
        let (statistic, unit) = (series.statistic?, series.unit.unwrap_or_default());
        for point in &series.points {
            let datapoint = datapoints.entry((point.at, unit)).or_insert_with(|| {
                Map::from_iter([
                    ("Timestamp".to_owned(), json!(time::to_text(point.at))),
                    ("Unit".to_owned(), json!(unit.as_str())),
                ])
            });
            let value = json!(point.value);
            if BASIC.contains(&statistic) {
                datapoint.insert(statistic.to_string(), value);
            } else {
                let extended = datapoint.entry("ExtendedStatistics").or_insert_with(|| json!({}));
                extended.as_object_mut()?.insert(statistic.to_string(), value);
            }
        }
    }
    let label = series.first().map(|series| series.label.as_str()).unwrap_or_default();
    let document = json!({ "Label": label, "Datapoints": datapoints.into_values().collect::<Vec<_>>() });
    Some(format!("{document:#}\n"))
}
