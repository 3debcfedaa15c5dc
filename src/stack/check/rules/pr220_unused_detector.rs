//! PR220: a detector whose band nothing in the stack uses.

use super::Context;
use crate::series::MetricIdentity;
use crate::stack::{DataEntry, DetectorSubject};
use crate::syntax::{Expression, Rule};
use crate::{Code, Diagnostic, Severity};

use super::super::widgets::{Drawn, Widget};

pub(super) const RULE: Rule = Rule {
    code: Code("PR220"),
    severity: Severity::Info,
    title: "nothing uses the detector",
    why: "The detector learns a metric, and no alarm of the stack compares with its band and no dashboard \
          draws it. Detectors count towards a quota, and alarms with a static threshold do not use them.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[anomalyDetectors]]
SingleMetricAnomalyDetector = { Namespace = 'trail', MetricName = 'logins', Stat = 'Sum' }

[[alarms]]
AlarmName = 'logins'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Period = 300
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
",
    good: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[anomalyDetectors]]
SingleMetricAnomalyDetector = { Namespace = 'trail', MetricName = 'logins', Stat = 'Sum' }

[[alarms]]
AlarmName = 'logins'
Metrics = [{ Id = 'm1', MetricStat = { Metric = { Namespace = 'trail', MetricName = 'logins' }, Period = 300, Stat = 'Sum' } }, { Id = 'ad1', Expression = 'ANOMALY_DETECTION_BAND(m1, 2)' }]
EvaluationPeriods = 3
ThresholdMetricId = 'ad1'
ComparisonOperator = 'GreaterThanUpperThreshold'
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let all_known = context.alarms.len() == context.stack.alarms.len()
        && context.dashboards.len() == context.stack.dashboards.len();
    if !context.is_whole() || context.alarms.is_empty() || !all_known || context.dashboards_may_read_more() {
        return;
    }
    for (written, detector) in context.detectors {
        let DetectorSubject::Metric(metric, _) = &detector.subject else { continue };
        let Some(single) = &written.single_metric_anomaly_detector else { continue };
        let widgets = context.dashboards.iter().flat_map(|board| &board.widgets);
        // That a detector learns another statistic than the one that is watched is told at the alarm.
        if is_watched(context, metric) || widgets.into_iter().any(|widget| draws_band_of(widget, metric)) {
            continue;
        }
        let message = format!("no alarm or dashboard of the stack uses a band of `{metric}`");
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, single.metric_name.span, message)
                .help("compare an alarm with it by `ThresholdMetricId`, or drop the detector"),
        );
    }
}

fn is_watched(context: &Context<'_>, metric: &MetricIdentity) -> bool {
    context.alarms.iter().filter(|(_, alarm)| alarm.band.is_some()).any(|(_, alarm)| {
        alarm.watched.entries.iter().any(|(_, entry)| match entry {
            DataEntry::Metric(source) => source.metric == *metric,
            // A band may be laid around metric math over anything.
            DataEntry::Math(_) | DataEntry::Query(_) => true,
        })
    })
}

fn draws_band_of(widget: &Widget, metric: &MetricIdentity) -> bool {
    let mut has_band = false;
    let mut has_metric = false;
    for entry in &widget.entries {
        match &entry.drawn {
            Drawn::Expression { parsed: Some(Expression::Math(math)), .. } => {
                has_band |= !math.bands().is_empty();
            }
            Drawn::Metric { metric: drawn, .. } => has_metric |= drawn == metric,
            _ => {}
        }
    }
    has_band && has_metric
}
