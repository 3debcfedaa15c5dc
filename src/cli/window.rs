//! The times of `--start`, `--end` and `--now`.
//!
//! A window holds its start and its end, as the service's does (`spec/logs-insights.md` 9); but it counts in
//! milliseconds, where the service counts in seconds.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use crate::EpochMillis;

/// What was given is no time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadTime {
    #[error(
        "`{0}` is no time; write `2026-03-01T10:05:00Z`, `2026-03-01`, epoch seconds or milliseconds, `-90m`, `-2w` or `now`"
    )]
    Unknown(String),
    #[error("`{0}` is no epoch time: seconds have 9 or 10 digits, milliseconds have 13")]
    Digits(String),
    #[error(
        "`{text}` has the unit `{unit}`; units are `ms`, `s`, `m`, `h`, `d`, `w`, `mo`, `q` and `y`, and their long names"
    )]
    Unit { text: String, unit: String },
    #[error("`{0}` could be a time before or after now; write `-{0}` or `+{0}`")]
    Unsigned(String),
    #[error("`{0}` is outside the years -9999 to 9999")]
    Range(String),
    #[error("the window ends before it starts: it starts at {start} and ends at {end}")]
    Backwards { start: String, end: String },
}

/// The events that a query sees: from `start` to `end`, both included; without a bound where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) start: Option<EpochMillis>,
    pub(super) end: Option<EpochMillis>,
}

impl Window {
    /// The window between two times as [`instant`] reads them.
    pub(super) fn new(start: Option<&str>, end: Option<&str>, now: EpochMillis) -> Result<Self, BadTime> {
        let read = |text: Option<&str>| text.map(|text| instant(text, now)).transpose();
        let window = Window { start: read(start)?, end: read(end)? };
        match window {
            Window { start: Some(start), end: Some(end) } if start > end => Err(BadTime::Backwards {
                start: crate::values::render_time(start),
                end: crate::values::render_time(end),
            }),
            window => Ok(window),
        }
    }
}

/// A time as a person writes it.
///
/// * `2026-03-01T10:05:00Z`, `2026-03-01 12:05:00.250+02:00`: RFC 3339; without an offset it is UTC, as the service
///   prints times; what is finer than a millisecond is cut off
/// * `2026-03-01`: midnight UTC, for `--start` and `--end` alike
/// * `1772359500`, `1772359500000`: epoch seconds, epoch milliseconds
/// * `now`; `-90m`, `-2w`, `+1h`, `now-1d`: from `now`, in the units of `spec/logs-insights.md` 3.4.1, without its caps.
///   Months, quarters and years are those of the calendar in UTC; a day that a month does not have is its last.
pub(super) fn instant(text: &str, now: EpochMillis) -> Result<EpochMillis, BadTime> {
    let given = text.trim();
    if given.is_empty() {
        return Err(BadTime::Unknown(text.to_owned()));
    }
    if given.eq_ignore_ascii_case("now") {
        return Ok(now);
    }
    if given.bytes().all(|byte| byte.is_ascii_digit()) {
        return epoch(given);
    }
    let offset = match given.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("now") => given.get(3..).unwrap_or_default().trim_start(),
        _ => given,
    };
    if offset.starts_with(['-', '+']) && !offset.contains(':') {
        return relative(given, offset, now);
    }
    absolute(given)
}

fn epoch(digits: &str) -> Result<EpochMillis, BadTime> {
    let bad = || BadTime::Digits(digits.to_owned());
    let number: i64 = digits.parse().map_err(|_| bad())?;
    match (number, digits.len()) {
        (0, 1) => Ok(EpochMillis(0)),
        (_, 9 | 10) => Ok(EpochMillis(number * 1000)),
        (_, 13) => Ok(EpochMillis(number)),
        _ => Err(bad()),
    }
}

