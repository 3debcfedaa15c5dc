//! PR217: a topic that no alarm names.

use super::Context;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR217"),
    severity: Severity::Info,
    title: "no alarm tells the topic",
    why: "The stack has alarms and none of them names the topic, so that its subscribers hear of none.",
    bad: r"
topics = [{ Name = 'security' }, { Name = 'operations' }]

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
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    if !context.is_whole() || context.stack.alarms.is_empty() {
        return;
    }
    let mut actions = Vec::new();
    for alarm in &context.stack.alarms {
        actions.extend(alarm.alarm_actions.iter().chain(&alarm.ok_actions).chain(&alarm.insufficient_data_actions));
    }
    for topic in &context.stack.topics {
        let name = topic.name.as_str();
        let is_named = |action: &str| {
            action.strip_prefix("topic:") == Some(name)
                || (action.starts_with("arn:") && action.rsplit(':').next() == Some(name))
        };
        if !actions.iter().any(|action| is_named(action)) {
            let message = format!("no alarm of the stack tells the topic `{name}`");
            findings.push(
                Diagnostic::new(RULE.code, RULE.severity, topic.name.span, message)
                    .help(format!("name it by `AlarmActions = [\"topic:{name}\"]`, or drop it")),
            );
        }
    }
}
