//! Alarms on grouped queries over given series: a series without a value in the window is not returned.

use std::collections::BTreeMap;

use serde::Deserialize;
use trailql::EpochMillis;
use trailql::alarm::{
    Contributor, ContributorIdentity, ContributorSet, EmptyResult, EvaluationState, ReplayOptions,
    replay_query,
};
use trailql::series::TimeRange;

use crate::alarm::{Alarm, Change, Values, compare, millis};
use crate::{Named, cases};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    alarm: Alarm,
    start: String,
    #[serde(default)]
    observed: bool,
    #[serde(default)]
    partial: bool,
    series: BTreeMap<String, String>,
    /// So many more series, all alike.
    #[serde(default)]
    crowd: BTreeMap<String, usize>,
    changes: Vec<Change>,
    #[serde(default)]
    contributors: BTreeMap<String, Vec<Change>>,
}

impl Named for Case {
    fn name_and_source(&self) -> (&str, &str) {
        (&self.name, &self.source)
    }
}

fn identity(user: &str) -> ContributorIdentity {
    ContributorIdentity { attributes: vec![("userName".to_owned(), user.to_owned())], label: user.to_owned() }
}

#[test]
fn every_query_alarm_holds() {
    let cases = cases::<Case>("contributors.toml");
    for case in &cases {
        let alarm =
            case.alarm.spec().unwrap().check().unwrap_or_else(|errors| panic!("{}: {errors:?}", case.name));
        let start = millis(&case.start);
        let mut series: Vec<_> = case
            .series
            .iter()
            .map(|(user, points)| (user.clone(), Values::read(points, start, 60)))
            .collect();
        for (points, count) in &case.crowd {
            series.extend(
                (0..*count).map(|index| (format!("{points} {index}"), Values::read(points, start, 60))),
            );
        }
        let lengths =
            case.series.values().chain(case.crowd.keys()).map(|points| points.split_whitespace().count());
        let minutes = i64::try_from(lengths.max().unwrap()).unwrap();
        let data = |buckets: &[TimeRange]| {
            let all = series.iter().map(|(user, values)| Contributor {
                identity: identity(user),
                datapoints: buckets.iter().map(|bucket| values.datapoint(*bucket)).collect(),
            });
            let with_data =
                |series: &Contributor| series.datapoints.iter().any(|point| point.value.is_some());
            ContributorSet { contributors: all.filter(with_data).collect(), is_partial: case.partial }
        };
        let range = TimeRange { start: EpochMillis(start), end: EpochMillis(start + minutes * 60_000) };
        let empty_result = if case.observed { EmptyResult::Observed } else { EmptyResult::Documented };
        let options = ReplayOptions { empty_result, ..ReplayOptions::default() };
        let result = replay_query(&alarm, &data, range, &options).unwrap();
        compare(&case.name, &case.start, &result.alarm, &case.changes);
        for (user, expected) in &case.contributors {
            let found = result.contributors.iter().find(|found| found.identity == identity(user)).unwrap();
            compare(&format!("{}: {user}", case.name), &case.start, &found.timeline, expected);
        }
        let flags = result.alarm.changes().iter().map(|change| change.evaluation_state);
        let expected = case.partial.then_some(EvaluationState::PartialData);
        assert!(flags.into_iter().all(|flag| flag == expected), "{}", case.name);
    }
    println!("{} query alarms hold", cases.len());
}
