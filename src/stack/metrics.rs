//! Metrics by their names: which ones the filters of a stack emit, and which ones its definitions read.

use crate::MetricsQuery;
use crate::syntax::metrics::LabelKey;

use super::{AnomalyDetector, MetricAlarm, MetricDataQuery, MetricTransformationEntry, Stack};

impl Stack {
    /// What its filters emit.
    pub(crate) fn emitted(&self) -> impl Iterator<Item = &MetricTransformationEntry> {
        self.metric_filters.iter().flat_map(|filter| filter.metric_transformations.iter())
    }

    /// Whether its filters emit the metric of a query, each with every dimension that it groups by.
    pub(crate) fn emits_groups_of(&self, query: &MetricsQuery) -> bool {
        let of_query = |entry: &&MetricTransformationEntry| {
            entry.metric_namespace.as_str() == query.from.namespace.name
                && entry.metric_name.as_str() == query.select.metric.name
        };
        let has_keys = |entry: &MetricTransformationEntry| {
            query.group_by.iter().all(|key| {
                let LabelKey::Dimension(name) = key else { return false };
                entry.dimensions.keys().any(|known| known.as_str() == name.name)
            })
        };
        let mut own = self.emitted().filter(of_query).peekable();
        own.peek().is_some() && own.all(has_keys)
    }
}

impl MetricAlarm {
    /// The namespaces and names of the metrics that it watches.
    pub(crate) fn reads(&self) -> Vec<(String, String)> {
        let single = self.namespace.as_ref().zip(self.metric_name.as_ref());
        let single = single.map(|(namespace, name)| (namespace.value.clone(), name.value.clone()));
        single.into_iter().chain(self.metrics.iter().filter_map(MetricDataQuery::reads)).collect()
    }
}

impl AnomalyDetector {
    /// The namespaces and names of the metrics that it learns.
    pub(crate) fn reads(&self) -> Vec<(String, String)> {
        let single = self.single_metric_anomaly_detector.as_ref();
        let single = single.map(|single| (single.namespace.value.clone(), single.metric_name.value.clone()));
        let math = self.metric_math_anomaly_detector.iter();
        let entries =
            math.flat_map(|math| &math.metric_data_queries.value).filter_map(MetricDataQuery::reads);
        single.into_iter().chain(entries).collect()
    }
}

impl MetricDataQuery {
    fn reads(&self) -> Option<(String, String)> {
        if let Some(stat) = &self.metric_stat {
            return Some((stat.metric.namespace.value.clone(), stat.metric.metric_name.value.clone()));
        }
        let query = MetricsQuery::parse(self.expression.as_ref()?).ok()?;
        Some((query.from.namespace.name, query.select.metric.name))
    }
}
