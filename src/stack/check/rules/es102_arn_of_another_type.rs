//! ES102: an ARN that does not go with the type of resources.

use super::Context;
use crate::stack::FieldSelector;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

/// Types of resources and the service in their ARNs.
const SERVICES: &[(&str, &str)] = &[
    ("AWS::DynamoDB::Stream", "dynamodb"),
    ("AWS::DynamoDB::Table", "dynamodb"),
    ("AWS::Lambda::Function", "lambda"),
    ("AWS::S3::Object", "s3"),
    ("AWS::SNS::Topic", "sns"),
    ("AWS::SQS::Queue", "sqs"),
];

pub(super) const RULE: Rule = Rule {
    code: Code("ES102"),
    severity: Severity::Error,
    title: "the ARN is of another type of resources",
    why: "A selector of data events records one type of resources, and `resources.ARN` chooses among them. An \
          ARN of another service never belongs to a resource of that type.",
    bad: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
AdvancedEventSelectors = [
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'resources.ARN', StartsWith = ['arn:aws:dynamodb:us-east-1:111122223333:table/'] }] },
]
",
    good: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
AdvancedEventSelectors = [
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'resources.ARN', StartsWith = ['arn:aws:s3:::reports/'] }] },
]
",
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for selector in context.stack.trail.iter().flat_map(|trail| &trail.advanced_event_selectors) {
        let fields = &selector.field_selectors.value;
        let of = |name: &str| fields.iter().find(|field| field.field.as_str() == name);
        let Some(kind) = of("resources.type").and_then(FieldSelector::sole_equal) else { continue };
        let Some(service) = service_of_type(kind) else { continue };
        let arns = of("resources.ARN").into_iter().flat_map(|field| field.equals.iter().chain(&field.starts_with));
        for arn in arns {
            let Some(named) = service_of(arn).filter(|named| *named != service) else { continue };
            let message = format!("the ARN is of `{named}`, and no resource of the type `{kind}` has it");
            findings.push(
                Diagnostic::error(RULE.code, arn.span, message)
                    .also(kind.span, "records these only")
                    .help("give each type of resources a selector of its own"),
            );
        }
    }
}

/// The service that an ARN, or the whole first part of one, names.
fn service_of(arn: &str) -> Option<&str> {
    let mut parts = arn.split(':');
    let (start, _partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    (start == "arn" && parts.next().is_some()).then_some(service)
}

/// The service whose resources are of a type, as ARNs and event sources have it.
pub(super) fn service_of_type(kind: &str) -> Option<&'static str> {
    SERVICES.iter().find(|(known, _)| *known == kind).map(|(_, service)| *service)
}
