//! An alarm and its data as a case of the corpus writes them.

use std::collections::BTreeMap;

use serde::Deserialize;
use trailql::EpochMillis;
use trailql::alarm::{
    AlarmError, AlarmSource, AlarmSpec, BandEdges, Datapoint, EvaluationWindow, WallClockZone,
    WarmUpConfiguration,
};
use trailql::series::TimeRange;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Alarm {
    pub(crate) name: Option<String>,
    pub(crate) period: u64,
    pub(crate) evaluation_periods: u32,
    pub(crate) datapoints_to_alarm: Option<u32>,
    pub(crate) operator: String,
    pub(crate) threshold: Option<f64>,
    pub(crate) threshold_metric_id: Option<String>,
    pub(crate) treat_missing_data: Option<String>,
    pub(crate) statistic: Option<String>,
    pub(crate) low_samples: Option<String>,
    pub(crate) timezone: Option<String>,
    pub(crate) warm_up: Option<u32>,
    #[serde(default)]
    pub(crate) whole_warm_up: bool,
    #[serde(default)]
    pub(crate) query: bool,
    #[serde(default)]
    pub(crate) grouped: bool,
    #[serde(default)]
    pub(crate) unordered: bool,
    #[serde(default)]
    pub(crate) actions_disabled: bool,
}

impl Alarm {
    pub(crate) fn spec(&self) -> Result<AlarmSpec, AlarmError> {
        let operator = self.operator.parse().unwrap();
        let source =
            AlarmSource::Query { is_grouped: self.grouped, is_ordered: self.grouped && !self.unordered };
        let window = match &self.timezone {
            Some(zone) => EvaluationWindow::WallClock(WallClockZone::parse(zone)?),
            None => EvaluationWindow::Sliding,
        };
        let name = self.name.as_deref().unwrap_or("alarm");
        let spec = AlarmSpec::new(name, operator, self.period, self.evaluation_periods);
        Ok(AlarmSpec {
            source: if self.query || self.grouped { source } else { AlarmSource::Metric },
            statistic: self.statistic.clone(),
            datapoints_to_alarm: self.datapoints_to_alarm,
            threshold: self.threshold,
            threshold_metric_id: self.threshold_metric_id.clone(),
            treat_missing_data: self.treat_missing_data.as_deref().unwrap_or("missing").parse().unwrap(),
            evaluate_low_sample_count_percentile: self
                .low_samples
                .as_deref()
                .map(|text| text.parse().unwrap()),
            evaluation_window: window,
            warm_up: self.warm_up.map(|minutes| WarmUpConfiguration {
                minutes,
                only_start_evaluating_after_end: self.whole_warm_up,
            }),
            actions_enabled: !self.actions_disabled,
            ..spec
        })
    }
}

/// Values at instants, in milliseconds, with their samples and bands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values(BTreeMap<i64, (f64, f64)>, BTreeMap<i64, BandEdges>);

pub(crate) fn millis(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap_or_else(|error| panic!("{text}: {error}")).as_millisecond()
}

impl Values {
    /// `1 2*30 - 4`: a value every `step` seconds, `*` before its samples, `-` for none.
    pub(crate) fn read(points: &str, start: i64, step: i64) -> Self {
        let mut values = Values::default();
        for (index, point) in (0_i64..).zip(points.split_whitespace()).filter(|(_, point)| *point != "-") {
            let (value, samples) = point.split_once('*').unwrap_or((point, "1"));
            let at = start + index * step * 1_000;
            values.0.insert(at, (value.parse().unwrap(), samples.parse().unwrap()));
        }
        values
    }

    /// `1:2 - 1:3`: the band every `step` seconds.
    pub(crate) fn with_bands(mut self, bands: &str, start: i64, step: i64) -> Self {
        for (index, band) in (0_i64..).zip(bands.split_whitespace()).filter(|(_, band)| *band != "-") {
            let (lower, upper) = band.split_once(':').unwrap();
            let edges = BandEdges { lower: lower.parse().unwrap(), upper: upper.parse().unwrap() };
            self.1.insert(start + index * step * 1_000, edges);
        }
        self
    }

    pub(crate) fn put(&mut self, at: i64, value: f64) {
        self.0.insert(at, (value, 1.0));
    }

    /// The sum of a bucket, with the band at its start.
    pub(crate) fn datapoint(&self, bucket: TimeRange) -> Datapoint {
        let TimeRange { start: EpochMillis(start), end: EpochMillis(end) } = bucket;
        let inside: Vec<_> = self.0.range(start..end).map(|(_, value)| *value).collect();
        if inside.is_empty() {
            return Datapoint::MISSING;
        }
        Datapoint {
            value: Some(inside.iter().map(|(value, _)| value).sum()),
            band: self.1.get(&start).copied(),
            sample_count: Some(inside.iter().map(|(_, samples)| samples).sum()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// An instant, or a time of the day on which the replay starts.
    pub(crate) at: String,
    pub(crate) to: String,
    pub(crate) reason: Option<String>,
    /// `StateReasonData`, in JSON.
    #[cfg_attr(not(feature = "serde"), expect(dead_code, reason = "nothing serializes"))]
    pub(crate) facts: Option<String>,
}

impl Change {
    pub(crate) fn millis(&self, start: &str) -> i64 {
        let (day, _) = start.split_once('T').unwrap();
        if self.at.contains('T') { millis(&self.at) } else { millis(&format!("{day}T{}Z", self.at)) }
    }
}

/// Compares a timeline with what a case expects of it.
pub(crate) fn compare(place: &str, start: &str, timeline: &trailql::alarm::Timeline, expected: &[Change]) {
    let seen: Vec<_> = timeline
        .changes()
        .iter()
        .map(|change| (change.at, change.to.to_string(), change.reason.as_str()))
        .collect();
    assert_eq!(seen.len(), expected.len(), "{place}: {seen:#?}");
    for (change, expected) in timeline.changes().iter().zip(expected) {
        assert_eq!(change.at, EpochMillis(expected.millis(start)), "{place}: {seen:#?}");
        assert_eq!(change.to.to_string(), expected.to, "{place}");
        if let Some(reason) = &expected.reason {
            assert_eq!(&change.reason, reason, "{place}");
        }
        // Without the feature nothing serializes.
        #[cfg(feature = "serde")]
        if let Some(facts) = &expected.facts {
            let expected: serde_json::Value = serde_json::from_str(facts).unwrap();
            // Through the text, for the numbers to be compared as they are printed.
            let facts = serde_json::to_string(&change.facts).unwrap();
            assert_eq!(serde_json::from_str::<serde_json::Value>(&facts).unwrap(), expected, "{place}");
        }
    }
}
