//! Alarms and anomaly detectors as properties.

use super::super::outline::Outline;
use super::super::value::{Members, Value};
use super::{dimensions, tags};
use crate::stack::{
    AnomalyDetector, DetectorConfiguration, EvaluationWindow, ExcludedTimeRange, MetricAlarm,
    MetricCharacteristics, MetricDataQuery, MetricMathAnomalyDetector, MetricStat,
    SingleMetricAnomalyDetector, StatMetric, WallClockWindow, WarmUpConfiguration,
};

/// `AWS::CloudWatch::Alarm`.
pub(in super::super) fn alarm(outline: &Outline<'_>, alarm: &MetricAlarm) -> Members {
    let MetricAlarm {
        alarm_name,
        alarm_description,
        namespace,
        metric_name,
        dimensions: of_metric,
        statistic,
        extended_statistic,
        period,
        unit,
        metrics,
        evaluation_periods,
        datapoints_to_alarm,
        threshold,
        threshold_metric_id,
        comparison_operator,
        treat_missing_data,
        evaluate_low_sample_count_percentile,
        evaluation_window,
        warm_up_configuration,
        actions_enabled,
        alarm_actions,
        ok_actions,
        insufficient_data_actions,
    } = alarm;
    let actions = |actions: &[crate::stack::Text]| -> Vec<Value> {
        actions.iter().map(|action| outline.action(action)).collect()
    };
    Members::new()
        .with("AlarmName", alarm_name)
        .with_some("AlarmDescription", alarm_description.as_ref())
        .with_some("Namespace", namespace.as_ref())
        .with_some("MetricName", metric_name.as_ref())
        .with_list("Dimensions", dimensions(of_metric))
        .with_some("Statistic", statistic.as_ref())
        .with_some("ExtendedStatistic", extended_statistic.as_ref())
        .with_some("Period", period.as_ref())
        .with_some("Unit", unit.as_ref())
        .with_list("Metrics", metrics.iter().map(data_query))
        .with("ComparisonOperator", comparison_operator)
        .with_some("Threshold", threshold.as_ref())
        .with_some("ThresholdMetricId", threshold_metric_id.as_ref())
        .with("EvaluationPeriods", evaluation_periods)
        .with_some("DatapointsToAlarm", datapoints_to_alarm.as_ref())
        .with_some("EvaluationWindow", evaluation_window.as_ref().and_then(window))
        .with_some("WarmUpConfiguration", warm_up_configuration.as_ref().map(warm_up))
        .with_some("TreatMissingData", treat_missing_data.as_ref())
        .with_some("EvaluateLowSampleCountPercentile", evaluate_low_sample_count_percentile.as_ref())
        .with_some("ActionsEnabled", actions_enabled.as_ref())
        .with_list("AlarmActions", actions(alarm_actions))
        .with_list("OKActions", actions(ok_actions))
        .with_list("InsufficientDataActions", actions(insufficient_data_actions))
        .with_list("Tags", tags(outline.stack))
}

/// An entry of `Metrics`. What it returns is written down, for the service takes true where nothing is said, and Terraform
/// false.
fn data_query(query: &MetricDataQuery) -> Members {
    let MetricDataQuery { id, metric_stat, expression, label, period, return_data, account_id } = query;
    Members::new()
        .with("Id", id)
        .with_some("Expression", expression.as_ref())
        .with_some("MetricStat", metric_stat.as_ref().map(stat))
        .with_some("Label", label.as_ref())
        .with_some("Period", period.as_ref())
        .with_some("AccountId", account_id.as_ref())
        .with("ReturnData", return_data.as_ref().is_none_or(|returns| returns.value))
}

fn stat(stat: &MetricStat) -> Members {
    let MetricStat { metric, period, stat, unit } = stat;
    let StatMetric { namespace, metric_name, dimensions: of_metric } = metric;
    let metric = Members::new()
        .with("Namespace", namespace)
        .with("MetricName", metric_name)
        .with_list("Dimensions", dimensions(of_metric));
    Members::new()
        .with("Metric", metric)
        .with("Period", period)
        .with("Stat", stat)
        .with_some("Unit", unit.as_ref())
}

/// How periods lie. That they slide is what the service takes where nothing is said, and what the Cloud Control provider has as
/// a text of JSON.
fn window(window: &EvaluationWindow) -> Option<Members> {
    let EvaluationWindow { sliding_window: _, wall_clock_window } = window;
    let clock = |WallClockWindow { timezone }: &WallClockWindow| {
        Members::new().with_some("Timezone", timezone.as_ref())
    };
    let wall_clock_window = wall_clock_window.as_ref()?;
    Some(Members::new().with("WallClockWindow", clock(wall_clock_window)))
}

fn warm_up(configuration: &WarmUpConfiguration) -> Members {
    let WarmUpConfiguration {
        warm_up_period_duration_in_minutes,
        only_start_evaluating_after_warm_up_period_ends,
    } = configuration;
    Members::new().with("WarmUpPeriodDurationInMinutes", warm_up_period_duration_in_minutes).with_some(
        "OnlyStartEvaluatingAfterWarmUpPeriodEnds",
        only_start_evaluating_after_warm_up_period_ends.as_ref(),
    )
}

/// `AWS::CloudWatch::AnomalyDetector`.
pub(in super::super) fn detector(detector: &AnomalyDetector) -> Members {
    let AnomalyDetector {
        single_metric_anomaly_detector,
        metric_math_anomaly_detector,
        configuration,
        metric_characteristics,
    } = detector;
    let math = |MetricMathAnomalyDetector { metric_data_queries }: &MetricMathAnomalyDetector| {
        Members::new().with_list("MetricDataQueries", metric_data_queries.iter().map(data_query))
    };
    let characteristics = |MetricCharacteristics { periodic_spikes }: &MetricCharacteristics| {
        Members::new().with_some("PeriodicSpikes", periodic_spikes.as_ref())
    };
    let is_said = |members: &Members| !members.is_empty();
    Members::new()
        .with_some("SingleMetricAnomalyDetector", single_metric_anomaly_detector.as_ref().map(single))
        .with_some("MetricMathAnomalyDetector", metric_math_anomaly_detector.as_ref().map(math))
        .with_some("Configuration", configuration.as_ref().map(learning).filter(is_said))
        .with_some(
            "MetricCharacteristics",
            metric_characteristics.as_ref().map(characteristics).filter(is_said),
        )
}

fn single(single: &SingleMetricAnomalyDetector) -> Members {
    let SingleMetricAnomalyDetector { namespace, metric_name, dimensions: of_metric, stat, account_id } =
        single;
    Members::new()
        .with("Namespace", namespace)
        .with("MetricName", metric_name)
        .with_list("Dimensions", dimensions(of_metric))
        .with("Stat", stat)
        .with_some("AccountId", account_id.as_ref())
}

/// How it learns. The type has neither speed nor strength, which the notes say.
fn learning(configuration: &DetectorConfiguration) -> Members {
    let DetectorConfiguration {
        excluded_time_ranges,
        metric_timezone,
        adaptation_speed: _,
        outlier_filtering_strength: _,
    } = configuration;
    let range = |ExcludedTimeRange { start_time, end_time }: &ExcludedTimeRange| {
        Members::new().with("StartTime", start_time).with("EndTime", end_time)
    };
    Members::new()
        .with_some("MetricTimeZone", metric_timezone.as_ref())
        .with_list("ExcludedTimeRanges", excluded_time_ranges.iter().map(range))
}
