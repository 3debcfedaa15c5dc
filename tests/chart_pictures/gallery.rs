//! Charts of many kinds.

use trailql::EpochMillis;
use trailql::chart::{BandPoint, Chart, Shade, ShadeKind, Summary, Threshold, outside};
use trailql::series::{Period, Point, TimeRange, TimeSeries, Unit};

pub(crate) const START: i64 = 1_725_235_200_000; // 2024-09-02T00:00:00Z, a Monday
pub(crate) const DAY: i64 = 86_400_000;

/// A small generator of numbers, so that pictures are the same every time.
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A count around a mean (Knuth's method).
    pub(crate) fn count(&mut self, mean: f64) -> f64 {
        let (limit, mut product, mut count) = ((-mean).exp(), self.next(), 0.0);
        while product > limit {
            product *= self.next();
            count += 1.0;
        }
        count
    }
}

pub(crate) fn minutes(count: u64) -> Period {
    Period::from_seconds(count * 60).unwrap()
}

pub(crate) fn days(count: i64) -> TimeRange {
    TimeRange { start: EpochMillis(START), end: EpochMillis(START + count * DAY) }
}

pub(crate) fn series(
    label: &str,
    range: TimeRange,
    period: Period,
    value: impl FnMut(f64) -> f64,
) -> TimeSeries {
    let mut value = value;
    let count = range.millis() / period.millis();
    let points = (0..count)
        .map(|n| range.start.0 + n * period.millis())
        .map(|at| Point { at: EpochMillis(at), value: value((at - range.start.0) as f64 / DAY as f64) })
        .collect();
    TimeSeries { label: label.to_owned(), points }
}

/// How busy a time of day is.
pub(crate) fn daily(day: f64) -> f64 {
    0.5 - 0.5 * ((day.fract() - 0.1) * std::f64::consts::TAU).cos()
}

pub(crate) fn presigned(range: TimeRange, period: Period) -> Chart {
    let mut noise = Noise(7);
    let mut chart = Chart::new("presigned-URL (Sum)", range, period);
    chart.subtitle = Some("The band approximates CloudWatch's unpublished model.".to_owned());
    chart.unit = Unit::Count;
    chart.summary = Summary::Sum;
    let burst = 10.13..10.195;
    let line = series("presigned-URL", range, period, |day| {
        noise.count(0.2 + 1.2 * daily(day) + if burst.contains(&day) { 5.0 } else { 0.0 })
    });
    chart.band = line
        .points
        .iter()
        .filter(|point| point.at.0 >= START + 3 * DAY)
        .map(|point| {
            let expected = 0.2 + 1.2 * daily((point.at.0 - START) as f64 / DAY as f64);
            BandPoint { at: point.at, lower: 0.0, upper: (expected + 3.3 * expected.sqrt()).ceil(), expected }
        })
        .collect();
    chart.anomalies = outside(&line.points, &chart.band);
    chart.lines = vec![line];
    let at = |day: f64| EpochMillis(START + (day * DAY as f64) as i64);
    chart.shades = vec![
        Shade {
            range: TimeRange { start: at(burst.start), end: at(burst.end) },
            kind: ShadeKind::Window,
            label: "injected".to_owned(),
        },
        Shade {
            range: TimeRange { start: at(burst.start + 0.01), end: at(burst.end + 0.02) },
            kind: ShadeKind::Alarm,
            label: "ALARM presigned-URL-anomaly".to_owned(),
        },
    ];
    chart
}

pub(crate) fn groups(count: usize, names: impl Fn(usize) -> String) -> Chart {
    let (range, period) = (days(3), minutes(15));
    let mut noise = Noise(3);
    let mut chart = Chart::new("presigned-URL-userName by userName", range, period);
    chart.unit = Unit::Count;
    chart.summary = Summary::Sum;
    chart.lines = (0..count)
        .map(|n| {
            let mean = 30.0 / (1.0 + n as f64 * 0.7);
            series(&names(n), range, period, |day| noise.count(mean * (0.3 + daily(day + n as f64 * 0.05))))
        })
        .collect();
    chart
}

pub(crate) fn plain(value: impl FnMut(f64) -> f64) -> Chart {
    let (range, period) = (days(1), minutes(5));
    let mut chart = Chart::new("values", range, period);
    chart.lines = vec![series("value", range, period, value)];
    chart
}

pub(crate) fn gallery() -> Vec<(String, Chart)> {
    let mut gallery: Vec<(String, Chart)> = Vec::new();
    let mut add = |name: &str, chart: Chart| gallery.push((name.to_owned(), chart));
    add("band-2-weeks", presigned(days(14), minutes(5)));
    add("band-20160-points", presigned(days(14), minutes(1)));
    add("band-11-days-hourly", presigned(days(11), minutes(60)));
    for count in [0, 1, 2, 5, 10, 20, 21, 40, 60] {
        add(&format!("groups-{count}"), groups(count, |n| format!("user-{n}")));
    }
    add(
        "groups-20-long",
        groups(20, |n| {
            format!(
                "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/person.{n}@example.com"
            )
        }),
    );
    add("groups-12-wide", groups(12, |n| format!("利用者グループ-{n} — ΔΩ Übergröße WWWWMMMM")));
    add("negative", plain(|day| (day * 20.0).sin() * 3.5 - 1.0));
    add("all-negative", plain(|day| (day * 20.0).sin() - 40.0));
    add("huge", plain(|day| (day * 20.0).sin().abs() * 3.2e21));
    add("extreme", plain(|day| if day > 0.5 { f64::MAX } else { f64::MIN }));
    add("tiny", plain(|day| (day * 20.0).sin().abs() * 4.2e-9));
    add("constant", plain(|_| 98.6));
    add("zero", plain(|_| 0.0));
    add("far-from-zero", plain(|day| 1_000_000.0 + (day * 9.0).sin() * 40.0));
    add("not-finite", plain(|day| if day > 0.4 { f64::NAN } else { f64::INFINITY }));
    let mut bytes = plain(|day| 2.5e9 * daily(day));
    bytes.unit = Unit::BytesPerSecond;
    bytes.time_zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    bytes.thresholds = vec![Threshold { value: 2e9, label: "threshold".to_owned() }];
    add("threshold", bytes);
    let mut gaps =
        plain(|day| if (day * 40.0) as i64 % 3 == 0 { f64::NAN } else { 5.0 + (day * 50.0).cos() });
    gaps.subtitle = Some("A period without data is no zero. ".repeat(12));
    gaps.time_zone = jiff::tz::TimeZone::get("Asia/Kolkata").unwrap();
    add("gaps", gaps);
    let mut sparse = presigned(days(14), minutes(5));
    for line in &mut sparse.lines {
        line.points.retain(|point| point.value > 0.0);
    }
    add("sparse", sparse);
    let mut single = plain(|day| 42.0 + day);
    single.lines[0].points.truncate(1);
    add("single", single);
    let mut hour = plain(|day| day * 100.0);
    hour.range.end = EpochMillis(START + 3_600_000);
    hour.shades = (0..30)
        .map(|n| Shade {
            range: TimeRange {
                start: EpochMillis(START + n * 100_000),
                end: EpochMillis(START + n * 100_000 + 30_000),
            },
            kind: if n % 2 == 0 { ShadeKind::Window } else { ShadeKind::Alarm },
            label: format!("incident {n}"),
        })
        .collect();
    add("many-shades", hour);
    gallery
}
