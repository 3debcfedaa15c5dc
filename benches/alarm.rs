//! Two weeks of evaluations: by period, by number of periods, on a metric and on a grouped query.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use trailql::EpochMillis;
use trailql::alarm::{
    AlarmSource, AlarmSpec, ComparisonOperator, Contributor, ContributorIdentity, ContributorSet, Datapoint,
    ReplayOptions, StaticOperator, replay, replay_query,
};
use trailql::series::TimeRange;

const MINUTE: i64 = 60_000;
const WEEKS: TimeRange = TimeRange {
    start: EpochMillis(1_772_323_200_000),
    end: EpochMillis(1_772_323_200_000 + 20_160 * MINUTE),
};

fn spec(period: u64, n: u32) -> AlarmSpec {
    let operator = ComparisonOperator::Static(StaticOperator::GreaterThanThreshold);
    AlarmSpec { threshold: Some(90.0), ..AlarmSpec::new("bench", operator, period, n) }
}

/// Something that varies, with a gap every seventh minute.
fn value(bucket: TimeRange) -> Datapoint {
    let minute = bucket.start.0 / MINUTE;
    if minute % 7 == 0 { Datapoint::MISSING } else { Datapoint::of((minute * 37 % 97) as f64) }
}

fn two_weeks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("two weeks of alarms");
    for (period, n) in [(60, 1), (60, 5), (60, 60), (60, 1_440), (300, 3), (86_400, 1)] {
        let alarm = spec(period, n).check().unwrap();
        group.bench_function(format!("{n} periods of {period} s"), |bencher| {
            bencher.iter(|| replay(black_box(&alarm), &value, WEEKS, &ReplayOptions::default()).unwrap());
        });
    }
    let source = AlarmSource::Query { is_grouped: true, is_ordered: true };
    let alarm = AlarmSpec { source, ..spec(300, 3) }.check().unwrap();
    let identities: Vec<_> = (0..20)
        .map(|user| ContributorIdentity { attributes: Vec::new(), label: format!("user {user}") })
        .collect();
    let data = |buckets: &[TimeRange]| {
        let series = identities.iter().map(|identity| Contributor {
            identity: identity.clone(),
            datapoints: buckets.iter().map(|bucket| value(*bucket)).collect(),
        });
        ContributorSet { contributors: series.collect(), is_partial: false }
    };
    group.bench_function("20 contributors, 3 periods of 300 s", |bencher| {
        bencher.iter(|| replay_query(black_box(&alarm), &data, WEEKS, &ReplayOptions::default()).unwrap());
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(std::time::Duration::from_secs(2)).warm_up_time(std::time::Duration::from_millis(500));
    targets = two_weeks
}
criterion_main!(benches);
