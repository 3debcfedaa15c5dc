//! The anomaly score of one row, online, on a memory that is full: two weeks of minutes.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench has no readers")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use trailql::EpochMillis;
use trailql::anomaly::score::Scorer;

const MINUTE: i64 = 60_000;
const TWO_WEEKS: i64 = 20_160;

/// A metric filter's sum: mostly zeros at night, tens by day.
fn count(row: i64) -> f64 {
    let phase = row as f64 * std::f64::consts::TAU / 1_440.0;
    let noise = (row.wrapping_mul(2_654_435_761) >> 16 & 0xff) as f64 / 256.0;
    ((1.0 - phase.cos()) * 12.0 * noise).floor()
}

/// A gauge: no two values are the same.
fn gauge(row: i64) -> f64 {
    count(row) + (row as f64 * 0.737).sin()
}

fn trained(value: fn(i64) -> f64) -> Scorer {
    let mut scorer = Scorer::new(MINUTE);
    for row in 0..TWO_WEEKS {
        scorer.observe(EpochMillis(row * MINUTE), value(row));
    }
    scorer
}

fn score(criterion: &mut Criterion) {
    for (name, value) in [("counts", count as fn(i64) -> f64), ("gauge", gauge)] {
        let mut group = criterion.benchmark_group(format!("score/{name}"));
        let scorer = trained(value);
        let rows = 1_000;
        group.throughput(Throughput::Elements(rows));
        group.bench_function("1000_rows_after_two_weeks", |bencher| {
            bencher.iter_batched_ref(
                || scorer.clone(),
                |scorer| {
                    for row in TWO_WEEKS..TWO_WEEKS + rows as i64 {
                        black_box(scorer.observe(EpochMillis(row * MINUTE), value(row)));
                    }
                },
                BatchSize::LargeInput,
            );
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = score
}
criterion_main!(benches);
