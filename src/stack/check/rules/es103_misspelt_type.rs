//! ES103: a type of resources that is probably misspelt.

use super::Context;
use crate::stack::places::rewritten;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

/// Types that trails record most.
const KNOWN: &[&str] = &[
    "AWS::DynamoDB::Stream",
    "AWS::DynamoDB::Table",
    "AWS::Lambda::Function",
    "AWS::S3::AccessPoint",
    "AWS::S3::Object",
    "AWS::S3ObjectLambda::AccessPoint",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
];

pub(super) const RULE: Rule = Rule {
    code: Code("ES103"),
    severity: Severity::Warning,
    title: "no such type of resources",
    why: "The values of `resources.type` are spelled exactly so; case counts. S3 buckets are no type of data \
          events: what is done to their objects is recorded as `AWS::S3::Object`, and what is done to a bucket \
          is a management event.",
    bad: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
AdvancedEventSelectors = [
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Bucket'] }] },
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
    let selectors = context.stack.trail.iter().flat_map(|trail| &trail.advanced_event_selectors);
    let fields = selectors.flat_map(|selector| &selector.field_selectors.value);
    for kind in fields.filter(|field| field.field.as_str() == "resources.type").flat_map(|field| &field.equals) {
        let Some(meant) = meant(kind) else { continue };
        let message = format!("there is no type of resources `{kind}` with data events");
        let finding = Diagnostic::warning(RULE.code, kind.span, message);
        let is_spelling = meant.eq_ignore_ascii_case(kind);
        findings.push(match is_spelling {
            true => rewritten(context.places, kind, meant, finding),
            false => finding.help(format!("write `{meant}`")),
        });
    }
}

fn meant(kind: &str) -> Option<&'static str> {
    if KNOWN.contains(&kind) {
        return None;
    }
    let is_near = |known: &&&str| {
        let singular = kind.strip_suffix('s').unwrap_or(kind);
        known.eq_ignore_ascii_case(kind) || **known == singular || known.strip_prefix("AWS::") == Some(kind)
    };
    if kind == "AWS::S3::Bucket" { Some("AWS::S3::Object") } else { KNOWN.iter().find(is_near).copied() }
}
