//! A stack that fits: its patterns, queries and alarms compiled.

use super::Stack;
use crate::alarm::AlarmDefinition;
use crate::anomaly::{BandWidth, DetectorConfiguration};
use crate::plan::logs::LogsPlan;
use crate::series::{MetricIdentity, MetricTransformation, Period, Statistic, Unit};
use crate::syntax::math::MathExpression;
use crate::{FilterPattern, Matcher, MetricsQuery};

/// A stack in which nothing is refused; only [`Stack::check`](super::Stack::check) makes one.
#[derive(Clone, Debug)]
pub struct CheckedStack {
    pub(super) definition: Stack,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) log_group: Option<String>,
    pub(super) filters: Vec<CheckedFilter>,
    pub(super) detectors: Vec<CheckedDetector>,
    pub(super) alarms: Vec<CheckedAlarm>,
    pub(super) logs_queries: Vec<CheckedLogsQuery>,
    pub(super) metric_queries: Vec<CheckedMetricQuery>,
}

impl CheckedStack {
    /// The stack as it is written, under the service's own names: what is pushed where this is provisioned.
    pub fn definition(&self) -> &Stack {
        &self.definition
    }

    /// What it is called.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The name of the log group that its filters watch.
    pub fn log_group(&self) -> Option<&str> {
        self.log_group.as_deref()
    }

    /// The metric filters, as they stand in the file; so the others.
    pub fn filters(&self) -> &[CheckedFilter] {
        &self.filters
    }

    /// The anomaly detectors.
    pub fn detectors(&self) -> &[CheckedDetector] {
        &self.detectors
    }

    /// The alarms.
    pub fn alarms(&self) -> &[CheckedAlarm] {
        &self.alarms
    }

    /// The saved Logs Insights queries.
    pub fn logs_queries(&self) -> &[CheckedLogsQuery] {
        &self.logs_queries
    }

    /// The saved Metrics Insights queries and metric math.
    pub fn metric_queries(&self) -> &[CheckedMetricQuery] {
        &self.metric_queries
    }
}

/// A metric filter.
#[derive(Clone, Debug)]
pub struct CheckedFilter {
    /// Its name.
    pub name: String,
    /// Its pattern.
    pub pattern: FilterPattern,
    /// The same, compiled.
    pub matcher: Matcher,
    /// What a match is worth.
    pub transformation: MetricTransformation,
}

impl CheckedFilter {
    /// The metric that it emits; with dimensions it emits one for each set of their values.
    pub fn metric(&self) -> MetricIdentity {
        MetricIdentity::new(&self.transformation.namespace, &self.transformation.name)
    }

    /// Whether the samples of a metric of these dimension names come from this filter.
    pub fn emits<'n>(
        &self,
        namespace: &str,
        name: &str,
        dimensions: impl ExactSizeIterator<Item = &'n str>,
    ) -> bool {
        let own = &self.transformation.dimensions;
        self.transformation.namespace == namespace
            && self.transformation.name == name
            && own.len() == dimensions.len()
            && { dimensions }.all(|known| own.iter().any(|dimension| dimension.name == known))
    }
}

/// An anomaly detector.
#[derive(Clone, Debug)]
pub struct CheckedDetector {
    /// What it learns.
    pub subject: DetectorSubject,
    /// How it learns. Its period is that of the alarm or the question at hand.
    pub configuration: DetectorConfiguration,
}

/// What a detector learns.
#[derive(Clone, Debug, PartialEq)]
pub enum DetectorSubject {
    /// A metric and a statistic.
    Metric(MetricIdentity, Statistic),
    /// The result of metric math.
    Math(DataQueries),
}

/// A metric with its statistic and period.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricSource {
    /// Which metric.
    pub metric: MetricIdentity,
    /// Which statistic.
    pub statistic: Statistic,
    /// The length of its periods.
    pub period: Period,
    /// Only samples of this unit count.
    pub unit: Option<Unit>,
}

/// The entries of `Metrics`, and which of them is the result.
#[derive(Clone, Debug, PartialEq)]
pub struct DataQueries {
    /// Names and entries, as they stand in the file.
    pub entries: Vec<(String, DataEntry)>,
    /// The index of the result.
    pub result: usize,
    /// The period that all of them share.
    pub period: Period,
}

impl DataQueries {
    /// The entry of this `Id`.
    pub fn get(&self, id: &str) -> Option<&DataEntry> {
        self.entries.iter().find(|(known, _)| known == id).map(|(_, entry)| entry)
    }

    /// The result.
    pub fn result(&self) -> Option<&DataEntry> {
        self.entries.get(self.result).map(|(_, entry)| entry)
    }
}

/// One entry of `Metrics`.
#[derive(Clone, Debug, PartialEq)]
pub enum DataEntry {
    /// A metric.
    Metric(MetricSource),
    /// Metric math over the other entries.
    Math(MathExpression),
    /// A Metrics Insights query.
    Query(MetricsQuery),
}

/// An alarm.
#[derive(Clone, Debug)]
pub struct CheckedAlarm {
    /// How it is evaluated.
    pub definition: AlarmDefinition,
    /// What it watches, and for a band what the band is laid around.
    pub watched: DataQueries,
    /// The band, for an alarm that compares with one.
    pub band: Option<BandSubject>,
}

/// The band that an alarm compares with.
#[derive(Clone, Debug, PartialEq)]
pub struct BandSubject {
    /// The `Id` of the entry that the band is laid around.
    pub around: String,
    /// Its width in standard deviations.
    pub width: BandWidth,
}

/// A saved Logs Insights query.
#[derive(Clone, Debug)]
pub struct CheckedLogsQuery {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The log groups that it names; the stack's where it names none.
    pub groups: Vec<String>,
    /// What runs; none where a parameter has no default.
    pub plan: Option<LogsPlan>,
}

/// A saved Metrics Insights query, or metric math.
#[derive(Clone, Debug)]
pub struct CheckedMetricQuery {
    /// Its path.
    pub path: String,
    /// What it is.
    pub text: MetricText,
}

/// The text of a saved metric query, parsed.
#[derive(Clone, Debug)]
pub enum MetricText {
    /// Metrics Insights.
    Query(Box<MetricsQuery>),
    /// Metric math; it refers to entries that are not saved with it.
    Math(MathExpression),
}
