//! One evaluation over given points, under every treatment of missing data and from every state.

use std::collections::BTreeMap;

use serde::Deserialize;
use trailql::alarm::{AlarmState, EvaluationRule, PointState, TreatMissingData};

use crate::{Named, cases};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    datapoints_to_alarm: u32,
    evaluation_periods: u32,
    evaluation_range: Option<u32>,
    points: String,
    missing_places: u32,
    /// Whether the `missing` column is owed to the rule of premature alarms.
    premature: Option<bool>,
    expected: BTreeMap<String, String>,
}

impl Named for Case {
    fn name_and_source(&self) -> (&str, &str) {
        (&self.name, &self.source)
    }
}

fn newest_first(points: &str) -> Vec<PointState> {
    let states = points.split(' ').map(|point| match point {
        "0" => PointState::NotBreaching,
        "X" => PointState::Breaching,
        "-" => PointState::Missing,
        other => panic!("`{other}` is no point"),
    });
    let mut states: Vec<_> = states.collect();
    states.reverse();
    states
}

#[test]
fn every_cell_of_the_tables_holds() {
    let mut cells = 0;
    for file in ["missing_data.toml", "premature.toml"] {
        for case in cases::<Case>(file) {
            assert_eq!(case.expected.len(), TreatMissingData::ALL.len(), "{}: four cells", case.name);
            for (treatment, expected) in &case.expected {
                cells += 1;
                let treatment: TreatMissingData = treatment.parse().unwrap();
                let rule = EvaluationRule::new(case.datapoints_to_alarm, case.evaluation_periods, treatment)
                    .unwrap();
                let rule = case.evaluation_range.map_or(rule, |range| rule.with_range(range));
                for current in AlarmState::ALL {
                    let decision = rule.decide(newest_first(&case.points), *current);
                    let place = format!("{file}: {}, {treatment}, from {current}", case.name);
                    let expected =
                        if expected == "keep" { *current } else { expected.parse::<AlarmState>().unwrap() };
                    assert_eq!(decision.state, expected, "{place}");
                    assert_eq!(decision.missing, case.missing_places, "{place}");
                    let is_premature = case.premature == Some(true) && treatment == TreatMissingData::Missing;
                    if case.premature.is_some() {
                        assert_eq!(decision.premature, is_premature, "{place}");
                    }
                }
            }
        }
    }
    println!("{cells} cells of missing-data tables hold, each from three states");
}
