//! Amazon CloudWatch Logs: each member of its requests and answers beside the name that the SDK gives it.

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types;
use serde_json::{Map, Value};

use super::asked::Asked;
use super::members::{answer, enumerations, send, structure};
use crate::provision::{Fault, Operation};

pub(super) async fn call(client: &Client, asked: Asked) -> Result<Map<String, Value>, Fault> {
    match asked.operation {
        Operation::DescribeLogGroups => send!(asked, client.describe_log_groups() {
            accountIdentifiers: set_account_identifiers,
            logGroupNamePrefix: set_log_group_name_prefix,
            logGroupNamePattern: set_log_group_name_pattern,
            nextToken: set_next_token,
            limit: set_limit,
            includeLinkedAccounts: set_include_linked_accounts,
            logGroupClass: set_log_group_class,
            logGroupIdentifiers: set_log_group_identifiers,
        } => { logGroups: log_groups, nextToken: next_token }),
        Operation::CreateLogGroup => send!(asked, client.create_log_group() {
            logGroupName: set_log_group_name,
            kmsKeyId: set_kms_key_id,
            tags: set_tags,
            logGroupClass: set_log_group_class,
            deletionProtectionEnabled: set_deletion_protection_enabled,
        } => {}),
        Operation::PutRetentionPolicy => send!(asked, client.put_retention_policy() {
            logGroupName: set_log_group_name,
            retentionInDays: set_retention_in_days,
        } => {}),
        Operation::DeleteRetentionPolicy => send!(asked, client.delete_retention_policy() {
            logGroupName: set_log_group_name,
        } => {}),
        Operation::AssociateKmsKey => send!(asked, client.associate_kms_key() {
            logGroupName: set_log_group_name,
            kmsKeyId: set_kms_key_id,
            resourceIdentifier: set_resource_identifier,
        } => {}),
        Operation::DisassociateKmsKey => send!(asked, client.disassociate_kms_key() {
            logGroupName: set_log_group_name,
            resourceIdentifier: set_resource_identifier,
        } => {}),
        Operation::ListLogGroupTags => send!(asked, client.list_tags_for_resource() {
            resourceArn: set_resource_arn,
        } => { tags: tags }),
        Operation::TagLogGroup => send!(asked, client.tag_resource() {
            resourceArn: set_resource_arn,
            tags: set_tags,
        } => {}),
        Operation::UntagLogGroup => send!(asked, client.untag_resource() {
            resourceArn: set_resource_arn,
            tagKeys: set_tag_keys,
        } => {}),
        Operation::DeleteLogGroup => send!(asked, client.delete_log_group() {
            logGroupName: set_log_group_name,
        } => {}),
        Operation::DescribeMetricFilters => send!(asked, client.describe_metric_filters() {
            logGroupName: set_log_group_name,
            filterNamePrefix: set_filter_name_prefix,
            nextToken: set_next_token,
            limit: set_limit,
            metricName: set_metric_name,
            metricNamespace: set_metric_namespace,
        } => { metricFilters: metric_filters, nextToken: next_token }),
        Operation::PutMetricFilter => send!(asked, client.put_metric_filter() {
            logGroupName: set_log_group_name,
            filterName: set_filter_name,
            filterPattern: set_filter_pattern,
            metricTransformations: set_metric_transformations,
            applyOnTransformedLogs: set_apply_on_transformed_logs,
            fieldSelectionCriteria: set_field_selection_criteria,
            emitSystemFieldDimensions: set_emit_system_field_dimensions,
        } => {}),
        Operation::DeleteMetricFilter => send!(asked, client.delete_metric_filter() {
            logGroupName: set_log_group_name,
            filterName: set_filter_name,
        } => {}),
        Operation::TestMetricFilter => send!(asked, client.test_metric_filter() {
            filterPattern: set_filter_pattern,
            logEventMessages: set_log_event_messages,
        } => { matches: matches }),
        Operation::DescribeQueryDefinitions => send!(asked, client.describe_query_definitions() {
            queryLanguage: set_query_language,
            queryDefinitionNamePrefix: set_query_definition_name_prefix,
            maxResults: set_max_results,
            nextToken: set_next_token,
        } => { queryDefinitions: query_definitions, nextToken: next_token }),
        Operation::PutQueryDefinition => send!(asked, client.put_query_definition() {
            queryLanguage: set_query_language,
            name: set_name,
            queryDefinitionId: set_query_definition_id,
            logGroupNames: set_log_group_names,
            queryString: set_query_string,
            clientToken: set_client_token,
            parameters: set_parameters,
        } => { queryDefinitionId: query_definition_id }),
        Operation::DeleteQueryDefinition => send!(asked, client.delete_query_definition() {
            queryDefinitionId: set_query_definition_id,
        } => { success: success }),
        _ => Err(asked.not_here()),
    }
}

answer!(types::LogGroup {
    logGroupName: log_group_name,
    creationTime: creation_time,
    retentionInDays: retention_in_days,
    metricFilterCount: metric_filter_count,
    arn: arn,
    storedBytes: stored_bytes,
    kmsKeyId: kms_key_id,
    dataProtectionStatus: data_protection_status,
    inheritedProperties: inherited_properties,
    logGroupClass: log_group_class,
    logGroupArn: log_group_arn,
    deletionProtectionEnabled: deletion_protection_enabled,
    bearerTokenAuthenticationEnabled: bearer_token_authentication_enabled,
    retentionPolicyName: retention_policy_name,
});

answer!(types::MetricFilter {
    filterName: filter_name,
    filterPattern: filter_pattern,
    metricTransformations: metric_transformations,
    creationTime: creation_time,
    logGroupName: log_group_name,
    applyOnTransformedLogs: apply_on_transformed_logs,
    fieldSelectionCriteria: field_selection_criteria,
    emitSystemFieldDimensions: emit_system_field_dimensions,
});

answer!(types::MetricFilterMatchRecord {
    eventNumber: event_number,
    eventMessage: event_message,
    extractedValues: extracted_values,
});

structure!(checked types::MetricTransformation {
    metricName: metric_name set_metric_name,
    metricNamespace: metric_namespace set_metric_namespace,
    metricValue: metric_value set_metric_value,
    defaultValue: default_value set_default_value,
    dimensions: dimensions set_dimensions,
    unit: unit set_unit,
});

answer!(types::QueryDefinition {
    queryLanguage: query_language,
    queryDefinitionId: query_definition_id,
    name: name,
    queryString: query_string,
    lastModified: last_modified,
    logGroupNames: log_group_names,
    parameters: parameters,
});

structure!(checked types::QueryParameter {
    name: name set_name,
    defaultValue: default_value set_default_value,
    description: description set_description,
});

enumerations!(
    types::DataProtectionStatus,
    types::InheritedProperty,
    types::LogGroupClass,
    types::QueryLanguage,
    types::StandardUnit,
);