fn relative(text: &str, offset: &str, now: EpochMillis) -> Result<EpochMillis, BadTime> {
    let unknown = || BadTime::Unknown(text.to_owned());
    let range = || BadTime::Range(text.to_owned());
    let (backwards, offset) = match offset.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, offset.strip_prefix('+').unwrap_or(offset)),
    };
    let offset = offset.trim_start();
    let (number, unit) = split_digits(offset);
    if number.is_empty() {
        return Err(unknown());
    }
    let number: i64 = number.parse().map_err(|_| range())?;
    let number = if backwards { -number } else { number };
    let unit = unit.trim_start();
    if unit.is_empty() || !unit.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(unknown());
    }
    let span = span(number, unit)
        .ok_or_else(|| BadTime::Unit { text: text.to_owned(), unit: unit.to_owned() })?
        .ok_or_else(range)?;
    let now = Timestamp::from_millisecond(now.0).map_err(|_| range())?;
    let then = Offset::UTC.to_datetime(now).checked_add(span).map_err(|_| range())?;
    Offset::UTC.to_timestamp(then).map(floored).map_err(|_| range())
}

/// So many units; `None` where there is no such unit, `Some(None)` where it is too many of them.
fn span(number: i64, unit: &str) -> Option<Option<Span>> {
    let unit = unit.to_ascii_lowercase();
    let singular = if unit.len() > 2 { unit.strip_suffix('s').unwrap_or(&unit) } else { &unit };
    let none = Span::new();
    let span = match singular {
        "ms" | "msec" | "millisecond" => none.try_milliseconds(number),
        "s" | "sec" | "second" => none.try_seconds(number),
        "m" | "min" | "minute" => none.try_minutes(number),
        "h" | "hr" | "hour" => none.try_hours(number),
        "d" | "day" => none.try_days(number),
        "w" | "week" => none.try_weeks(number),
        "mo" | "mon" | "month" => none.try_months(number),
        "q" | "qtr" | "quarter" => none.try_months(number.saturating_mul(3)),
        "y" | "yr" | "year" => none.try_years(number),
        _ => return None,
    };
    Some(span.ok())
}

fn absolute(text: &str) -> Result<EpochMillis, BadTime> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(floored(time));
    }
    let utc = |time: DateTime| Offset::UTC.to_timestamp(time).ok().map(floored);
    // A date-time with a broken offset is not one without offset.
    let clock = text.get(10..).unwrap_or_default();
    let time = if clock.is_empty() {
        text.parse::<Date>().ok().and_then(|date| utc(date.to_datetime(jiff::civil::Time::midnight())))
    } else if clock.bytes().all(|byte| byte.is_ascii_digit() || b"tT :.".contains(&byte)) {
        text.parse::<DateTime>().ok().and_then(utc)
    } else {
        None
    };
    time.ok_or_else(|| {
        let (number, unit) = split_digits(text);
        let is_period = !number.is_empty() && span(0, unit.trim_start()).is_some();
        if is_period { BadTime::Unsigned(text.to_owned()) } else { BadTime::Unknown(text.to_owned()) }
    })
}

