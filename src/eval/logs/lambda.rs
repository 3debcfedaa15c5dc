//! The fields that the service discovers in the lines of AWS Lambda (`spec/logs-insights.md` 5.1).

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::values::{Number, Value};

/// The value of a field of the service's own in a line of Lambda; missing in any other line.
pub(crate) fn field<'e>(message: &'e str, name: &str) -> Value<'e> {
    let kind = message.split([' ', '\t']).next().unwrap_or_default();
    if !matches!(kind, "START" | "END" | "REPORT" | "INIT_START") {
        return Value::Missing;
    }
    let number = |label: &str, scale: f64| -> Value<'e> {
        let found = behind(message, label).and_then(Number::spelled).map(|number| number.value() * scale);
        found.map_or(Value::Missing, Value::number_of)
    };
    let text =
        |label: &str| behind(message, label).map_or(Value::Missing, |text| Value::Text(Cow::Borrowed(text)));
    match name {
        "@type" => Value::Text(Cow::Borrowed(kind)),
        "@requestId" => text("RequestId"),
        "@duration" => number("Duration", 1.0),
        "@billedDuration" => number("Billed Duration", 1.0),
        "@initDuration" => number("Init Duration", 1.0),
        "@memorySize" => number("Memory Size", 1e6),
        "@maxMemoryUsed" => number("Max Memory Used", 1e6),
        "@xrayTraceId" => text("XRAY TraceId"),
        "@xraySegmentId" => text("SegmentId"),
        _ => Value::Missing,
    }
}

/// The word behind `label:`, where the label stands for itself.
fn behind<'e>(message: &'e str, label: &str) -> Option<&'e str> {
    static LABELS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let labels = "RequestId|Billed Duration|Init Duration|Restore Duration|Billed Restore Duration|Duration|\
                      Memory Size|Max Memory Used|XRAY TraceId|SegmentId";
        Regex::new(&format!(r"\b({labels}):\s*(\S+)")).ok()
    });
    let mut found = LABELS.as_ref()?.captures_iter(message);
    let captures = found.find(|captures| captures.get(1).is_some_and(|found| found.as_str() == label))?;
    captures.get(2).map(|value| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::field;

    const REPORT: &str = "REPORT RequestId: 8f5e\tDuration: 100.25 ms\tBilled Duration: 101 ms\tMemory Size: 128 MB\t\
                          Max Memory Used: 64 MB\tInit Duration: 50.5 ms\t\nXRAY TraceId: 1-a\tSegmentId: b\tSampled: true";

    #[test]
    fn a_report_has_its_figures() {
        for (name, value) in [
            ("@type", "REPORT"),
            ("@requestId", "8f5e"),
            ("@duration", "100.25"),
            ("@billedDuration", "101"),
            ("@initDuration", "50.5"),
            ("@memorySize", "128000000"),
            ("@maxMemoryUsed", "64000000"),
            ("@xrayTraceId", "1-a"),
            ("@xraySegmentId", "b"),
        ] {
            assert_eq!(field(REPORT, name).render().as_deref(), Some(value), "{name}");
        }
    }

    #[test]
    fn another_line_has_none() {
        assert!(field("the Duration: 5 ms", "@duration").is_missing());
    }
}
