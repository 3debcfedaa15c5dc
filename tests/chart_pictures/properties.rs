//! What holds of pictures of any data.

use proptest::collection::vec;
use proptest::prelude::*;
use roxmltree::Document;
use trailql::EpochMillis;
use trailql::chart::{
    BandPoint, Chart, Shade, ShadeKind, Summary, SvgOptions, Threshold, sparkline, svg, terminal,
};
use trailql::series::{Period, Point, TimeRange, TimeSeries, Unit};
use unicode_width::UnicodeWidthStr;

use crate::check::check;

const START: i64 = 1_725_235_200_000;

/// Any double: not a number, endless, tiny and huge ones too, and counts.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![3 => prop::num::f64::ANY, 3 => (-5_i32..20).prop_map(f64::from), 1 => Just(f64::INFINITY), 1 => Just(f64::MAX)]
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Z0-9:/@._-]{0,80}",
        Just("</script>]]><!--".to_owned()),
        Just("\u{1b}[2J\u{0}\u{ffff}\u{202e}\n☺\u{fe0f}".to_owned()),
    ]
}

fn instant() -> impl Strategy<Value = EpochMillis> {
    prop_oneof![
        8 => (0_i64..400).prop_map(|n| EpochMillis(START + n * 60_000)),
        1 => any::<i64>().prop_map(EpochMillis),
    ]
}

fn range() -> impl Strategy<Value = TimeRange> {
    prop_oneof![
        6 => (0_i64..400, 1_i64..400).prop_map(|(start, length)| (START + start * 60_000, START + (start + length) * 60_000)),
        1 => (any::<i64>(), any::<i64>()),
        1 => (0_i64..1_000_000_000_000, 0_i64..1_000_000_000_000).prop_map(|(start, length)| (start, start + length)),
    ]
    .prop_map(|(start, end)| TimeRange { start: EpochMillis(start), end: EpochMillis(end) })
}

fn points() -> impl Strategy<Value = Vec<Point>> {
    vec((instant(), value()).prop_map(|(at, value)| Point { at, value }), 0..40)
}

prop_compose! {
    fn chart()(
        texts in vec(label(), 3..4),
        (unit, summary) in (prop::sample::select(Unit::ALL), prop::sample::select(vec![Summary::None, Summary::Sum, Summary::Maximum, Summary::Latest])),
        range in range(),
        seconds in prop::sample::select(vec![1_u64, 60, 300, 86_400]),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo", "Australia/Lord_Howe"]),
        lines in prop_oneof![
            4 => vec((label(), points()), 0..4),
            1 => vec((label(), points()), 18..26),
        ],
        band in vec((instant(), value(), value(), value()), 0..40),
        anomalies in points(),
        shades in vec((range(), any::<bool>(), label()), 0..10),
        thresholds in vec((value(), label()), 0..4),
    ) -> Chart {
        let mut chart = Chart::new(texts[0].clone(), range, Period::from_seconds(seconds).unwrap());
        chart.subtitle = Some(texts[1].clone());
        chart.value_label = Some(texts[2].clone()).filter(|label| label.len() % 2 == 0);
        chart.unit = unit;
        chart.summary = summary;
        chart.time_zone = jiff::tz::TimeZone::get(zone).unwrap();
        chart.lines = lines.into_iter().map(|(label, points)| TimeSeries { label, points }).collect();
        chart.band = band.into_iter().map(|(at, lower, upper, expected)| BandPoint { at, lower, upper, expected }).collect();
        chart.anomalies = anomalies;
        chart.shades = shades
            .into_iter()
            .map(|(range, alarm, label)| Shade { range, kind: if alarm { ShadeKind::Alarm } else { ShadeKind::Window }, label })
            .collect();
        chart.thresholds = thresholds.into_iter().map(|(value, label)| Threshold { value, label }).collect();
        chart
    }
}

fn steady(values: &[f64], minutes: u64) -> Chart {
    let period = Period::from_seconds(60 * minutes).unwrap();
    let at = |n: usize| EpochMillis(START + n as i64 * period.millis());
    let range = TimeRange { start: at(0), end: at(values.len()) };
    let points = values.iter().enumerate().map(|(n, &value)| Point { at: at(n), value }).collect();
    let mut chart = Chart::new("steady", range, period);
    chart.unit = Unit::Count;
    chart.lines = vec![TimeSeries { label: String::new(), points }];
    chart
}

