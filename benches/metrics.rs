//! Metrics Insights: parse; run over 10,000 series of an hour, in one series, in groups, sorted and cut.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench stops at the first surprise")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use trailql::series::query::{QueryRun, TagTable};
use trailql::series::{MetricIdentity, MetricStore, Period, StorageResolution, TimeRange, Unit};
use trailql::{EpochMillis, MetricsQuery};

const SERIES: u32 = 10_000;
const MINUTES: i64 = 60;

const LONG: &str = r#"SELECT SUM("presigned-URL-userName") FROM SCHEMA("advanced-cloudtrail-event", userName, eventSource)
WHERE eventSource = 's3.amazonaws.com' AND userName != 'backup' AND AWS.AccountId = CURRENT_ACCOUNT_ID()
GROUP BY userName, eventSource ORDER BY SUM() DESC LIMIT 20"#;

const QUERIES: [(&str, &str); 4] = [
    ("sum", "SELECT SUM(Calls) FROM SCHEMA(App, userName, eventSource)"),
    ("where", "SELECT SUM(Calls) FROM App WHERE eventSource = 'source-3' AND userName != 'user-5'"),
    ("group_by_100", "SELECT AVG(Calls) FROM SCHEMA(App, userName, eventSource) GROUP BY eventSource"),
    (
        "top_10_of_10000",
        "SELECT SUM(Calls) FROM SCHEMA(App, userName, eventSource) GROUP BY userName ORDER BY SUM() DESC LIMIT 10",
    ),
];

/// A value a minute of each series.
fn store() -> MetricStore {
    let mut store = MetricStore::new();
    for number in 0..SERIES {
        let dimensions =
            [("userName", format!("user-{number}")), ("eventSource", format!("source-{}", number % 100))];
        let metric = MetricIdentity::new("App", "Calls").with(dimensions.into_iter().collect());
        for minute in 0..MINUTES {
            let value = f64::from(number % 7 + 1);
            store
                .put(&metric, Unit::Count, StorageResolution::Minute, EpochMillis(minute * 60_000), value)
                .unwrap();
        }
    }
    store
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("metrics_parse");
    group.throughput(Throughput::Bytes(LONG.len() as u64));
    group.bench_function("long", |bencher| bencher.iter(|| MetricsQuery::parse(black_box(LONG)).unwrap()));
    let query = MetricsQuery::parse(LONG).unwrap();
    group.bench_function("check", |bencher| bencher.iter(|| black_box(&query).check()));
    group.finish();
}

fn run(criterion: &mut Criterion) {
    let store = store();
    let tags = TagTable::default();
    let range = TimeRange { start: EpochMillis(0), end: EpochMillis(MINUTES * 60_000) };
    let mut group = criterion.benchmark_group("metrics_run_10000_series");
    group.sample_size(10);
    group.throughput(Throughput::Elements(u64::from(SERIES)));
    for (name, text) in QUERIES {
        let query = MetricsQuery::parse(text).unwrap();
        for period in [60, 300] {
            let period = Period::from_seconds(period).unwrap();
            let run = QueryRun::new(range, period, &tags);
            group.bench_function(format!("{name}_{}s", period.seconds()), |bencher| {
                bencher.iter(|| query.run(black_box(&store), &run).unwrap());
            });
        }
    }
    group.finish();
}

criterion_group!(benches, parse, run);
criterion_main!(benches);
