//! Stacks made up by proptest: every kind of resource, referring to one another as they do in real ones.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "shared by several tests; a test tells by failing"
)]

use std::fmt::Write;

use proptest::prelude::*;
use trailql::stack::{CheckedStack, Stack};

/// What a stack is made of.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) trail: Option<Trail>,
    pub(crate) retention: Option<u16>,
    pub(crate) filters: Vec<Filter>,
    pub(crate) subscriptions: Vec<u8>,
    pub(crate) alarms: Vec<Alarm>,
    pub(crate) queries: Vec<(u8, bool)>,
    pub(crate) dashboards: Vec<u8>,
    pub(crate) tag: Option<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct Trail {
    pub(crate) organization: bool,
    pub(crate) multi_region: bool,
    pub(crate) data_events: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) event: u8,
    pub(crate) dimension: bool,
    pub(crate) default: bool,
    pub(crate) unit: bool,
    pub(crate) detector: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Alarm {
    /// Which of the filters it watches.
    pub(crate) filter: usize,
    pub(crate) band: bool,
    pub(crate) threshold: u8,
    pub(crate) told: bool,
}

const EVENTS: [&str; 6] =
    ["GetObject", "ConsoleLogin", "DeleteTrail", "StopLogging", "CreateUser", "PutBucketPolicy"];

pub(crate) fn recipes() -> impl Strategy<Value = Recipe> {
    let trail = (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(organization, multi_region, data_events)| Trail { organization, multi_region, data_events },
    );
    let filter = (0u8..6, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(event, dimension, default, unit, detector)| Filter { event, dimension, default, unit, detector },
    );
    let alarm = (0usize..4, any::<bool>(), 1u8..9, any::<bool>())
        .prop_map(|(filter, band, threshold, told)| Alarm { filter, band, threshold, told });
    (
        proptest::option::of(trail),
        proptest::option::of(proptest::sample::select(vec![1u16, 30, 90, 365])),
        proptest::collection::vec(filter, 0..4),
        proptest::collection::vec(0u8..5, 0..3),
        proptest::collection::vec(alarm, 0..4),
        proptest::collection::vec((0u8..6, any::<bool>()), 0..3),
        proptest::collection::vec(0u8..6, 0..3),
        proptest::option::of(0u8..3),
    )
        .prop_map(|(trail, retention, filters, subscriptions, alarms, queries, dashboards, tag)| {
            Recipe { trail, retention, filters, subscriptions, alarms, queries, dashboards, tag }
        })
}

impl Recipe {
    /// The stack file.
    pub(crate) fn text(&self) -> String {
        let mut out = "name = 'made'\nregion = 'eu-central-1'\n".to_owned();
        if let Some(tag) = self.tag {
            let _ = writeln!(out, "tags = {{ team = 'team-{tag}' }}");
        }
        let _ = writeln!(out, "[logGroup]\nlogGroupName = 'made/trail'");
        if let Some(days) = self.retention {
            let _ = writeln!(out, "retentionInDays = {days}");
        }
        self.write_trail(&mut out);
        for (index, filter) in self.filters.iter().enumerate() {
            write_filter(index, filter, &mut out);
        }
        let mut subscriptions = self.subscriptions.clone();
        subscriptions.sort_unstable();
        subscriptions.dedup();
        let told: Vec<String> = subscriptions
            .iter()
            .map(|one| format!("{{ Protocol = 'email', Endpoint = 'team-{one}@example.com' }}"))
            .collect();
        let _ = writeln!(out, "[[topics]]\nName = 'made-topic'\nSubscriptions = [{}]", told.join(", "));
        if !self.filters.is_empty() {
            for (index, alarm) in self.alarms.iter().enumerate() {
                self.write_alarm(index, alarm, &mut out);
            }
        }
        for (index, (query, folder)) in self.queries.iter().enumerate() {
            let folder = if *folder { "made/" } else { "" };
            let event = EVENTS[usize::from(*query)];
            let _ = writeln!(
                out,
                "[[queryDefinitions]]\nname = '{folder}query-{index}'\nqueryString = '''\nfilter eventName = \"{event}\"\n| stats count(*) as calls by userIdentity.arn'''"
            );
        }
        for (index, height) in self.dashboards.iter().enumerate() {
            let _ = writeln!(
                out,
                "[[dashboards]]\nDashboardName = 'made-{index}'\nDashboardBody = '''{{\"widgets\": [{{\"type\": \"text\", \"x\": 0, \"y\": 0, \"width\": 6, \"height\": {}, \"properties\": {{\"markdown\": \"# {height}\"}}}}]}}'''",
                height + 1
            );
        }
        out
    }

