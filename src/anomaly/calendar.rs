//! Where an instant stands on the local wall clock, which is what the season follows.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::EpochMillis;

pub(super) const DAY_SECONDS: i64 = 86_400;
pub(super) const DAY_MILLIS: i64 = DAY_SECONDS * 1_000;

/// A place on the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WallClock {
    /// Local days since 1970-01-01.
    pub day: i64,
    /// Seconds since the wall clock showed midnight.
    pub second: u32,
}

impl WallClock {
    /// The wall clock of a zone. Times that no calendar reaches are read as UTC.
    pub(super) fn of(zone: &TimeZone, at: EpochMillis) -> Self {
        let offset = Timestamp::from_millisecond(at.0).map_or(0, |at| zone.to_offset(at).seconds());
        let local = at.0.div_euclid(1_000).saturating_add(i64::from(offset));
        WallClock {
            day: local.div_euclid(DAY_SECONDS),
            second: u32::try_from(local.rem_euclid(DAY_SECONDS)).unwrap_or(0),
        }
    }

    /// 0 for Monday.
    pub(super) fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        usize::try_from(self.day.rem_euclid(7).saturating_add(3).rem_euclid(7)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, zone: &str) -> WallClock {
        let at: Timestamp = text.parse().unwrap();
        WallClock::of(&TimeZone::get(zone).unwrap(), EpochMillis(at.as_millisecond()))
    }

    #[test]
    fn an_hour_of_the_wall_clock_stays_where_it_is_when_the_clocks_change() {
        // Berlin: +2 until 2024-10-27T01:00Z, +1 until 2025-03-30T01:00Z.
        assert_eq!(at("2024-10-26T07:00:00Z", "Europe/Berlin").second, 9 * 3_600);
        assert_eq!(at("2024-10-28T08:00:00Z", "Europe/Berlin").second, 9 * 3_600);
        assert_eq!(at("2025-03-28T08:00:00Z", "Europe/Berlin").second, 9 * 3_600);
        assert_eq!(at("2025-03-31T07:00:00Z", "Europe/Berlin").second, 9 * 3_600);
        assert_eq!(at("2024-10-28T08:00:00Z", "Europe/Berlin").weekday(), 0);
        assert_eq!(at("2024-10-27T22:59:00Z", "Europe/Berlin").weekday(), 6);
        assert_eq!(at("2024-10-27T23:00:00Z", "Europe/Berlin").weekday(), 0);
    }

    #[test]
    fn no_time_is_out_of_reach() {
        for at in [i64::MIN, -1, 0, i64::MAX] {
            let clock = WallClock::of(&TimeZone::get("America/New_York").unwrap(), EpochMillis(at));
            assert!(clock.second < 86_400 && clock.weekday() < 7);
        }
    }
}
