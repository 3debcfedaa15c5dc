//! The time axis: ticks at round local times, as many as their labels leave room for, right across clock changes.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::EpochMillis;
use crate::series::{Period, TimeRange};

/// More ticks than any axis can label.
const MOST_TICKS: i64 = 400;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// One tick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TimeTick {
    pub(super) at: EpochMillis,
    /// Empty where a label has no room.
    pub(super) label: String,
    /// Whether a day begins among hours, or a year among months.
    pub(super) strong: bool,
}

/// The room for labels, in whatever `width` measures.
pub(super) struct Room<'a> {
    /// Where an instant stands.
    pub(super) position: &'a dyn Fn(EpochMillis) -> f64,
    /// How wide a label is.
    pub(super) width: &'a dyn Fn(&str) -> f64,
    /// The least distance of two labels.
    pub(super) gap: f64,
    /// Where the first label may begin.
    pub(super) from: f64,
    /// Where the last one may end.
    pub(super) to: f64,
}

/// The distance of two ticks.
#[derive(Clone, Copy, Debug)]
enum Step {
    Seconds(i32),
    Days(i64),
    Months(i64),
}

use Step::{Days, Months, Seconds};

/// From fine to coarse. Steps of seconds divide a day.
const STEPS: [Step; 34] = [
    Seconds(1),
    Seconds(2),
    Seconds(5),
    Seconds(10),
    Seconds(15),
    Seconds(30),
    Seconds(60),
    Seconds(120),
    Seconds(300),
    Seconds(600),
    Seconds(900),
    Seconds(1_800),
    Seconds(3_600),
    Seconds(7_200),
    Seconds(10_800),
    Seconds(21_600),
    Seconds(43_200),
    Days(1),
    Days(2),
    Days(3),
    Days(7),
    Days(14),
    Months(1),
    Months(3),
    Months(6),
    Months(12),
    Months(24),
    Months(60),
    Months(120),
    Months(240),
    Months(600),
    Months(1_200),
    Months(6_000),
    Months(12_000),
];

/// The finest ticks whose labels do not touch. None for times that no calendar holds.
pub(super) fn ticks(range: TimeRange, zone: &TimeZone, room: &Room) -> Vec<TimeTick> {
    for step in STEPS {
        if range.millis() / step.millis() > MOST_TICKS {
            continue;
        }
        let Some(instants) = instants(range, zone, step) else { return Vec::new() };
        if instants.is_empty() {
            continue;
        }
        for weekday in [true, false] {
            if weekday && !matches!(step, Days(1)) {
                continue;
            }
            let mut ticks: Vec<TimeTick> =
                instants.iter().map(|&(at, local)| tick(at, local, step, weekday)).collect();
            if labels_fit(&mut ticks, room) {
                return ticks;
            }
        }
    }
    Vec::new()
}

/// Takes labels away that would leave the room; says whether the others stand apart.
fn labels_fit(ticks: &mut [TimeTick], room: &Room) -> bool {
    let mut free_from = f64::NEG_INFINITY;
    for tick in ticks {
        let (middle, half) = ((room.position)(tick.at), (room.width)(&tick.label) / 2.0);
        if middle - half < room.from || middle + half > room.to {
            tick.label.clear();
            continue;
        }
        if middle - half < free_from {
            return false;
        }
        free_from = middle + half + room.gap;
    }
    true
}

impl Step {
    /// About how long it is.
    fn millis(self) -> i64 {
        const DAY: i64 = 86_400_000;
        match self {
            Seconds(seconds) => i64::from(seconds) * 1_000,
            Days(days) => days * DAY,
            Months(months) => months * 30 * DAY,
        }
    }
}

fn tick(at: EpochMillis, local: DateTime, step: Step, weekday: bool) -> TimeTick {
    let date = local.date();
    let midnight = local.time() == Time::midnight();
    let (label, strong) = match step {
        Seconds(_) if midnight => (day(date), true),
        Seconds(seconds) if seconds < 60 => (clock_with_seconds(local), false),
        Seconds(_) => (clock(local), false),
        Days(_) if weekday => (format!("{} {}", weekday_name(date), day(date)), false),
        Days(_) => (day(date), false),
        Months(months) if months < 12 && date.month() != 1 => (month_name(date).to_owned(), false),
        Months(months) => (date.year().to_string(), months < 12),
    };
    TimeTick { at, label, strong }
}

/// The instants of a step inside of a range with their local times, ascending.
fn instants(range: TimeRange, zone: &TimeZone, step: Step) -> Option<Vec<(EpochMillis, DateTime)>> {
    let first = zone.to_datetime(Timestamp::from_millisecond(range.start.0).ok()?);
    Timestamp::from_millisecond(range.end.0).ok()?;
    Some(match step {
        Seconds(seconds) => hours(range, zone, i64::from(seconds)),
        Days(days) => {
            dates(range, zone, aligned_day(first.date(), days), |date| date.checked_add(days.days()).ok())
        }
        Months(months) => dates(range, zone, aligned_month(first.date(), months), |date| {
            date.checked_add(months.months()).ok()
        }),
    })
}

