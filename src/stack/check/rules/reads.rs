//! Who reads which metric: alarms, detectors, saved queries, dashboards.

use super::Context;
use crate::series::{MetricIdentity, Statistic, Unit};
use crate::stack::{CheckedFilter, DataEntry, DetectorSubject, MetricText, Text};
use crate::syntax::Expression;
use crate::syntax::metrics::AggregateFunction;
use crate::{Diagnostic, MetricsQuery, Span};

use super::super::widgets::Drawn;

/// Something that reads a metric.
pub(super) struct Read<'a> {
    /// Who.
    pub(super) by: Reader,
    /// What.
    pub(super) what: Source<'a>,
    /// Where it says so: in the file, or in the body.
    span: Span,
    /// The dashboard's body that the place is in.
    body: Option<&'a Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    Alarm,
    Detector,
    SavedQuery,
    Dashboard,
}

/// What is read.
pub(super) enum Source<'a> {
    /// A metric.
    Metric { metric: &'a MetricIdentity, statistic: Option<Statistic>, unit: Option<Unit> },
    /// Whatever a query selects.
    Query(&'a MetricsQuery),
}

/// What is made of the samples of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Summary {
    Count,
    Sum,
    /// A mean, an extreme or a percentile: between the least and the largest sample.
    Between,
    /// Anything else.
    Other,
}

impl<'a> Context<'a> {
    /// Everything that reads a metric, in order of kind.
    pub(super) fn reads(&self) -> Vec<Read<'a>> {
        let mut reads = self.alarm_reads();
        for (written, detector) in self.detectors {
            match &detector.subject {
                DetectorSubject::Metric(metric, statistic) => {
                    let single = written.single_metric_anomaly_detector.as_ref();
                    let span = single.map(|single| single.metric_name.span).unwrap_or_default();
                    let what = Source::Metric { metric, statistic: Some(*statistic), unit: None };
                    reads.push(Read { by: Reader::Detector, what, span, body: None });
                }
                DetectorSubject::Math(queries) => {
                    let math = written.metric_math_anomaly_detector.as_ref();
                    let span = math.map(|math| math.metric_data_queries.span).unwrap_or_default();
                    for (_, entry) in &queries.entries {
                        reads.extend(of_entry(entry, Reader::Detector, span));
                    }
                }
            }
        }
        for (written, query) in self.metric_queries {
            if let MetricText::Query(query) = &query.text {
                let span = written.expression.span;
                reads.push(Read { by: Reader::SavedQuery, what: Source::Query(query), span, body: None });
            }
        }
        reads.extend(self.dashboard_reads());
        reads
    }

    fn alarm_reads(&self) -> Vec<Read<'a>> {
        let mut reads = Vec::new();
        for (written, alarm) in self.alarms {
            for (id, entry) in &alarm.watched.entries {
                let query = written.metrics.iter().find(|query| query.id.as_str() == id);
                let stat = query.and_then(|query| query.metric_stat.as_ref());
                let name = stat.map(|stat| &stat.metric.metric_name).or(written.metric_name.as_ref());
                let place = query.and_then(|query| query.expression.as_ref()).or(name);
                let span = place.map_or(written.alarm_name.span, |text| text.span);
                reads.extend(of_entry(entry, Reader::Alarm, span));
            }
        }
        reads
    }

    fn dashboard_reads(&self) -> Vec<Read<'a>> {
        let mut reads = Vec::new();
        for board in self.dashboards {
            let body = Some(&board.written.dashboard_body);
            for entry in board.widgets.iter().flat_map(|widget| &widget.entries) {
                let (what, span) = match &entry.drawn {
                    Drawn::Metric { metric, name, statistic, is_local: true, .. } => {
                        (Source::Metric { metric, statistic: *statistic, unit: None }, *name)
                    }
                    Drawn::Expression { text, parsed: Some(Expression::Query(query)) } => {
                        (Source::Query(query), text.span)
                    }
                    _ => continue,
                };
                reads.push(Read { by: Reader::Dashboard, what, span, body });
            }
        }
        reads
    }

    /// Whether a dashboard may read metrics that cannot be told here: by a search, or by an entry that is not understood.
    pub(super) fn dashboards_may_read_more(&self) -> bool {
        let widgets = self.dashboards.iter().flat_map(|board| &board.widgets);
        widgets.into_iter().any(|widget| {
            widget.kind.value == "explorer"
                || widget.entries.iter().any(|entry| match &entry.drawn {
                    Drawn::Unknown | Drawn::Misshapen => true,
                    Drawn::Expression { parsed, .. } => parsed.is_none(),
                    Drawn::Metric { .. } => false,
                })
        })
    }

    /// A finding about what is read, at its place in the file.
    pub(super) fn at(&self, read: &Read<'_>, finding: impl FnOnce(Span) -> Diagnostic) -> Diagnostic {
        let finding = finding(read.span);
        match read.body {
            Some(body) => self.in_body(body, finding),
            None => finding,
        }
    }
}

