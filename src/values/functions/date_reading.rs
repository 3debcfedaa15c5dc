//! Texts read by a date pattern, and the time that what they tell amounts to.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::date_pattern::{Digits, Field, Item, Sign};
use super::zone;
use crate::EpochMillis;

/// What the abbreviations of the United States stand for.
const ABBREVIATIONS: &[(&str, &str)] = &[
    ("EST", "America/New_York"),
    ("EDT", "America/New_York"),
    ("CST", "America/Chicago"),
    ("CDT", "America/Chicago"),
    ("MST", "America/Denver"),
    ("MDT", "America/Denver"),
    ("PST", "America/Los_Angeles"),
    ("PDT", "America/Los_Angeles"),
];

/// What a text has told so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    fields: Vec<(Field, i64)>,
    offset: Option<TimeZone>,
    zone: Option<TimeZone>,
}

impl Reading {
    /// What the whole of a text tells.
    pub(super) fn of(items: &[Item], text: &str) -> Option<Self> {
        let mut reading = Reading::default();
        let rest = reading.read(items, text)?;
        rest.is_empty().then_some(reading)
    }

    /// Reads the items in order and gives what follows them.
    fn read<'t>(&mut self, items: &[Item], text: &'t str) -> Option<&'t str> {
        let mut rest = text;
        for item in items {
            rest = match item {
                Item::Literal(c) => rest.strip_prefix(*c)?,
                Item::Number(digits) => {
                    let (value, behind) = digits.read(rest)?;
                    self.set(digits.field, value)?;
                    behind
                }
                Item::Fraction(width) => {
                    let (digits, behind) = split_digits(rest, *width)?;
                    let scale = 10_i64.checked_pow(u32::try_from(9 - width).ok()?)?;
                    self.set(Field::Nano, digits.parse::<i64>().ok()? * scale)?;
                    behind
                }
                Item::Name(field, names) => {
                    let name = |name: &&str| rest.strip_prefix(name);
                    let (value, behind) = (1..).zip(*names).find_map(|(at, it)| Some((at, name(it)?)))?;
                    self.set(*field, value)?;
                    behind
                }
                Item::Offset { form, zero } => {
                    let (offset, behind) = match form.read(rest) {
                        Some((offset, behind)) => (TimeZone::fixed(offset), behind),
                        None => (TimeZone::UTC, rest.strip_prefix(zero)?),
                    };
                    self.offset = Some(offset);
                    behind
                }
                Item::Zone { abbreviations } => {
                    let (zone, behind) = leading_zone(rest, *abbreviations)?;
                    self.zone = Some(zone);
                    behind
                }
                Item::Optional(items) => {
                    let mut with = self.clone();
                    match with.read(items, rest) {
                        Some(behind) => {
                            *self = with;
                            behind
                        }
                        None => rest,
                    }
                }
            };
        }
        Some(rest)
    }

    /// `None` where the text has told another value.
    fn set(&mut self, field: Field, value: i64) -> Option<()> {
        match self.get(field) {
            Some(known) => (known == value).then_some(()),
            None => {
                self.fields.push((field, value));
                Some(())
            }
        }
    }

    fn get(&self, field: Field) -> Option<i64> {
        self.fields.iter().find(|(known, _)| *known == field).map(|(_, value)| *value)
    }

    /// The field, `None` where it is outside its bounds.
    fn bounded(&self, field: Field, least: i64, most: i64) -> Option<Option<i64>> {
        match self.get(field) {
            Some(value) => (least..=most).contains(&value).then_some(Some(value)),
            None => Some(None),
        }
    }

    /// The time, in the zone `default` unless the text tells one.
    pub(super) fn resolve(&self, default: &TimeZone) -> Option<EpochMillis> {
        let date = self.date()?;
        let (time, next_day) = self.time()?;
        let date = if next_day { date.checked_add(1.day()).ok()? } else { date };
        let zone = self.offset.as_ref().or(self.zone.as_ref()).unwrap_or(default);
        let timestamp = zone.to_timestamp(DateTime::from_parts(date, time)).ok()?;
        Some(floor_millis(timestamp))
    }

    fn date(&self) -> Option<Date> {
        let era = self.bounded(Field::YearOfEra, 1, i64::MAX)?;
        let short = self.get(Field::ShortYear).map(|year| 2000 + year);
        let year = agreed([self.get(Field::Year), era, short])??;
        let year = i16::try_from(year).ok()?;
        let first = Date::new(year, 1, 1).ok()?;
        let month_and_day = match (self.bounded(Field::Month, 1, 12)?, self.bounded(Field::Day, 1, 31)?) {
            (Some(month), Some(day)) => {
                let month = Date::new(year, i8::try_from(month).ok()?, 1).ok()?;
                // A day that the month lacks is its last one.
                let day = i8::try_from(day).ok()?.min(month.days_in_month());
                Some(Date::new(year, month.month(), day).ok()?)
            }
            _ => None,
        };
        let day_of_year = match self.bounded(Field::DayOfYear, 1, first.days_in_year().into())? {
            Some(day) => Some(first.checked_add((day - 1).days()).ok()?),
            None => None,
        };
        let date = agreed([month_and_day, day_of_year])??;
        let weekday = self.get(Field::Weekday).and_then(|day| i8::try_from(day).ok());
        let told = weekday.and_then(|day| Weekday::from_monday_one_offset(day).ok());
        told.is_none_or(|weekday| weekday == date.weekday()).then_some(date)
    }

    /// The time of day, and whether it is that of the next day: `24:00`.
    fn time(&self) -> Option<(Time, bool)> {
        let minute = self.bounded(Field::Minute, 0, 59)?.unwrap_or(0);
        let second = self.bounded(Field::Second, 0, 59)?.unwrap_or(0);
        let nano = self.bounded(Field::Nano, 0, 999_999_999)?.unwrap_or(0);
        let clock_hour = self.bounded(Field::ClockHour, 0, 24)?.map(|hour| hour % 24);
        let whole_day = agreed([self.bounded(Field::Hour, 0, 24)?, clock_hour])?;
        let clock_hour = self.bounded(Field::ClockHourOfHalf, 0, 12)?.map(|hour| hour % 12);
        let of_half = agreed([self.bounded(Field::HourOfHalf, 0, 11)?, clock_hour])?;
        let half = self.get(Field::HalfDay).map(|name| name - 1);
        let from_half = half.zip(of_half).map(|(half, hour)| half * 12 + hour);
        let hour = agreed([whole_day, from_half])?;
        // One alone must fit the hour that is told, or midnight; an hour of no known half is no time.
        let fits = half.is_none_or(|half| half == hour.unwrap_or(0) / 12)
            && of_half.is_none_or(|it| hour.is_some_and(|hour| hour % 12 == it));
        if !fits {
            return None;
        }
        let hour = hour.unwrap_or(0);
        if hour == 24 {
            return (minute == 0 && second == 0 && nano == 0).then_some((Time::midnight(), true));
        }
        let part = |value: i64| i8::try_from(value).ok();
        let time = Time::new(part(hour)?, part(minute)?, part(second)?, i32::try_from(nano).ok()?);
        Some((time.ok()?, false))
    }
}

