//! A backtest as one JSON document, for programs. The shape is stable: members may be added, none is renamed or removed.

use serde_json::{Value, json};

use super::Replayed;
use crate::EpochMillis;
use crate::anomaly::APPROXIMATION;
use crate::backtest::{AlarmHistory, Causes, History, QuerySeries, Watched};
use crate::series::{Point, TimeRange};

/// The document, pretty-printed. Times are RFC 3339 in UTC.
pub fn render(replayed: &Replayed<'_>) -> String {
    let backtest = replayed.backtest;
    let filters = replayed.stack.filters().iter().zip(&replayed.published.filters).map(|(filter, run)| {
        let (emission, cardinality) = (run.emission(), run.cardinality());
        let dropped: serde_json::Map<String, Value> =
            emission.dropped.iter().map(|(reason, count)| (reason.to_string(), json!(count))).collect();
        let values: serde_json::Map<String, Value> =
            cardinality.dimensions.iter().map(|one| (one.name.clone(), json!(one.values))).collect();
        json!({
            "filterName": filter.name,
            "metricNamespace": filter.transformation.namespace,
            "metricName": filter.transformation.name,
            "matches": emission.matches,
            "samples": emission.samples,
            "defaultSamples": emission.default_samples,
            "notPublished": dropped,
            "customMetrics": cardinality.metrics,
            "dimensionValues": values,
            "warnings": cardinality.warnings().iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    });
    let queries = replayed.queries.iter().map(|query| match &query.result {
        Ok(table) => {
            let rows = table.rows.iter().map(|row| {
                let cells = table.columns.iter().zip(row);
                let cells = cells.filter_map(|(name, cell)| Some((name.clone(), json!(cell.as_ref()?))));
                Value::Object(cells.collect())
            });
            json!({ "name": query.name, "rows": rows.collect::<Vec<_>>() })
        }
        Err(reason) => json!({ "name": query.name, "notRun": reason }),
    });
    let document = json!({
        "stack": replayed.stack.name(),
        "range": range(backtest.range),
        "events": replayed.published.summary.events,
        "skipped": replayed.published.summary.skipped,
        "metricFilters": filters.collect::<Vec<_>>(),
        "watched": backtest.watched.iter().map(watched).collect::<Vec<_>>(),
        "alarms": backtest.alarms.iter().map(alarm).collect::<Vec<_>>(),
        "metricQueries": backtest.queries.iter().map(metric_query).collect::<Vec<_>>(),
        "notRun": backtest.not_run.iter().map(|one| json!({ "path": one.path, "reason": one.reason })).collect::<Vec<_>>(),
        "causes": backtest.causes.iter().map(causes).collect::<Vec<_>>(),
        "queries": queries.collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn time(at: EpochMillis) -> String {
    crate::values::render_time(at).replace(' ', "T") + "Z"
}

fn range(range: TimeRange) -> Value {
    json!({ "start": time(range.start), "end": time(range.end) })
}

fn points(points: &[Point]) -> Vec<Value> {
    points.iter().map(|point| json!([time(point.at), point.value])).collect()
}

fn watched(watched: &Watched) -> Value {
    let band = watched.band.as_ref().map(|band| {
        let expected = band.expected.iter();
        let expected =
            expected.map(|one| json!([time(one.at), one.band.lower, one.band.expected, one.band.upper]));
        json!({
            "note": APPROXIMATION,
            "width": band.width.deviations(),
            "lowerExpectedUpper": expected.collect::<Vec<_>>(),
            "outside": points(&band.outside),
            "missing": band.missing.as_ref().map(ToString::to_string),
        })
    });
    json!({
        "metric": watched.label,
        "statistic": watched.statistic,
        "periodSeconds": watched.period.seconds(),
        "unit": watched.unit.as_str(),
        "alarm": watched.alarm,
        "threshold": watched.threshold,
        "missing": watched.missing,
        "points": points(&watched.points),
        "band": band,
    })
}

fn alarm(alarm: &AlarmHistory) -> Value {
    let changes = |timeline: &crate::alarm::Timeline| {
        let changes = timeline.changes().iter().map(|change| {
            json!({
                "at": time(change.at),
                "from": change.from.as_str(),
                "to": change.to.as_str(),
                "stateReason": change.reason,
                "stateReasonData": serde_json::to_value(&change.facts).unwrap_or(Value::Null),
                "evaluationState": change.evaluation_state.map(|state| state.as_str()),
            })
        });
        changes.collect::<Vec<_>>()
    };
    let contributors = match &alarm.history {
        History::Single(_) => Value::Null,
        History::Grouped(query) => {
            let contributors = query.contributors.iter().map(|one| {
                let attributes: serde_json::Map<String, Value> = one
                    .identity
                    .attributes
                    .iter()
                    .map(|(name, value)| (name.clone(), json!(value)))
                    .collect();
                json!({
                    "label": one.identity.label,
                    "attributes": attributes,
                    "changes": changes(&one.timeline),
                })
            });
            contributors.collect()
        }
    };
    json!({
        "alarmName": alarm.name,
        "alarms": alarm.timeline().alarms(),
        "state": alarm.timeline().state().as_str(),
        "episodes": alarm.episodes().into_iter().map(range).collect::<Vec<_>>(),
        "inAlarm": alarm.alarmed().into_iter().map(range).collect::<Vec<_>>(),
        "changes": changes(alarm.timeline()),
        "contributors": contributors,
    })
}

fn metric_query(query: &QuerySeries) -> Value {
    let groups = query.groups.iter();
    let groups =
        groups.map(|one| json!({ "label": one.label, "group": one.group, "points": points(&one.points) }));
    json!({
        "path": query.path,
        "expression": query.query.to_string(),
        "periodSeconds": query.period.seconds(),
        "isPartial": query.notes.iter().any(|note| note.is_partial()),
        "notes": query.notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "series": groups.collect::<Vec<_>>(),
    })
}

fn causes(causes: &Causes) -> Value {
    let rows = causes.rows.iter();
    let rows = rows.map(|row| json!({ "group": row.group, "during": row.during, "usually": row.before }));
    json!({
        "path": causes.path,
        "alarm": causes.alarm,
        "during": range(causes.during),
        "keys": causes.query.group_by.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
    })
}