fn of_entry(entry: &DataEntry, by: Reader, span: Span) -> Option<Read<'_>> {
    let what = match entry {
        DataEntry::Metric(source) => {
            Source::Metric { metric: &source.metric, statistic: Some(source.statistic), unit: source.unit }
        }
        DataEntry::Query(query) => Source::Query(query),
        DataEntry::Math(_) => return None,
    };
    Some(Read { by, what, span, body: None })
}

impl Read<'_> {
    /// Whether the samples of a filter are among what is read.
    pub(super) fn is_of(&self, filter: &CheckedFilter) -> bool {
        match &self.what {
            Source::Metric { metric, .. } => {
                filter.emits(&metric.namespace, &metric.name, metric.dimensions.names())
            }
            Source::Query(query) => selects(query, filter),
        }
    }

    /// What is made of the samples; nothing where that is not said.
    pub(super) fn summary(&self) -> Option<Summary> {
        match &self.what {
            Source::Metric { statistic, .. } => statistic.map(|statistic| match statistic {
                Statistic::SampleCount => Summary::Count,
                Statistic::Sum => Summary::Sum,
                Statistic::Average
                | Statistic::Minimum
                | Statistic::Maximum
                | Statistic::Percentile(_)
                | Statistic::InterquartileMean
                | Statistic::TrimmedMean(_)
                | Statistic::WinsorizedMean(_) => Summary::Between,
                _ => Summary::Other,
            }),
            Source::Query(query) => Some(match query.select.function {
                AggregateFunction::Count => Summary::Count,
                AggregateFunction::Sum => Summary::Sum,
                AggregateFunction::Avg | AggregateFunction::Max | AggregateFunction::Min => Summary::Between,
            }),
        }
    }

    /// Whether the least or the largest sample is taken.
    pub(super) fn is_extreme(&self) -> bool {
        match &self.what {
            Source::Metric { statistic, .. } => {
                matches!(statistic, Some(Statistic::Minimum | Statistic::Maximum))
            }
            Source::Query(query) => {
                matches!(query.select.function, AggregateFunction::Max | AggregateFunction::Min)
            }
        }
    }

    /// The statistic or function as it is written; empty where it is not said.
    pub(super) fn summary_text(&self) -> String {
        match &self.what {
            Source::Metric { statistic, .. } => statistic.map(|one| one.to_string()).unwrap_or_default(),
            Source::Query(query) => query.select.function.to_string(),
        }
    }
}

/// Whether the metric of a filter is among those that a query reads.
pub(super) fn selects(query: &MetricsQuery, filter: &CheckedFilter) -> bool {
    let own = &filter.transformation;
    let has = |name: &str| own.dimensions.iter().any(|dimension| dimension.name == name);
    own.namespace == query.from.namespace.name
        && own.name == query.select.metric.name
        && query.from.schema.as_ref().is_none_or(|names| {
            names.len() == own.dimensions.len() && names.iter().all(|name| has(&name.name))
        })
}

impl Read<'_> {
    /// The namespace that is read.
    pub(super) fn namespace(&self) -> &str {
        match &self.what {
            Source::Metric { metric, .. } => &metric.namespace,
            Source::Query(query) => &query.from.namespace.name,
        }
    }

    /// The name of the metric that is read.
    pub(super) fn name(&self) -> &str {
        match &self.what {
            Source::Metric { metric, .. } => &metric.name,
            Source::Query(query) => &query.select.metric.name,
        }
    }

    /// Whether a metric of this name is read, whatever its dimensions.
    pub(super) fn is_named(&self, namespace: &str, name: &str) -> bool {
        match &self.what {
            Source::Metric { metric, .. } => metric.namespace == namespace && metric.name == name,
            Source::Query(query) => {
                query.from.namespace.name == namespace && query.select.metric.name == name
            }
        }
    }
}
