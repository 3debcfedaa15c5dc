//! How fast the schema answers: fields, event names, members, and what may have been meant.
#![allow(clippy::unwrap_used, reason = "a benchmark tells by failing")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use trailql::schema::{Key, Schema};

fn look_up(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("schema");
    let path = [
        Key::Name("userIdentity"),
        Key::Name("sessionContext"),
        Key::Name("attributes"),
        Key::Name("mfaAuthenticated"),
    ];
    group.bench_function("new_and_first_event", |bencher| {
        bencher.iter(|| Schema::cloudtrail().event_source(black_box("s3.amazonaws.com")).is_some());
    });
    let schema = Schema::cloudtrail();
    group.bench_function("field", |bencher| bencher.iter(|| schema.lookup(black_box(&path))));
    group.bench_function("event_of_source", |bencher| {
        bencher.iter(|| {
            let source = schema.event_source(black_box("cloudtrail.amazonaws.com")).unwrap();
            source.operation(black_box("StopLogging")).is_some()
        });
    });
    group.bench_function("is_event_name", |bencher| {
        bencher.iter(|| schema.is_event_name(black_box("StopLogging")));
    });
    group.bench_function("sources_of", |bencher| {
        bencher.iter(|| schema.sources_of(black_box("StopLogging")).len());
    });
    let operation = schema.event_source("s3.amazonaws.com").unwrap().operation("GetObject").unwrap();
    group.bench_function("request_member", |bencher| {
        bencher.iter(|| operation.has_request_member(black_box("bucketName")));
    });
    group.bench_function("suggest_in_source", |bencher| {
        bencher.iter(|| schema.suggest_event(black_box("StopLoging"), &["cloudtrail.amazonaws.com"]));
    });
    group.bench_function("suggest_anywhere", |bencher| {
        bencher.iter(|| schema.suggest_event(black_box("StopLoging"), &[]));
    });
    group.finish();
}

criterion_group!(benches, look_up);
criterion_main!(benches);