/// Within days: every instant whose local clock shows a multiple of the step. Where clocks change, the distance of two
/// ticks differs from the step, and an hour that exists twice may have two.
fn hours(range: TimeRange, zone: &TimeZone, step: i64) -> Vec<(EpochMillis, DateTime)> {
    let local_seconds = |second: i64| {
        let local = zone.to_datetime(Timestamp::from_second(second).ok()?);
        let time = local.time();
        let past = i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        Some((local, past % step))
    };
    let mut found = Vec::new();
    let mut second = range.start.0.div_euclid(1_000);
    let end = range.end.0.div_euclid(1_000);
    let mut last = i64::MIN;
    while second <= end {
        let Some((local, past)) = local_seconds(second) else { break };
        if past == 0 {
            let at = EpochMillis(second.saturating_mul(1_000));
            if range.start <= at && at <= range.end {
                found.push((at, local));
            }
            last = second;
            second += step;
            continue;
        }
        // A clock that was put forward shows the next multiple early.
        let earlier = second - past;
        let is_early = earlier > last && matches!(local_seconds(earlier), Some((_, 0))) && last > i64::MIN;
        second = if is_early { earlier } else { second + step - past };
    }
    found
}

fn dates(
    range: TimeRange,
    zone: &TimeZone,
    first: Option<Date>,
    next: impl Fn(Date) -> Option<Date>,
) -> Vec<(EpochMillis, DateTime)> {
    let mut found = Vec::new();
    let mut date = first;
    while let Some(day) = date {
        // Where clocks go forward at midnight, the day begins with the first time that exists.
        let midnight = DateTime::from_parts(day, Time::midnight());
        let Ok(instant) = zone.to_timestamp(midnight) else { break };
        let at = EpochMillis(instant.as_millisecond());
        if at > range.end {
            break;
        }
        if at >= range.start {
            found.push((at, midnight));
        }
        date = next(day);
    }
    found
}

/// The last day on or before `date` from which steps of `days` count: weeks begin on Mondays.
fn aligned_day(date: Date, days: i64) -> Option<Date> {
    let monday = Date::new(1970, 1, 5).ok()?;
    let since = i64::from((date - monday).get_days());
    date.checked_sub(since.rem_euclid(days).days()).ok()
}

fn aligned_month(date: Date, months: i64) -> Option<Date> {
    let since = i64::from(date.year()) * 12 + i64::from(date.month()) - 1;
    let aligned = since - since.rem_euclid(months);
    let year = i16::try_from(aligned.div_euclid(12)).ok()?;
    let month = i8::try_from(aligned.rem_euclid(12) + 1).ok()?;
    Date::new(year, month, 1).ok()
}

/// From when to when a chart goes, in which zone and in which periods.
pub(super) fn caption(range: TimeRange, period: Period, zone: &TimeZone) -> String {
    format!("{} · {}", times(range, zone), period_name(period))
}

/// As much of the caption as fits: periods and clock times go first.
pub(super) fn fitting_caption(
    range: TimeRange,
    period: Period,
    zone: &TimeZone,
    fits: impl Fn(&str) -> bool,
) -> String {
    let whole = caption(range, period, zone);
    if fits(&whole) {
        return whole;
    }
    let times = times(range, zone);
    if fits(&times) {
        return times;
    }
    format!("{} {}", moment(range.start, zone), zone_name(range, zone))
}

fn times(range: TimeRange, zone: &TimeZone) -> String {
    format!("{} – {} {}", moment(range.start, zone), moment(range.end, zone), zone_name(range, zone))
}

/// `2 Sep 2024 03:10`, with seconds where there are some.
pub(super) fn moment(at: EpochMillis, zone: &TimeZone) -> String {
    match Timestamp::from_millisecond(at.0) {
        Ok(instant) => {
            let local = zone.to_datetime(instant);
            let time = if local.second() == 0 { clock(local) } else { clock_with_seconds(local) };
            format!("{} {} {time}", day(local.date()), local.year())
        }
        Err(_) => format!("{} ms", at.0),
    }
}

fn zone_name(range: TimeRange, zone: &TimeZone) -> String {
    match (zone.iana_name(), Timestamp::from_millisecond(range.start.0)) {
        (Some(name), _) => name.to_owned(),
        (None, Ok(instant)) => format!("UTC{}", zone.to_offset(instant)),
        (None, Err(_)) => "UTC".to_owned(),
    }
}

fn period_name(period: Period) -> String {
    const UNITS: [(u32, &str); 4] = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let seconds = period.seconds();
    let (length, name) =
        UNITS.into_iter().find(|(length, _)| seconds.is_multiple_of(*length)).unwrap_or((1, "second"));
    format!("{}-{name} periods", seconds / length)
}

fn day(date: Date) -> String {
    format!("{} {}", date.day(), month_name(date))
}

fn month_name(date: Date) -> &'static str {
    usize::try_from(date.month() - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
}

fn weekday_name(date: Date) -> &'static str {
    let index = date.weekday().to_monday_zero_offset();
    usize::try_from(index).ok().and_then(|index| WEEKDAYS.get(index)).copied().unwrap_or_default()
}

