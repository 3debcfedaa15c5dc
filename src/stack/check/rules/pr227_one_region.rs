//! PR227: a trail that records one Region only.

use super::Context;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("PR227"),
    severity: Severity::Info,
    title: "the trail records one Region",
    why: "A trail records the Region that it is in unless `IsMultiRegionTrail` is true. Filters on its log \
          group see nothing of what is done elsewhere, which is where an intruder would rather be.",
    bad: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'

[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]
",
    good: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
IsMultiRegionTrail = true

[[metricFilters]]
filterName = 'logins'
filterPattern = '{ $.eventName = ConsoleLogin }'
metricTransformations = [{ metricNamespace = 'trail', metricName = 'logins', metricValue = '1', defaultValue = 0 }]
",
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(trail) = &context.stack.trail else { return };
    let is_everywhere = trail.is_multi_region_trail.as_ref().is_some_and(|all| all.value);
    if is_everywhere || !context.is_whole() || context.stack.metric_filters.is_empty() {
        return;
    }
    let message = format!("the trail `{}` records one Region, and the filters see no other", trail.name);
    let span = trail.is_multi_region_trail.as_ref().map_or(trail.name.span, |all| all.span);
    findings.push(
        Diagnostic::new(RULE.code, RULE.severity, span, message).help("write `IsMultiRegionTrail = true`"),
    );
}
