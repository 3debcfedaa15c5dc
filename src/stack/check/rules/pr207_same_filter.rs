//! PR207: two filters emit the same samples into two metrics.

use super::Context;
use crate::stack::CheckedFilter;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR207"),
    severity: Severity::Info,
    title: "two metrics that are always equal",
    why: "Both filters match the same events and make the same of them, so that one metric says what the other does. \
          Each custom metric is billed, and a log group takes 100 filters.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1' }]

[[metricFilters]]
filterName = 'sign-ins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'sign-ins', metricValue = '1' }]
",
    good: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1' }]
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (at, (written, filter)) in context.filters.iter().enumerate() {
        let mut earlier = context.filters.iter().take(at);
        let Some((first, _)) = earlier.find(|(first, other)| {
            first.log_group_name == written.log_group_name && is_same(other, filter)
        }) else { continue };
        let message = format!(
            "the filters `{}` and `{}` make the same of the same events",
            first.filter_name, written.filter_name
        );
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, written.filter_pattern.span, message)
                .also(first.filter_pattern.span, "the same pattern")
                .help("keep one, and read its metric in both places"),
        );
    }
}

/// Whether two filters differ by the name of their metric alone.
fn is_same(one: &CheckedFilter, other: &CheckedFilter) -> bool {
    let (left, right) = (&one.transformation, &other.transformation);
    one.pattern == other.pattern
        && (&left.namespace, &left.name) != (&right.namespace, &right.name)
        && left.value == right.value
        && left.default_value == right.default_value
        && left.unit == right.unit
        && left.dimensions == right.dimensions
}
