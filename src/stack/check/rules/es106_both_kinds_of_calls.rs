//! ES106: an event selector that asks for reads and writes.

use super::Context;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("ES106"),
    severity: Severity::Info,
    title: "`readOnly` selects nothing",
    why: "`readOnly` is `true` or `false`, and a selector that takes both takes what it would take without the \
          field.",
    bad: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
AdvancedEventSelectors = [
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Management'] }, { Field = 'readOnly', Equals = ['true', 'false'] }] },
]
",
    good: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
AdvancedEventSelectors = [
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Management'] }] },
]
",
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let selectors = context.stack.trail.iter().flat_map(|trail| &trail.advanced_event_selectors);
    for field in selectors.flat_map(|selector| &selector.field_selectors.value) {
        let takes = |word: &str| field.equals.iter().any(|value| value.as_str() == word);
        if field.field.as_str() == "readOnly" && takes("true") && takes("false") {
            findings.push(
                Diagnostic::new(RULE.code, RULE.severity, field.field.span, "reads and writes are both taken")
                    .help("drop `readOnly`"),
            );
        }
    }
}
