//! Numbers and times as every form of the report writes them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Table;
use crate::EpochMillis;
use crate::alarm::StateChange;
use crate::backtest::{AlarmHistory, Watched};
use crate::report::{counted, grouped};
use crate::series::{Period, Point, TimeRange};

/// A value without digits that say nothing.
pub(super) fn number(value: f64) -> String {
    if value == value.trunc() && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `2024-09-12 03:20`
pub(super) fn time(at: EpochMillis, zone: &TimeZone) -> String {
    match Timestamp::from_millisecond(at.0) {
        Ok(instant) => zone.to_datetime(instant).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => crate::values::render_time(at),
    }
}

/// `2024-09-12 03:20 to 04:45`; the date again where it is another one.
pub(super) fn times(range: TimeRange, zone: &TimeZone) -> String {
    let (start, end) = (time(range.start, zone), time(range.end, zone));
    match (start.split_once(' '), end.split_once(' ')) {
        (Some((first, _)), Some((last, clock))) if first == last => format!("{start} to {clock}"),
        _ => format!("{start} to {end}"),
    }
}

/// `5 min`, `1 h`, `30 s`
pub(super) fn period(period: Period) -> String {
    match period.seconds() {
        days if days % 86_400 == 0 => format!("{} d", days / 86_400),
        hours if hours % 3_600 == 0 => format!("{} h", hours / 3_600),
        minutes if minutes % 60 == 0 => format!("{} min", minutes / 60),
        seconds => format!("{seconds} s"),
    }
}

/// What a series is: `advanced-cloudtrail-event / presigned-URL, Sum of 5 min`
pub(super) fn series(watched: &Watched) -> String {
    match &watched.statistic {
        Some(statistic) => format!("{}, {statistic} of {}", watched.label, period(watched.period)),
        None => format!("{}, periods of {}", watched.label, period(watched.period)),
    }
}

/// What the points outside of a band are, in a few words.
pub(super) fn outside(watched: &Watched) -> Option<String> {
    let band = watched.band.as_ref()?;
    let (Some(first), total) = (band.expected.first(), watched.points.len()) else {
        let why = band.missing.as_ref().map_or_else(String::new, |missing| format!(": {missing}"));
        return Some(format!("no band{why}"));
    };
    let above = band.outside.iter();
    let above = above.filter(|point| band.at(point.at).is_some_and(|one| point.value > one.upper));
    let above = above.count();
    let below = band.outside.len() - above;
    let mut text = format!(
        "{} above the band of {} standard deviations, {} below, of {}",
        counted(above as u64, "point"),
        number(band.width.deviations()),
        grouped(below as u64),
        grouped(total as u64),
    );
    text.push_str(&format!("; band from {}", time(first.at, &watched.time_zone)));
    Some(text)
}

/// The first runs of points outside of a band, each over periods that follow one another; and how many more there are.
pub(super) fn outside_table(watched: &Watched, most: usize) -> Option<(Table, usize)> {
    let band = watched.band.as_ref()?;
    let mut runs: Vec<Vec<Point>> = Vec::new();
    for point in &band.outside {
        let follows = |run: &Vec<Point>| {
            run.last().is_some_and(|last| point.at.0.saturating_sub(last.at.0) <= watched.period.millis())
        };
        match runs.last_mut().filter(|run| follows(run)) {
            Some(run) => run.push(*point),
            None => runs.push(vec![*point]),
        }
    }
    let mut table = Table::named(&["outside the band", "periods", "value", "expected", "band"]);
    for run in runs.iter().take(most) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let (Some(begin), Some(end)) = (band.at(first.at), band.at(last.at)) else { continue };
        let when = match run.len() {
            1 => time(first.at, &watched.time_zone),
            _ => times(TimeRange { start: first.at, end: last.at }, &watched.time_zone),
        };
        let values = || run.iter().map(|point| point.value);
        table.push([
            when,
            grouped(run.len() as u64),
            span(values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max)),
            span(begin.expected.min(end.expected), begin.expected.max(end.expected)),
            format!("{} to {}", number(begin.lower.min(end.lower)), number(begin.upper.max(end.upper))),
        ]);
    }
    (!table.rows.is_empty()).then_some((table, runs.len().saturating_sub(most)))
}

/// `4 to 5`, or one number where both are the same.
fn span(least: f64, most: f64) -> String {
    match (number(least), number(most)) {
        (least, most) if least == most => least,
        (least, most) => format!("{least} to {most}"),
    }
}

/// How often an alarm was raised: `in ALARM 4 times in 1 episode`, or `never in ALARM`.
pub(super) fn raised(alarm: &AlarmHistory) -> String {
    match (alarm.timeline().alarms() as u64, alarm.episodes().len() as u64) {
        (0, _) => "never in ALARM".to_owned(),
        (alarms, episodes) if alarms == episodes => format!("in ALARM {}", counted(alarms, "time")),
        (alarms, episodes) => {
            format!("in ALARM {} in {}", counted(alarms, "time"), counted(episodes, "episode"))
        }
    }
}

/// A change of state without the state before, which is the row above.
pub(super) fn change(change: &StateChange, zone: &TimeZone) -> [String; 3] {
    [time(change.at, zone), change.to.to_string(), change.reason.clone()]
}
