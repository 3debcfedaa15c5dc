//! The two filters of the scenario over the labelled two weeks: metric data against the labels and against plain counts.
//!
//! Runs where `TRAILQL_SHARED` names the folder that holds `data`.
#![cfg(feature = "events")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test tells by failing and prints its count"
)]

mod shared_folder;

use std::collections::BTreeMap;

use serde_json::Value;
use trailql::events::{EventReader, InputForm};
use trailql::series::{
    MetricFilterRun, MetricIdentity, MetricStore, Period, Statistic, TimeRange, TransformationSpec,
};
use trailql::{EpochMillis, FilterPattern, Limits, LogEvent, Matcher};

const NAMESPACE: &str = "advanced-cloudtrail-event";
const PRESIGNED: &str =
    "($.eventName = GetObject) && ($.additionalEventData.AuthenticationMethod=QueryString)";

struct Filter {
    matcher: Matcher,
    run: MetricFilterRun,
}

fn filter(pattern: &str, name: &str, dimensions: &[(&str, &str)]) -> Filter {
    let pattern: FilterPattern = pattern.parse().unwrap();
    let spec = TransformationSpec {
        namespace: NAMESPACE.into(),
        name: name.into(),
        value: "1".into(),
        unit: Some("Count".into()),
        dimensions: dimensions.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        ..TransformationSpec::default()
    };
    let run = MetricFilterRun::new(spec.check(&pattern).unwrap());
    Filter { matcher: pattern.compile(&Limits::default()).unwrap(), run }
}

#[test]
fn five_minute_sums_equal_the_labels() {
    let Some(shared) = shared_folder::folder() else { return };
    let path = shared.join("data/synthetic-2weeks.ndjson.gz");
    let labels: Value =
        serde_json::from_str(&std::fs::read_to_string(path.with_extension("gz.labels.json")).unwrap())
            .unwrap();
    assert_eq!(labels["bucketSeconds"], 300);
    let start = labels["start"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let expected = |name: &str| -> Vec<f64> {
        labels[name].as_array().unwrap().iter().map(|count| count.as_f64().unwrap()).collect()
    };

    let mut filters = [
        filter(&format!("{{ {PRESIGNED} }}"), "presigned-URL", &[]),
        filter(
            &format!("{{ {PRESIGNED} && ($.userIdentity.userName=*) }}"),
            "presigned-URL-userName",
            &[("userName", "$.userIdentity.userName")],
        ),
    ];
    let mut store = MetricStore::new();
    let mut by_user: BTreeMap<String, f64> = BTreeMap::new();
    let file = std::fs::File::open(&path).unwrap();
    let summary = EventReader::new(file, InputForm::Auto).for_each(|event| {
        for filter in &mut filters {
            filter.run.observe(&mut store, &filter.matcher, &event).unwrap();
        }
        *by_user.entry(user_of(&event)).or_default() += 1.0;
    });
    assert!(summary.is_clean());
    by_user.remove("");

    let five_minutes = Period::from_seconds(300).unwrap();
    let buckets = expected("queryStringGetObject").len();
    let end = start + i64::try_from(buckets).unwrap() * five_minutes.millis();
    let range = TimeRange { start: EpochMillis(start), end: EpochMillis(end) };
    let sums = |metric: &MetricIdentity| {
        let mut sums = vec![0.0; buckets];
        for point in store.get(metric).unwrap().points(&Statistic::Sum, five_minutes, range) {
            sums[usize::try_from((point.at.0 - start) / 300_000).unwrap()] = point.value;
        }
        sums
    };
    assert_eq!(sums(&MetricIdentity::new(NAMESPACE, "presigned-URL")), expected("queryStringGetObject"));
    let unauthorized = MetricIdentity::new(NAMESPACE, "presigned-URL-userName")
        .with([("userName", "unauthorizedUser")].into_iter().collect());
    assert_eq!(sums(&unauthorized), expected("anomalyGetObject"));

    let total: BTreeMap<String, f64> = store
        .metrics()
        .filter_map(|(metric, data)| {
            let user = metric.dimensions.get("userName")?;
            Some((user.to_owned(), data.value(&Statistic::Sum, range)?))
        })
        .collect();
    assert_eq!(total, by_user);
    let cardinality = filters[1].run.cardinality();
    assert_eq!(cardinality.metrics, by_user.len() as u64);
    println!(
        "{} events, {} and {} samples, {} users, {} metrics; busiest hour {:?}",
        summary.events,
        filters[0].run.emission().samples,
        filters[1].run.emission().samples,
        by_user.len(),
        store.len(),
        cardinality.busiest_hour
    );
}

/// The user of a presigned download, by plain code; empty for any other event.
fn user_of(event: &LogEvent<'_>) -> String {
    let record: Value = serde_json::from_str(event.message()).unwrap();
    let is_presigned = record["eventName"] == "GetObject"
        && record["additionalEventData"]["AuthenticationMethod"] == "QueryString";
    let user = record["userIdentity"]["userName"].as_str().filter(|_| is_presigned);
    user.unwrap_or_default().to_owned()
}