/// The places of the one line of a picture.
fn places(picture: &str) -> Vec<(f64, f64)> {
    let document = Document::parse(picture).unwrap();
    let line = document
        .descendants()
        .find(|node| {
            node.has_tag_name(("http://www.w3.org/2000/svg", "path"))
                && node.attribute("class") == Some("tq-line tq-c0")
        })
        .unwrap();
    let data = line.attribute("d").unwrap();
    data.split(['M', 'L'])
        .filter(|place| !place.is_empty())
        .map(|place| {
            let (x, y) = place.split_once(',').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_chart_is_well_formed_inside_its_frame_and_legible(chart in chart(), width in prop_oneof![Just(0_u32), 240..2_000_u32], height in 0..800_u32, embedded: bool) {
        check("any", &svg(&chart, &SvgOptions { width, height, embedded }));
    }

    #[test]
    fn any_chart_fits_a_terminal_and_moves_no_cursor(chart in chart(), width in 0_usize..200, height in 0_usize..60) {
        let plain = terminal(&chart, width, height, false);
        for line in plain.lines() {
            prop_assert!(line.width() <= width.max(24), "{}", line);
        }
        prop_assert!(!plain.chars().any(|c| c.is_control() && c != '\n'));
        // Colours change no character.
        let painted = terminal(&chart, width, height, true);
        let mut unpainted = String::new();
        for (index, part) in painted.split("\u{1b}[").enumerate() {
            let text = if index == 0 { part } else { part.split_once('m').unwrap().1 };
            unpainted.push_str(text);
        }
        prop_assert_eq!(unpainted, plain);
    }

    #[test]
    fn a_spike_is_never_thinned_away(
        mut values in vec((0_i32..8).prop_map(f64::from), 300..3_000),
        place: prop::sample::Index,
        width in 240_u32..1_200,
    ) {
        let place = place.index(values.len());
        values[place] = 11.0;
        let mut chart = steady(&values, 1);
        chart.anomalies = vec![chart.lines[0].points[place]];
        let picture = svg(&chart, &SvgOptions { width, height: 300, embedded: true });
        let document = Document::parse(&picture).unwrap();
        let mark = document.descendants().find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "circle"))).unwrap();
        let number = |name: &str| mark.attribute(name).unwrap().parse::<f64>().unwrap();
        let places = places(&picture);
        prop_assert!(places.contains(&(number("cx"), number("cy"))));
        prop_assert_eq!(places.iter().map(|place| place.1).fold(f64::INFINITY, f64::min), number("cy"));
        prop_assert!(places.len() <= 4 * width as usize);

        let text = terminal(&chart, 80, 20, false);
        prop_assert!(text.contains('●'));
        chart.anomalies.clear();
        prop_assert!(sparkline(&chart.lines[0].points, chart.range, 40).contains('█'));
        // The axis ends at 12 or 15: nothing but the spike reaches above 8.
        let top = terminal(&chart, 80, 20, false);
        let above = top.lines().take_while(|line| !line.trim_start().starts_with('8')).flat_map(str::chars);
        prop_assert!(above.into_iter().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c)), "{}", top);
    }

    #[test]
    fn a_gap_is_never_bridged(before in 1_usize..50, gap in 2_usize..50, after in 1_usize..50) {
        let mut values = vec![3.0; before];
        values.extend(vec![f64::NAN; gap]);
        values.extend(vec![3.0; after]);
        let count = values.len() as f64;
        let picture = svg(&steady(&values, 5), &SvgOptions { width: 1_000, height: 300, embedded: true });
        let document = Document::parse(&picture).unwrap();
        let classes = |class: Option<&str>| class.is_some_and(|class| class.starts_with("tq-line tq-c0"));
        let lines = document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "path")));
        for run in lines.filter(|line| classes(line.attribute("class"))).flat_map(|line| line.attribute("d").unwrap().split('M')) {
            let xs: Vec<f64> = run.split('L').filter_map(|place| place.split_once(',')).map(|place| place.0.parse().unwrap()).collect();
            prop_assert!(xs.windows(2).all(|pair| pair[1] - pair[0] < 1.5 * 1_000.0 / count + 0.2), "{}", run);
        }
    }
}

#[test]
fn two_weeks_of_minutes_stay_small() {
    let values: Vec<f64> = (0..20_160).map(|n| f64::from(n * 7_919 % 13)).collect();
    let picture = svg(&steady(&values, 1), &SvgOptions::default());
    assert!(places(&picture).len() <= 4_000);
    assert!(picture.len() < 60_000, "{}", picture.len());
}
