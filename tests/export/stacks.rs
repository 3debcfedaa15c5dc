//! Stacks whose names and texts are full of what some format takes for its own.

use proptest::prelude::*;
use serde_json::{Value, json};

/// Pieces of texts that mean something to YAML, JSON, HCL, templates or the service.
const PIECES: &[&str] = &[
    "a",
    "B",
    "7",
    " ",
    "  ",
    "-",
    "_",
    ".",
    "/",
    ",",
    "=",
    "\"",
    "'",
    "\\",
    "\\n",
    "$",
    "${",
    "}",
    "{",
    "%{",
    "%",
    "%%{",
    "$${",
    "~",
    "#",
    " #",
    ":",
    ": ",
    "- ",
    "|",
    ">",
    "&",
    "*",
    "!",
    "@",
    "`",
    "[",
    "]",
    "{{",
    "}}",
    "é",
    "日本",
    "😀",
    "\u{a0}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "EOT",
    "${AWS::Region}",
    "${LogGroup}",
    "{{resolve:ssm:a}}",
    "e\u{301}",
    "<<-EOT",
    "---",
    "true",
    "null",
    "1e5",
    "2026-11-30",
    "${AWS::Region}",
    "\t",
    "\u{1}",
    "\u{7f}",
];

/// A text on one line.
fn word() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 1..8).prop_map(|pieces| pieces.concat())
}

/// A text of one line or several, line ends at its ends included.
fn lines() -> impl Strategy<Value = String> {
    const ENDS: &[&str] = &["", " ", "\n", "\n\n", "\r\n", "\n  ", "\n\t", "\nEOT\n", "\n \n"];
    let end = || prop::sample::select(ENDS);
    (end(), prop::collection::vec((word(), end()), 1..5), end()).prop_map(|(before, lines, after)| {
        let lines: String = lines.into_iter().flat_map(|(line, end)| [line, end.to_owned()]).collect();
        format!("{before}{lines}{after}")
    })
}

/// What of a text a tag takes, behind something.
fn tag_of(text: &str) -> String {
    let is_taken =
        |c: &char| c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(*c);
    format!("v{}", text.chars().filter(is_taken).collect::<String>())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn blanks() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["", " ", "\n", "  \n", "\t"][..])
}

/// A filter pattern: a comparison with any text, or terms.
fn pattern() -> impl Strategy<Value = String> {
    let json = (blanks(), lines(), blanks(), blanks()).prop_map(|(before, text, inside, after)| {
        format!("{before}{{{inside} $.requestParameters.key = {}{inside} }}{after}", quoted(&text))
    });
    let terms = (blanks(), word(), word())
        .prop_map(|(between, one, other)| format!("{} {between}-{}", quoted(&one), quoted(&other)));
    prop_oneof![4 => json, 1 => terms, 1 => Just(String::new())]
}

/// A Logs Insights query with comments and texts.
fn query() -> impl Strategy<Value = String> {
    (blanks(), word(), word(), blanks(), blanks()).prop_map(|(before, comment, text, between, after)| {
        format!(
            "{before}# {}\nfields @timestamp, @message\n{between}  | filter @message like {}{after}",
            comment.replace(['\u{85}', '\u{2028}'], ""),
            quoted(&text)
        )
    })
}

/// The body of a dashboard, on one line or several.
fn dashboard() -> impl Strategy<Value = String> {
    (lines(), query(), any::<bool>(), blanks(), blanks()).prop_map(|(markdown, query, pretty, before, after)| {
        let body = json!({ "widgets": [
            { "type": "text", "properties": { "markdown": markdown } },
            { "type": "log", "properties": { "region": "us-east-1", "query": query } },
            { "type": "metric", "properties": { "region": "us-east-1", "metrics": [[{ "expression": "SELECT SUM(\"a b\") FROM \"any\"" }]] } },
        ] });
        let body = if pretty { serde_json::to_string_pretty(&body) } else { serde_json::to_string(&body) };
        format!("{before}{}{after}", body.unwrap())
    })
}

/// An alarm on math or a query, with texts of all kinds.
fn alarm() -> impl Strategy<Value = Value> {
    (word(), lines(), word(), any::<(bool, bool, bool)>()).prop_map(|(name, description, label, is)| {
        let (asks, waits, by_clock) = is;
        let metric = json!({ "Namespace": "any", "MetricName": "one", "Dimensions": [{ "Name": "${d}", "Value": label }] });
        let metrics = if asks {
            json!([{ "Id": "q1", "Expression": "SELECT SUM(\"a b\")\n  FROM \"any\"", "Period": 300, "Label": label }])
        } else {
            json!([
                { "Id": "m1", "MetricStat": { "Metric": metric, "Period": 300, "Stat": "p99.9" }, "ReturnData": false },
                { "Id": "e1", "Expression": "m1 *\n 2", "Label": label },
            ])
        };
        let mut alarm = json!({
            "AlarmName": name,
            "AlarmDescription": description,
            "Metrics": metrics,
            "EvaluationPeriods": 3,
            "Threshold": 0.25,
            "ComparisonOperator": "GreaterThanThreshold",
            "AlarmActions": ["topic:security"],
        });
        if waits {
            alarm["WarmUpConfiguration"] = json!({ "WarmUpPeriodDurationInMinutes": 5 });
        }
        if by_clock {
            alarm["EvaluationWindow"] = json!({ "WallClockWindow": { "Timezone": "UTC" } });
        }
        alarm
    })
}

