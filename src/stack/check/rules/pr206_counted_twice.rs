//! PR206: two filters with the same pattern emit into the same metric.

use super::Context;
use crate::stack::CheckedFilter;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR206"),
    severity: Severity::Warning,
    title: "events count twice",
    why: "Both filters match the same events and emit into the same metric, so that each event counts once for either.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1' }]

[[metricFilters]]
filterName = 'sign-ins'
filterPattern = '{ ($.eventName = ConsoleLogin) }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1' }]
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
        let earlier = context.filters.iter().take(at);
        let same = earlier.into_iter().find(|(first, other)| {
            // Of two filters of one name the second replaces the first.
            first.filter_name != written.filter_name
                && first.log_group_name == written.log_group_name
                && other.pattern == filter.pattern
                && other.emits(&filter.transformation.namespace, &filter.transformation.name, names(filter).into_iter())
        });
        let Some((first, _)) = same else { continue };
        let message = format!(
            "the filters `{}` and `{}` match the same events and emit into the same metric",
            first.filter_name, written.filter_name
        );
        findings.push(
            Diagnostic::warning(RULE.code, written.filter_pattern.span, message)
                .also(first.filter_pattern.span, "the same pattern")
                .help("drop one of the two, or give its metric another name"),
        );
    }
}

pub(super) fn names(filter: &CheckedFilter) -> Vec<&str> {
    filter.transformation.dimensions.iter().map(|dimension| dimension.name.as_str()).collect()
}
