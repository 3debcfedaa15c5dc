//! The trail and what it needs, and topics, as properties.

use super::super::outline::Outline;
use super::super::policy;
use super::super::value::{Members, Reference};
use super::tags;
use crate::provision::resource::{ROLE_DESCRIPTION, ROLE_POLICY, role_name};
use crate::stack::{AdvancedEventSelector, FieldSelector, LogGroup, Stack, Topic, TopicSubscription, Trail};

/// `AWS::Logs::LogGroup`.
pub(in super::super) fn log_group(stack: &Stack, group: &LogGroup) -> Members {
    let LogGroup { log_group_name, retention_in_days, kms_key_id } = group;
    Members::new()
        .with("LogGroupName", log_group_name)
        .with_some("RetentionInDays", retention_in_days.as_ref())
        .with_some("KmsKeyId", kms_key_id.as_ref())
        .with_list("Tags", tags(stack))
}

/// `AWS::IAM::Role`, with its one policy.
pub(in super::super) fn role(outline: &Outline<'_>, trail: &Trail) -> Members {
    let policy =
        Members::new().with("PolicyName", ROLE_POLICY).with("PolicyDocument", policy::delivery(outline));
    Members::new()
        .with("RoleName", role_name(&trail.name).as_str())
        .with("Description", ROLE_DESCRIPTION)
        .with("AssumeRolePolicyDocument", policy::trust())
        .with_list("Policies", [policy])
        .with_list("Tags", tags(outline.stack))
}

/// `AWS::S3::Bucket`, which nobody outside sees; without tags, as `apply` makes it.
pub(in super::super) fn bucket(trail: &Trail) -> Members {
    let block = Members::new()
        .with("BlockPublicAcls", true)
        .with("BlockPublicPolicy", true)
        .with("IgnorePublicAcls", true)
        .with("RestrictPublicBuckets", true);
    Members::new().with("BucketName", &trail.s3_bucket_name).with("PublicAccessBlockConfiguration", block)
}

/// `AWS::S3::BucketPolicy`.
pub(in super::super) fn bucket_policy(outline: &Outline<'_>, trail: &Trail) -> Members {
    Members::new()
        .with("Bucket", outline.bucket(trail))
        .with("PolicyDocument", policy::bucket(outline, trail))
}

/// `AWS::CloudTrail::Trail`.
pub(in super::super) fn trail(outline: &Outline<'_>, trail: &Trail) -> Members {
    let Trail {
        name,
        s3_bucket_name: _,
        s3_key_prefix,
        is_multi_region_trail,
        is_organization_trail,
        enable_log_file_validation,
        include_global_service_events,
        kms_key_id,
        advanced_event_selectors,
    } = trail;
    let delivery = outline.delivery().is_some();
    let to = |reference: Reference| delivery.then_some(reference);
    // The service takes true where nothing is said, CloudFormation false, which goes with no trail of all Regions.
    let global = include_global_service_events.as_ref().is_none_or(|include| include.value);
    Members::new()
        .with("TrailName", name)
        .with("S3BucketName", outline.bucket(trail))
        .with_some("S3KeyPrefix", s3_key_prefix.as_ref())
        .with("IsLogging", true)
        .with_some("IsMultiRegionTrail", is_multi_region_trail.as_ref())
        .with_some("IsOrganizationTrail", is_organization_trail.as_ref())
        .with("IncludeGlobalServiceEvents", global)
        .with_some("EnableLogFileValidation", enable_log_file_validation.as_ref())
        .with_some("KMSKeyId", kms_key_id.as_ref())
        .with_some("CloudWatchLogsLogGroupArn", to(Reference::LogGroupStreams))
        .with_some("CloudWatchLogsRoleArn", to(Reference::RoleArn))
        .with_list("AdvancedEventSelectors", advanced_event_selectors.iter().map(selector))
        .with_list("Tags", tags(outline.stack))
}

fn selector(selector: &AdvancedEventSelector) -> Members {
    let AdvancedEventSelector { name, field_selectors } = selector;
    // The type wants a name to have a character where there is one.
    let name = name.as_ref().filter(|name| !name.is_empty());
    Members::new().with_some("Name", name).with_list("FieldSelectors", field_selectors.iter().map(field))
}

fn field(selector: &FieldSelector) -> Members {
    let FieldSelector { field, equals, not_equals, starts_with, not_starts_with, ends_with, not_ends_with } =
        selector;
    Members::new()
        .with("Field", field)
        .with_list("Equals", equals)
        .with_list("NotEquals", not_equals)
        .with_list("StartsWith", starts_with)
        .with_list("NotStartsWith", not_starts_with)
        .with_list("EndsWith", ends_with)
        .with_list("NotEndsWith", not_ends_with)
}

/// `AWS::SNS::Topic`. Whom it tells is apart.
pub(in super::super) fn topic(stack: &Stack, topic: &Topic) -> Members {
    let Topic { name, subscriptions: _ } = topic;
    Members::new().with("TopicName", name).with_list("Tags", tags(stack))
}

/// `AWS::SNS::Subscription` to a topic, by its number.
pub(in super::super) fn subscription(topic: usize, subscription: &TopicSubscription) -> Members {
    let TopicSubscription { protocol, endpoint } = subscription;
    Members::new()
        .with("TopicArn", Reference::Topic(topic))
        .with("Protocol", protocol)
        .with("Endpoint", endpoint)
}

/// The event selectors of the trail, each as the properties of one.
pub(in super::super) fn advanced_selectors(trail: &Trail) -> Vec<Members> {
    trail.advanced_event_selectors.iter().map(selector).collect()
}
