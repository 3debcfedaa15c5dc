//! PR201: a dimension with a value of its own for nearly every event.

use super::facts::{dotted, values};
use super::{Context, dimension_span};
use crate::series::FieldReference;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

/// Fields of a CloudTrail record whose values hardly repeat, or are as many as there are clients and sessions.
const UNBOUNDED: &[&str] = &[
    "errorMessage",
    "eventID",
    "eventTime",
    "requestID",
    "requestParameters.key",
    "sharedEventID",
    "sourceIPAddress",
    "userAgent",
    "userIdentity.accessKeyId",
    "userIdentity.arn",
    "userIdentity.principalId",
    "userIdentity.sessionContext.attributes.creationDate",
];

pub(super) const RULE: Rule = Rule {
    code: Code("PR201"),
    severity: Severity::Warning,
    title: "a dimension of very many values",
    why: "Each combination of dimension values is a custom metric of its own, which is billed as one. \
          The service may disable a filter that makes about 1,000 of them within an hour, and its guide warns against \
          request IDs and addresses.",
    bad: r"
[[metricFilters]]
filterName = 'downloads'
filterPattern = '{ $.eventName = GetObject && $.sourceIPAddress = * }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'downloads', metricValue = '1', dimensions = { address = '$.sourceIPAddress' } }]
",
    good: r"
[[metricFilters]]
filterName = 'downloads'
filterPattern = '{ $.eventName = GetObject && $.userIdentity.type = * }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'downloads', metricValue = '1', dimensions = { type = '$.userIdentity.type' } }]
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (written, filter) in context.filters {
        for dimension in &filter.transformation.dimensions {
            let FieldReference::Path(path) = &dimension.value else { continue };
            let field = dotted(path);
            let is_bounded = values(&filter.pattern, path).is_some();
            if is_bounded || !UNBOUNDED.contains(&field.as_str()) {
                continue;
            }
            let span = dimension_span(written, &dimension.name).unwrap_or(written.filter_name.span);
            let message = format!("`{field}` makes a metric of its own for nearly every value it has");
            findings.push(
                Diagnostic::warning(RULE.code, span, message)
                    .help("count without it, and ask a Logs Insights query who was behind the events"),
            );
        }
    }
}
