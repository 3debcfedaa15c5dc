//! Metric data against a plain vector of values: every statistic, in any order of input, cut anywhere; and exports that
//! are imported again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

use proptest::prelude::*;
use trailql::EpochMillis;
use trailql::series::exchange::{
    ImportedSeries, SeriesStatus, csv, metric_data, metric_statistics, put_into_store,
};
use trailql::series::{
    Dimensions, MetricIdentity, MetricStore, Period, Point, Statistic, StatisticSet, StorageResolution,
    TimeRange, TimeSeries, Unit,
};

/// A put: milliseconds, value, resolution.
type Put = (i64, f64, StorageResolution);

const EVERYTHING: TimeRange = TimeRange { start: EpochMillis(-10_000_000), end: EpochMillis(10_000_000) };

fn metric() -> MetricIdentity {
    MetricIdentity::new("app", "latency")
}

fn store_of(puts: &[Put]) -> MetricStore {
    let mut store = MetricStore::new();
    for (at, value, resolution) in puts {
        store.put(&metric(), Unit::None, *resolution, EpochMillis(*at), *value).unwrap();
    }
    store
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        (0_i32..10).prop_map(f64::from),
        (0_i32..10_000).prop_map(|tenths| f64::from(tenths) / 10.0),
        0.0_f64..1e6,
    ]
}

fn puts(resolution: StorageResolution) -> impl Strategy<Value = Vec<Put>> {
    let put = (-1_000_000_i64..2_000_000, value()).prop_map(move |(at, value)| (at, value, resolution));
    prop::collection::vec(put, 1..60)
}

