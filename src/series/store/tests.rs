//! The memory of a store, and the figures of a full one.

use super::*;
use crate::series::{Period, Statistic};

const EVERYTHING: TimeRange = TimeRange { start: EpochMillis(0), end: EpochMillis(i64::MAX) };

fn put(store: &mut MetricStore, metric: &MetricIdentity, at: i64, value: f64) -> Result<(), RefusedValue> {
    store.put(metric, Unit::None, StorageResolution::Minute, EpochMillis(at), value)
}

#[test]
fn too_many_different_values_leave_the_basic_statistics() {
    let metric = MetricIdentity::new("app", "bytes");
    let limits = StoreLimits { values_per_record: 3, ..StoreLimits::default() };
    let orders: [&[f64]; 3] =
        [&[1.0, 2.0, 2.0, 3.0, 4.0, 1.0], &[4.0, 1.0, 3.0, 2.0, 1.0, 2.0], &[2.0, 2.0, 1.0, 1.0, 4.0, 3.0]];
    for values in orders {
        let mut store = MetricStore::with_limits(limits.clone());
        for value in values {
            put(&mut store, &metric, 0, *value).unwrap();
        }
        let data = store.get(&metric).unwrap();
        let median: Statistic = "p50".parse().unwrap();
        assert_eq!(data.value(&median, EVERYTHING), None);
        assert_eq!(data.unavailable(&median, EVERYTHING), Some(Unavailable::TooManyValues));
        let expected = StatisticSet { sample_count: 6.0, sum: 13.0, minimum: 1.0, maximum: 4.0 };
        assert_eq!(data.statistics(EVERYTHING), Some(expected));
        assert_eq!(data.unavailable(&Statistic::Sum, EVERYTHING), None);
    }
    let mut store = MetricStore::with_limits(limits);
    for value in [1.0, 2.0, 3.0, 3.0] {
        put(&mut store, &metric, 0, value).unwrap();
    }
    assert_eq!(store.get(&metric).unwrap().value(&"p50".parse().unwrap(), EVERYTHING), Some(2.0));
}

#[test]
fn a_full_store_refuses_and_keeps_what_it_has() {
    let mut store = MetricStore::with_limits(StoreLimits { memory_bytes: 100_000, ..StoreLimits::default() });
    let metric = MetricIdentity::new("app", "bytes");
    let refused = (0..100_000).find(|minute| put(&mut store, &metric, minute * 60_000, 1.0).is_err());
    let kept = store.get(&metric).unwrap().record_count();
    assert_eq!(i64::try_from(kept).unwrap(), refused.unwrap());
    assert!(kept > 900 && store.memory_bytes() <= 100_000);
    let error = put(&mut store, &MetricIdentity::new("app", "other"), 0, 1.0).unwrap_err();
    assert!(error.to_string().contains("budget of 100000 bytes"));
    assert_eq!(store.len(), 1);
}

#[test]
fn a_constant_costs_little_and_times_beyond_any_calendar_are_no_fault() {
    let mut store = MetricStore::new();
    let metric = MetricIdentity::new("app", "count");
    put(&mut store, &metric, 0, 1.0).unwrap();
    let before = store.memory_bytes();
    for _ in 0..10_000 {
        put(&mut store, &metric, 59_999, 1.0).unwrap();
    }
    assert_eq!(store.memory_bytes(), before);
    for at in [i64::MIN, i64::MAX, -1] {
        put(&mut store, &metric, at, 1.0).unwrap();
    }
    let data = store.get(&metric).unwrap();
    let whole = TimeRange { start: EpochMillis(i64::MIN), end: EpochMillis(i64::MAX) };
    assert_eq!(data.points(&Statistic::Sum, Period::MINUTE, whole).len(), 4);
    assert_eq!(store.range().unwrap().end, EpochMillis(i64::MAX));
}

#[test]
fn counts_are_exact_up_to_two_to_the_53rd() {
    let metric = MetricIdentity::new("app", "count");
    let mut store = MetricStore::new();
    let mut put = |count| {
        store.put_repeated(&metric, Unit::None, StorageResolution::Minute, EpochMillis(0), 1.0, count)
    };
    assert_eq!(put((1 << 53) + 1), Err(RefusedValue::SampleCount(9_007_199_254_740_992.0)));
    for _ in 0..3_000 {
        put(1 << 53).unwrap();
    }
    let set = store.get(&metric).unwrap().statistics(EVERYTHING).unwrap();
    assert_eq!(set.sample_count, u64::MAX as f64, "more are no longer told apart");
    assert_eq!(store.get(&metric).unwrap().value(&"p99".parse().unwrap(), EVERYTHING), Some(1.0));
}

#[test]
fn a_record_is_as_small_as_reckoned() {
    assert!(size_of::<super::record::Record>() <= 40);
}
