//! Periods on the time line: where bins start and end (`spec/logs-insights.md` 3.4.1, U23 to U25, U28).

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::BadArgument;
use crate::EpochMillis;
use crate::syntax::logs::{Period, PeriodUnit};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// From 1970-01-01, a Thursday, back to its Monday.
const FIRST_MONDAY: i64 = -3 * DAY;

/// How a unit counts: in equal lengths, or in months of the calendar.
enum Scale {
    Millis { unit: i64, origin: i64 },
    Months(i64),
}

fn scale(unit: PeriodUnit) -> Scale {
    let fixed = |unit| Scale::Millis { unit, origin: 0 };
    match unit {
        PeriodUnit::Millisecond => fixed(1),
        PeriodUnit::Second => fixed(SECOND),
        PeriodUnit::Minute => fixed(MINUTE),
        PeriodUnit::Hour => fixed(HOUR),
        PeriodUnit::Day => fixed(DAY),
        PeriodUnit::Week => Scale::Millis { unit: WEEK, origin: FIRST_MONDAY },
        PeriodUnit::Month => Scale::Months(1),
        PeriodUnit::Quarter => Scale::Months(3),
        PeriodUnit::Year => Scale::Months(12),
    }
}

/// Refuses a period of no length.
pub(super) fn check(period: &Period, argument: usize) -> Result<(), BadArgument> {
    if period.count > 0 {
        return Ok(());
    }
    let unit = period.unit.as_str();
    Err(BadArgument::new(
        argument,
        format!("a period of `0{unit}` has no length"),
        format!("write `1{unit}` or more"),
    ))
}

/// The start of the bin that holds `time`, once `time` is shifted by `offset_millis`.
pub(crate) fn floor(time: EpochMillis, period: &Period, offset_millis: i64) -> EpochMillis {
    let time = time.0.saturating_add(offset_millis);
    match scale(period.unit) {
        Scale::Millis { unit, origin } => {
            let length = i128::from(unit) * bin_count(period);
            let bins = (i128::from(time) - i128::from(origin)).div_euclid(length);
            saturated(bins * length + i128::from(origin))
        }
        Scale::Months(unit) => {
            let length = i128::from(unit) * bin_count(period);
            month_start(i128::from(month_of(time)).div_euclid(length) * length)
        }
    }
}

/// The boundary at `time`, shifted by `offset_millis`, or the first one after it.
pub(crate) fn ceil(time: EpochMillis, period: &Period, offset_millis: i64) -> EpochMillis {
    let start = floor(time, period, offset_millis);
    if start.0 == time.0.saturating_add(offset_millis) { start } else { next(start, period) }
}

/// The start of the bin after the one that starts at `bin_start`. It is later, except at the end of time.
pub(crate) fn next(bin_start: EpochMillis, period: &Period) -> EpochMillis {
    match scale(period.unit) {
        Scale::Millis { unit, .. } => {
            saturated(i128::from(bin_start.0) + i128::from(unit) * bin_count(period))
        }
        Scale::Months(unit) => {
            let month = i128::from(month_of(bin_start.0)) + i128::from(unit) * bin_count(period);
            if month > i128::from(LAST_MONTH) { EpochMillis(i64::MAX) } else { month_start(month) }
        }
    }
}

/// How long it is, as written and not as capped; `None` where that depends on the calendar.
pub(crate) fn millis(period: &Period) -> Option<i64> {
    match scale(period.unit) {
        Scale::Millis { unit, .. } => Some(saturated(i128::from(unit) * i128::from(period.count)).0),
        Scale::Months(_) => None,
    }
}

/// The time that lies this long, as written, before `time`. Of a month too short for the day, its last day.
pub(crate) fn shift_back(time: EpochMillis, period: &Period) -> EpochMillis {
    match scale(period.unit) {
        Scale::Millis { unit, .. } => {
            saturated(i128::from(time.0) - i128::from(unit) * i128::from(period.count))
        }
        Scale::Months(unit) => {
            let months = i64::try_from(i128::from(unit) * i128::from(period.count)).unwrap_or(i64::MAX);
            let earlier = Span::new().try_months(months).and_then(|span| date_of(time.0).checked_sub(span));
            let time_of_day = time.0.rem_euclid(DAY);
            EpochMillis(midnight(earlier.unwrap_or(Date::MIN)).saturating_add(time_of_day))
        }
    }
}