    fn write_trail(&self, out: &mut String) {
        let Some(trail) = &self.trail else { return };
        let _ = writeln!(
            out,
            "[trail]\nName = 'made-trail'\nS3BucketName = 'made-bucket'\nIsOrganizationTrail = {}\nIsMultiRegionTrail = {}",
            trail.organization, trail.multi_region
        );
        let _ = writeln!(
            out,
            "[[trail.AdvancedEventSelectors]]\nName = 'management'\nFieldSelectors = [{{ Field = 'eventCategory', Equals = ['Management'] }}]"
        );
        if trail.data_events || self.filters.iter().any(|filter| filter.event == 0) {
            let _ = writeln!(
                out,
                "[[trail.AdvancedEventSelectors]]\nFieldSelectors = [{{ Field = 'eventCategory', Equals = ['Data'] }}, {{ Field = 'resources.type', Equals = ['AWS::S3::Object'] }}, {{ Field = 'resources.ARN', StartsWith = ['arn:aws:s3:::made-data/'] }}]"
            );
        }
    }

    fn write_alarm(&self, index: usize, alarm: &Alarm, out: &mut String) {
        let number = alarm.filter % self.filters.len();
        let filter = &self.filters[number];
        let dimensions = if filter.dimension {
            ", Dimensions = [{ Name = 'eventSource', Value = 's3.amazonaws.com' }]"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "[[alarms]]\nAlarmName = 'made-alarm-{index}'\nEvaluationPeriods = 1\nTreatMissingData = 'notBreaching'"
        );
        if alarm.told {
            let _ = writeln!(out, "AlarmActions = ['topic:made-topic']");
        }
        let _ = writeln!(
            out,
            "Metrics = [{{ Id = 'm1', MetricStat = {{ Metric = {{ Namespace = 'made', MetricName = 'metric-{number}'{dimensions} }}, Period = 300, Stat = 'Sum' }}}}{}]",
            if alarm.band { ", { Id = 'ad1', Expression = 'ANOMALY_DETECTION_BAND(m1, 2)' }" } else { "" }
        );
        if alarm.band {
            let _ =
                writeln!(out, "ThresholdMetricId = 'ad1'\nComparisonOperator = 'GreaterThanUpperThreshold'");
        } else {
            let _ =
                writeln!(out, "Threshold = {}\nComparisonOperator = 'GreaterThanThreshold'", alarm.threshold);
        }
    }

    /// The stack, checked; what is refused fails the test.
    pub(crate) fn checked(&self) -> CheckedStack {
        checked(&self.text())
    }
}

fn write_filter(index: usize, filter: &Filter, out: &mut String) {
    let event = EVENTS[usize::from(filter.event)];
    let _ = writeln!(
        out,
        "[[metricFilters]]\nfilterName = 'made-filter-{index}'\nfilterPattern = '{{ $.eventName = {event} }}'\n[[metricFilters.metricTransformations]]\nmetricNamespace = 'made'\nmetricName = 'metric-{index}'\nmetricValue = '1'"
    );
    if filter.unit {
        let _ = writeln!(out, "unit = 'Count'");
    }
    if filter.dimension {
        let _ = writeln!(out, "dimensions = {{ eventSource = '$.eventSource' }}");
    } else if filter.default {
        let _ = writeln!(out, "defaultValue = 0");
    }
    if filter.detector {
        let dimensions = if filter.dimension {
            ", Dimensions = [{ Name = 'eventSource', Value = 's3.amazonaws.com' }]"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = {{ Namespace = 'made', MetricName = 'metric-{index}', Stat = 'Sum'{dimensions} }}\nConfiguration = {{ MetricTimezone = 'Europe/Berlin', ExcludedTimeRanges = [{{ StartTime = '2026-01-01T00:00:00', EndTime = '2026-01-02T00:00:00' }}] }}"
        );
    }
}

/// The stack of a text, checked.
pub(crate) fn checked(text: &str) -> CheckedStack {
    let stack = Stack::parse(text).unwrap_or_else(|errors| panic!("{errors}\n{text}"));
    let checked = stack.check(text);
    checked.ast.unwrap_or_else(|| panic!("{:#?}\n{text}", checked.diagnostics))
}
