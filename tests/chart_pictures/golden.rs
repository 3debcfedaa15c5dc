//! A few small pictures in full, in `tests/golden/chart`.

use serde_json::Value;
use trailql::EpochMillis;
use trailql::chart::{
    BandPoint, Chart, Shade, ShadeKind, Summary, SvgOptions, Threshold, outside, svg, terminal,
};
use trailql::series::{Point, TimeRange, TimeSeries, Unit};

use crate::gallery::minutes;

const HOUR: i64 = 3_600_000;
/// 2024-09-12T00:00:00Z
const MIDNIGHT: i64 = 1_726_099_200_000;

/// The night of the injected burst, as the example of presigned URLs counts it, under an invented band.
fn burst() -> Chart {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/presigned-url/expected.json");
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let counts = &expected["presignedPerPeriod"]["2024-09-12"];
    let range = TimeRange { start: EpochMillis(MIDNIGHT + 2 * HOUR), end: EpochMillis(MIDNIGHT + 6 * HOUR) };
    let points: Vec<Point> = (0..48)
        .map(|n| {
            let minute = 120 + n * 5;
            let clock = format!("{:02}:{:02}", minute / 60, minute % 60);
            let value = counts[&clock].as_f64().unwrap_or(0.0);
            Point { at: EpochMillis(MIDNIGHT + minute * 60_000), value }
        })
        .collect();
    let mut chart = Chart::new("presigned-URL", range, minutes(5));
    chart.subtitle = Some("The band approximates the service's unpublished model.".to_owned());
    chart.unit = Unit::Count;
    chart.summary = Summary::Sum;
    chart.band = points
        .iter()
        .map(|point| BandPoint { at: point.at, lower: 0.0, upper: 2.0, expected: 0.4 })
        .collect();
    chart.anomalies = outside(&points, &chart.band);
    chart.lines = vec![TimeSeries { label: "Sum".to_owned(), points }];
    let shade = |from: i64, to: i64, kind, label: &str| Shade {
        range: TimeRange {
            start: EpochMillis(MIDNIGHT + from * 60_000),
            end: EpochMillis(MIDNIGHT + to * 60_000),
        },
        kind,
        label: label.to_owned(),
    };
    chart.shades =
        vec![shade(190, 280, ShadeKind::Window, "injected"), shade(200, 290, ShadeKind::Alarm, "in ALARM")];
    chart
}

fn groups() -> Chart {
    let range = TimeRange { start: EpochMillis(MIDNIGHT), end: EpochMillis(MIDNIGHT + 24 * HOUR) };
    let mut chart = Chart::new("by userName", range, minutes(60));
    chart.time_zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    chart.summary = Summary::Maximum;
    chart.thresholds = vec![Threshold { value: 7.5, label: "threshold".to_owned() }];
    chart.lines =
        [("app-backend", 3), ("<b>&\u{1b}[31m", 5), ("arn:aws:iam::444455556666:user/unauthorizedUser", 7)]
            .map(|(label, every)| TimeSeries {
                label: label.to_owned(),
                points: (0..24)
                    .filter(|n| n % every != 2)
                    .map(|n| Point { at: EpochMillis(MIDNIGHT + n * HOUR), value: (n % every) as f64 - 1.0 })
                    .collect(),
            })
            .to_vec();
    chart
}

fn empty() -> Chart {
    let range = TimeRange { start: EpochMillis(MIDNIGHT), end: EpochMillis(MIDNIGHT + 24 * HOUR) };
    Chart::new("nothing", range, minutes(5))
}

const SMALL: SvgOptions = SvgOptions { width: 480, height: 260, embedded: true };

#[test]
fn a_burst_over_its_band() {
    snapbox::assert_data_eq!(svg(&burst(), &SMALL), snapbox::file!["../golden/chart/burst.svg": Text]);
    snapbox::assert_data_eq!(terminal(&burst(), 72, 20, false), snapbox::file!["../golden/chart/burst.txt"]);
}

#[test]
fn groups_with_gaps() {
    snapbox::assert_data_eq!(svg(&groups(), &SMALL), snapbox::file!["../golden/chart/groups.svg": Text]);
    snapbox::assert_data_eq!(
        terminal(&groups(), 72, 20, false),
        snapbox::file!["../golden/chart/groups.txt"]
    );
}

#[test]
fn nothing_at_all() {
    let whole = SvgOptions { embedded: false, ..SMALL };
    snapbox::assert_data_eq!(svg(&empty(), &whole), snapbox::file!["../golden/chart/empty.svg": Text]);
    snapbox::assert_data_eq!(terminal(&empty(), 72, 12, false), snapbox::file!["../golden/chart/empty.txt"]);
}
