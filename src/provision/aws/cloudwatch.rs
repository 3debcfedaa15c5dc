//! Amazon CloudWatch: each member of its requests and answers beside the name that the SDK gives it.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types;
use serde_json::{Map, Value};

use super::asked::Asked;
use super::members::{answer, enumerations, send, structure, union};
use crate::provision::{Fault, Operation};

pub(super) async fn call(client: &Client, asked: Asked) -> Result<Map<String, Value>, Fault> {
    match asked.operation {
        Operation::DescribeAnomalyDetectors => send!(asked, client.describe_anomaly_detectors() {
            AnomalyDetectorIds: set_anomaly_detector_ids,
            NextToken: set_next_token,
            MaxResults: set_max_results,
            Namespace: set_namespace,
            MetricName: set_metric_name,
            Dimensions: set_dimensions,
            AnomalyDetectorTypes: set_anomaly_detector_types,
        } => { AnomalyDetectors: anomaly_detectors, NextToken: next_token }),
        Operation::PutAnomalyDetector => send!(asked, client.put_anomaly_detector() {
            Namespace: set_namespace,
            MetricName: set_metric_name,
            Dimensions: set_dimensions,
            Stat: set_stat,
            Configuration: set_configuration,
            MetricCharacteristics: set_metric_characteristics,
            SingleMetricAnomalyDetector: set_single_metric_anomaly_detector,
            MetricMathAnomalyDetector: set_metric_math_anomaly_detector,
        } => { AnomalyDetectorId: anomaly_detector_id }),
        Operation::DeleteAnomalyDetector => send!(asked, client.delete_anomaly_detector() {
            AnomalyDetectorId: set_anomaly_detector_id,
            Namespace: set_namespace,
            MetricName: set_metric_name,
            Dimensions: set_dimensions,
            Stat: set_stat,
            SingleMetricAnomalyDetector: set_single_metric_anomaly_detector,
            MetricMathAnomalyDetector: set_metric_math_anomaly_detector,
        } => {}),
        Operation::DescribeAlarms => send!(asked, client.describe_alarms() {
            AlarmNames: set_alarm_names,
            AlarmNamePrefix: set_alarm_name_prefix,
            AlarmTypes: set_alarm_types,
            ChildrenOfAlarmName: set_children_of_alarm_name,
            ParentsOfAlarmName: set_parents_of_alarm_name,
            StateValue: set_state_value,
            ActionPrefix: set_action_prefix,
            MaxRecords: set_max_records,
            NextToken: set_next_token,
        } => {
            CompositeAlarms: composite_alarms,
            MetricAlarms: metric_alarms,
            LogAlarms: log_alarms,
            NextToken: next_token,
        }),
        Operation::PutMetricAlarm => send!(asked, client.put_metric_alarm() {
            AlarmName: set_alarm_name,
            AlarmDescription: set_alarm_description,
            ActionsEnabled: set_actions_enabled,
            OKActions: set_ok_actions,
            AlarmActions: set_alarm_actions,
            InsufficientDataActions: set_insufficient_data_actions,
            MetricName: set_metric_name,
            Namespace: set_namespace,
            Statistic: set_statistic,
            ExtendedStatistic: set_extended_statistic,
            Dimensions: set_dimensions,
            Period: set_period,
            Unit: set_unit,
            EvaluationPeriods: set_evaluation_periods,
            DatapointsToAlarm: set_datapoints_to_alarm,
            Threshold: set_threshold,
            ComparisonOperator: set_comparison_operator,
            TreatMissingData: set_treat_missing_data,
            EvaluateLowSampleCountPercentile: set_evaluate_low_sample_count_percentile,
            Metrics: set_metrics,
            Tags: set_tags,
            ThresholdMetricId: set_threshold_metric_id,
            EvaluationWindow: set_evaluation_window,
            WarmUpConfiguration: set_warm_up_configuration,
            EvaluationCriteria: set_evaluation_criteria,
            EvaluationInterval: set_evaluation_interval,
            ActionConfiguration: set_action_configuration,
        } => {}),
        Operation::DeleteAlarms => send!(asked, client.delete_alarms() { AlarmNames: set_alarm_names } => {}),
        Operation::ListAlarmTags => send!(asked, client.list_tags_for_resource() {
            ResourceARN: set_resource_arn,
        } => { Tags: tags }),
        Operation::TagAlarm => send!(asked, client.tag_resource() {
            ResourceARN: set_resource_arn,
            Tags: set_tags,
        } => {}),
        Operation::UntagAlarm => send!(asked, client.untag_resource() {
            ResourceARN: set_resource_arn,
            TagKeys: set_tag_keys,
        } => {}),
        Operation::ListDashboards => send!(asked, client.list_dashboards() {
            DashboardNamePrefix: set_dashboard_name_prefix,
            NextToken: set_next_token,
        } => { DashboardEntries: dashboard_entries, NextToken: next_token }),
        Operation::GetDashboard => {
            send!(asked, client.get_dashboard() { DashboardName: set_dashboard_name } => {
                DashboardArn: dashboard_arn,
                DashboardBody: dashboard_body,
                DashboardName: dashboard_name,
            })
        }
        Operation::PutDashboard => send!(asked, client.put_dashboard() {
            DashboardName: set_dashboard_name,
            DashboardBody: set_dashboard_body,
            Tags: set_tags,
        } => { DashboardValidationMessages: dashboard_validation_messages }),
        Operation::DeleteDashboards => send!(asked, client.delete_dashboards() {
            DashboardNames: set_dashboard_names,
        } => {}),
        _ => Err(asked.not_here()),
    }
}