fn bin_count(period: &Period) -> i128 {
    period.capped_count().max(1).into()
}

fn saturated(millis: i128) -> EpochMillis {
    let bounded = millis.clamp(i64::MIN.into(), i64::MAX.into());
    EpochMillis(i64::try_from(bounded).unwrap_or(i64::MAX))
}

/// The months since January 1970 at both ends of the calendar.
const FIRST_MONTH: i64 = (-9999 - 1970) * 12;
const LAST_MONTH: i64 = (9999 - 1970) * 12 + 11;

/// The months since January 1970.
fn month_of(millis: i64) -> i64 {
    let date = date_of(millis);
    (i64::from(date.year()) - 1970) * 12 + i64::from(date.month()) - 1
}

/// The UTC date; beyond the calendar its first or last one.
fn date_of(millis: i64) -> Date {
    match Timestamp::from_millisecond(millis) {
        Ok(time) => Offset::UTC.to_datetime(time).date(),
        Err(_) if millis < 0 => Date::MIN,
        Err(_) => Date::MAX,
    }
}

fn month_start(month: i128) -> EpochMillis {
    let month = saturated(month.clamp(FIRST_MONTH.into(), LAST_MONTH.into())).0;
    let year = i16::try_from(1970 + month.div_euclid(12)).unwrap_or(i16::MAX);
    let month = i8::try_from(1 + month.rem_euclid(12)).unwrap_or(1);
    EpochMillis(midnight(Date::new(year, month, 1).unwrap_or(Date::MIN)))
}

