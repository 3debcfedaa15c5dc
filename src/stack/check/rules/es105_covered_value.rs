//! ES105: a value of an event selector that another one covers.

use super::Context;
use crate::stack::Text;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("ES105"),
    severity: Severity::Info,
    title: "a value that another one covers",
    why: "Values of a field are alternatives, so that one that begins with the text of `StartsWith` or ends \
          with that of `EndsWith` is let through anyway. A trail takes 500 values in all.",
    bad: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
AdvancedEventSelectors = [
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'eventName', Equals = ['GetObject'], StartsWith = ['Get'] }] },
]
",
    good: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
AdvancedEventSelectors = [
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'eventName', StartsWith = ['Get'] }] },
]
",
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for selector in context.stack.trail.iter().flat_map(|trail| &trail.advanced_event_selectors) {
        for field in &selector.field_selectors.value {
            covered([&field.equals, &field.starts_with, &field.ends_with], findings);
            covered([&field.not_equals, &field.not_starts_with, &field.not_ends_with], findings);
        }
    }
}

/// Values of one group, chosen or excluded, that others of the group cover.
fn covered([equals, starts, ends]: [&Vec<Text>; 3], findings: &mut Vec<Diagnostic>) {
    let mut say = |value: &Text, by: &Text, word: &str| {
        let message = format!("`{value}` {word} `{by}`, which says so already");
        findings.push(
            Diagnostic::new(RULE.code, RULE.severity, value.span, message)
                .also(by.span, "covers it")
                .help("drop the value"),
        );
    };
    for (at, value) in equals.iter().enumerate() {
        if let Some(by) = equals.iter().take(at).find(|by| *by == value) {
            say(value, by, "stands twice:");
        } else if let Some(by) = starts.iter().find(|by| value.starts_with(by.as_str())) {
            say(value, by, "begins with");
        } else if let Some(by) = ends.iter().find(|by| value.ends_with(by.as_str())) {
            say(value, by, "ends with");
        }
    }
    for (at, value) in starts.iter().enumerate() {
        let covers = |(other, by): &(usize, &Text)| {
            value.starts_with(by.as_str()) && (by.len() < value.len() || *other < at)
        };
        if let Some((_, by)) = starts.iter().enumerate().find(covers) {
            say(value, by, "begins with");
        }
    }
    for (at, value) in ends.iter().enumerate() {
        let covers =
            |(other, by): &(usize, &Text)| value.ends_with(by.as_str()) && (by.len() < value.len() || *other < at);
        if let Some((_, by)) = ends.iter().enumerate().find(covers) {
            say(value, by, "ends with");
        }
    }
}
