//! Functions on points in time (`spec/logs-insights.md` 3.4).

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::date_pattern::DatePattern;
use super::zone;
use super::{Arguments, BadArgument, Ready};
use crate::EpochMillis;
use crate::syntax::logs::Period;
use crate::values::value::{Number, Value};

/// Bytes of the longest format; a guard, as one directive may give hundreds of bytes.
const LONGEST_FORMAT: usize = 1000;

/// What `f` makes of a time and the period that was prepared.
pub(super) fn at_boundary(
    value: &Value<'_>,
    ready: &Ready,
    f: impl FnOnce(EpochMillis, &Period) -> EpochMillis,
) -> Value<'static> {
    match (value.time(), ready) {
        (Some(time), Ready::Period(period)) => Value::Time(f(time, period)),
        _ => Value::Missing,
    }
}

pub(super) fn from_millis(value: &Value<'_>) -> Value<'static> {
    let millis = value.number().map(|number| Value::Number(Number::new(number)));
    millis.and_then(|millis| millis.time()).map_or(Value::Missing, Value::Time)
}

pub(super) fn to_millis(value: &Value<'_>) -> Value<'static> {
    value.time().map_or(Value::Missing, |time| Value::number_of(time.0 as f64))
}

/// Checks the literals of `parseDate`.
pub(super) fn parsing(pattern: Option<&str>, zone: Option<&str>) -> Result<Ready, BadArgument> {
    let refuse = |pattern: &str| {
        let faulty = |fault: super::date_pattern::Fault| BadArgument {
            argument: 1,
            message: format!("`{}` is no date pattern: {}", shortened(pattern), fault.message),
            help: Some(fault.help),
        };
        DatePattern::new(pattern).map_err(faulty)
    };
    Ok(Ready::ParseDate {
        pattern: pattern.map(refuse).transpose()?,
        zone: zone.map(|name| zone::literal(name, 2)).transpose()?,
    })
}

/// `parseDate(s, pattern)`, `parseDate(s, pattern, zone)`: milliseconds; the zone is that of texts that give none.
pub(super) fn parse(arguments: Arguments<'_, '_>, ready: &Ready) -> Value<'static> {
    let (prepared, known_zone) = match ready {
        Ready::ParseDate { pattern, zone } => (pattern.as_ref(), zone.as_ref()),
        _ => (None, None),
    };
    let (Some(text), Some(zone)) = (arguments.text(0), zone_of(arguments, known_zone)) else {
        return Value::Missing;
    };
    let read;
    let pattern = match prepared {
        Some(pattern) => pattern,
        None => match arguments.text(1).map(|pattern| DatePattern::new(&pattern)) {
            Some(Ok(pattern)) => {
                read = pattern;
                &read
            }
            _ => return Value::Missing,
        },
    };
    pattern.parse(&text, &zone).map_or(Value::Missing, |time| Value::number_of(time.0 as f64))
}

/// Checks the literals of `formatDate`.
pub(super) fn formatting(format: Option<&str>, zone: Option<&str>) -> Result<Ready, BadArgument> {
    if let Some(format) = format {
        let help = "write strftime directives: `%Y-%m-%d %H:%M:%S`";
        let refuse = |fault: String| {
            BadArgument::new(1, format!("`{}` is no format of a time: {fault}", shortened(format)), help)
        };
        if format.len() > LONGEST_FORMAT {
            return Err(refuse(format!("it has more than {LONGEST_FORMAT} bytes")));
        }
        let sample = Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC);
        strtime::format(format, &sample).map_err(|error| refuse(error.to_string()))?;
    }
    Ok(Ready::FormatDate { zone: zone.map(|name| zone::literal(name, 2)).transpose()? })
}