structure!(types::ActionConfiguration {
    AlarmTagsPropagation: alarm_tags_propagation set_alarm_tags_propagation,
});

structure!(types::AlarmPromQlCriteria {
    Query: query set_query,
    PendingPeriod: pending_period set_pending_period,
    RecoveryPeriod: recovery_period set_recovery_period,
});

structure!(types::AlarmTagsPropagation {
    Enabled: enabled set_enabled,
    IncludedTagKeys: included_tag_keys set_included_tag_keys,
    ExcludedTagKeys: excluded_tag_keys set_excluded_tag_keys,
});

answer!(types::AnomalyDetector {
    AnomalyDetectorId: anomaly_detector_id,
    Namespace: namespace,
    MetricName: metric_name,
    Dimensions: dimensions,
    Stat: stat,
    Configuration: configuration,
    StateValue: state_value,
    MetricCharacteristics: metric_characteristics,
    SingleMetricAnomalyDetector: single_metric_anomaly_detector,
    MetricMathAnomalyDetector: metric_math_anomaly_detector,
});

structure!(types::AnomalyDetectorConfiguration {
    ExcludedTimeRanges: excluded_time_ranges set_excluded_time_ranges,
    MetricTimezone: metric_timezone set_metric_timezone,
    AdaptationSpeed: adaptation_speed set_adaptation_speed,
    OutlierFilteringStrength: outlier_filtering_strength set_outlier_filtering_strength,
});

answer!(types::CompositeAlarm {
    ActionsEnabled: actions_enabled,
    AlarmActions: alarm_actions,
    AlarmArn: alarm_arn,
    AlarmConfigurationUpdatedTimestamp: alarm_configuration_updated_timestamp,
    AlarmDescription: alarm_description,
    AlarmName: alarm_name,
    AlarmRule: alarm_rule,
    InsufficientDataActions: insufficient_data_actions,
    OKActions: ok_actions,
    StateReason: state_reason,
    StateReasonData: state_reason_data,
    StateUpdatedTimestamp: state_updated_timestamp,
    StateValue: state_value,
    StateTransitionedTimestamp: state_transitioned_timestamp,
    ActionsSuppressedBy: actions_suppressed_by,
    ActionsSuppressedReason: actions_suppressed_reason,
    ActionsSuppressor: actions_suppressor,
    ActionsSuppressorWaitPeriod: actions_suppressor_wait_period,
    ActionsSuppressorExtensionPeriod: actions_suppressor_extension_period,
    ActionConfiguration: action_configuration,
});

answer!(types::DashboardEntry {
    DashboardName: dashboard_name,
    DashboardArn: dashboard_arn,
    LastModified: last_modified,
    Size: size,
});

answer!(types::DashboardValidationMessage { DataPath: data_path, Message: message });

structure!(types::Dimension { Name: name set_name, Value: value set_value });

answer!(types::LogAlarm {
    AlarmName: alarm_name,
    AlarmArn: alarm_arn,
    AlarmDescription: alarm_description,
    AlarmConfigurationUpdatedTimestamp: alarm_configuration_updated_timestamp,
    ActionsEnabled: actions_enabled,
    OKActions: ok_actions,
    AlarmActions: alarm_actions,
    InsufficientDataActions: insufficient_data_actions,
    StateValue: state_value,
    StateReason: state_reason,
    StateReasonData: state_reason_data,
    StateUpdatedTimestamp: state_updated_timestamp,
    ScheduledQueryConfiguration: scheduled_query_configuration,
    QueryResultsToEvaluate: query_results_to_evaluate,
    QueryResultsToAlarm: query_results_to_alarm,
    Threshold: threshold,
    ComparisonOperator: comparison_operator,
    TreatMissingData: treat_missing_data,
    StateTransitionedTimestamp: state_transitioned_timestamp,
    EvaluationState: evaluation_state,
    ActionLogLineCount: action_log_line_count,
    ActionLogLineRoleArn: action_log_line_role_arn,
    WarmUpConfiguration: warm_up_configuration,
    ActionConfiguration: action_configuration,
});

