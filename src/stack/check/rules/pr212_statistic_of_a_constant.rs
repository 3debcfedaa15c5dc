//! PR212: a mean or extreme of samples that are all the same.

use super::Context;
use super::reads::{Reader, Summary};
use crate::series::MetricValue;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR212"),
    severity: Severity::Warning,
    title: "the statistic is always the same number",
    why: "A filter with a constant value and no default value publishes that value for every match and nothing else, so \
          that means, extremes and percentiles are always that value. How many there were is a matter of `Sum`.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1' }]

[[metricQueryDefinitions]]
Path = 'logins'
Type = 'SQL'
Expression = 'SELECT AVG(logins) FROM SCHEMA(trail)'
",
    good: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1' }]

[[metricQueryDefinitions]]
Path = 'logins'
Type = 'SQL'
Expression = 'SELECT SUM(logins) FROM SCHEMA(trail)'
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for read in context.reads() {
        if read.summary() != Some(Summary::Between) || !context.is_joined() {
            continue;
        }
        // The extreme of a constant is an odd way to alarm on any match, but a way.
        if read.by == Reader::Alarm && read.is_extreme() {
            continue;
        }
        let mut own = context.filters.iter().map(|(_, filter)| filter).filter(|filter| read.is_of(filter));
        let Some(first) = own.next() else { continue };
        let constant = |filter: &crate::stack::CheckedFilter| match filter.transformation.value {
            MetricValue::Number(value) if filter.transformation.default_value.is_none() => Some(value),
            _ => None,
        };
        let Some(value) = constant(first) else { continue };
        if own.any(|other| constant(other) != Some(value)) {
            continue;
        }
        let message = format!(
            "`{}` of `{}` is always {value}: every sample of the filter `{}` is",
            read.summary_text(),
            first.transformation.name,
            first.name
        );
        findings.push(context.at(&read, |span| {
            Diagnostic::warning(RULE.code, span, message).help("take `Sum`, which counts the matches")
        }));
    }
}
