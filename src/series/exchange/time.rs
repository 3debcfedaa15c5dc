//! Times as other tools write them.

use serde_json::Value;

use super::fault::ImportFault;
use crate::EpochMillis;

/// From this magnitude on a number is taken as milliseconds: as seconds it would be the year 5138.
const LEAST_MILLIS: f64 = 1e11;

/// `2024-09-02T00:00:00Z`; beyond the calendar's ends the seconds since 1970.
pub(super) fn to_text(at: EpochMillis) -> String {
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(time) => time.to_string(),
        Err(_) => (at.0 as f64 / 1_000.0).to_string(),
    }
}

/// RFC 3339, a date and a time of day in UTC, or seconds or milliseconds since 1970.
pub(super) fn of_text(text: &str) -> Result<EpochMillis, ImportFault> {
    let text = text.trim();
    let zoned = || text.parse::<jiff::Timestamp>().ok();
    let civil = || jiff::tz::TimeZone::UTC.to_timestamp(text.parse().ok()?).ok();
    let time = zoned().or_else(civil);
    let number = || text.parse::<f64>().ok().and_then(of_number);
    let found = time.map(|time| EpochMillis(time.as_millisecond())).or_else(number);
    found.ok_or_else(|| ImportFault::Time(text.to_owned()))
}

/// A text or a number.
pub(super) fn of_json(value: &Value) -> Result<EpochMillis, ImportFault> {
    match value {
        Value::String(text) => of_text(text),
        Value::Number(number) => {
            number.as_f64().and_then(of_number).ok_or_else(|| ImportFault::Time(number.to_string()))
        }
        other => Err(ImportFault::Time(other.to_string())),
    }
}

fn of_number(number: f64) -> Option<EpochMillis> {
    let millis = if number.abs() >= LEAST_MILLIS { number } else { number * 1_000.0 };
    // Beyond 2⁵³ a float no longer tells milliseconds apart.
    (millis.abs() <= 9_007_199_254_740_992.0).then_some(EpochMillis(millis.round() as i64))
}