fn floored(time: Timestamp) -> EpochMillis {
    let millis = time.as_nanosecond().div_euclid(1_000_000);
    EpochMillis(i64::try_from(millis).unwrap_or(i64::MAX))
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-31T10:05:00.250Z, a day that February does not have.
    const NOW: EpochMillis = EpochMillis(1_774_951_500_250);

    fn at(text: &str) -> EpochMillis {
        let time: Timestamp = text.parse().unwrap();
        EpochMillis(time.as_millisecond())
    }

    #[test]
    fn the_clock_of_these_tests_is_what_it_says() {
        assert_eq!(at("2026-03-31T10:05:00.250Z"), NOW);
    }

    #[test]
    fn absolute_times() {
        for (text, meant) in [
            ("2026-03-01T10:05:00Z", "2026-03-01T10:05:00Z"),
            ("2026-03-01T12:05:00.250+02:00", "2026-03-01T10:05:00.250Z"),
            ("2026-03-01 10:05:00.250", "2026-03-01T10:05:00.250Z"),
            ("2026-03-01T10:05", "2026-03-01T10:05:00Z"),
            ("2026-03-01T10:05:00.2509999Z", "2026-03-01T10:05:00.250Z"),
            ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
            ("2026-03-01", "2026-03-01T00:00:00Z"),
            (" 2026-03-01 ", "2026-03-01T00:00:00Z"),
        ] {
            assert_eq!(instant(text, NOW), Ok(at(meant)), "{text}");
        }
    }

    #[test]
    fn epoch_times() {
        // 1772359500 is 2026-03-01T10:05:00Z by `date -u -d @1772359500`.
        assert_eq!(instant("1772359500", NOW), Ok(at("2026-03-01T10:05:00Z")));
        assert_eq!(instant("1772359500123", NOW), Ok(at("2026-03-01T10:05:00.123Z")));
        assert_eq!(instant("999999999", NOW), Ok(EpochMillis(999_999_999_000)));
        assert_eq!(instant("0", NOW), Ok(EpochMillis(0)));
        for text in ["2026", "20260301", "123456789012", "17723595001234", "99999999999999999999"] {
            assert_eq!(instant(text, NOW), Err(BadTime::Digits(text.to_owned())));
        }
    }

    #[test]
    fn times_from_now() {
        for (text, meant) in [
            ("now", "2026-03-31T10:05:00.250Z"),
            ("-250ms", "2026-03-31T10:05:00Z"),
            ("-90m", "2026-03-31T08:35:00.250Z"),
            ("-90 minutes", "2026-03-31T08:35:00.250Z"),
            ("-1h", "2026-03-31T09:05:00.250Z"),
            ("-1d", "2026-03-30T10:05:00.250Z"),
            ("now-1d", "2026-03-30T10:05:00.250Z"),
            ("+1hr", "2026-03-31T11:05:00.250Z"),
            ("-2w", "2026-03-17T10:05:00.250Z"),
            ("-1mo", "2026-02-28T10:05:00.250Z"),
            ("-1q", "2025-12-31T10:05:00.250Z"),
            ("-2y", "2024-03-31T10:05:00.250Z"),
            ("-2Years", "2024-03-31T10:05:00.250Z"),
        ] {
            assert_eq!(instant(text, NOW), Ok(at(meant)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            " ",
            "yesterday",
            "-",
            "--1d",
            "-d",
            "-1.5h",
            "nowish",
            "2026-13-01",
            "2026-02-30",
            "2026-03-01T10:05:00+99:00",
            "2026-03-01x",
            "é-1d",
            "-1d2h",
        ] {
            assert_eq!(instant(text, NOW), Err(BadTime::Unknown(text.to_owned())), "{text}");
        }
        assert_eq!(
            instant("-3 fortnights", NOW),
            Err(BadTime::Unit { text: "-3 fortnights".into(), unit: "fortnights".into() })
        );
        assert_eq!(instant("2w", NOW), Err(BadTime::Unsigned("2w".into())));
        for text in ["-99999y", "-9999999999999999999d", "-9223372036854775807q"] {
            assert_eq!(instant(text, NOW), Err(BadTime::Range(text.into())), "{text}");
        }
    }

    #[test]
    fn a_window_has_a_bound_where_one_is_given() {
        let window = Window::new(Some("2026-03-01"), Some("2026-03-02T00:00:00.500Z"), NOW).unwrap();
        assert_eq!(window.start, Some(at("2026-03-01T00:00:00Z")));
        assert_eq!(window.end, Some(at("2026-03-02T00:00:00.500Z")));
        assert_eq!(Window::new(None, None, NOW), Ok(Window::default()));
    }

    #[test]
    fn a_window_does_not_end_before_it_starts() {
        assert_eq!(
            Window::new(Some("now"), Some("-1d"), NOW).unwrap_err().to_string(),
            "the window ends before it starts: it starts at 2026-03-31 10:05:00.250 and ends at 2026-03-30 10:05:00.250"
        );
        assert!(Window::new(Some("now"), Some("now"), NOW).is_ok());
    }
}
