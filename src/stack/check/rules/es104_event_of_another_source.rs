//! ES104: an event name that the source of the selected resources does not have.

use super::Context;
use super::es102_arn_of_another_type::service_of_type;
use crate::schema::Reason;
use crate::stack::FieldSelector;
use crate::syntax::Rule;
use crate::{Code, Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("ES104"),
    severity: Severity::Warning,
    title: "the service has no such event",
    why: "A selector of data events records events of one type of resources, and `eventName` chooses among them. The \
          service has no event of this name, so that nothing is recorded for it. Names of IAM actions and of operations \
          are not always those of events: `ListObjectsV2` is recorded as `ListObjects`.",
    bad: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
AdvancedEventSelectors = [
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'eventName', Equals = ['ListObjectsV2'] }] },
]
",
    good: r"
[trail]
Name = 'organization-trail'
S3BucketName = 'trail-bucket'
AdvancedEventSelectors = [
    { FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'eventName', Equals = ['ListObjects'] }] },
]
",
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let schema = &context.texts.schema;
    for selector in context.stack.trail.iter().flat_map(|trail| &trail.advanced_event_selectors) {
        let fields = &selector.field_selectors.value;
        let of = |name: &str| fields.iter().find(|field| field.field.as_str() == name);
        let Some(kind) = of("resources.type").and_then(FieldSelector::sole_equal) else { continue };
        let Some(service) = service_of_type(kind) else { continue };
        let source = schema.event_source(&format!("{service}.amazonaws.com"));
        let Some(source) = source.filter(|source| source.has_known_events()) else { continue };
        for name in of("eventName").into_iter().flat_map(|field| &field.equals) {
            // A star is told of by itself.
            if name.contains('*') || source.operation(name).is_some() {
                continue;
            }
            let message = format!("`{}` has no event `{name}`", source.name());
            let finding = Diagnostic::warning(RULE.code, name.span, message);
            let meant = schema.suggest_event(name, &[source.name()]);
            findings.push(match meant.first() {
                Some(meant) if meant.reason == Reason::LoggedAs => {
                    finding.help(format!("it is recorded as `{}`", meant.event_name))
                }
                Some(meant) => finding.help(format!("perhaps `{}` is meant", meant.event_name)),
                None => finding,
            });
        }
    }
}
