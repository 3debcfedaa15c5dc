//! Which clock the periods of an alarm follow: the instant of the evaluation, or the wall clock of a time zone.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::error::AlarmError;

/// Longest name of a time zone, in characters.
const LONGEST_NAME: usize = 50;

/// How many probes it may take to leave a period that the clock makes longer; a day at most was ever repeated.
const LONGEST_DELAY: usize = 24 * 60;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// `EvaluationWindow` of an alarm (`spec/metrics-insights.md` 5.2).
#[derive(Clone, Debug, Default, PartialEq)]
pub enum EvaluationWindow {
    /// The periods end with the evaluation and move on with it.
    #[default]
    Sliding,
    /// The periods begin at full minutes, hours, days or weeks of a time zone.
    WallClock(WallClockZone),
}

/// The time zone of a wall-clock window.
///
/// ```
/// use trailql::alarm::WallClockZone;
///
/// assert!(WallClockZone::parse("Europe/Berlin").is_ok());
/// assert!(WallClockZone::parse("UTC+05:30").is_ok());
/// assert!(WallClockZone::parse("+05:31").is_err(), "offsets go in steps of 5 minutes");
/// ```
#[derive(Clone, Debug)]
pub struct WallClockZone {
    name: String,
    zone: TimeZone,
}

impl PartialEq for WallClockZone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Default for WallClockZone {
    fn default() -> Self {
        WallClockZone { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }
}

impl WallClockZone {
    /// The zone of this IANA name, `±hh:mm` or `UTC±hh:mm`. Offsets go to 18 hours, in steps of 5 minutes.
    ///
    /// # Errors
    /// [`AlarmError::TimeZone`] where there is none, or the name has more than 50 characters.
    pub fn parse(name: &str) -> Result<Self, AlarmError> {
        let zone = match name.strip_prefix("UTC").unwrap_or(name) {
            _ if name.chars().count() > LONGEST_NAME => None,
            "" => (name == "UTC").then_some(TimeZone::UTC),
            offset if offset.starts_with(['+', '-']) => offset_of(offset).map(TimeZone::fixed),
            _ => crate::time_zones::named(name),
        };
        let zone = zone.ok_or_else(|| AlarmError::TimeZone(name.to_owned()))?;
        Ok(WallClockZone { name: name.to_owned(), zone })
    }

    /// The name as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When the period that holds an instant begins; times in milliseconds. `None` beyond the years −9999 to 9999.
    pub(super) fn period_start(&self, at: i64, period: i64) -> Option<i64> {
        let instant = Timestamp::from_millisecond(at).ok()?;
        let local = self.zone.to_datetime(instant);
        let midnight = |date: Date| date.to_datetime(Time::midnight());
        let start = if period <= HOUR {
            let seconds =
                i64::from(local.hour()) * 3_600 + i64::from(local.minute()) * 60 + i64::from(local.second());
            let into = seconds.rem_euclid((period / 1_000).max(1));
            local.with().subsec_nanosecond(0).build().ok()?.checked_sub(into.seconds()).ok()?
        } else if period <= DAY {
            midnight(local.date())
        } else {
            let into = i64::from(local.date().weekday().to_monday_zero_offset());
            midnight(local.date().checked_sub(into.days()).ok()?)
        };
        self.instant(start, instant)
    }

    /// When the first period begins that begins after an instant.
    pub(super) fn next_period(&self, at: i64, period: i64) -> Option<i64> {
        // A day may have 25 hours, and a clock that is put back makes an hour longer.
        let mut probe = self.period_start(at, period)?.checked_add(period)?;
        let mut next = self.period_start(probe, period)?;
        for _ in 0..LONGEST_DELAY {
            if next > at {
                break;
            }
            probe = probe.checked_add(period.min(HOUR))?;
            next = self.period_start(probe, period)?;
        }
        // A clock that is put forward makes one shorter.
        while let Some(before) = self.period_start(next.checked_sub(1)?, period).filter(|before| *before > at)
        {
            next = before;
        }
        (next > at).then_some(next)
    }