/// `formatDate(t, format)`, `formatDate(t, format, zone)`.
pub(super) fn format(arguments: Arguments<'_, '_>, ready: &Ready) -> Value<'static> {
    let known_zone = match ready {
        Ready::FormatDate { zone } => zone.as_ref(),
        _ => None,
    };
    let formatted = || {
        let time = Timestamp::from_millisecond(arguments.at(0).time()?.0).ok()?;
        let format = arguments.text(1).filter(|format| format.len() <= LONGEST_FORMAT)?;
        let zone = zone_of(arguments, known_zone)?;
        strtime::format(&*format, &time.to_zoned_datetime(zone.into_owned())).ok()
    };
    formatted().map_or(Value::Missing, Value::text_of)
}

/// The zone of the third argument; UTC without one.
fn zone_of<'z>(arguments: Arguments<'_, '_>, known: Option<&'z TimeZone>) -> Option<Cow<'z, TimeZone>> {
    match known {
        Some(zone) => Some(Cow::Borrowed(zone)),
        None if arguments.has(2) => zone::named(&arguments.text(2)?).map(Cow::Owned),
        None => Some(Cow::Owned(TimeZone::UTC)),
    }
}

/// Enough of a literal to know it again.
fn shortened(text: &str) -> &str {
    text.char_indices().nth(80).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CLOCK, call, call_literals, number, refuse, text};
    use super::super::{ScalarCall, Value};
    use super::*;
    use crate::Span;
    use crate::syntax::Trivia;
    use crate::syntax::logs::{Function, PeriodUnit};

    /// 2026-03-01T10:07:00Z
    const SEVEN_PAST_TEN: EpochMillis = EpochMillis(1_772_359_620_000);

    fn of_period(function: Function, value: Value<'_>, count: u64, unit: PeriodUnit) -> Option<String> {
        let period = Period { count, unit, span: Trivia(Span::at(0)) };
        let periods = [if function == Function::Bin { Some(period) } else { None }, Some(period)];
        let ready = ScalarCall::prepare(function, &[None, None], &periods).unwrap();
        ready.call(&[value, Value::Missing], &CLOCK).render().map(Cow::into_owned)
    }

    #[test]
    fn boundaries() {
        let time = || Value::Time(SEVEN_PAST_TEN);
        for (function, value, count, unit, expected) in [
            (Function::Bin, time(), 5, PeriodUnit::Minute, Some("2026-03-01 10:05:00.000")),
            (Function::DateFloor, time(), 1, PeriodUnit::Hour, Some("2026-03-01 10:00:00.000")),
            (Function::DateCeil, time(), 1, PeriodUnit::Hour, Some("2026-03-01 11:00:00.000")),
            (Function::DateFloor, number(1e3), 1, PeriodUnit::Hour, Some("1970-01-01 00:00:00.000")),
            (Function::DateFloor, text("2026-03-01"), 1, PeriodUnit::Hour, None),
            (Function::DateFloor, Value::Missing, 1, PeriodUnit::Hour, None),
        ] {
            assert_eq!(of_period(function, value, count, unit).as_deref(), expected);
        }
        let nothing = Period { count: 0, unit: PeriodUnit::Hour, span: Trivia(Span::at(0)) };
        let refused = ScalarCall::prepare(Function::DateFloor, &[None, None], &[None, Some(nothing)]);
        assert_eq!(refused.unwrap_err().argument, 1);
    }

    #[test]
    fn milliseconds() {
        assert_eq!(call("fromMillis", &[number(0.0)]).as_deref(), Some("1970-01-01 00:00:00.000"));
        assert_eq!(call("fromMillis", &[text("1772359620000")]).as_deref(), Some("2026-03-01 10:07:00.000"));
        assert_eq!(call("fromMillis", &[number(1e300)]), None);
        assert_eq!(call("fromMillis", &[text("junk")]), None);
        // 2022-01-14T13:18:31-08:00
        let time = Value::Time(EpochMillis(1_642_195_111_000));
        assert_eq!(call("toMillis", &[time]).as_deref(), Some("1642195111000"));
        assert_eq!(call("toMillis", &[text("2022-01-14T13:18:31-08:00")]), None);
    }

    #[test]
    fn dates_are_parsed() {
        for (arguments, expected) in [
            (["2026-03-01", "yyyy-MM-dd", "UTC"], Some("1772323200000")),
            (["2026-03-01", "yyyy-MM-dd", "America/New_York"], Some("1772341200000")),
            (["2026-03-01", "yyyy-MM-dd", "+02:00"], Some("1772316000000")),
            // Springing forward and falling back, as Java has it.
            (["2026-03-29 02:30", "yyyy-MM-dd HH:mm", "Europe/Berlin"], Some("1774747800000")),
            (["2026-10-25 02:30", "yyyy-MM-dd HH:mm", "Europe/Berlin"], Some("1792888200000")),
            // The text's own offset counts.
            (["2026-03-01 10:07Z", "yyyy-MM-dd HH:mmX", "Europe/Berlin"], Some("1772359620000")),
            (["junk", "yyyy-MM-dd", "UTC"], None),
        ] {
            let arguments = arguments.map(|argument| Value::text_of(argument.to_owned()));
            assert_eq!(call_literals("parseDate", &arguments).as_deref(), expected);
        }
        assert_eq!(
            call("parseDate", &[text("2026-03-01"), text("yyyy-MM-dd")]).as_deref(),
            Some("1772323200000")
        );
        assert_eq!(
            call("parseDate", &[number(20_260_301.0), text("yyyyMMdd")]).as_deref(),
            Some("1772323200000")
        );
        assert_eq!(call("parseDate", &[text("2026"), text("yyyy-MM-ddTHH")]), None);
        assert_eq!(call("parseDate", &[text("2026-03-01"), text("yyyy-MM-dd"), text("Mars")]), None);
        assert_eq!(call("parseDate", &[Value::Missing, text("yyyy-MM-dd")]), None);
        let refused = refuse("parseDate", &[text("2026"), text("yyyy-MM-ddTHH")]);
        assert_eq!(refused.message, "`yyyy-MM-ddTHH` is no date pattern: `T` is no letter of a pattern");
        assert_eq!(refused.help.as_deref(), Some("write `'T'` for the letter itself"));
        let refused = refuse("parseDate", &[text("2026"), text("yyyy"), text("Mars")]);
        assert_eq!((refused.argument, refused.message.as_str()), (2, "`Mars` is no time zone"));
    }

    #[test]
    fn dates_are_formatted() {
        let time = || Value::Time(SEVEN_PAST_TEN);
        for (name, format, zone, expected) in [
            ("formatDate", "%Y-%m-%d", "UTC", "2026-03-01"),
            ("strftime", "%d/%b/%Y:%H:%M:%S %z", "UTC", "01/Mar/2026:10:07:00 +0000"),
            ("strftime", "%A %j %I %p %%", "UTC", "Sunday 060 10 AM %"),
            ("formatDate", "%H:%M %Z", "Europe/Berlin", "11:07 CET"),
            ("formatDate", "%H:%M", "-05:30", "04:37"),
        ] {
            let arguments = [time(), text(format), text(zone)];
            assert_eq!(call_literals(name, &arguments).as_deref(), Some(expected), "{format}");
        }
        assert_eq!(call("formatDate", &[number(0.0), text("%F")]).as_deref(), Some("1970-01-01"));
        assert_eq!(call("formatDate", &[time(), text("%")]), None);
        assert_eq!(call("formatDate", &[time(), text("%!")]), None);
        assert_eq!(call("formatDate", &[text("2026-03-01"), text("%F")]), None);
        assert_eq!(call("formatDate", &[Value::Time(EpochMillis(i64::MAX)), text("%F")]), None);
        assert_eq!(call("formatDate", &[time(), text(&"%255d".repeat(10_000))]), None);
        assert_eq!(refuse("formatDate", &[number(0.0), text("%!")]).argument, 1);
        assert_eq!(refuse("formatDate", &[number(0.0), text("%F"), text("Mars")]).argument, 2);
    }
}
