//! PR221: an action that this kind of alarm cannot run.

use super::Context;
use crate::stack::{CheckedAlarm, DataEntry};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR221"),
    severity: Severity::Error,
    title: "the alarm cannot run the action",
    why: "Alarms on metric math cannot run EC2 actions, alarms on a band cannot run Auto Scaling actions, and \
          alarms on a query of several series can run neither: there is no one instance or group that they are \
          about.",
    bad: r"
[[alarms]]
AlarmName = 'logins'
Metrics = [{ Id = 'm1', MetricStat = { Metric = { Namespace = 'trail', MetricName = 'logins' }, Period = 300, Stat = 'Sum' }, ReturnData = false }, { Id = 'e1', Expression = 'm1 * 2' }]
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
AlarmActions = ['arn:aws:automate:us-east-1:ec2:stop']
",
    good: r"
[[alarms]]
AlarmName = 'logins'
Metrics = [{ Id = 'm1', MetricStat = { Metric = { Namespace = 'trail', MetricName = 'logins' }, Period = 300, Stat = 'Sum' }, ReturnData = false }, { Id = 'e1', Expression = 'm1 * 2' }]
EvaluationPeriods = 3
Threshold = 5
ComparisonOperator = 'GreaterThanThreshold'
AlarmActions = ['arn:aws:sns:us-east-1:111122223333:security']
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (written, alarm) in context.alarms {
        let actions = written.alarm_actions.iter().chain(&written.ok_actions);
        for action in actions.chain(&written.insufficient_data_actions) {
            let Some(kind) = Kind::of(action) else { continue };
            let Some(why) = kind.refused_by(alarm) else { continue };
            let message = format!("an alarm on {why} cannot run {} actions", kind.name());
            findings.push(
                Diagnostic::error(RULE.code, action.span, message)
                    .help("tell a topic or a Lambda function, and act there"),
            );
        }
    }
}

/// Actions that are about one resource.
#[derive(Clone, Copy)]
enum Kind {
    Ec2,
    AutoScaling,
}

impl Kind {
    fn of(action: &str) -> Option<Kind> {
        let mut parts = action.split(':').skip(2);
        match (parts.next()?, parts.nth(1)) {
            ("automate", Some("ec2")) => Some(Kind::Ec2),
            ("swf", _) => Some(Kind::Ec2),
            ("autoscaling", _) => Some(Kind::AutoScaling),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Ec2 => "EC2",
            Kind::AutoScaling => "Auto Scaling",
        }
    }

    /// What the alarm is on, where that does not go with the action.
    fn refused_by(self, alarm: &CheckedAlarm) -> Option<&'static str> {
        match (self, alarm.watched.result()) {
            (_, Some(DataEntry::Query(query))) if !query.group_by.is_empty() => Some("a query of several series"),
            (Kind::AutoScaling, _) if alarm.band.is_some() => Some("a band"),
            (Kind::Ec2, Some(DataEntry::Math(_))) => Some("metric math"),
            _ => None,
        }
    }
}
