//! PR225: an alarm on the mean over all members of a group.

use super::Context;
use super::reads::selects;
use crate::alarm::{Comparison, StaticOperator};
use crate::stack::DataEntry;
use crate::syntax::Rule;
use crate::syntax::metrics::AggregateFunction;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR225"),
    severity: Severity::Info,
    title: "a mean hides the one that stands out",
    why: "The query takes the mean of all observations of all metrics together, so that one member far above \
          the threshold is hidden among many below it. `MAX`, or a series for each member by `GROUP BY`, sees \
          it.",
    bad: r#"
[[alarms]]
AlarmName = 'logins'
Metrics = [{ Id = 'q1', Period = 300, Expression = 'SELECT AVG(CPUUtilization) FROM SCHEMA("AWS/EC2", InstanceId)' }]
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
"#,
    good: r#"
[[alarms]]
AlarmName = 'logins'
Metrics = [{ Id = 'q1', Period = 300, Expression = 'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/EC2", InstanceId)' }]
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-alarms.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (written, alarm) in context.alarms {
        let Some(DataEntry::Query(query)) = alarm.watched.result() else { continue };
        let looks_up = matches!(
            alarm.definition.comparison(),
            Comparison::Static {
                operator: StaticOperator::GreaterThanThreshold | StaticOperator::GreaterThanOrEqualToThreshold,
                ..
            }
        );
        let has_members = query.from.schema.as_ref().is_some_and(|names| !names.is_empty());
        // Of a filter's constant the mean has a rule of its own.
        let is_of_filter = context.filters.iter().any(|(_, filter)| selects(query, filter));
        let is_mean = query.select.function == AggregateFunction::Avg && query.group_by.is_empty();
        if !(looks_up && has_members && is_mean) || is_of_filter {
            continue;
        }
        let text = written.metrics.iter().find_map(|query| query.expression.as_ref());
        let span = text.map_or(written.alarm_name.span, |text| text.span);
        let message = "the mean over all members is compared, and one that stands out is hidden among the others";
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, span, message)
                .help("take `MAX` to see any member, or a series for each by `GROUP BY` and `ORDER BY`"),
        );
    }
}
