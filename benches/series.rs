//! Metric data: values put into a store, and read again as points of two weeks.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench stops at the first surprise and prints its figures"
)]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use trailql::EpochMillis;
use trailql::series::{MetricIdentity, MetricStore, Period, Statistic, StorageResolution, TimeRange, Unit};

const PUTS: u64 = 1_000_000;
const TWO_WEEKS_MILLIS: u64 = 14 * 86_400_000;

/// Numbers that look random and are the same in every run.
struct Noise(u64);

impl Noise {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Which metric, when, and what.
type Put = (usize, EpochMillis, f64);

fn puts(metrics: u64, in_order: bool, values: u64) -> Vec<Put> {
    let mut noise = Noise(1);
    let time = |index: u64, noise: &mut Noise| {
        let at = if in_order { index * (TWO_WEEKS_MILLIS / PUTS) } else { noise.below(TWO_WEEKS_MILLIS) };
        EpochMillis(i64::try_from(at).unwrap())
    };
    let put = |index| {
        let at = time(index, &mut noise);
        (usize::try_from(noise.below(metrics)).unwrap(), at, noise.below(values) as f64 / 8.0)
    };
    (0..PUTS).map(put).collect()
}

fn identities(metrics: u64) -> Vec<MetricIdentity> {
    let identity = |index| {
        let user = format!("user-{index:05}");
        MetricIdentity::new("advanced-cloudtrail-event", "presigned-URL-userName")
            .with([("userName", user)].into_iter().collect())
    };
    (0..metrics).map(identity).collect()
}

fn store_of(identities: &[MetricIdentity], puts: &[Put]) -> MetricStore {
    let mut store = MetricStore::new();
    for (metric, at, value) in puts {
        let metric = identities.get(*metric).unwrap();
        store.put(metric, Unit::Count, StorageResolution::Minute, *at, *value).unwrap();
    }
    store
}

fn put(c: &mut Criterion) {
    let mut group = c.benchmark_group("put");
    group.throughput(Throughput::Elements(PUTS)).sample_size(10);
    for (name, metrics, in_order, values) in [
        ("constant_in_order", 1, true, 1),
        ("constant_late", 1, false, 1),
        ("different_values", 1, true, 100_000),
        ("thousand_metrics", 1_000, true, 1),
    ] {
        let (identities, puts) = (identities(metrics), puts(metrics, in_order, values));
        let held = store_of(&identities, &puts).memory_bytes();
        println!("{name}: {held} bytes reckoned");
        group.bench_function(name, |b| {
            b.iter_batched(|| (), |()| black_box(store_of(&identities, &puts)), BatchSize::PerIteration);
        });
    }
    group.finish();
}

fn read(c: &mut Criterion) {
    let identities = identities(1);
    let range =
        TimeRange { start: EpochMillis(0), end: EpochMillis(i64::try_from(TWO_WEEKS_MILLIS).unwrap()) };
    let mut group = c.benchmark_group("two_weeks_of_minutes");
    for (name, values, statistic, seconds) in [
        ("sum_by_minute", 1, "Sum", 60),
        ("sum_by_five_minutes", 1, "Sum", 300),
        ("p99_by_minute", 100_000, "p99", 60),
        ("tm90_by_hour", 100_000, "tm90", 3_600),
    ] {
        let store = store_of(&identities, &puts(1, true, values));
        let data = store.metrics().next().unwrap().1;
        let statistic: Statistic = statistic.parse().unwrap();
        let period = Period::from_seconds(seconds).unwrap();
        group.bench_function(name, |b| b.iter(|| black_box(data.points(&statistic, period, range))));
    }
    group.finish();
}

criterion_group!(benches, put, read);
criterion_main!(benches);
