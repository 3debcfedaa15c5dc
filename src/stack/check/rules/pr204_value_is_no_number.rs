//! PR204: the metric value is a field that is never a number.

use super::facts::dotted;
use super::{Context, transformation};
use crate::json::Step;
use crate::schema::{Key, Kind, Lookup};
use crate::series::{FieldReference, MetricValue};
use crate::stack::{CheckedFilter, MetricFilter};
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

/// Fields of a CloudTrail record that are texts and spell no number.
const WORDS: &[&str] = &[
    "awsRegion",
    "errorCode",
    "errorMessage",
    "eventCategory",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "sourceIPAddress",
    "userAgent",
    "userIdentity.arn",
    "userIdentity.type",
];

pub(super) const RULE: Rule = Rule {
    code: Code("PR204"),
    severity: Severity::Warning,
    title: "the metric value is never a number",
    why: "A metric value is a number, or a text that spells one. What is neither gives no sample, without a word, so that \
          the metric never has data.",
    bad: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
IsMultiRegionTrail = true

[[metricFilters]]
filterName = 'denied'
filterPattern = '{ $.errorCode = AccessDenied* && $.readOnly IS TRUE }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'denied', metricValue = '$.errorCode' }]
",
    good: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
IsMultiRegionTrail = true

[[metricFilters]]
filterName = 'denied'
filterPattern = '{ $.errorCode = AccessDenied* && $.readOnly IS TRUE }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'denied', metricValue = '1' }]
",
    see: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (written, filter) in context.filters {
        let MetricValue::Field(FieldReference::Path(path)) = &filter.transformation.value else { continue };
        // That an object or array has no value is said already.
        let is_told = matches!(kind(context, written, filter), Some(Kind::Object | Kind::Array));
        if is_told || !is_no_number(context, written, filter) {
            continue;
        }
        let Some(entry) = transformation(written) else { continue };
        let message = format!("`{}` of a CloudTrail record is never a number", dotted(path));
        findings.push(
            Diagnostic::warning(RULE.code, entry.metric_value.span, message)
                .help("write `1` to count events, and make the field a dimension to tell them apart"),
        );
    }
}

/// Whether the metric value is a field that is never a number.
pub(super) fn is_no_number(context: &Context<'_>, written: &MetricFilter, filter: &CheckedFilter) -> bool {
    let MetricValue::Field(FieldReference::Path(path)) = &filter.transformation.value else { return false };
    kind(context, written, filter).is_some_and(|kind| {
        matches!(kind, Kind::Boolean | Kind::Object | Kind::Array) || WORDS.contains(&dotted(path).as_str())
    })
}

/// What the metric value is, where it is a field of CloudTrail records that is known.
fn kind(context: &Context<'_>, written: &MetricFilter, filter: &CheckedFilter) -> Option<Kind> {
    let MetricValue::Field(FieldReference::Path(path)) = &filter.transformation.value else { return None };
    let keys: Vec<Key<'_>> = path
        .iter()
        .map(|step| match step {
            Step::Key(key) => Key::Name(key),
            Step::Index(index) => Key::Index(*index),
        })
        .collect();
    match context.schema_of(written, filter)?.lookup(&keys) {
        Lookup::Known(field) => Some(field.kind),
        _ => None,
    }
}