impl Digits {
    /// The number that the text starts with, and what follows.
    fn read(self, text: &str) -> Option<(i64, &str)> {
        let (negative, positive) = match self.sign {
            Sign::Never => (None, None),
            Sign::Negative => (text.strip_prefix('-'), None),
            Sign::WhenLong => (text.strip_prefix('-'), text.strip_prefix('+')),
        };
        let unsigned = negative.or(positive).unwrap_or(text);
        let available =
            unsigned.bytes().take_while(u8::is_ascii_digit).take(self.most + self.reserved).count();
        let width = available.saturating_sub(self.reserved).max(self.least);
        let (digits, rest) = split_digits(unsigned, width)?;
        let long = width > self.least;
        if self.sign == Sign::WhenLong && negative.is_none() && long != positive.is_some() {
            return None;
        }
        let value: i64 = digits.parse().ok()?;
        Some((if negative.is_some() { -value } else { value }, rest))
    }
}

/// The first so many digits, if there are as many.
fn split_digits(text: &str, width: usize) -> Option<(&str, &str)> {
    let (digits, rest) = text.split_at_checked(width)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some((digits, rest))
}

/// The zone whose name the text starts with, the longest one, and what follows.
fn leading_zone(text: &str, abbreviations: bool) -> Option<(TimeZone, &str)> {
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"/_+-:".contains(byte);
    let longest = text.bytes().take(zone::LONGEST_NAME).take_while(in_name).count();
    (1..=longest).rev().find_map(|length| {
        let (name, rest) = text.split_at_checked(length)?;
        let long = ABBREVIATIONS.iter().find(|(short, _)| abbreviations && *short == name);
        Some((zone::named(long.map_or(name, |(_, long)| long))?, rest))
    })
}

/// The one value that is told; `None` where there are several that differ.
fn agreed<T: PartialEq + Copy, const N: usize>(told: [Option<T>; N]) -> Option<Option<T>> {
    let mut values = told.into_iter().flatten();
    let first = values.next();
    values.all(|value| Some(value) == first).then_some(first)
}

fn floor_millis(time: Timestamp) -> EpochMillis {
    EpochMillis(i64::try_from(time.as_nanosecond().div_euclid(1_000_000)).unwrap_or(i64::MAX))
}
