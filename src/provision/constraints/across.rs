//! What the pages say of several members together, where a line of the table cannot.

use serde_json::{Map, Value};

use super::violation::{Violation, Wrong};
use crate::provision::{Call, Operation};

pub(super) fn of(call: &Call, found: &mut Vec<Violation>) {
    let mut add = |path: String, wrong| found.push(Violation { operation: call.operation, path, wrong });
    match call.operation {
        Operation::PutMetricFilter => dimensions(&call.input, &mut add),
        Operation::PutMetricAlarm => {
            datapoints(&call.input, &mut add);
            periods(&call.input, &mut add);
        }
        Operation::CreateTrail | Operation::UpdateTrail => global_events(&call.input, &mut add),
        _ => {}
    }
}

/// `spec/filter-pattern.md` 4.3, 4: custom dimensions and those of the system are counted together.
fn dimensions(input: &Map<String, Value>, add: &mut impl FnMut(String, Wrong)) {
    const MOST: usize = 3;
    let system = input.get("emitSystemFieldDimensions").and_then(Value::as_array).map_or(0, Vec::len);
    for (index, entry) in items(input, "metricTransformations").iter().enumerate() {
        let own = entry.get("dimensions").and_then(Value::as_object).map_or(0, Map::len);
        // More than three of its own are told by the table.
        if system > 0 && own <= MOST && own + system > MOST {
            let path = format!("metricTransformations[{index}]");
            add(path, Wrong::Dimensions { has: own + system, most: MOST });
        }
    }
}

/// "Multi-Region trail must include global service events", says CloudTrail.
fn global_events(input: &Map<String, Value>, add: &mut impl FnMut(String, Wrong)) {
    let is = |name: &str, value: bool| input.get(name).and_then(Value::as_bool) == Some(value);
    if is("IsMultiRegionTrail", true) && is("IncludeGlobalServiceEvents", false) {
        add("IncludeGlobalServiceEvents".to_owned(), Wrong::FalseBeside { other: "IsMultiRegionTrail" });
    }
}

/// `spec/metrics-insights.md` 5.1: M of N.
fn datapoints(input: &Map<String, Value>, add: &mut impl FnMut(String, Wrong)) {
    let number = |name: &str| input.get(name).and_then(Value::as_i64);
    if let (Some(value), Some(most)) = (number("DatapointsToAlarm"), number("EvaluationPeriods"))
        && value > most
    {
        add("DatapointsToAlarm".to_owned(), Wrong::MoreThan { value, other: "EvaluationPeriods", most });
    }
}

/// `spec/metrics-insights.md` 5.1: 10, 20, 30 or a multiple of 60.
fn periods(input: &Map<String, Value>, add: &mut impl FnMut(String, Wrong)) {
    let mut period = |path: String, holder: Option<&Value>| {
        let value = holder.and_then(Value::as_i64);
        // Below one it is told by the table.
        if let Some(value) =
            value.filter(|value| *value >= 1 && !matches!(value, 10 | 20 | 30) && value % 60 != 0)
        {
            add(path, Wrong::Period { value });
        }
    };
    period("Period".to_owned(), input.get("Period"));
    for (index, entry) in items(input, "Metrics").iter().enumerate() {
        period(format!("Metrics[{index}].Period"), entry.get("Period"));
        let stat = entry.get("MetricStat").and_then(|stat| stat.get("Period"));
        period(format!("Metrics[{index}].MetricStat.Period"), stat);
    }
}

fn items<'i>(input: &'i Map<String, Value>, name: &str) -> &'i [Value] {
    input.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
