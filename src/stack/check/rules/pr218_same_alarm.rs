//! PR218: two alarms that always have the same state.

use super::Context;
use crate::stack::CheckedAlarm;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR218"),
    severity: Severity::Info,
    title: "two alarms that are the same",
    why: "Both watch the same in the same way and so change their state together. An alarm has room for five actions a \
          state, and each alarm is billed.",
    bad: r"
[[alarms]]
AlarmName = 'logins'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Period = 300
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'

[[alarms]]
AlarmName = 'sign-ins'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Period = 300
EvaluationPeriods = 3
DatapointsToAlarm = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
",
    good: r"
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
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (at, (written, alarm)) in context.alarms.iter().enumerate() {
        let mut earlier = context.alarms.iter().take(at);
        let Some((first, _)) = earlier.find(|(_, other)| is_same(other, alarm)) else { continue };
        let message =
            format!("the alarms `{}` and `{}` always have the same state", first.alarm_name, written.alarm_name);
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, written.alarm_name.span, message)
                .also(first.alarm_name.span, "the first")
                .help("keep one, with the actions of both"),
        );
    }
}

/// Whether two alarms differ by name and actions alone.
fn is_same(one: &CheckedAlarm, other: &CheckedAlarm) -> bool {
    let (left, right) = (&one.definition, &other.definition);
    one.watched == other.watched
        && one.band == other.band
        && left.comparison() == right.comparison()
        && left.rule() == right.rule()
        && left.period() == right.period()
        && left.evaluation_window() == right.evaluation_window()
        && left.warm_up() == right.warm_up()
        && left.low_sample_count() == right.low_sample_count()
}
