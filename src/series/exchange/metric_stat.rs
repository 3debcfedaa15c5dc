//! `AccountId` and `MetricStat`: what a series of `GetMetricData` is of, as its query says it (AWS: *API_MetricDataQuery*).
//!
//! The service's answer leaves both out. Beside `Id` and `Label` they make it one that can be imported as it is.

use serde_json::{Map, Value, json};

use super::super::identity::MetricIdentity;
use super::super::period::Period;
use super::ImportedSeries;
use super::fault::{ImportError, ImportFault};
use super::metric_data::array;

/// Notes in a series what the members of its entry say of its metric.
pub(super) fn read(
    members: &Map<String, Value>,
    path: &str,
    series: &mut ImportedSeries,
) -> Result<(), ImportError> {
    let Some(query) = members.get("MetricStat") else { return Ok(()) };
    let account = optional_text(members, "AccountId", path)?;
    let (query, path) = object(query, format!("{path}.MetricStat"))?;
    let metric =
        query.get("Metric").ok_or_else(|| ImportFault::Missing("Metric").at_member(path.as_str()))?;
    series.metric = Some(MetricIdentity { account, ..identity(metric, format!("{path}.Metric"))? });
    let at = |name: &str| format!("{path}.{name}");
    let statistic = text(query, "Stat", &path)?.parse();
    series.statistic = Some(statistic.map_err(|error| ImportFault::Statistic(error).at_member(at("Stat")))?);
    let period = query.get("Period").map(period).transpose();
    series.period = period.map_err(|fault| fault.at_member(at("Period")))?;
    let unit = optional_text(query, "Unit", &path)?.map(|unit| unit.parse()).transpose();
    series.unit = unit.map_err(|error| ImportFault::Unit(error).at_member(at("Unit")))?;
    Ok(())
}

fn period(value: &Value) -> Result<Period, ImportFault> {
    let seconds = value.as_u64().ok_or_else(|| ImportFault::PeriodText(value.to_string()))?;
    Ok(Period::from_seconds(seconds)?)
}

fn identity(metric: &Value, path: String) -> Result<MetricIdentity, ImportError> {
    let (metric, path) = object(metric, path)?;
    let mut dimensions = Vec::new();
    if let Some(list) = metric.get("Dimensions") {
        let path = format!("{path}.Dimensions");
        for (index, pair) in array(list).map_err(|fault| fault.at_member(path.as_str()))?.iter().enumerate() {
            let (pair, path) = object(pair, format!("{path}[{index}]"))?;
            dimensions.push((text(pair, "Name", &path)?, text(pair, "Value", &path)?));
        }
    }
    let identity = MetricIdentity::new(text(metric, "Namespace", &path)?, text(metric, "MetricName", &path)?);
    Ok(identity.with(dimensions.into_iter().collect()))
}

fn object(value: &Value, path: String) -> Result<(&Map<String, Value>, String), ImportError> {
    match value {
        Value::Object(members) => Ok((members, path)),
        _ => Err(ImportFault::Kind("an object").at_member(path)),
    }
}

fn text(members: &Map<String, Value>, name: &'static str, path: &str) -> Result<String, ImportError> {
    optional_text(members, name, path)?.ok_or_else(|| ImportFault::Missing(name).at_member(path))
}

/// The text of a member that may be absent.
pub(super) fn optional_text(
    members: &Map<String, Value>,
    name: &str,
    path: &str,
) -> Result<Option<String>, ImportError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(ImportFault::Kind("a text").at_member(format!("{path}.{name}"))),
    }
}

/// Adds to an entry what its series is of, where that is known.
pub(super) fn write(series: &ImportedSeries, entry: &mut Map<String, Value>) {
    let (Some(metric), Some(statistic)) = (&series.metric, series.statistic) else { return };
    let mut query = Map::from_iter([
        ("Metric".to_owned(), named(metric)),
        ("Stat".to_owned(), json!(statistic.to_string())),
    ]);
    query.extend(series.period.map(|period| ("Period".to_owned(), json!(period.seconds()))));
    query.extend(series.unit.map(|unit| ("Unit".to_owned(), json!(unit.as_str()))));
    entry.extend(metric.account.as_ref().map(|account| ("AccountId".to_owned(), json!(account))));
    entry.insert("MetricStat".to_owned(), Value::Object(query));
}

fn named(metric: &MetricIdentity) -> Value {
    let pair = |(name, value): (&str, &str)| json!({ "Name": name, "Value": value });
    json!({
        "Namespace": metric.namespace,
        "MetricName": metric.name,
        "Dimensions": metric.dimensions.iter().map(pair).collect::<Vec<_>>(),
    })
}