    /// The instant of a wall-clock time, the last one up to `latest` where the clock shows it twice, and the end of the
    /// gap where it is skipped.
    fn instant(&self, local: DateTime, latest: Timestamp) -> Option<i64> {
        let ambiguous = self.zone.to_ambiguous_timestamp(local);
        let instant = match ambiguous.offset() {
            AmbiguousOffset::Fold { .. } => {
                let later = ambiguous.later().ok()?;
                if later <= latest { later } else { ambiguous.earlier().ok()? }
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Gap { .. } => {
                ambiguous.compatible().ok()?
            }
        };
        Some(instant.as_millisecond())
    }
}

/// `±hh:mm`
fn offset_of(text: &str) -> Option<Offset> {
    let &[sign, h1, h2, b':', m1, m2] = text.as_bytes() else { return None };
    let number = |tens: u8, ones: u8| {
        let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        digits.then(|| i32::from(tens - b'0') * 10 + i32::from(ones - b'0'))
    };
    let (hours, minutes) = (number(h1, h2)?, number(m1, m2)?);
    let seconds = (hours * 60 + minutes) * 60;
    if minutes > 59 || minutes % 5 != 0 || seconds > 18 * 3_600 {
        return None;
    }
    Offset::from_seconds(if sign == b'-' { -seconds } else { seconds }).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn millis(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    /// The starts of periods from one on.
    fn starts(zone: &str, period: i64, from: &str, count: usize) -> Vec<String> {
        let zone = WallClockZone::parse(zone).unwrap();
        let from = zone.period_start(millis(from), period).unwrap();
        let all = std::iter::successors(Some(from), |start| zone.next_period(*start, period));
        all.take(count).map(|at| Timestamp::from_millisecond(at).unwrap().to_string()).collect()
    }

    #[test]
    fn an_hour_that_comes_twice_is_two_periods() {
        assert_eq!(
            starts("America/New_York", HOUR, "2025-11-02T04:30:00Z", 4),
            ["2025-11-02T04:00:00Z", "2025-11-02T05:00:00Z", "2025-11-02T06:00:00Z", "2025-11-02T07:00:00Z"]
        );
    }

    #[test]
    fn half_an_hour_that_comes_twice_makes_its_hour_longer() {
        assert_eq!(
            starts("Australia/Lord_Howe", HOUR, "2025-04-05T14:10:00Z", 3),
            ["2025-04-05T14:00:00Z", "2025-04-05T15:30:00Z", "2025-04-05T16:30:00Z"]
        );
    }

    #[test]
    fn half_an_hour_that_is_skipped_makes_its_hour_shorter() {
        assert_eq!(
            starts("Australia/Lord_Howe", HOUR, "2025-10-04T14:40:00Z", 4),
            ["2025-10-04T14:30:00Z", "2025-10-04T15:30:00Z", "2025-10-04T16:00:00Z", "2025-10-04T17:00:00Z"]
        );
    }

    #[test]
    fn days_and_weeks_begin_at_midnight_and_monday() {
        assert_eq!(
            starts("Europe/Berlin", DAY, "2025-03-29T12:00:00Z", 3),
            ["2025-03-28T23:00:00Z", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z"]
        );
        assert_eq!(
            starts("Pacific/Apia", DAY, "2011-12-29T12:00:00Z", 3),
            ["2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"]
        );
        assert_eq!(
            starts("Europe/Berlin", 7 * DAY, "2025-10-26T23:30:00Z", 2),
            ["2025-10-26T23:00:00Z", "2025-11-02T23:00:00Z"]
        );
    }

    #[test]
    fn zones_are_names_and_offsets_on_a_grid() {
        for name in ["UTC", "Europe/Berlin", "+05:30", "-08:00", "UTC+05:45", "UTC-00:05", "+18:00"] {
            assert_eq!(WallClockZone::parse(name).unwrap().name(), name);
        }
        let long = "x".repeat(51);
        for name in
            ["", "+5:30", "+05:31", "UTC+05", "GMT+05:30", "+18:05", "+05:60", "+0\u{e9}:30", "../UTC", &long]
        {
            assert_eq!(WallClockZone::parse(name), Err(AlarmError::TimeZone(name.to_owned())), "{name}");
        }
    }

    const PERIODS: [i64; 5] = [60_000, 300_000, HOUR, DAY, 7 * DAY];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn periods_leave_no_gap(
            at in -2_000_000_000_000_i64..4_000_000_000_000,
            zone in prop::sample::select(vec![
                "UTC", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia",
                "Africa/Monrovia", "Asia/Kathmandu", "-03:35",
            ]),
            period in prop::sample::select(PERIODS.to_vec()),
        ) {
            let zone = WallClockZone::parse(zone).unwrap();
            let start = zone.period_start(at, period).unwrap();
            let next = zone.next_period(at, period).unwrap();
            prop_assert!(start <= at && at < next);
            prop_assert_eq!(zone.period_start(start, period), Some(start));
            prop_assert_eq!(zone.period_start(next, period), Some(next));
            prop_assert_eq!(zone.period_start(next - 1, period), Some(start));
        }

        #[test]
        fn no_time_is_too_far(at: i64, period in prop::sample::select(PERIODS.to_vec())) {
            let zone = WallClockZone::parse("Europe/Berlin").unwrap();
            let _ = (zone.period_start(at, period), zone.next_period(at, period));
        }
    }
}
