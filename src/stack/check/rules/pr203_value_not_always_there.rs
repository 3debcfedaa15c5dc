//! PR203: the metric value is a field that the pattern does not ask for.

use super::facts::{dotted, guarantees};
use super::{Context, transformation};
use crate::series::{FieldReference, MetricValue};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR203"),
    severity: Severity::Warning,
    title: "the metric value may be missing",
    why: "A matching event whose value is missing or no number gives no sample, without a word; a default value does not \
          stand in for it. The service's own examples ask for the field in the pattern.",
    bad: r"
[[metricFilters]]
filterName = 'bytes'
filterPattern = '{ $.eventName = GetObject }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'bytes', metricValue = '$.additionalEventData.bytesTransferredOut' }]
",
    good: r"
[[metricFilters]]
filterName = 'bytes'
filterPattern = '{ $.eventName = GetObject && $.additionalEventData.bytesTransferredOut >= 0 }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'bytes', metricValue = '$.additionalEventData.bytesTransferredOut' }]
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (written, filter) in context.filters {
        let MetricValue::Field(FieldReference::Path(path)) = &filter.transformation.value else { continue };
        if guarantees(&filter.pattern, path) || super::pr204_value_is_no_number::is_no_number(context, written, filter) {
            continue;
        }
        let Some(entry) = transformation(written) else { continue };
        let field = dotted(path);
        let message = format!("a matching event without a number at `{field}` gives no sample");
        findings.push(
            Diagnostic::warning(RULE.code, entry.metric_value.span, message)
                .also(written.filter_pattern.span, "does not ask for it")
                .help(format!("add `&& $.{field} = \"*\"` to the pattern, or a comparison with a number")),
        );
    }
}
