//! The anomaly band: training on two weeks of one-minute data, and the online step of a trained detector.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench stops at the first surprise")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use trailql::EpochMillis;
use trailql::anomaly::{BandWidth, Detector, DetectorConfiguration};
use trailql::series::{Period, Point};

const MINUTES: i64 = 14 * 24 * 60;
/// Monday 2024-09-02T00:00:00Z.
const START: i64 = 1_725_235_200_000;

/// A day and a week of a mean of `rate` a minute; counts, or values with a fraction.
fn points(minutes: std::ops::Range<i64>, rate: f64, are_counts: bool) -> Vec<Point> {
    let mut bits = 42_u64;
    let mut uniform = move || {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    };
    minutes
        .map(|minute| {
            let days = minute as f64 / 1_440.0;
            let weekend = if days.rem_euclid(7.0) >= 5.0 { 0.35 } else { 1.0 };
            let mean = rate * weekend * (1.0 + 0.8 * ((days - 0.58) * std::f64::consts::TAU).cos());
            let value = if are_counts {
                // How many exponential waits fit into one unit of time.
                let (mut count, mut left) = (0.0, mean);
                while left > 0.0 {
                    left += uniform().max(1e-300).ln();
                    count += f64::from(u8::from(left > 0.0));
                }
                count
            } else {
                mean + rate * 0.1 * (uniform() + uniform() + uniform() - 1.5)
            };
            Point { at: EpochMillis(START + minute * 60_000), value }
        })
        .collect()
}

fn anomaly(criterion: &mut Criterion) {
    let configuration = || DetectorConfiguration {
        time_zone: jiff::tz::TimeZone::get("Europe/Berlin").unwrap(),
        ..DetectorConfiguration::new(Period::MINUTE)
    };
    let mut group = criterion.benchmark_group("anomaly");
    for (name, rate, are_counts) in [
        ("sparse_counts", 0.09, true),
        ("counts", 20.0, true),
        ("large_counts", 1_000.0, true),
        ("values", 50.0, false),
    ] {
        let past = points(0..MINUTES, rate, are_counts);
        let end = EpochMillis(START + MINUTES * 60_000);
        group.sample_size(20);
        group.throughput(Throughput::Elements(past.len() as u64));
        group.bench_function(format!("train_two_weeks/{name}"), |bencher| {
            bencher.iter(|| Detector::train(configuration(), black_box(&past), end));
        });

        // A whole day, so that the retraining at midnight has its share.
        let trained = Detector::train(configuration(), &past, end);
        let day = points(MINUTES..MINUTES + 1_440, rate, are_counts);
        group.throughput(Throughput::Elements(day.len() as u64));
        group.bench_function(format!("observe_and_band_for_a_day/{name}"), |bencher| {
            bencher.iter_batched(
                || trained.clone(),
                |mut detector| {
                    for point in &day {
                        black_box(detector.band(point.at, BandWidth::default()));
                        detector.observe(point.at, Some(point.value));
                    }
                    detector
                },
                criterion::BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, anomaly);
criterion_main!(benches);
