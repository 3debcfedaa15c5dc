//! Series as CSV: `timestamp,value`, or a long form that says of each value which metric it belongs to.
//!
//! The first line names the columns, in any order. `timestamp` and `value` are needed. `namespace`, `metric`,
//! `dimensions` (a JSON object of texts), `account`, `statistic`, `period` (seconds), `unit` and `label` tell series
//! apart, and may be empty. Rows may come in any order.

use std::collections::HashMap;

use ::csv::{ReaderBuilder, StringRecord, WriterBuilder};
use serde_json::Value;

use crate::byte_order_mark;

use super::super::identity::{Dimensions, MetricIdentity};
use super::super::period::Period;
use super::super::points::{Point, TimeSeries};
use super::super::statistic::shortest;
use super::fault::{ImportError, ImportFault};
use super::{ImportedSeries, time};

/// The columns, in the order in which they are printed.
const COLUMNS: [&str; 10] = [
    "namespace",
    "metric",
    "dimensions",
    "account",
    "statistic",
    "period",
    "unit",
    "label",
    "timestamp",
    "value",
];

/// How many of them tell series apart.
const KEYS: usize = 8;

/// The series of a text, in the order of their first rows.
///
/// ```
/// use trailql::series::exchange::csv;
///
/// let text = "metric,namespace,dimensions,statistic,timestamp,value\n\
///             presigned,app,\"{\"\"userName\"\":\"\"alice\"\"}\",Sum,1725235200,4\n";
/// let series = csv::parse(text)?.remove(0);
/// assert_eq!(series.metric.unwrap().to_string(), "app / presigned {userName=alice}");
/// let error = csv::parse("timestamp,value\n2024-09-02T00:00:00Z,many\n").unwrap_err();
/// assert_eq!(error.to_string(), "line 2: `many` is no finite number");
/// # Ok::<(), trailql::series::exchange::ImportError>(())
/// ```
///
/// # Errors
/// The first fault, with its line.
pub fn parse(text: &str) -> Result<Vec<ImportedSeries>, ImportError> {
    let text = byte_order_mark::behind(text);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| ImportFault::Csv(error.to_string()).of_whole())?;
    let columns = columns(header).map_err(|fault| fault.at_line(1))?;
    let mut found: Vec<(ImportedSeries, Vec<Row>)> = Vec::new();
    let mut places: HashMap<Vec<String>, usize> = HashMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, |position| position.line());
            ImportFault::Csv(error.to_string()).at_line(line)
        })?;
        let line = record.position().map_or(0, |position| position.line());
        let row = Row::of(&record, &columns, line).map_err(|fault| fault.at_line(line))?;
        let key = cells(&record, &columns);
        match places.get(&key).and_then(|place| found.get_mut(*place)) {
            Some((_, rows)) => rows.push(row),
            None => {
                let series = described(&key).map_err(|fault| fault.at_line(line))?;
                places.insert(key, found.len());
                found.push((series, vec![row]));
            }
        }
    }
    if found.is_empty() {
        return Err(ImportFault::Empty.of_whole());
    }
    found.into_iter().map(|(series, rows)| with_points(series, rows)).collect()
}

/// Where each of [`COLUMNS`] stands.
type Places = [Option<usize>; COLUMNS.len()];

fn columns(header: &StringRecord) -> Result<(Places, usize), ImportFault> {
    let mut places: Places = [None; COLUMNS.len()];
    for (index, name) in header.iter().map(str::trim).enumerate() {
        let known = COLUMNS.iter().position(|column| *column == name);
        let place = known.and_then(|column| places.get_mut(column));
        match place {
            None => return Err(ImportFault::Column(name.to_owned())),
            Some(Some(_)) => return Err(ImportFault::RepeatedColumn(name.to_owned())),
            Some(place) => *place = Some(index),
        }
    }
    let [.., timestamp, value] = places;
    match (timestamp, value) {
        (None, _) => Err(ImportFault::NoColumn("timestamp")),
        (_, None) => Err(ImportFault::NoColumn("value")),
        _ => Ok((places, header.len())),
    }
}

struct Row {
    line: u64,
    point: Point,
}

impl Row {
    fn of(
        record: &StringRecord,
        (places, expected): &(Places, usize),
        line: u64,
    ) -> Result<Self, ImportFault> {
        if record.len() != *expected {
            return Err(ImportFault::Fields { found: record.len(), expected: *expected });
        }
        let [.., timestamp, value] = places;
        let cell =
            |place: &Option<usize>| place.and_then(|place| record.get(place)).unwrap_or_default().trim();
        let at = time::of_text(cell(timestamp))?;
        let text = cell(value);
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        let value = value.ok_or_else(|| ImportFault::Number(text.to_owned()))?;
        Ok(Row { line, point: Point { at, value } })
    }
}

/// The cells that tell series apart, in the order of [`COLUMNS`].
fn cells(record: &StringRecord, (places, _): &(Places, usize)) -> Vec<String> {
    let keys = places.iter().take(KEYS);
    keys.map(|place| place.and_then(|place| record.get(place)).unwrap_or_default().to_owned()).collect()
}

