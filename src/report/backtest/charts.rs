//! The charts of a backtest: each watched series with its band and alarms, each query with a line for every group.

use jiff::tz::TimeZone;

use super::{Replayed, facts};
use crate::EpochMillis;
use crate::anomaly::APPROXIMATION;
use crate::backtest::Watched;
use crate::chart::{BandPoint, Chart, Shade, ShadeKind, Summary, Threshold};
use crate::series::{Period, TimeRange, TimeSeries, Unit};

/// A chart, and a name for its file.
#[derive(Clone, Debug)]
pub struct NamedChart {
    /// Letters, digits and hyphens.
    pub name: String,
    /// The chart.
    pub chart: Chart,
    /// The same around the first alarms.
    pub close: Vec<Chart>,
}

/// All charts of a backtest: the watched series first, then the queries; no two of one name.
pub fn charts(replayed: &Replayed<'_>) -> Vec<NamedChart> {
    let mut charts: Vec<NamedChart> = Vec::new();
    for watched in &replayed.backtest.watched {
        let name = watched.alarm.as_deref().unwrap_or(&watched.label);
        let chart = of_watched(replayed, watched);
        let close = close_ups(replayed, watched, &chart);
        push(&mut charts, name, chart, close);
    }
    for query in &replayed.backtest.queries {
        let range = whole_periods(replayed.backtest.range, query.period);
        let mut chart = Chart::new(query.query.to_string(), range, query.period);
        chart.lines = query
            .groups
            .iter()
            .map(|group| TimeSeries { label: group.label.clone(), points: group.points.clone() })
            .collect();
        chart.summary = Summary::Sum;
        chart.value_label = Some(format!("per {}", facts::period(query.period)));
        push(&mut charts, &query.path, chart, Vec::new());
    }
    charts
}

fn push(charts: &mut Vec<NamedChart>, name: &str, chart: Chart, close: Vec<Chart>) {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let plain = plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let plain = if plain.is_empty() { "chart".to_owned() } else { plain };
    let taken = |name: &str| charts.iter().any(|known| known.name == name);
    let numbered = (2..).map(|number| format!("{plain}-{number}"));
    let name = std::iter::once(plain.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(plain);
    charts.push(NamedChart { name, chart, close });
}

fn of_watched(replayed: &Replayed<'_>, watched: &Watched) -> Chart {
    let range = whole_periods(replayed.backtest.range, watched.period);
    let mut chart = Chart::new(facts::series(watched), range, watched.period);
    chart.unit = watched.unit;
    if watched.unit == Unit::None {
        chart.value_label = watched.statistic.clone();
    }
    chart.time_zone = watched.time_zone.clone();
    let label = watched.statistic.clone().unwrap_or_else(|| "value".to_owned());
    chart.lines = vec![TimeSeries { label, points: watched.points.clone() }];
    if let Some(band) = &watched.band {
        chart.subtitle = Some(APPROXIMATION.to_owned());
        chart.band = band
            .expected
            .iter()
            .map(|one| BandPoint {
                at: one.at,
                lower: one.band.lower,
                upper: one.band.upper,
                expected: one.band.expected,
            })
            .collect();
        chart.anomalies = band.outside.clone();
    }
    if let Some(value) = watched.threshold {
        chart.thresholds.push(Threshold { value, label: "threshold".to_owned() });
    }
    let alarm = replayed.backtest.alarms.iter().find(|alarm| Some(&alarm.name) == watched.alarm.as_ref());
    if let Some(alarm) = alarm {
        let shade = |range: TimeRange| Shade { range, kind: ShadeKind::Alarm, label: "ALARM".to_owned() };
        chart.shades = alarm.alarmed().into_iter().map(shade).collect();
    }
    chart
}

/// The chart around each of the first alarms: twelve hours before and six after, or more where the alarm lasted long.
fn close_ups(replayed: &Replayed<'_>, watched: &Watched, chart: &Chart) -> Vec<Chart> {
    const HOUR: i64 = 3_600_000;
    const MOST: usize = 3;
    let alarm = replayed.backtest.alarms.iter().find(|alarm| Some(&alarm.name) == watched.alarm.as_ref());
    let episodes = alarm.map(|alarm| alarm.episodes()).unwrap_or_default();
    let whole = replayed.backtest.range;
    let close_up = |episode: TimeRange| {
        let around = episode.millis().max(6 * HOUR);
        let start = EpochMillis(episode.start.0.saturating_sub(around.saturating_mul(2))).max(whole.start);
        let end = EpochMillis(episode.end.0.saturating_add(around)).min(whole.end);
        let range = TimeRange { start, end };
        let title = format!("{} around the alarm", chart.title);
        (range.millis() < whole.millis() / 2).then(|| Chart { range, title, ..chart.clone() })
    };
    episodes.into_iter().take(MOST).filter_map(close_up).collect()
}

/// The range, widened to whole periods, so that the first and the last one are drawn.
fn whole_periods(range: TimeRange, period: Period) -> TimeRange {
    let last = period.floor(EpochMillis(range.end.0.saturating_sub(1)));
    TimeRange { start: period.floor(range.start), end: EpochMillis(last.0.saturating_add(period.millis())) }
}

/// The zone in which times are shown where no detector says another one.
pub(super) fn zone_of(replayed: &Replayed<'_>, alarm: &str) -> TimeZone {
    let watched = replayed.backtest.watched.iter().find(|watched| watched.alarm.as_deref() == Some(alarm));
    watched.map_or(TimeZone::UTC, |watched| watched.time_zone.clone())
}
