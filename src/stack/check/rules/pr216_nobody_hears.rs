//! PR216: an alarm that tells nobody, in a stack whose alarms tell somebody.

use super::Context;
use crate::stack::MetricAlarm;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR216"),
    severity: Severity::Info,
    title: "nobody hears of the alarm",
    why: "The alarm has no `AlarmActions`, while others of the stack do: it changes its state, and nothing is done. \
          That may be wanted for an alarm that only a dashboard shows.",
    bad: r"
topics = [{ Name = 'security' }]

[[alarms]]
AlarmName = 'logins'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Period = 300
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
AlarmActions = ['topic:security']

[[alarms]]
AlarmName = 'denied'
Namespace = 'trail'
MetricName = 'denied'
Statistic = 'Sum'
Period = 300
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
",
    good: r"
topics = [{ Name = 'security' }]

[[alarms]]
AlarmName = 'logins'
Namespace = 'trail'
MetricName = 'logins'
Statistic = 'Sum'
Period = 300
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
AlarmActions = ['topic:security']
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let acts = |alarm: &&MetricAlarm| !alarm.alarm_actions.is_empty();
    let Some(other) = context.stack.alarms.iter().find(acts) else { return };
    let is_off = |alarm: &MetricAlarm| alarm.actions_enabled.as_ref().is_some_and(|enabled| !enabled.value);
    for alarm in context.stack.alarms.iter().filter(|alarm| !acts(alarm) && !is_off(alarm)) {
        let message = format!("the alarm `{}` does nothing when it goes to `ALARM`", alarm.alarm_name);
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, alarm.alarm_name.span, message)
                .also(other.alarm_name.span, "this one does something")
                .help("add `AlarmActions`"),
        );
    }
}