/// A stack file.
pub(crate) fn stack() -> impl Strategy<Value = String> {
    let several = 0..3_usize;
    let filters = prop::collection::vec((word(), pattern(), any::<bool>()), several.clone());
    let queries = prop::collection::vec((word(), query(), any::<bool>()), several.clone());
    let alarms = prop::collection::vec(alarm(), several.clone());
    let dashboards = prop::collection::vec(dashboard(), several);
    let trail = (any::<(bool, bool, bool)>(), word());
    (filters, queries, alarms, dashboards, trail, word()).prop_map(
        |(filters, queries, alarms, dashboards, ((has_group, has_trail, has_region), prefix), tag)| {
            let filters = filters.into_iter().enumerate().map(|(number, (name, pattern, by))| {
                let mut entry = json!({ "metricNamespace": "any", "metricName": format!("m{number}"), "metricValue": "1" });
                if by {
                    entry["dimensions"] = json!({ "${by}": "$.eventName" });
                }
                let name = name.replace([':', '*'], "");
                json!({ "filterName": format!("{name}{number}"), "filterPattern": pattern, "metricTransformations": [entry] })
            });
            let queries = queries.into_iter().enumerate().map(|(number, (name, text, asks))| {
                let mut query = json!({ "name": format!("{name}{number}"), "queryString": text });
                if asks {
                    query["queryString"] = json!(format!("{text}\n| limit {{{{n}}}}"));
                    query["parameters"] = json!([{ "name": "n", "defaultValue": "5", "description": name }]);
                }
                query
            });
            let alarms = alarms.into_iter().enumerate().map(|(number, mut alarm)| {
                alarm["AlarmName"] = json!(format!("{}{number}", alarm["AlarmName"].as_str().unwrap()));
                alarm
            });
            let dashboards = dashboards.into_iter().enumerate().map(|(number, body)| {
                json!({ "DashboardName": format!("d-{number}"), "DashboardBody": body })
            });
            let mut stack = json!({
                "name": tag_of(&tag),
                "topics": [{ "Name": "security", "Subscriptions": [{ "Protocol": "email", "Endpoint": format!("{tag}@example.com") }] }],
                "metricFilters": filters.collect::<Vec<_>>(),
                "queryDefinitions": queries.collect::<Vec<_>>(),
                "alarms": alarms.collect::<Vec<_>>(),
                "dashboards": dashboards.collect::<Vec<_>>(),
                "anomalyDetectors": [{ "MetricMathAnomalyDetector": { "MetricDataQueries": [
                    { "Id": "m1", "MetricStat": { "Metric": { "Namespace": "any", "MetricName": tag }, "Period": 60, "Stat": "Sum" }, "ReturnData": false },
                    { "Id": "e1", "Expression": "m1 / 2", "Label": prefix },
                ] } }],
                "tags": { "a": tag_of(&tag), "b:/ =+@": "c" },
            });
            if has_group {
                stack["logGroup"] = json!({ "logGroupName": "group/#1", "retentionInDays": 30 });
            }
            if has_region {
                stack["region"] = json!("us-east-1");
            }
            if has_trail {
                stack["trail"] = json!({
                    "Name": "trail",
                    "S3BucketName": "a-bucket",
                    "S3KeyPrefix": prefix,
                    "IsOrganizationTrail": has_region,
                    "AdvancedEventSelectors": [
                        { "Name": prefix, "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }] },
                        { "FieldSelectors": [
                            { "Field": "eventCategory", "Equals": ["Data"] },
                            { "Field": "resources.type", "Equals": ["AWS::S3::Object"] },
                        ] },
                    ],
                });
            }
            toml::to_string(&toml_of(&stack)).unwrap()
        },
    )
}

/// The same in TOML, whichever way `serde_json` is built to keep its numbers.
fn toml_of(value: &Value) -> toml::Value {
    match value {
        Value::Null => panic!("TOML has no null"),
        Value::Bool(is) => toml::Value::Boolean(*is),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => toml::Value::Integer(whole),
            None => toml::Value::Float(number.as_f64().unwrap()),
        },
        Value::String(text) => toml::Value::String(text.clone()),
        Value::Array(items) => toml::Value::Array(items.iter().map(toml_of).collect()),
        Value::Object(members) => {
            toml::Value::Table(members.iter().map(|(name, value)| (name.clone(), toml_of(value))).collect())
        }
    }
}
