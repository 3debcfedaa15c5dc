//! Alarms over given values: when they change, to what, with which reason and facts.

use serde::Deserialize;
use trailql::EpochMillis;
use trailql::alarm::{ReplayOptions, replay};
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
    end: Option<String>,
    step: Option<i64>,
    #[serde(default)]
    points: String,
    #[serde(default)]
    bands: String,
    #[serde(default)]
    values: Vec<(String, f64)>,
    evaluation_range: Option<u32>,
    #[serde(default)]
    data_delay: u32,
    changes: Vec<Change>,
    alarms: Option<usize>,
}

impl Named for Case {
    fn name_and_source(&self) -> (&str, &str) {
        (&self.name, &self.source)
    }
}

#[test]
fn every_replay_holds() {
    let cases = cases::<Case>("replays.toml");
    let mut changes = 0;
    for case in &cases {
        let alarm =
            case.alarm.spec().unwrap().check().unwrap_or_else(|errors| panic!("{}: {errors:?}", case.name));
        let (start, step) = (millis(&case.start), case.step.unwrap_or(60));
        let mut values = Values::read(&case.points, start, step).with_bands(&case.bands, start, step);
        for (at, value) in &case.values {
            values.put(millis(at), *value);
        }
        let length = i64::try_from(case.points.split_whitespace().count()).unwrap() * step * 1_000;
        let end = case.end.as_deref().map_or(start + length, millis);
        let range = TimeRange { start: EpochMillis(start), end: EpochMillis(end) };
        let options = ReplayOptions {
            evaluation_range: case.evaluation_range,
            data_delay_seconds: case.data_delay,
            ..ReplayOptions::default()
        };
        let timeline = replay(&alarm, &|bucket| values.datapoint(bucket), range, &options).unwrap();
        compare(&case.name, &case.start, &timeline, &case.changes);
        if let Some(alarms) = case.alarms {
            assert_eq!(timeline.alarms(), alarms, "{}", case.name);
        }
        changes += case.changes.len();
    }
    println!("{} replays hold, with {changes} changes of state", cases.len());
}
