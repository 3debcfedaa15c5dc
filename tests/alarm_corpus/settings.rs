//! What is refused, and what is warned of.

use serde::Deserialize;

use crate::alarm::Alarm;
use crate::{Named, cases};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    alarm: Alarm,
    metric_filter: Option<MetricFilter>,
    #[serde(default)]
    errors: Vec<String>,
    #[serde(default)]
    warnings: Vec<String>,
}

/// What publishes the metric.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MetricFilter {
    has_dimensions: bool,
    has_default_value: bool,
}

impl Named for Case {
    fn name_and_source(&self) -> (&str, &str) {
        (&self.name, &self.source)
    }
}

#[test]
fn settings_are_checked() {
    let cases = cases::<Case>("settings.toml");
    for case in &cases {
        let checked = case.alarm.spec().map_err(|error| vec![error]).and_then(|spec| spec.check());
        match checked {
            Ok(alarm) => {
                assert!(case.errors.is_empty(), "{}: it is accepted", case.name);
                let mut warnings: Vec<_> = alarm.warnings().iter().map(ToString::to_string).collect();
                if let Some(filter) = &case.metric_filter {
                    let more =
                        alarm.warnings_of_metric_filter(filter.has_dimensions, filter.has_default_value);
                    warnings.extend(more.iter().map(ToString::to_string));
                }
                assert_eq!(warnings, case.warnings, "{}", case.name);
            }
            Err(errors) => {
                let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
                assert_eq!(errors, case.errors, "{}", case.name);
            }
        }
    }
    println!("{} alarms are checked as they should", cases.len());
}
