//! What definitions say of one another: metrics that a filter emits, detectors for bands.

use std::collections::BTreeSet;

use super::Checker;
use crate::diagnostic::{Diagnostic, Severity};
use crate::listing::listed_names;
use crate::series::MetricIdentity;
use crate::stack::{
    CheckedAlarm, DataEntry, DataQueries, DetectorSubject, MetricAlarm, MetricSource,
    MetricTransformationEntry, SingleMetricAnomalyDetector, codes,
};
use crate::syntax::metrics::codes::MIXED_SETS;
use crate::syntax::metrics::{Comparison, Condition, Identifier, Source};
use crate::{MetricsQuery, Span};

impl Checker<'_> {
    /// Whether what an alarm watches is there: metrics that filters emit, and a detector for its band.
    pub(super) fn relate(&mut self, alarm: &MetricAlarm, checked: &CheckedAlarm) {
        for (id, entry) in &checked.watched.entries {
            let place = alarm.metrics.iter().find(|query| query.id.as_str() == id);
            match entry {
                DataEntry::Metric(source) => {
                    let stat = place.and_then(|query| query.metric_stat.as_ref());
                    let name = stat.map(|stat| &stat.metric.metric_name).or(alarm.metric_name.as_ref());
                    if self.is_emitted(&source.metric, name.map_or(alarm.alarm_name.span, |name| name.span)) {
                        self.gaps(alarm, checked, &source.metric);
                    }
                }
                DataEntry::Query(query) => {
                    let text = place.and_then(|query| query.expression.as_ref());
                    self.is_queried(query, text.map_or(alarm.alarm_name.span, |text| text.span));
                }
                DataEntry::Math(_) => {}
            }
        }
        let around = checked.band.as_ref().and_then(|band| checked.watched.get(&band.around));
        if let (Some(DataEntry::Metric(source)), Some(id)) = (around, &alarm.threshold_metric_id)
            && self.is_whole()
            && !self.detectors_of(&source.metric).any(|one| learns(one, source))
        {
            let message = format!(
                "no anomaly detector of the stack learns `{}` of `{}`",
                source.statistic, source.metric
            );
            let finding = Diagnostic::new(codes::NO_DETECTOR, Severity::Info, id.span, message);
            let other = self.detectors_of(&source.metric).next();
            let finding = match other {
                Some(other) => finding
                    .also(other.stat.span, "learns another statistic")
                    .help(format!("a detector learns one statistic: write `Stat = \"{}\"` there", source.statistic)),
                None => finding.help("the service makes one by itself; add `[[anomalyDetectors]]` to set its time zone and exclusions"),
            };
            self.say(finding);
        }
    }

    /// What gaps in the data of a filter's metric do to the alarm.
    fn gaps(&mut self, alarm: &MetricAlarm, checked: &CheckedAlarm, metric: &MetricIdentity) {
        let of_metric = |entry: &&MetricTransformationEntry| {
            *entry.metric_namespace == metric.namespace && *entry.metric_name == metric.name
        };
        let Some(entry) = self.emitted().find(of_metric) else { return };
        let (has_dimensions, has_default) = (!entry.dimensions.is_empty(), entry.default_value.is_some());
        for warning in checked.definition.warnings_of_metric_filter(has_dimensions, has_default) {
            self.warn(alarm, &warning);
        }
    }

    /// The detectors of a metric, whatever statistic they learn.
    fn detectors_of<'d>(
        &'d self,
        metric: &'d MetricIdentity,
    ) -> impl Iterator<Item = &'d SingleMetricAnomalyDetector> {
        let single =
            self.stack.anomaly_detectors.iter().filter_map(|one| one.single_metric_anomaly_detector.as_ref());
        single.filter(|single| {
            let pairs = single.dimensions.iter().map(|one| (one.name.as_str(), one.value.as_str()));
            let own = MetricIdentity::new(single.namespace.as_str(), single.metric_name.as_str());
            own.with(pairs.collect()) == *metric
        })
    }

    /// Whether a filter of the stack emits a metric; says so where one emits into the namespace, but none this metric.
    pub(super) fn is_emitted(&mut self, metric: &MetricIdentity, span: Span) -> bool {
        if let Some(missing) = self.missing(metric) {
            let finding = Diagnostic::warning(codes::NO_SUCH_METRIC, span, missing.message);
            self.say(match (missing.emitted, missing.help) {
                (Some(place), _) => finding.also(place, "emitted here"),
                (None, help) => finding.help(help),
            });
            return false;
        }
        self.emitted().any(|entry| is_of(entry, metric))
    }

    /// The same of a metric in a text of the file, at its place there.
    pub(super) fn not_emitted(&self, metric: &MetricIdentity, span: Span) -> Option<Diagnostic> {
        let missing = self.missing(metric)?;
        Some(Diagnostic::warning(codes::NO_SUCH_METRIC, span, missing.message).help(missing.help))
    }

    fn missing(&self, metric: &MetricIdentity) -> Option<Missing> {
        let own = || self.emitted().filter(|entry| *entry.metric_namespace == metric.namespace);
        let known: Vec<&str> = own().map(|entry| entry.metric_name.as_str()).collect();
        let same = own().find(|entry| *entry.metric_name == metric.name);
        let is_settled = self.is_whole() || same.is_some() && self.is_joined();
        if known.is_empty() || own().any(|entry| is_of(entry, metric)) || !is_settled {
            return None;
        }
        let help = format!("filters emit {} there", listed_names(known, "and"));
        let Some(entry) = same else {
            let message =
                format!("no metric filter of the stack emits `{}` into `{}`", metric.name, metric.namespace);
            return Some(Missing { message, help, emitted: None });
        };
        let names: Vec<&str> = entry.dimensions.keys().map(|name| name.as_str()).collect();
        let has = if names.is_empty() {
            "has no dimensions".to_owned()
        } else {
            format!("has the dimensions {}", listed_names(names, "and"))
        };
        let message = format!(
            "the metric `{}` that a filter emits {has}; each set of dimensions is a metric of its own",
            metric.name
        );
        let help = "name its dimensions and their values, or read it by a Metrics Insights query".to_owned();
        Some(Missing { message, help, emitted: Some(entry.metric_name.span) })
    }

    /// Says where a Metrics Insights query reads what no filter of the stack emits.
    pub(super) fn is_queried(&mut self, query: &MetricsQuery, span: Span) {
        if let Some(finding) = self.not_queried(query, span) {
            self.say(finding);
        }
    }

    /// What a Metrics Insights query reads and no filter of the stack emits; `SCHEMA` names dimensions exactly.
    pub(super) fn not_queried(&self, query: &MetricsQuery, span: Span) -> Option<Diagnostic> {
        let namespace = &query.from.namespace.name;
        let own = || self.emitted().filter(|entry| entry.metric_namespace.as_str() == namespace);
        let metric = &query.select.metric.name;
        let fits = |entry: &MetricTransformationEntry| {
            entry.metric_name.as_str() == metric
                && query.from.schema.as_ref().is_none_or(|names| {
                    names.len() == entry.dimensions.len()
                        && names
                            .iter()
                            .all(|name| entry.dimensions.keys().any(|known| known.as_str() == name.name))
                })
        };
        let is_named = own().any(|entry| entry.metric_name.as_str() == metric);
        let is_settled = self.is_whole() || is_named && self.is_joined();
        if own().next().is_none() || own().any(fits) || !is_settled {
            return None;
        }
        let known: Vec<String> = own()
            .map(|entry| {
                let names: Vec<&str> = entry.dimensions.keys().map(|name| name.as_str()).collect();
                match names.as_slice() {
                    [] => format!("`{}`", entry.metric_name),
                    names => {
                        format!("`{}` by {}", entry.metric_name, listed_names(names.iter().copied(), "and"))
                    }
                }
            })
            .collect();
        let message =
            format!("no metric filter of the stack emits what the query reads: `{metric}` of `{namespace}`");
        let finding = Diagnostic::warning(codes::NO_SUCH_METRIC, span, message);
        Some(finding.help(format!("filters emit {} there", known.join(", "))))
    }

    /// Says where a query without `SCHEMA` takes together what filters emit under different dimensions.
    pub(super) fn mixed_sets(&self, query: &MetricsQuery) -> Option<Diagnostic> {
        let required = query.filter.iter().flat_map(Condition::required);
        let given: Vec<&str> = required
            .filter(|predicate| predicate.comparison == Comparison::Equal)
            .filter_map(|predicate| predicate.key.dimension())
            .collect();
        let sets: BTreeSet<Vec<&str>> = self
            .emitted()
            .filter(|entry| {
                entry.metric_namespace.as_str() == query.from.namespace.name
                    && entry.metric_name.as_str() == query.select.metric.name
            })
            .map(|entry| entry.dimensions.keys().map(|name| name.as_str()).collect::<Vec<_>>())
            .filter(|set| given.iter().all(|name| set.contains(name)))
            .collect();
        if query.from.schema.is_some() || sets.len() < 2 {
            return None;
        }
        let message =
            format!("filters of the stack emit this metric under {} different dimension sets", sets.len());
        let written = sets.iter().map(|set| {
            let schema = set.iter().map(|name| Identifier::new(*name)).collect();
            format!("`{}`", Source { schema: Some(schema), ..query.from.clone() })
        });
        let choices = written.collect::<Vec<_>>().join(", ");
        let finding = Diagnostic::warning(MIXED_SETS, query.from.span.0, message);
        Some(finding.help(format!("choose one: there is {choices}")))
    }

    /// Whether something that is watched is a metric of a filter of the stack.
    pub(super) fn reads_filter(&self, watched: &DataQueries) -> bool {
        let is_emitted = |namespace: &str, name: &str| {
            let mut emitted = self.emitted();
            emitted.any(|entry| *entry.metric_namespace == namespace && *entry.metric_name == name)
        };
        watched.entries.iter().any(|(_, entry)| match entry {
            DataEntry::Metric(source) => is_emitted(&source.metric.namespace, &source.metric.name),
            DataEntry::Query(query) => is_emitted(&query.from.namespace.name, &query.select.metric.name),
            DataEntry::Math(_) => false,
        })
    }

    fn emitted(&self) -> impl Iterator<Item = &MetricTransformationEntry> {
        self.stack.emitted()
    }
}

/// A metric that is read and that no filter emits.
struct Missing {
    message: String,
    help: String,
    /// Where a filter emits it under other dimensions.
    emitted: Option<Span>,
}

/// Whether a filter emits a metric, under exactly its dimensions.
fn is_of(entry: &MetricTransformationEntry, metric: &MetricIdentity) -> bool {
    let has = |name: &str| entry.dimensions.keys().any(|known| known.as_str() == name);
    *entry.metric_namespace == metric.namespace
        && *entry.metric_name == metric.name
        && entry.dimensions.len() == metric.dimensions.len()
        && metric.dimensions.names().all(has)
}

fn learns(single: &SingleMetricAnomalyDetector, source: &MetricSource) -> bool {
    single.stat.parse().ok().as_ref() == Some(&source.statistic)
}

impl super::super::CheckedDetector {
    /// Whether it learns this metric and statistic.
    pub fn learns(&self, source: &MetricSource) -> bool {
        match &self.subject {
            DetectorSubject::Metric(metric, statistic) => {
                *metric == source.metric && *statistic == source.statistic
            }
            DetectorSubject::Math(_) => false,
        }
    }
}
