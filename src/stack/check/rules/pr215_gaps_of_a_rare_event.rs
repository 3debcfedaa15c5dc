//! PR215: an alarm on a filter without a default value takes gaps for missing data.

use super::Context;
use crate::alarm::{Comparison, TreatMissingData};
use crate::stack::DataEntry;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR215"),
    severity: Severity::Info,
    title: "periods without matches leave the alarm without data",
    why: "A filter without a default value publishes nothing where nothing matches. With `missing`, which is taken where \
          nothing is said, the alarm is in `INSUFFICIENT_DATA` for all of that time, and not in `OK`.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1' }]

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
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1' }]

[[alarms]]
AlarmName = 'logins'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Period = 300
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
TreatMissingData = 'notBreaching'
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    if !context.is_joined() {
        return;
    }
    for (written, alarm) in context.alarms {
        let takes_missing = alarm.definition.rule().treat_missing_data() == TreatMissingData::Missing;
        // Bands, and metrics with dimensions, are told of with the alarm's other settings.
        let is_static = matches!(alarm.definition.comparison(), Comparison::Static { .. });
        let Some(DataEntry::Metric(source)) = alarm.watched.result() else { continue };
        let metric = &source.metric;
        let mut own = context
            .filters
            .iter()
            .map(|(_, filter)| filter)
            .filter(|filter| filter.emits(&metric.namespace, &metric.name, metric.dimensions.names()))
            .peekable();
        let Some(first) = own.peek().map(|filter| filter.name.as_str()) else { continue };
        let has_default = own.any(|filter| filter.transformation.default_value.is_some());
        if !takes_missing || !is_static || has_default || !metric.dimensions.is_empty() {
            continue;
        }
        let span = written.treat_missing_data.as_ref().map_or(written.alarm_name.span, |word| word.span);
        let message = format!(
            "the filter `{first}` publishes nothing where nothing matches, and the alarm is then in `INSUFFICIENT_DATA`"
        );
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, span, message)
                .help("write `TreatMissingData = \"notBreaching\"`, or give the filter `defaultValue = 0`"),
        );
    }
}
