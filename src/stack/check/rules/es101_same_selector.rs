//! ES101: two event selectors that are the same.

use super::Context;
use crate::stack::AdvancedEventSelector;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("ES101"),
    severity: Severity::Warning,
    title: "two selectors are the same",
    why: "An event is recorded where one of the selectors lets it through, and once. The second of two equal \
          ones adds nothing; it probably was to select something else.",
    bad: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
AdvancedEventSelectors = [
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }] },
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }] },
]
",
    good: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
AdvancedEventSelectors = [
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }] },
]
",
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(trail) = &context.stack.trail else { return };
    let selectors = &trail.advanced_event_selectors;
    for (at, later) in selectors.iter().enumerate() {
        let Some(first) = selectors.iter().take(at).find(|first| is_same(first, later)) else { continue };
        findings.push(
            Diagnostic::warning(RULE.code, later.field_selectors.span, "the selector is the same as an earlier one")
                .also(first.field_selectors.span, "the first")
                .help("drop it, or select what it was to select"),
        );
    }
}

/// Whether two selectors have the same conditions, in whatever order.
fn is_same(one: &AdvancedEventSelector, other: &AdvancedEventSelector) -> bool {
    let (left, right) = (&one.field_selectors.value, &other.field_selectors.value);
    left.len() == right.len()
        && left.iter().all(|field| right.contains(field))
        && right.iter().all(|field| left.contains(field))
}