fn clock(local: DateTime) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

fn clock_with_seconds(local: DateTime) -> String {
    format!("{}:{:02}", clock(local), local.second())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(start: &str, end: &str, zone: &str, cells: f64) -> Vec<String> {
        let at = |text: &str| EpochMillis(text.parse::<Timestamp>().unwrap().as_millisecond());
        let range = TimeRange { start: at(start), end: at(end) };
        let position = |at: EpochMillis| (at.0 - range.start.0) as f64 / range.millis() as f64 * cells;
        let width = |text: &str| text.len() as f64;
        let room = Room { position: &position, width: &width, gap: 2.0, from: -10.0, to: cells + 10.0 };
        let zone = TimeZone::get(zone).unwrap();
        ticks(range, &zone, &room).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn a_day_has_hours_and_its_date() {
        assert_eq!(
            labels("2024-09-12T00:00:00Z", "2024-09-12T12:00:00Z", "UTC", 40.0),
            ["12 Sep", "03:00", "06:00", "09:00", "12:00"]
        );
    }

    #[test]
    fn longer_ranges_have_days_weeks_months_and_years() {
        let from = "2024-09-02T00:00:00Z";
        assert_eq!(
            labels(from, "2024-09-05T00:00:00Z", "UTC", 34.0),
            ["Mon 2 Sep", "Tue 3 Sep", "Wed 4 Sep", "Thu 5 Sep"]
        );
        assert_eq!(labels(from, "2024-09-16T00:00:00Z", "UTC", 30.0), ["2 Sep", "9 Sep", "16 Sep"]);
        assert_eq!(
            labels(from, "2025-03-02T00:00:00Z", "UTC", 40.0),
            ["Oct", "Nov", "Dec", "2025", "Feb", "Mar"]
        );
        assert_eq!(labels(from, "2027-09-02T00:00:00Z", "UTC", 20.0), ["2025", "2026", "2027"]);
    }

    #[test]
    fn ticks_follow_the_local_clock_over_its_changes() {
        // Berlin's clock goes from 02:00 to 03:00 at 01:00Z.
        assert_eq!(
            labels("2024-03-30T23:00:00Z", "2024-03-31T04:00:00Z", "Europe/Berlin", 40.0),
            ["31 Mar", "01:00", "03:00", "04:00", "05:00", "06:00"]
        );
        assert_eq!(
            labels("2024-03-30T23:00:00Z", "2024-03-31T10:00:00Z", "Europe/Berlin", 44.0),
            ["31 Mar", "04:00", "06:00", "08:00", "10:00", "12:00"]
        );
        // It shows 02:00 twice in October.
        assert_eq!(
            labels("2024-10-26T22:00:00Z", "2024-10-27T03:00:00Z", "Europe/Berlin", 50.0),
            ["27 Oct", "01:00", "02:00", "02:00", "03:00", "04:00"]
        );
        assert_eq!(
            labels("2024-03-28T23:00:00Z", "2024-04-01T22:00:00Z", "Europe/Berlin", 60.0),
            ["Fri 29 Mar", "Sat 30 Mar", "Sun 31 Mar", "Mon 1 Apr", "Tue 2 Apr"]
        );
    }

    #[test]
    fn the_first_step_after_a_clock_went_forward_is_short() {
        let range = TimeRange { start: EpochMillis(1_711_839_600_000), end: EpochMillis(1_711_861_200_000) };
        let found = hours(range, &TimeZone::get("Europe/Berlin").unwrap(), 10_800);
        let shown: Vec<String> = found.iter().map(|(_, local)| clock(*local)).collect();
        assert_eq!(shown, ["00:00", "03:00", "06:00"]);
        assert_eq!(found[1].0.0 - found[0].0.0, 7_200_000);
    }

    #[test]
    fn offsets_of_half_hours_count_too() {
        assert_eq!(
            labels("2024-09-12T00:00:00Z", "2024-09-12T04:00:00Z", "Asia/Kolkata", 40.0),
            ["06:00", "07:00", "08:00", "09:00"]
        );
    }

    #[test]
    fn times_beyond_the_calendar_have_no_ticks() {
        let range = TimeRange { start: EpochMillis(i64::MIN), end: EpochMillis(i64::MAX) };
        let room = Room { position: &|_| 0.0, width: &|_| 1.0, gap: 1.0, from: 0.0, to: 100.0 };
        assert!(ticks(range, &TimeZone::UTC, &room).is_empty());
        assert!(caption(range, Period::MINUTE, &TimeZone::UTC).contains("ms"));
    }

    #[test]
    fn captions_say_when_and_how_fine() {
        let range = TimeRange { start: EpochMillis(1_726_110_600_000), end: EpochMillis(1_726_111_500_000) };
        let period = Period::from_seconds(300).unwrap();
        assert_eq!(
            caption(range, period, &TimeZone::UTC),
            "12 Sep 2024 03:10 – 12 Sep 2024 03:25 UTC · 5-minute periods"
        );
    }
}