/// The series that such cells describe, without points.
fn described(key: &[String]) -> Result<ImportedSeries, ImportFault> {
    let [namespace, name, dimensions, account, statistic, period, unit, label] = key else {
        return Ok(ImportedSeries::default());
    };
    let filled = |text: &String| (!text.is_empty()).then(|| text.clone());
    let metric = match (filled(namespace), filled(name)) {
        (Some(namespace), Some(name)) => Some(MetricIdentity {
            namespace,
            name,
            dimensions: parse_dimensions(dimensions)?,
            account: filled(account),
        }),
        (None, None) if dimensions.is_empty() && account.is_empty() => None,
        (None, None) => return Err(ImportFault::NoMetric),
        _ => return Err(ImportFault::HalfMetric),
    };
    let seconds = |text: String| -> Result<Period, ImportFault> {
        let seconds = text.trim().parse().map_err(|_| ImportFault::PeriodText(text))?;
        Ok(Period::from_seconds(seconds)?)
    };
    Ok(ImportedSeries {
        label: label.clone(),
        metric,
        statistic: filled(statistic).map(|text| text.parse()).transpose()?,
        period: filled(period).map(seconds).transpose()?,
        unit: filled(unit).map(|text| text.parse()).transpose()?,
        ..ImportedSeries::default()
    })
}

fn parse_dimensions(text: &str) -> Result<Dimensions, ImportFault> {
    if text.trim().is_empty() {
        return Ok(Dimensions::none());
    }
    let wrong = || ImportFault::Dimensions(text.to_owned());
    let Ok(Value::Object(members)) = serde_json::from_str(text) else { return Err(wrong()) };
    let pair = |(name, value)| match value {
        Value::String(value) => Ok((name, value)),
        _ => Err(wrong()),
    };
    members.into_iter().map(pair).collect()
}

fn with_points(series: ImportedSeries, mut rows: Vec<Row>) -> Result<ImportedSeries, ImportError> {
    rows.sort_by_key(|row| (row.point.at, row.line));
    let pairs = rows.iter().zip(rows.iter().skip(1));
    if let Some((_, second)) = pairs.into_iter().find(|(first, second)| first.point.at == second.point.at) {
        return Err(ImportFault::Repeated(time::to_text(second.point.at)).at_line(second.line));
    }
    Ok(ImportedSeries { points: rows.into_iter().map(|row| row.point).collect(), ..series })
}

/// `timestamp,value`: the values alone. The label is lost.
///
/// ```
/// use trailql::EpochMillis;
/// use trailql::series::exchange::csv;
/// use trailql::series::{Point, TimeSeries};
///
/// let points = vec![Point { at: EpochMillis(1_725_235_200_000), value: 1.5 }];
/// let series = TimeSeries { label: "presigned-URL".into(), points };
/// assert_eq!(csv::print_points(&series), "timestamp,value\n2024-09-02T00:00:00Z,1.5\n");
/// ```
pub fn print_points(series: &TimeSeries) -> String {
    let rows = series.points.iter().map(|point| vec![time::to_text(point.at), shortest(point.value)]);
    printed(std::iter::once(vec!["timestamp".to_owned(), "value".to_owned()]).chain(rows))
}

/// The long form, with every column.
pub fn print(series: &[ImportedSeries]) -> String {
    let header = COLUMNS.iter().map(|column| (*column).to_owned()).collect();
    let rows = series.iter().flat_map(|series| {
        let key = key_of(series);
        series.points.iter().map(move |point| {
            let own = [time::to_text(point.at), shortest(point.value)];
            key.iter().cloned().chain(own).collect::<Vec<_>>()
        })
    });
    printed(std::iter::once(header).chain(rows))
}

fn key_of(series: &ImportedSeries) -> [String; KEYS] {
    let metric = series.metric.as_ref();
    let of_metric = |text: fn(&MetricIdentity) -> String| metric.map(text).unwrap_or_default();
    [
        of_metric(|metric| metric.namespace.clone()),
        of_metric(|metric| metric.name.clone()),
        of_metric(|metric| print_dimensions(&metric.dimensions)),
        of_metric(|metric| metric.account.clone().unwrap_or_default()),
        series.statistic.map(|statistic| statistic.to_string()).unwrap_or_default(),
        series.period.map(|period| period.seconds().to_string()).unwrap_or_default(),
        series.unit.map(|unit| unit.to_string()).unwrap_or_default(),
        series.label.clone(),
    ]
}

fn print_dimensions(dimensions: &Dimensions) -> String {
    if dimensions.is_empty() {
        return String::new();
    }
    let members = dimensions.iter().map(|(name, value)| (name.to_owned(), Value::from(value)));
    Value::Object(members.collect()).to_string()
}

fn printed(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    for row in rows {
        // Writing to memory does not fail.
        _ = writer.write_record(&row);
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
