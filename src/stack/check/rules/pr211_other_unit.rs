//! PR211: an alarm asks for samples of a unit that no filter gives.

use super::Context;
use super::reads::Source;
use crate::stack::CheckedFilter;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR211"),
    severity: Severity::Warning,
    title: "no sample has the unit",
    why: "With `Unit` only samples of that unit count, and the filter of the stack publishes another one; \
          without `unit` it publishes `None`. What is watched never has data.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[alarms]]
AlarmName = 'logins'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Unit = 'Count'
Period = 300
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
",
    good: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0, unit = 'Count' }]

[[alarms]]
AlarmName = 'logins'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Unit = 'Count'
Period = 300
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    if !context.is_joined() {
        return;
    }
    for read in context.reads() {
        let Source::Metric { unit: Some(asked), .. } = &read.what else { continue };
        let own: Vec<&CheckedFilter> =
            context.filters.iter().map(|(_, filter)| filter).filter(|filter| read.is_of(filter)).collect();
        let Some(first) = own.first() else { continue };
        if own.iter().any(|filter| filter.transformation.unit == *asked) {
            continue;
        }
        let message = format!(
            "samples of the unit `{asked}` are asked for, and the filter `{}` gives `{}`",
            first.name, first.transformation.unit
        );
        findings.push(context.at(&read, |span| {
            Diagnostic::warning(RULE.code, span, message)
                .help(format!("drop `Unit`, or write `unit = \"{asked}\"` in the filter's transformation"))
        }));
    }
}