fn midnight(date: Date) -> i64 {
    let days = Date::constant(1970, 1, 1).until(date).map_or(0, |span| i64::from(span.get_days()));
    days.saturating_mul(DAY)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::syntax::Trivia;
    use crate::values::value::render_time;

    fn period(count: u64, unit: &str) -> Period {
        Period { count, unit: PeriodUnit::from_spelling(unit).unwrap(), span: Trivia(crate::Span::at(0)) }
    }

    fn at(text: &str) -> EpochMillis {
        EpochMillis(format!("{text}Z").parse::<Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn bins_start_at_these_times() {
        for (time, count, unit, expected) in [
            ("2026-03-01T10:07:00", 5, "m", "2026-03-01 10:05:00.000"),
            ("2026-03-01T10:07:00", 1, "h", "2026-03-01 10:00:00.000"),
            ("2026-03-01T10:07:59.999", 250, "ms", "2026-03-01 10:07:59.750"),
            // The service lowers 300 s to 60 s.
            ("2026-03-01T10:07:59", 300, "s", "2026-03-01 10:07:00.000"),
            ("2026-03-01T10:07:00", 48, "h", "2026-03-01 00:00:00.000"),
            ("2026-03-01T10:07:00", 1, "d", "2026-03-01 00:00:00.000"),
            // A Sunday.
            ("2026-03-01T10:07:00", 1, "w", "2026-02-23 00:00:00.000"),
            ("2026-03-02T00:00:00", 1, "w", "2026-03-02 00:00:00.000"),
            ("1970-01-01T00:00:00", 1, "w", "1969-12-29 00:00:00.000"),
            ("2026-03-31T10:07:00", 1, "mo", "2026-03-01 00:00:00.000"),
            // 674 months since January 1970, in fives.
            ("2026-03-31T10:07:00", 5, "mo", "2025-11-01 00:00:00.000"),
            ("2026-06-30T23:59:59", 1, "q", "2026-04-01 00:00:00.000"),
            ("2026-06-30T23:59:59", 1, "y", "2026-01-01 00:00:00.000"),
            ("2026-06-30T23:59:59", 10, "y", "2020-01-01 00:00:00.000"),
            ("1969-12-31T23:59:59", 1, "h", "1969-12-31 23:00:00.000"),
            ("1969-12-31T23:59:59", 1, "mo", "1969-12-01 00:00:00.000"),
        ] {
            let start = floor(at(time), &period(count, unit), 0);
            assert_eq!(render_time(start), expected, "{time} {count}{unit}");
        }
    }

    #[test]
    fn an_offset_shifts_the_time() {
        let bin = period(5, "m");
        let shifted = floor(at("2026-03-01T10:04:00"), &bin, 2 * MINUTE);
        assert_eq!(render_time(shifted), "2026-03-01 10:05:00.000");
        let back = ceil(at("2026-03-01T10:07:00"), &bin, -2 * MINUTE);
        assert_eq!(render_time(back), "2026-03-01 10:05:00.000");
    }

    #[test]
    fn a_boundary_is_its_own_ceiling() {
        for (time, count, unit, expected) in [
            ("2026-03-01T10:07:00", 1, "h", "2026-03-01 11:00:00.000"),
            ("2026-03-01T10:00:00", 1, "h", "2026-03-01 10:00:00.000"),
            ("2026-01-31T10:00:00", 1, "mo", "2026-02-01 00:00:00.000"),
            ("2026-02-01T00:00:00", 1, "mo", "2026-02-01 00:00:00.000"),
            ("2026-12-31T10:00:00", 1, "q", "2027-01-01 00:00:00.000"),
        ] {
            assert_eq!(
                render_time(ceil(at(time), &period(count, unit), 0)),
                expected,
                "{time} {count}{unit}"
            );
        }
    }

    #[test]
    fn spans_are_not_capped() {
        assert_eq!(millis(&period(300, "s")), Some(300_000));
        assert_eq!(millis(&period(2, "w")), Some(1_209_600_000));
        assert_eq!(millis(&period(u64::MAX, "w")), Some(i64::MAX));
        assert_eq!(millis(&period(1, "mo")), None);
        for (time, count, unit, expected) in [
            ("2026-03-01T10:07:00", 90, "m", "2026-03-01 08:37:00.000"),
            ("2026-03-31T10:07:00.5", 1, "mo", "2026-02-28 10:07:00.500"),
            ("2024-02-29T10:07:00", 1, "y", "2023-02-28 10:07:00.000"),
            ("2026-03-31T10:07:00", 2, "q", "2025-09-30 10:07:00.000"),
        ] {
            let earlier = shift_back(at(time), &period(count, unit));
            assert_eq!(render_time(earlier), expected, "{time} {count}{unit}");
        }
    }

    #[test]
    fn a_period_of_nothing_is_refused() {
        let refused = check(&period(0, "m"), 1).unwrap_err();
        assert_eq!(refused.message, "a period of `0m` has no length");
    }

    proptest! {
        #[test]
        fn bins_cover_all_time(
            time in any::<i64>(),
            near in -4_000_000_000_000_i64..4_000_000_000_000,
            count in prop_oneof![0_u64..100, any::<u64>()],
            unit in prop::sample::select(vec!["ms", "s", "m", "h", "d", "w", "mo", "q", "y"]),
        ) {
            let period = period(count, unit);
            for time in [time, near] {
                let _ = (shift_back(EpochMillis(time), &period), millis(&period));
                let start = floor(EpochMillis(time), &period, 0);
                let end = next(start, &period);
                prop_assert!(start < end || end.0 == i64::MAX);
                let inside = time.unsigned_abs() < 250_000_000_000_000;
                if inside && start.0 > i64::MIN {
                    prop_assert!(start.0 <= time || start.0 == midnight(Date::MIN));
                    prop_assert!(time < end.0);
                    prop_assert!(floor(start, &period, 0) == start);
                    let ceiling = ceil(EpochMillis(time), &period, 0);
                    prop_assert_eq!(ceiling, if start.0 == time { start } else { end });
                }
            }
        }
    }
}
