//! PR205: a metric filter whose metric nothing in the stack reads.

use super::Context;
use super::reads::Read;
use crate::series::MetricTransformation;
use crate::stack::check::namespaces::Meant;
use crate::stack::CheckedFilter;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR205"),
    severity: Severity::Info,
    title: "nothing reads the metric of a filter",
    why: "No alarm, detector, saved query or dashboard of the stack reads the metric that the filter emits, and custom \
          metrics are billed. A metric with dimensions is read under exactly these, or by a Metrics Insights query.",
    bad: r"
[[metricFilters]]
filterName = 'downloads'
filterPattern = '{ $.eventName = GetObject }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'downloads', metricValue = '1', defaultValue = 0 }]

[[metricFilters]]
filterName = 'uploads'
filterPattern = '{ $.eventName = PutObject }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'uploads', metricValue = '1', defaultValue = 0 }]

[[metricQueryDefinitions]]
Path = 'downloads'
Type = 'SQL'
Expression = 'SELECT SUM(downloads) FROM SCHEMA(trail)'
",
    good: r"
[[metricFilters]]
filterName = 'downloads'
filterPattern = '{ $.eventName = GetObject }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'downloads', metricValue = '1', defaultValue = 0 }]

[[metricQueryDefinitions]]
Path = 'downloads'
Type = 'SQL'
Expression = 'SELECT SUM(downloads) FROM SCHEMA(trail)'
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let reads = context.reads();
    // A stack of filters alone is read elsewhere; and where a definition is refused, what it reads is not known.
    let all_known = context.alarms.len() == context.stack.alarms.len()
        && context.detectors.len() == context.stack.anomaly_detectors.len()
        && context.metric_queries.len() == context.stack.metric_query_definitions.len()
        && context.dashboards.len() == context.stack.dashboards.len();
    if !context.is_whole() || reads.is_empty() || !all_known || context.dashboards_may_read_more() {
        return;
    }
    for (written, filter) in context.filters {
        // A metric of the right name under other dimensions is told where it is read.
        let own = &filter.transformation;
        let is_named = reads.iter().any(|read| read.is_named(&own.namespace, &own.name));
        if !is_named && !reads.iter().any(|read| is_lost(context, read, own)) {
            let message = format!("nothing in the stack reads `{}` of `{}`", own.name, own.namespace);
            let finding = Diagnostic::new(RULE.code, RULE.severity, written.filter_name.span, message);
            findings.push(finding.help("watch it by an alarm, draw it, or drop the filter"));
        }
    }
}

/// Whether something reads a metric that no filter emits, of the namespace or of one that it may be misspelt for: one may
/// be meant by the other, which is told there.
fn is_lost(context: &Context<'_>, read: &Read<'_>, own: &MetricTransformation) -> bool {
    let emits = |filter: &CheckedFilter| {
        read.is_named(&filter.transformation.namespace, &filter.transformation.name)
    };
    let meant = || Meant::by(context.stack, context.extent, read.namespace(), read.name());
    let is_of_namespace =
        read.namespace() == own.namespace || meant().is_some_and(|meant| *meant.entry.metric_namespace == own.namespace);
    is_of_namespace && !context.filters.iter().any(|(_, filter)| emits(filter))
}
