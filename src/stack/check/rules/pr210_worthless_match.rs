//! PR210: a match is worth no more than no match.

use super::{Context, transformation};
use crate::series::MetricValue;
use crate::stack::CheckedFilter;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR210"),
    severity: Severity::Warning,
    title: "a match is worth no more than none",
    why: "An event that matches and one that does not give the same sample, so that no statistic tells whether anything \
          matched. A value of 0 adds nothing to `Sum` either way.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '0', defaultValue = 0 }]
",
    good: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (written, filter) in context.filters {
        let Some(entry) = transformation(written).filter(|_| is_worthless(filter)) else { continue };
        let message = format!("a match is worth {}, as much as an event that does not match", entry.metric_value.value);
        let mut finding = Diagnostic::warning(RULE.code, entry.metric_value.span, message);
        if let Some(default) = &entry.default_value {
            finding = finding.also(default.span, "the same");
        }
        findings.push(finding.help("write `metricValue = \"1\"` and `defaultValue = 0` to count matches"));
    }
}

/// Whether samples of matches are those of other events.
pub(super) fn is_worthless(filter: &CheckedFilter) -> bool {
    let own = &filter.transformation;
    matches!((&own.value, own.default_value), (MetricValue::Number(value), Some(default)) if *value == default)
}
