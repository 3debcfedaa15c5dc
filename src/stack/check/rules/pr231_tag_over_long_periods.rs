//! PR231: an alarm on a tag with a long period.

use super::Context;
use crate::stack::DataEntry;
use crate::syntax::Rule;
use crate::syntax::metrics::{Condition, LabelKey};
use crate::{Code, Diagnostic, Severity};

/// Seconds of a period up to which what is added does not matter.
const LONGEST: u32 = 300;

pub(super) const RULE: Rule = Rule {
    code: Code("PR231"),
    severity: Severity::Info,
    title: "a tag with a long period",
    why: "A resource counts under a tag from one period before it got it. The longer the period, the more of what \
          happened before is counted: with a period of an hour an hour of it.",
    bad: r#"
[[alarms]]
AlarmName = 'busy'
Metrics = [{ Id = 'q1', Period = 3600, Expression = '''SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/EC2", InstanceId) WHERE tag.env = 'prod' ''' }]
EvaluationPeriods = 2
Threshold = 90
ComparisonOperator = 'GreaterThanThreshold'
"#,
    good: r#"
[[alarms]]
AlarmName = 'busy'
Metrics = [{ Id = 'q1', Period = 300, Expression = '''SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/EC2", InstanceId) WHERE tag.env = 'prod' ''' }]
EvaluationPeriods = 2
Threshold = 90
ComparisonOperator = 'GreaterThanThreshold'
"#,
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (written, alarm) in context.alarms {
        let period = alarm.definition.period().seconds();
        for (id, entry) in &alarm.watched.entries {
            let DataEntry::Query(query) = entry else { continue };
            let compared = query.filter.iter().flat_map(Condition::predicates).map(|predicate| &predicate.key);
            let has_tag = compared.chain(&query.group_by).any(|key| matches!(key, LabelKey::Tag(_)));
            if !has_tag || period <= LONGEST {
                continue;
            }
            let text = written.metrics.iter().find(|query| query.id.as_str() == id);
            let place = text.and_then(|query| query.period.as_ref()).map_or(written.alarm_name.span, |period| period.span);
            let message = format!("a tag counts from {period} s before a resource got it");
            findings.push(
                Diagnostic::new(RULE.code, RULE.severity, place, message)
                    .help("take a period of 60 to 300 s, and more of them"),
            );
        }
    }
}
