//! PR223: a dimension value that the filter never gives.

use super::Context;
use super::facts::values;
use super::reads::{Read, Source};
use crate::listing::listed_names;
use crate::series::FieldReference;
use crate::stack::CheckedFilter;
use crate::syntax::Rule;
use crate::syntax::metrics::{Comparison, Condition, LabelValue};
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR223"),
    severity: Severity::Warning,
    title: "the filter never gives this value",
    why: "The pattern of the filter asks for certain values of the field that the dimension takes, and the one \
          that is watched is not among them. The metric never has data.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin && ($.userIdentity.type = Root || $.userIdentity.type = IAMUser) }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', dimensions = { type = '$.userIdentity.type' } }]

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
Dimensions = [{ Name = 'type', Value = 'AssumedRole' }]
",
    good: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin && ($.userIdentity.type = Root || $.userIdentity.type = IAMUser) }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', dimensions = { type = '$.userIdentity.type' } }]

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
Dimensions = [{ Name = 'type', Value = 'Root' }]
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    if !context.is_joined() {
        return;
    }
    for read in context.reads() {
        let own: Vec<&CheckedFilter> =
            context.filters.iter().map(|(_, filter)| filter).filter(|filter| read.is_of(filter)).collect();
        let lacking = asked(&read).into_iter().find(|(name, value)| {
            !own.is_empty() && own.iter().all(|filter| given(filter, name).is_some_and(|given| !given.contains(value)))
        });
        let Some((name, value)) = lacking else { continue };
        let known: Vec<&str> = own.iter().filter_map(|filter| given(filter, name)).flatten().collect();
        let message = format!("the stack's filters never give `{name}` the value `{value}`");
        findings.push(context.at(&read, |span| {
            let finding = Diagnostic::warning(RULE.code, span, message);
            finding.help(format!("their patterns ask for {}", listed_names(known, "and")))
        }));
    }
}

/// Dimensions and the values that they must have.
fn asked<'r>(read: &'r Read<'_>) -> Vec<(&'r str, &'r str)> {
    match &read.what {
        Source::Metric { metric, .. } => metric.dimensions.iter().collect(),
        Source::Query(query) => query
            .filter
            .iter()
            .flat_map(Condition::required)
            .filter(|predicate| predicate.comparison == Comparison::Equal)
            .filter_map(|predicate| match &predicate.value {
                LabelValue::Text { text, .. } => Some((predicate.key.dimension()?, text.as_str())),
                LabelValue::CurrentAccount => None,
            })
            .collect(),
    }
}

/// The values that a dimension of a filter can have, where they are few and known.
fn given<'f>(filter: &'f CheckedFilter, name: &str) -> Option<Vec<&'f str>> {
    let dimension = filter.transformation.dimensions.iter().find(|dimension| dimension.name == name)?;
    match &dimension.value {
        FieldReference::Path(path) => values(&filter.pattern, path),
        _ => None,
    }
}
