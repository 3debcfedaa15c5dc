//! AWS CloudTrail: each member of its requests and answers beside the name that the SDK gives it.

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::types;
use serde_json::{Map, Value};

use super::asked::Asked;
use super::members::{answer, enumerations, send, structure};
use crate::provision::{Fault, Operation};

pub(super) async fn call(client: &Client, asked: Asked) -> Result<Map<String, Value>, Fault> {
    match asked.operation {
        Operation::DescribeTrails => send!(asked, client.describe_trails() {
            trailNameList: set_trail_name_list,
            includeShadowTrails: set_include_shadow_trails,
        } => { trailList: trail_list }),
        Operation::GetTrail => send!(asked, client.get_trail() { Name: set_name } => { Trail: trail }),
        Operation::CreateTrail => send!(asked, client.create_trail() {
            Name: set_name,
            S3BucketName: set_s3_bucket_name,
            S3KeyPrefix: set_s3_key_prefix,
            SnsTopicName: set_sns_topic_name,
            IncludeGlobalServiceEvents: set_include_global_service_events,
            IsMultiRegionTrail: set_is_multi_region_trail,
            EnableLogFileValidation: set_enable_log_file_validation,
            CloudWatchLogsLogGroupArn: set_cloud_watch_logs_log_group_arn,
            CloudWatchLogsRoleArn: set_cloud_watch_logs_role_arn,
            KmsKeyId: set_kms_key_id,
            IsOrganizationTrail: set_is_organization_trail,
            TagsList: set_tags_list,
            RecursiveLogging: set_recursive_logging,
        } => {
            Name: name,
            S3BucketName: s3_bucket_name,
            S3KeyPrefix: s3_key_prefix,
            SnsTopicName: sns_topic_name,
            SnsTopicARN: sns_topic_arn,
            IncludeGlobalServiceEvents: include_global_service_events,
            IsMultiRegionTrail: is_multi_region_trail,
            TrailARN: trail_arn,
            LogFileValidationEnabled: log_file_validation_enabled,
            CloudWatchLogsLogGroupArn: cloud_watch_logs_log_group_arn,
            CloudWatchLogsRoleArn: cloud_watch_logs_role_arn,
            KmsKeyId: kms_key_id,
            IsOrganizationTrail: is_organization_trail,
            RecursiveLogging: recursive_logging,
        }),
        Operation::UpdateTrail => send!(asked, client.update_trail() {
            Name: set_name,
            S3BucketName: set_s3_bucket_name,
            S3KeyPrefix: set_s3_key_prefix,
            SnsTopicName: set_sns_topic_name,
            IncludeGlobalServiceEvents: set_include_global_service_events,
            IsMultiRegionTrail: set_is_multi_region_trail,
            EnableLogFileValidation: set_enable_log_file_validation,
            CloudWatchLogsLogGroupArn: set_cloud_watch_logs_log_group_arn,
            CloudWatchLogsRoleArn: set_cloud_watch_logs_role_arn,
            KmsKeyId: set_kms_key_id,
            IsOrganizationTrail: set_is_organization_trail,
            RecursiveLogging: set_recursive_logging,
        } => {
            Name: name,
            S3BucketName: s3_bucket_name,
            S3KeyPrefix: s3_key_prefix,
            SnsTopicName: sns_topic_name,
            SnsTopicARN: sns_topic_arn,
            IncludeGlobalServiceEvents: include_global_service_events,
            IsMultiRegionTrail: is_multi_region_trail,
            TrailARN: trail_arn,
            LogFileValidationEnabled: log_file_validation_enabled,
            CloudWatchLogsLogGroupArn: cloud_watch_logs_log_group_arn,
            CloudWatchLogsRoleArn: cloud_watch_logs_role_arn,
            KmsKeyId: kms_key_id,
            IsOrganizationTrail: is_organization_trail,
            RecursiveLogging: recursive_logging,
        }),
        Operation::DeleteTrail => send!(asked, client.delete_trail() { Name: set_name } => {}),
        Operation::GetEventSelectors => send!(asked, client.get_event_selectors() {
            TrailName: set_trail_name,
        } => {
            TrailARN: trail_arn,
            EventSelectors: event_selectors,
            AdvancedEventSelectors: advanced_event_selectors,
        }),
        Operation::PutEventSelectors => send!(asked, client.put_event_selectors() {
            TrailName: set_trail_name,
            EventSelectors: set_event_selectors,
            AdvancedEventSelectors: set_advanced_event_selectors,
        } => {
            TrailARN: trail_arn,
            EventSelectors: event_selectors,
            AdvancedEventSelectors: advanced_event_selectors,
        }),
        Operation::GetTrailStatus => send!(asked, client.get_trail_status() { Name: set_name } => {
            IsLogging: is_logging,
            LatestDeliveryError: latest_delivery_error,
            LatestNotificationError: latest_notification_error,
            LatestDeliveryTime: latest_delivery_time,
            LatestNotificationTime: latest_notification_time,
            StartLoggingTime: start_logging_time,
            StopLoggingTime: stop_logging_time,
            LatestCloudWatchLogsDeliveryError: latest_cloud_watch_logs_delivery_error,
            LatestCloudWatchLogsDeliveryTime: latest_cloud_watch_logs_delivery_time,
            LatestDigestDeliveryTime: latest_digest_delivery_time,
            LatestDigestDeliveryError: latest_digest_delivery_error,
            LatestDeliveryAttemptTime: latest_delivery_attempt_time,
            LatestNotificationAttemptTime: latest_notification_attempt_time,
            LatestNotificationAttemptSucceeded: latest_notification_attempt_succeeded,
            LatestDeliveryAttemptSucceeded: latest_delivery_attempt_succeeded,
            TimeLoggingStarted: time_logging_started,
            TimeLoggingStopped: time_logging_stopped,
        }),
        Operation::StartLogging => send!(asked, client.start_logging() { Name: set_name } => {}),
        Operation::StopLogging => send!(asked, client.stop_logging() { Name: set_name } => {}),
        Operation::ListTrailTags => send!(asked, client.list_tags() {
            ResourceIdList: set_resource_id_list,
            NextToken: set_next_token,
        } => { ResourceTagList: resource_tag_list, NextToken: next_token }),
        Operation::TagTrail => send!(asked, client.add_tags() {
            ResourceId: set_resource_id,
            TagsList: set_tags_list,
        } => {}),
        Operation::UntagTrail => send!(asked, client.remove_tags() {
            ResourceId: set_resource_id,
            TagsList: set_tags_list,
        } => {}),
        _ => Err(asked.not_here()),
    }
}

