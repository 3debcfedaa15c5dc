//! PR219: an alarm that looks at a time whose events have not been delivered yet.

use super::Context;
use crate::stack::DataEntry;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

/// Seconds after the call at which CloudTrail delivers on average (AWS: *Monitoring CloudTrail log files with CloudWatch
/// Logs*).
const DELIVERY: u32 = 300;

pub(super) const RULE: Rule = Rule {
    code: Code("PR219"),
    severity: Severity::Warning,
    title: "the alarm decides before the events are there",
    why: "CloudTrail delivers events to CloudWatch Logs about five minutes after the call, and samples have \
          the time of their event. An alarm whose evaluation range is shorter has decided about a period when \
          its events arrive, and does not look back.",
    bad: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
IsMultiRegionTrail = true

[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[alarms]]
AlarmName = 'logins'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Period = 60
EvaluationPeriods = 1
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
",
    good: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
IsMultiRegionTrail = true

[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[alarms]]
AlarmName = 'logins'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Period = 300
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
DatapointsToAlarm = 1
",
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    // Without a trail in the stack the filters may watch something else than CloudTrail.
    if context.stack.trail.is_none() || !context.is_joined() {
        return;
    }
    let on_trail = || context.filters.iter().filter(|(written, _)| written.log_group_name.is_none());
    for (written, alarm) in context.alarms {
        let period = alarm.definition.period().seconds();
        let range = period.saturating_mul(alarm.definition.rule().evaluation_range());
        let is_of_filter = alarm.watched.entries.iter().any(|(_, entry)| match entry {
            DataEntry::Metric(source) => on_trail().any(|(_, filter)| {
                filter.emits(&source.metric.namespace, &source.metric.name, source.metric.dimensions.names())
            }),
            DataEntry::Query(query) => {
                on_trail().any(|(_, filter)| super::reads::selects(query, filter))
            }
            DataEntry::Math(_) => false,
        });
        if range >= DELIVERY || !is_of_filter {
            continue;
        }
        let message = format!(
            "the alarm looks back {range} s, and CloudTrail delivers about {DELIVERY} s after the call"
        );
        findings.push(
            Diagnostic::warning(RULE.code, written.evaluation_periods.span, message)
                .help("take a longer `Period` or more `EvaluationPeriods`, with `DatapointsToAlarm` below them"),
        );
    }
}