/// A statistic with hundredths of a percent or whole bounds, and what it means of sorted values.
#[derive(Clone, Debug)]
enum Asked {
    Basic(&'static str),
    Percentile(u64),
    Ranks(&'static str, u64, u64),
    Values(&'static str, u32, u32),
}

fn percent(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

impl Asked {
    fn text(&self) -> String {
        match self {
            Asked::Basic(name) => (*name).to_owned(),
            Asked::Percentile(10_000) => "p100".to_owned(),
            Asked::Percentile(hundredths) => format!("p{}", percent(*hundredths)),
            Asked::Ranks(name, low, high) => format!("{name}({}%:{}%)", percent(*low), percent(*high)),
            Asked::Values(name, low, high) => format!("{name}({low}:{high})"),
        }
    }

    /// By the definitions alone, sample for sample.
    fn of(&self, sorted: &[f64]) -> Option<f64> {
        let count = sorted.len() as f64;
        let sum: f64 = sorted.iter().sum();
        match self {
            Asked::Basic("SampleCount") => Some(count),
            Asked::Basic("Sum") => Some(sum),
            Asked::Basic("Average") => Some(sum / count),
            Asked::Basic("Minimum") => sorted.first().copied(),
            Asked::Basic("Maximum") => sorted.last().copied(),
            Asked::Basic("IQM") => Asked::Ranks("TM", 2_500, 7_500).of(sorted),
            Asked::Basic(other) => panic!("{other}"),
            Asked::Percentile(hundredths) => {
                let rank =
                    (1..=sorted.len() as u64).find(|rank| rank * 10_000 >= hundredths * sorted.len() as u64);
                sorted.get(usize::try_from(rank.unwrap() - 1).unwrap()).copied()
            }
            Asked::Ranks(name, low, high) => {
                let (low, high) = (low * sorted.len() as u64, high * sorted.len() as u64);
                let part = |index: usize| {
                    let start = index as u64 * 10_000;
                    (start + 10_000).min(high).saturating_sub(start.max(low)) as f64 / 10_000.0
                };
                let parts: Vec<(f64, f64)> =
                    sorted.iter().enumerate().map(|(index, value)| (*value, part(index))).collect();
                let weight: f64 = parts.iter().map(|(_, part)| part).sum();
                let sum: f64 = parts.iter().map(|(value, part)| value * part).sum();
                let inside: Vec<f64> =
                    parts.iter().filter(|(_, part)| *part > 0.0).map(|(value, _)| *value).collect();
                let (least, most) = (inside[0], inside[inside.len() - 1]);
                Some(match *name {
                    "TC" => weight,
                    "TS" => sum,
                    "TM" => sum / weight,
                    "WM" => sorted.iter().map(|value| value.clamp(least, most)).sum::<f64>() / count,
                    other => panic!("{other}"),
                })
            }
            Asked::Values(name, low, high) => {
                let (low, high) = (f64::from(*low), f64::from(*high));
                let inside: Vec<f64> =
                    sorted.iter().copied().filter(|value| low < *value && *value <= high).collect();
                let sum: f64 = inside.iter().sum();
                match *name {
                    "TC" => Some(inside.len() as f64),
                    "TS" => Some(sum),
                    "TM" => (!inside.is_empty()).then(|| sum / inside.len() as f64),
                    "WM" => Some(sorted.iter().map(|value| value.clamp(low, high)).sum::<f64>() / count),
                    "PR" => Some(inside.len() as f64 * 100.0 / count),
                    other => panic!("{other}"),
                }
            }
        }
    }
}

const BASICS: &[&str] = &["SampleCount", "Sum", "Average", "Minimum", "Maximum", "IQM"];
const FAMILIES: &[&str] = &["TM", "TC", "TS", "WM"];

fn asked() -> impl Strategy<Value = Asked> {
    prop_oneof![
        prop::sample::select(BASICS).prop_map(Asked::Basic),
        (0_u64..=10_000).prop_map(Asked::Percentile),
        (prop::sample::select(FAMILIES), 0_u64..9_999, 1_u64..9_999)
            .prop_map(|(name, low, more)| Asked::Ranks(name, low, (low + more).min(9_999))),
        (prop::sample::select(&["TM", "TC", "TS", "WM", "PR"][..]), 0_u32..1_000, 1_u32..2_000)
            .prop_map(|(name, low, more)| Asked::Values(name, low, low + more)),
    ]
}

fn is_near(found: Option<f64>, expected: Option<f64>) -> bool {
    match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        (found, expected) => found == expected,
    }
}

fn bits(points: &[Point]) -> Vec<(i64, u64)> {
    points.iter().map(|point| (point.at.0, point.value.to_bits())).collect()
}

proptest! {
    #[test]
    fn a_statistic_is_what_its_definition_says(
        puts in puts(StorageResolution::Minute),
        asked in asked(),
        period in prop::sample::select(&[60_u64, 120, 300, 3_600][..]),
    ) {
        let statistic: Statistic = asked.text().parse().unwrap();
        let store = store_of(&puts);
        let data = store.get(&metric()).unwrap();
        let within = |start: i64, end: i64| {
            let mut values: Vec<f64> =
                puts.iter().filter(|(at, ..)| (start..end).contains(at)).map(|(_, value, _)| *value).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let whole = data.value(&statistic, EVERYTHING);
        let expected = asked.of(&within(i64::MIN, i64::MAX));
        prop_assert!(is_near(whole, expected), "{statistic}: {whole:?}, not {expected:?}");

        let points = data.points(&statistic, Period::from_seconds(period).unwrap(), EVERYTHING);
        let millis = i64::try_from(period).unwrap() * 1_000;
        let mut met = 0;
        for bucket in -10_000_000_i64.div_euclid(millis)..=10_000_000 / millis {
            let values = within(bucket * millis, (bucket + 1) * millis);
            let expected = if values.is_empty() { None } else { asked.of(&values) };
            let found = points.iter().find(|point| point.at.0 == bucket * millis).map(|point| point.value);
            met += usize::from(found.is_some());
            prop_assert!(is_near(found, expected), "{statistic} at {bucket}: {found:?}, not {expected:?}");
        }
        prop_assert_eq!(met, points.len());
        prop_assert!(points.is_sorted_by_key(|point| point.at));
    }

    #[test]
    fn the_order_of_puts_and_the_cut_into_minutes_do_not_matter(
        puts in puts(StorageResolution::Second),
        asked in asked(),
        order in prop::collection::vec(any::<u32>(), 60),
    ) {
        let statistic: Statistic = asked.text().parse().unwrap();
        let mut shuffled: Vec<(u32, Put)> = order.into_iter().zip(puts.iter().copied()).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<Put> = shuffled.into_iter().map(|(_, put)| put).collect();
        let (one, other) = (store_of(&puts), store_of(&shuffled));
        let (one, other) = (one.get(&metric()).unwrap(), other.get(&metric()).unwrap());
        for seconds in [1, 5, 60, 300] {
            let period = Period::from_seconds(seconds).unwrap();
            prop_assert_eq!(
                bits(&one.points(&statistic, period, EVERYTHING)),
                bits(&other.points(&statistic, period, EVERYTHING))
            );
        }
        let same_minute: Vec<Put> = puts.iter().map(|(_, value, _)| (0, *value, StorageResolution::Minute)).collect();
        let together = store_of(&same_minute);
        let together = together.get(&metric()).unwrap();
        let bits_of = |value: Option<f64>| value.map(f64::to_bits);
        prop_assert_eq!(
            bits_of(one.value(&statistic, EVERYTHING)),
            bits_of(together.value(&statistic, EVERYTHING)),
            "the values of many seconds are those of one minute"
        );
        prop_assert_eq!(one.statistics(EVERYTHING), together.statistics(EVERYTHING));
    }

    #[test]
    fn statistic_sets_merge_to_the_whole(puts in puts(StorageResolution::Minute)) {
        let store = store_of(&puts);
        let data = store.get(&metric()).unwrap();
        let mut summed = MetricStore::new();
        for minute in -20_i64..40 {
            let range = TimeRange { start: EpochMillis(minute * 60_000), end: EpochMillis(minute * 60_000 + 60_000) };
            let Some(set) = data.statistics(range) else { continue };
            summed.put_statistics(&metric(), Unit::None, StorageResolution::Minute, range.start, set).unwrap();
        }
        let whole = data.statistics(EVERYTHING).unwrap();
        let merged = summed.get(&metric()).unwrap().statistics(EVERYTHING).unwrap();
        prop_assert_eq!(
            (merged.sample_count, merged.minimum, merged.maximum),
            (whole.sample_count, whole.minimum, whole.maximum)
        );
        prop_assert!((merged.sum - whole.sum).abs() <= 1e-12 * whole.sum.abs());
    }

    #[test]
    fn what_is_exported_is_imported_again(series in prop::collection::vec(exported(), 1..4)) {
        let mut series = series;
        for (index, series) in series.iter_mut().enumerate() {
            series.id = Some(format!("m{}", index + 1));
        }
        let read = metric_data::parse(&metric_data::print(&series)).unwrap().series;
        let kept = |series: &ImportedSeries| {
            (series.id.clone(), series.label.clone(), series.status, bits(&series.points))
        };
        prop_assert_eq!(read.iter().map(kept).collect::<Vec<_>>(), series.iter().map(kept).collect::<Vec<_>>());

        // Each with a period of its own, so that none are the same.
        for (index, series) in series.iter_mut().enumerate() {
            *series = ImportedSeries {
                id: None,
                status: SeriesStatus::Complete,
                period: Some(Period::from_seconds(60 * (index as u64 + 1)).unwrap()),
                ..series.clone()
            };
        }
        prop_assert_eq!(csv::parse(&csv::print(&series)).unwrap(), series.clone());
        let alone = series[0].clone().into_series();
        let read = csv::parse(&csv::print_points(&alone)).unwrap().remove(0).into_series();
        prop_assert_eq!(read, TimeSeries { label: String::new(), ..alone });

        // One metric, a statistic once.
        let statistics = ["Sum", "p99", "TM(2%:98%)", "SampleCount"];
        for (series, statistic) in series.iter_mut().zip(statistics) {
            *series = ImportedSeries {
                label: "latency".into(),
                statistic: Some(statistic.parse().unwrap()),
                unit: Some(Unit::Count),
                points: series.points.clone(),
                ..ImportedSeries::default()
            };
        }
        let mut read = metric_statistics::parse(&metric_statistics::print(&series).unwrap()).unwrap();
        let by_text = |one: &ImportedSeries| one.statistic.unwrap().to_string();
        read.sort_by_key(by_text);
        series.sort_by_key(by_text);
        prop_assert_eq!(read, series);
    }

    #[test]
    fn basic_statistics_go_through_an_export(puts in puts(StorageResolution::Minute)) {
        let store = store_of(&puts);
        let data = store.get(&metric()).unwrap();
        let series: Vec<ImportedSeries> = ["SampleCount", "Sum", "Minimum", "Maximum", "Average"]
            .iter()
            .map(|name| {
                let statistic: Statistic = name.parse().unwrap();
                ImportedSeries {
                    metric: Some(metric()),
                    statistic: Some(statistic),
                    period: Some(Period::MINUTE),
                    ..ImportedSeries::of_points(data.points(&statistic, Period::MINUTE, EVERYTHING))
                }
            })
            .collect();
        let mut again = MetricStore::new();
        put_into_store(&csv::parse(&csv::print(&series)).unwrap(), &mut again).unwrap();
        for series in &series {
            let points = again.get(&metric()).unwrap().points(&series.statistic.unwrap(), Period::MINUTE, EVERYTHING);
            prop_assert_eq!(bits(&points), bits(&series.points));
        }
        let set = again.get(&metric()).unwrap().statistics(EVERYTHING);
        prop_assert_eq!(set.map(|set: StatisticSet| set.sample_count), Some(puts.len() as f64));
    }

    #[test]
    fn a_statistic_alone_goes_through_an_export(puts in puts(StorageResolution::Minute), which in 0..4_usize, longer in 1..9_u64) {
        let store = store_of(&puts);
        let data = store.get(&metric()).unwrap();
        let statistics = [Statistic::SampleCount, Statistic::Sum, Statistic::Minimum, Statistic::Maximum];
        let alone = ImportedSeries {
            metric: Some(metric().with([("userName", "alice")].into_iter().collect())),
            statistic: Some(statistics[which]),
            period: Some(Period::MINUTE),
            unit: Some(Unit::Count),
            ..ImportedSeries::of_points(data.points(&statistics[which], Period::MINUTE, EVERYTHING))
        };
        let read = metric_data::parse(&metric_data::print(std::slice::from_ref(&alone))).unwrap().series.remove(0);
        prop_assert_eq!((&read.metric, read.statistic, read.period, read.unit), (&alone.metric, alone.statistic, alone.period, alone.unit));
        let mut again = MetricStore::new();
        put_into_store(&[read], &mut again).unwrap();
        let again = again.get(alone.metric.as_ref().unwrap()).unwrap();
        let period = Period::from_seconds(60 * longer).unwrap();
        for statistic in &statistics {
            let points = again.points(statistic, period, EVERYTHING);
            if *statistic != statistics[which] {
                prop_assert!(points.is_empty() && again.unavailable(statistic, EVERYTHING).is_some());
            } else if *statistic == Statistic::Sum {
                // Sums that were rounded by the minute.
                let error = f64::EPSILON * alone.points.iter().map(|point| point.value.abs()).sum::<f64>();
                for (found, whole) in points.iter().zip(data.points(statistic, period, EVERYTHING)) {
                    prop_assert!(found.at == whole.at && (found.value - whole.value).abs() <= 2.0 * error);
                }
            } else {
                prop_assert_eq!(bits(&points), bits(&data.points(statistic, period, EVERYTHING)));
            }
        }
    }

    #[test]
    fn no_text_makes_an_import_panic(text in "(\\{|\\[|\"MetricDataResults\"|\"Values\"|:|,|1|\\]|\\}|timestamp|value|\n|\\PC){0,60}") {
        _ = csv::parse(&text);
        _ = csv::parse(&format!("timestamp,value\n{text}"));
        _ = metric_data::parse(&text);
        _ = metric_statistics::parse(&text);
    }
}

fn exported() -> impl Strategy<Value = ImportedSeries> {
    let points = prop::collection::btree_map(-100_000_000_000_i64..4_000_000_000_000, any::<f64>(), 1..20);
    let dimensions = prop::collection::btree_map("\\PC{1,8}", "[^\r]{1,8}", 0..3);
    let status = prop::sample::select(&[SeriesStatus::Complete, SeriesStatus::PartialData][..]);
    (points, "\\PC{0,8}", dimensions, prop::option::of("[0-9]{12}"), status, asked()).prop_map(
        |(points, label, dimensions, account, status, asked)| ImportedSeries {
            label,
            metric: Some(MetricIdentity {
                account,
                ..MetricIdentity::new("app", "m").with(dimensions.into_iter().collect::<Dimensions>())
            }),
            statistic: Some(asked.text().parse().unwrap()),
            unit: Some(Unit::Count),
            status,
            points: points
                .into_iter()
                .filter(|(_, value)| value.is_finite())
                .map(|(at, value)| Point { at: EpochMillis(at), value })
                .chain([Point { at: EpochMillis(4_000_000_000_001), value: 1.0 }])
                .collect(),
            ..ImportedSeries::default()
        },
    )
}