structure!(checked types::AdvancedEventSelector {
    Name: name set_name,
    FieldSelectors: field_selectors set_field_selectors,
});

structure!(checked types::AdvancedFieldSelector {
    Field: field set_field,
    Equals: equals set_equals,
    StartsWith: starts_with set_starts_with,
    EndsWith: ends_with set_ends_with,
    NotEquals: not_equals set_not_equals,
    NotStartsWith: not_starts_with set_not_starts_with,
    NotEndsWith: not_ends_with set_not_ends_with,
});

structure!(types::DataResource { Type: r#type set_type, Values: values set_values });

structure!(types::EventSelector {
    ReadWriteType: read_write_type set_read_write_type,
    IncludeManagementEvents: include_management_events set_include_management_events,
    DataResources: data_resources set_data_resources,
    ExcludeManagementEventSources: exclude_management_event_sources set_exclude_management_event_sources,
});

answer!(types::ResourceTag { ResourceId: resource_id, TagsList: tags_list });

structure!(checked types::Tag { Key: key set_key, Value: value set_value });

answer!(types::Trail {
    Name: name,
    S3BucketName: s3_bucket_name,
    S3KeyPrefix: s3_key_prefix,
    SnsTopicName: sns_topic_name,
    SnsTopicARN: sns_topic_arn,
    IncludeGlobalServiceEvents: include_global_service_events,
    IsMultiRegionTrail: is_multi_region_trail,
    HomeRegion: home_region,
    TrailARN: trail_arn,
    LogFileValidationEnabled: log_file_validation_enabled,
    CloudWatchLogsLogGroupArn: cloud_watch_logs_log_group_arn,
    CloudWatchLogsRoleArn: cloud_watch_logs_role_arn,
    KmsKeyId: kms_key_id,
    HasCustomEventSelectors: has_custom_event_selectors,
    HasInsightSelectors: has_insight_selectors,
    IsOrganizationTrail: is_organization_trail,
    RecursiveLogging: recursive_logging,
});

enumerations!(types::ReadWriteType);
