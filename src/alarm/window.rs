//! Which clock the periods of an alarm follow: the instant of the evaluation, or the wall clock of a time zone.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};

use super::error::AlarmError;

/// Not the machine's own: the same alarm gives the same states everywhere.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

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
            _ => DATABASE.get(name).ok(),
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
