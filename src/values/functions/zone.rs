//! Time zones by name and offset, from the database that is part of the program.

use jiff::tz::{Offset, TimeZone};

use super::BadArgument;
use crate::time_zones;

/// Longer than any name.
pub(super) const LONGEST_NAME: usize = 64;

/// Furthest from UTC, in seconds: 18 hours.
const FURTHEST: i32 = 18 * 3600;

/// The zone of this name: of the IANA database, `Z`, or an offset with or without `UTC`, `GMT` or `UT` before it.
pub(super) fn named(name: &str) -> Option<TimeZone> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    if name == "Z" {
        return Some(TimeZone::UTC);
    }
    let rest = ["UTC", "GMT", "UT"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    if rest.is_empty() {
        return (!name.is_empty()).then_some(TimeZone::UTC);
    }
    if rest.starts_with(['+', '-']) {
        let any = [OffsetForm::COLON_SECONDS, OffsetForm::COLON, OffsetForm::DIGITS, OffsetForm::HOURS];
        return any.iter().find_map(|form| match form.read(rest) {
            Some((offset, "")) => Some(TimeZone::fixed(offset)),
            _ => None,
        });
    }
    time_zones::named(name)
}

/// The zone that the literal at this place names.
pub(super) fn literal(name: &str, argument: usize) -> Result<TimeZone, BadArgument> {
    named(name).ok_or_else(|| {
        let help = "write a name like `UTC` or `Europe/Berlin`, or an offset like `+02:00`";
        BadArgument::new(argument, format!("`{name}` is no time zone"), help)
    })
}

/// How an offset from UTC is written, its sign and two digits of hours aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OffsetForm {
    colon: bool,
    minutes: Part,
    seconds: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Required,
    Optional,
    None,
}

impl OffsetForm {
    /// `+05`, `+0530`
    pub(super) const HOURS: OffsetForm =
        OffsetForm { colon: false, minutes: Part::Optional, seconds: Part::None };
    /// `+0530`
    pub(super) const MINUTES: OffsetForm =
        OffsetForm { colon: false, minutes: Part::Required, seconds: Part::None };
    /// `+05:30`
    pub(super) const COLON: OffsetForm =
        OffsetForm { colon: true, minutes: Part::Required, seconds: Part::None };
    /// `+0530`, `+053015`
    pub(super) const DIGITS: OffsetForm =
        OffsetForm { colon: false, minutes: Part::Required, seconds: Part::Optional };
    /// `+05:30`, `+05:30:15`
    pub(super) const COLON_SECONDS: OffsetForm =
        OffsetForm { colon: true, minutes: Part::Required, seconds: Part::Optional };

    /// The offset that the text starts with, and what follows it.
    pub(super) fn read(self, text: &str) -> Option<(Offset, &str)> {
        let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(rest), _) => (1, rest),
            (_, Some(rest)) => (-1, rest),
            _ => return None,
        };
        let (hours, rest) = two_digits(rest)?;
        let (minutes, rest) = self.part(self.minutes, rest)?;
        let (seconds, rest) = self.part(self.seconds, rest)?;
        let total = hours * 3600 + minutes * 60 + seconds;
        if minutes > 59 || seconds > 59 || total > FURTHEST {
            return None;
        }
        Some((Offset::from_seconds(sign * total).ok()?, rest))
    }

    fn part(self, part: Part, text: &str) -> Option<(i32, &str)> {
        let read = || two_digits(if self.colon { text.strip_prefix(':')? } else { text });
        match part {
            Part::Required => read(),
            Part::Optional => Some(read().unwrap_or((0, text))),
            Part::None => Some((0, text)),
        }
    }
}

fn two_digits(text: &str) -> Option<(i32, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    let all = digits.bytes().all(|byte| byte.is_ascii_digit());
    Some((digits.parse().ok().filter(|_| all)?, rest))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn seconds(name: &str) -> Option<i32> {
        let winter = Timestamp::from_second(1_768_000_000).unwrap();
        named(name).map(|zone| zone.to_offset(winter).seconds())
    }

    #[test]
    fn zones_have_these_offsets_in_winter() {
        for (name, offset) in [
            ("UTC", Some(0)),
            ("Z", Some(0)),
            ("GMT", Some(0)),
            ("Europe/Berlin", Some(3600)),
            ("America/New_York", Some(-18000)),
            ("Asia/Kolkata", Some(19800)),
            ("+02:00", Some(7200)),
            ("-0830", Some(-30600)),
            ("+05", Some(18000)),
            ("UTC+02:00", Some(7200)),
            ("+18:00", Some(64800)),
            ("+18:01", None),
            ("+02:60", None),
            ("+2:", None),
            ("", None),
            ("Mars/Olympus", None),
            ("../etc/passwd", None),
            ("+\u{e9}", None),
        ] {
            assert_eq!(seconds(name), offset, "{name}");
        }
        assert_eq!(seconds(&"x".repeat(100_000)), None);
    }
}
