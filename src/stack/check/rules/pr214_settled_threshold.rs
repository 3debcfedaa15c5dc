//! PR214: a threshold that every value breaches, or none.

use super::Context;
use crate::alarm::{Comparison, StaticOperator, TreatMissingData};
use crate::series::{MetricValue, Statistic};
use crate::stack::{CheckedAlarm, CheckedFilter, DataEntry};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR214"),
    severity: Severity::Warning,
    title: "no value of the metric decides anything",
    why: "What the filter publishes has a least value, and some statistics a largest one. A threshold beyond them is \
          breached by every value or by none. Without a default value, for one, a period without matches has no data at \
          all, and is never below 1: it is missing.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1' }]

[[alarms]]
AlarmName = 'nobody logs in'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Period = 3600
EvaluationPeriods = 3
Threshold = 1
ComparisonOperator = 'LessThanThreshold'
TreatMissingData = 'notBreaching'
",
    good: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[alarms]]
AlarmName = 'nobody logs in'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Period = 3600
EvaluationPeriods = 3
Threshold = 1
ComparisonOperator = 'LessThanThreshold'
TreatMissingData = 'notBreaching'
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html",
};

/// What values of a period there can be: the least, and the largest where there is one.
#[derive(Clone, Copy)]
struct Range {
    least: f64,
    largest: Option<f64>,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (written, alarm) in context.alarms {
        let Comparison::Static { operator, threshold } = alarm.definition.comparison() else { continue };
        let Some((filter, range)) = range(context, alarm) else { continue };
        let breaches = |value: f64| operator.is_breaching(value, *threshold);
        let grows = matches!(
            operator,
            StaticOperator::GreaterThanThreshold | StaticOperator::GreaterThanOrEqualToThreshold
        );
        // The ends tell of all values in between; without a largest one it is the operator that tells.
        let (first, last) = (breaches(range.least), range.largest.map_or(grows, breaches));
        if first != last {
            continue;
        }
        let treatment = alarm.definition.rule().treat_missing_data();
        let has_default = filter.transformation.default_value.is_some();
        // Without a default value, that every match breaches is how an alarm on any match is written. And an alarm that
        // tells by missing data has no need of values that breach.
        if if first { !has_default } else { treatment == TreatMissingData::Breaching } {
            continue;
        }
        let message = format!(
            "{} value that the filter `{}` can give breaches the threshold",
            if first { "every" } else { "no" },
            filter.name
        );
        let span = written.threshold.as_ref().map_or(written.alarm_name.span, |threshold| threshold.span);
        let bounds = match range.largest {
            Some(largest) => format!("values are from {} to {largest}", range.least),
            None => format!("values are {} and more", range.least),
        };
        findings.push(
            Diagnostic::warning(RULE.code, span, message)
                .help(format!("{bounds} where there are any; periods without matches have none, unless there is a default value")),
        );
    }
}

/// What values the one metric of an alarm can have, and the filter that gives them.
fn range<'a>(context: &Context<'a>, alarm: &CheckedAlarm) -> Option<(&'a CheckedFilter, Range)> {
    let Some(DataEntry::Metric(source)) = alarm.watched.result() else { return None };
    let metric = &source.metric;
    let mut own = context
        .filters
        .iter()
        .map(|(_, filter)| filter)
        .filter(|filter| filter.emits(&metric.namespace, &metric.name, metric.dimensions.names()));
    let filter = own.next()?;
    if own.next().is_some() || !context.is_joined() {
        return None;
    }
    let MetricValue::Number(value) = filter.transformation.value else { return None };
    let default = filter.transformation.default_value;
    let (low, high) = (value.min(default.unwrap_or(value)), value.max(default.unwrap_or(value)));
    if low < 0.0 || (default.is_none() && source.statistic != Statistic::Sum) {
        // A statistic of a constant has a rule of its own.
        return None;
    }
    let largest = match source.statistic {
        Statistic::Sum => (high == 0.0).then_some(0.0),
        Statistic::Average | Statistic::Minimum | Statistic::Maximum | Statistic::Percentile(_) => Some(high),
        _ => return None,
    };
    Some((filter, Range { least: low, largest }))
}
