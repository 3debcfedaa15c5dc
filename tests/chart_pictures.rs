//! Pictures of many kinds of charts: well-formed, inside of their frame, no text over another.
//!
//! Set `TRAILQL_PICTURES` to a folder to get them as files, to be looked at.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

use roxmltree::{Document, Node};
use trailql::EpochMillis;
use trailql::chart::{
    BandPoint, Chart, Shade, ShadeKind, Summary, SvgOptions, Threshold, outside, svg, terminal,
};
use trailql::series::{Period, Point, TimeRange, TimeSeries, Unit};
use unicode_width::UnicodeWidthStr;

const START: i64 = 1_725_235_200_000; // 2024-09-02T00:00:00Z, a Monday
const DAY: i64 = 86_400_000;

/// A small generator of numbers, so that pictures are the same every time.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A count around a mean (Knuth's method).
    fn count(&mut self, mean: f64) -> f64 {
        let (limit, mut product, mut count) = ((-mean).exp(), self.next(), 0.0);
        while product > limit {
            product *= self.next();
            count += 1.0;
        }
        count
    }
}

fn minutes(count: u64) -> Period {
    Period::from_seconds(count * 60).unwrap()
}

fn days(count: i64) -> TimeRange {
    TimeRange { start: EpochMillis(START), end: EpochMillis(START + count * DAY) }
}

fn series(label: &str, range: TimeRange, period: Period, value: impl FnMut(f64) -> f64) -> TimeSeries {
    let mut value = value;
    let count = range.millis() / period.millis();
    let points = (0..count)
        .map(|n| range.start.0 + n * period.millis())
        .map(|at| Point { at: EpochMillis(at), value: value((at - range.start.0) as f64 / DAY as f64) })
        .collect();
    TimeSeries { label: label.to_owned(), points }
}

/// How busy a time of day is.
fn daily(day: f64) -> f64 {
    0.5 - 0.5 * ((day.fract() - 0.1) * std::f64::consts::TAU).cos()
}

fn presigned(range: TimeRange, period: Period) -> Chart {
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

fn groups(count: usize, names: impl Fn(usize) -> String) -> Chart {
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

fn plain(value: impl FnMut(f64) -> f64) -> Chart {
    let (range, period) = (days(1), minutes(5));
    let mut chart = Chart::new("values", range, period);
    chart.lines = vec![series("value", range, period, value)];
    chart
}

fn gallery() -> Vec<(String, Chart)> {
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

/// Left, top, right and bottom.
type Place = (f64, f64, f64, f64);

/// The place a text takes, by a rougher estimate than the layout's own: six tenths of the font's size a cell.
fn text_box(node: Node) -> Place {
    let number = |name| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let (x, y, font) = (number("x"), number("y"), number("font-size"));
    let width = node.text().unwrap_or_default().width() as f64 * font * 0.6;
    let left = match node.attribute("text-anchor").unwrap() {
        "start" => x,
        "middle" => x - width / 2.0,
        "end" => x - width,
        other => panic!("{other}"),
    };
    (left, y - font * 0.8, left + width, y + font * 0.25)
}

/// Checks that a picture is well-formed, that all of it is inside of its frame, and that no text lies over another.
fn check(name: &str, picture: &str) {
    let document = Document::parse(picture).unwrap_or_else(|error| panic!("{name}: {error}\n{picture}"));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let frame: Vec<f64> =
        root.attribute("viewBox").unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
    let is_inside = |x: f64, y: f64| {
        (0.0..=frame[2]).contains(&x) && (0.0..=frame[3]).contains(&y)
            || panic!("{name}: {x}, {y} in {frame:?}")
    };
    let mut texts: Vec<(Place, &str)> = Vec::new();
    for node in root.descendants().filter(Node::is_element) {
        let number = |name| node.attribute(name).unwrap().parse::<f64>().unwrap();
        match node.tag_name().name() {
            "path" => {
                for place in
                    node.attribute("d").unwrap().split(['M', 'L', 'Z']).filter(|place| !place.is_empty())
                {
                    let (x, y) = place.split_once(',').unwrap();
                    is_inside(x.parse().unwrap(), y.parse().unwrap());
                }
            }
            "line" => {
                is_inside(number("x1"), number("y1"));
                is_inside(number("x2"), number("y2"));
            }
            "rect" => {
                is_inside(number("x"), number("y"));
                is_inside(number("x") + number("width"), number("y") + number("height"));
            }
            "circle" => {
                is_inside(number("cx") - number("r"), number("cy") - number("r"));
                is_inside(number("cx") + number("r"), number("cy") + number("r"));
            }
            "text" => {
                let (left, top, right, bottom) = text_box(node);
                is_inside(left, top);
                is_inside(right, bottom);
                texts.push(((left, top, right, bottom), node.text().unwrap_or_default()));
            }
            "svg" | "title" | "desc" | "style" | "g" => {}
            other => panic!("{name}: what is a {other}?"),
        }
    }
    for (index, (a, first)) in texts.iter().enumerate() {
        for (b, second) in &texts[index + 1..] {
            let apart = a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1;
            assert!(apart, "{name}: `{first}` {a:?} lies over `{second}` {b:?}");
        }
    }
}

#[test]
fn every_picture_is_well_formed_inside_its_frame_and_legible() {
    let folder = std::env::var_os("TRAILQL_PICTURES").map(std::path::PathBuf::from);
    for (name, chart) in gallery() {
        for (width, height) in [(1_000, 360), (400, 300), (240, 140), (1_600, 500)] {
            for embedded in [false, true] {
                let picture = svg(&chart, &SvgOptions { width, height, embedded });
                check(&format!("{name} {width}×{height}"), &picture);
                if let (Some(folder), false) = (&folder, embedded) {
                    std::fs::write(folder.join(format!("{name}-{width}.svg")), picture).unwrap();
                }
            }
        }
        for colour in [false, true] {
            let picture = terminal(&chart, 100, 24, colour);
            if let Some(folder) = &folder {
                std::fs::write(folder.join(format!("{name}-{colour}.txt")), picture).unwrap();
            }
        }
    }
}

#[test]
fn no_line_of_a_terminal_is_wider_than_asked_for() {
    for (name, chart) in gallery() {
        for (width, height) in [(100, 24), (24, 8), (40, 12), (200, 50)] {
            let picture = terminal(&chart, width, height, false);
            for line in picture.lines() {
                assert!(line.width() <= width, "{name} {width}: {line}");
            }
        }
    }
}
