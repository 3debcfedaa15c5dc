//! PR224: a star as the value of a dimension.

use super::Context;
use crate::stack::MetricDimension;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR224"),
    severity: Severity::Warning,
    title: "a star is no wildcard in a dimension",
    why: "An alarm or detector watches the one metric whose dimensions have exactly these values, a star \
          included. All values of a dimension are watched by a Metrics Insights query with `GROUP BY`.",
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
Dimensions = [{ Name = 'type', Value = '*' }]
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
Dimensions = [{ Name = 'type', Value = 'Root' }]
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut all: Vec<&MetricDimension> = Vec::new();
    let mut queries = Vec::new();
    for alarm in &context.stack.alarms {
        all.extend(&alarm.dimensions);
        queries.extend(&alarm.metrics);
    }
    for detector in &context.stack.anomaly_detectors {
        all.extend(detector.single_metric_anomaly_detector.iter().flat_map(|single| &single.dimensions));
        queries.extend(detector.metric_math_anomaly_detector.iter().flat_map(|math| &math.metric_data_queries.value));
    }
    all.extend(queries.iter().filter_map(|query| query.metric_stat.as_ref()).flat_map(|stat| &stat.metric.dimensions));
    for dimension in all.into_iter().filter(|dimension| dimension.value.as_str() == "*") {
        let message = format!("this is the metric whose `{}` is a star, not all of them", dimension.name);
        findings.push(
            Diagnostic::warning(RULE.code, dimension.value.span, message)
                .help(format!("write the value, or watch a query with `GROUP BY {}`", dimension.name)),
        );
    }
}
