//! PR213: samples are counted of a filter that also publishes a default value.

use super::Context;
use super::reads::Summary;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR213"),
    severity: Severity::Warning,
    title: "samples of the default value are counted too",
    why: "With a default value every event that does not match gives a sample as well, so that the number of samples is that \
          of all events of the log group. `Sum` counts the matches.",
    bad: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[metricQueryDefinitions]]
Path = 'logins'
Type = 'SQL'
Expression = 'SELECT COUNT(logins) FROM SCHEMA(trail)'
",
    good: r"
[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]

[[metricQueryDefinitions]]
Path = 'logins'
Type = 'SQL'
Expression = 'SELECT SUM(logins) FROM SCHEMA(trail)'
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for read in context.reads() {
        if read.summary() != Some(Summary::Count) {
            continue;
        }
        let with_default = context
            .filters
            .iter()
            .map(|(_, filter)| filter)
            .find(|filter| read.is_of(filter) && filter.transformation.default_value.is_some());
        let Some(filter) = with_default else { continue };
        let message = format!(
            "`{}` also counts the events that the filter `{}` does not match",
            read.summary_text(),
            filter.name
        );
        findings.push(context.at(&read, |span| {
            Diagnostic::warning(RULE.code, span, message).help("take `Sum`, or drop the filter's default value")
        }));
    }
}