structure!(types::Metric {
    Namespace: namespace set_namespace,
    MetricName: metric_name set_metric_name,
    Dimensions: dimensions set_dimensions,
});

answer!(types::MetricAlarm {
    AlarmName: alarm_name,
    AlarmArn: alarm_arn,
    AlarmDescription: alarm_description,
    AlarmConfigurationUpdatedTimestamp: alarm_configuration_updated_timestamp,
    ActionsEnabled: actions_enabled,
    OKActions: ok_actions,
    AlarmActions: alarm_actions,
    InsufficientDataActions: insufficient_data_actions,
    StateValue: state_value,
    StateReason: state_reason,
    StateReasonData: state_reason_data,
    StateUpdatedTimestamp: state_updated_timestamp,
    MetricName: metric_name,
    Namespace: namespace,
    Statistic: statistic,
    ExtendedStatistic: extended_statistic,
    Dimensions: dimensions,
    Period: period,
    Unit: unit,
    EvaluationPeriods: evaluation_periods,
    DatapointsToAlarm: datapoints_to_alarm,
    Threshold: threshold,
    ComparisonOperator: comparison_operator,
    TreatMissingData: treat_missing_data,
    EvaluateLowSampleCountPercentile: evaluate_low_sample_count_percentile,
    Metrics: metrics,
    ThresholdMetricId: threshold_metric_id,
    EvaluationState: evaluation_state,
    StateTransitionedTimestamp: state_transitioned_timestamp,
    EvaluationWindow: evaluation_window,
    WarmUpConfiguration: warm_up_configuration,
    EvaluationCriteria: evaluation_criteria,
    EvaluationInterval: evaluation_interval,
    ActionConfiguration: action_configuration,
});

structure!(types::MetricCharacteristics { PeriodicSpikes: periodic_spikes set_periodic_spikes });

structure!(types::MetricDataQuery {
    Id: id set_id,
    MetricStat: metric_stat set_metric_stat,
    Expression: expression set_expression,
    Label: label set_label,
    ReturnData: return_data set_return_data,
    Period: period set_period,
    AccountId: account_id set_account_id,
});

structure!(types::MetricMathAnomalyDetector {
    MetricDataQueries: metric_data_queries set_metric_data_queries,
});

structure!(types::MetricStat {
    Metric: metric set_metric,
    Period: period set_period,
    Stat: stat set_stat,
    Unit: unit set_unit,
});

structure!(types::Range { StartTime: start_time set_start_time, EndTime: end_time set_end_time });

answer!(types::ScheduleConfiguration {
    ScheduleExpression: schedule_expression,
    StartTimeOffset: start_time_offset,
    EndTimeOffset: end_time_offset,
});

answer!(types::ScheduledQueryConfiguration {
    QueryString: query_string,
    LogGroupIdentifiers: log_group_identifiers,
    QueryARN: query_arn,
    ScheduledQueryRoleARN: scheduled_query_role_arn,
    ScheduleConfiguration: schedule_configuration,
    AggregationExpression: aggregation_expression,
    Tags: tags,
});

structure!(types::SingleMetricAnomalyDetector {
    AccountId: account_id set_account_id,
    Namespace: namespace set_namespace,
    MetricName: metric_name set_metric_name,
    Dimensions: dimensions set_dimensions,
    Stat: stat set_stat,
});

structure!(types::SlidingWindow {});

structure!(types::Tag { Key: key set_key, Value: value set_value });

structure!(types::WallClockWindow { Timezone: timezone set_timezone });

structure!(types::WarmUpConfiguration {
    WarmUpPeriodDurationInMinutes: warm_up_period_duration_in_minutes set_warm_up_period_duration_in_minutes,
    OnlyStartEvaluatingAfterWarmUpPeriodEnds: only_start_evaluating_after_warm_up_period_ends set_only_start_evaluating_after_warm_up_period_ends,
});

enumerations!(
    types::ActionsSuppressedBy,
    types::AlarmType,
    types::AnomalyDetectorAdaptationSpeed,
    types::AnomalyDetectorOutlierFilteringStrength,
    types::AnomalyDetectorStateValue,
    types::AnomalyDetectorType,
    types::ComparisonOperator,
    types::EvaluationState,
    types::StandardUnit,
    types::StateValue,
    types::Statistic,
);

union!(types::EvaluationCriteria { PromQlCriteria: PromQLCriteria });

union!(types::EvaluationWindow { SlidingWindow: SlidingWindow, WallClockWindow: WallClockWindow });
