//! PR209: a default value other than 0.

use super::{Context, transformation};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR209"),
    severity: Severity::Warning,
    title: "a default value that adds up",
    why: "The default value is published for every event that does not match, not once a period, so that `Sum` grows with \
          the traffic of the whole log group. With 0 it only tells that there were events.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '10', defaultValue = 1 }]
",
    good: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '10', defaultValue = 0 }]
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (written, filter) in context.filters {
        let default = transformation(written).and_then(|entry| entry.default_value.as_ref());
        // Where a match is worth the same, that is what is told.
        let Some(default) = default.filter(|_| !super::pr210_worthless_match::is_worthless(filter)) else { continue };
        if default.value != 0.0 {
            let message = format!("every event that does not match adds {} to `Sum`", default.value);
            findings.push(
                Diagnostic::warning(RULE.code, default.span, message).help("write `defaultValue = 0`"),
            );
        }
    }
}
