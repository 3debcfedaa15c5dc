//! Alarms and anomaly detectors of a file.

use crate::host::node::Node;
use crate::stack::{
    AnomalyDetector, DetectorConfiguration, ExcludedTimeRange, Located, MetricAlarm, MetricCharacteristics,
    MetricDataQuery, MetricDimension, MetricMathAnomalyDetector, MetricStat, SingleMetricAnomalyDetector,
    StatMetric, Text,
};

use super::members::{Dialect, Members};

/// What an action is called of which only a deployment knows what it is. It is never shown.
pub(super) const ACTION: &str = "action";

const ALARM: &[&str] = &[
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "AlarmName",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluateLowSampleCountPercentile",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "InsufficientDataActions",
    "MetricName",
    "Metrics",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Threshold",
    "ThresholdMetricId",
    "TreatMissingData",
    "Unit",
];

/// An alarm; nothing where something is unknown that decides what it does.
pub(super) fn alarm(own: &Members<'_>, name: Text, around: &[&str]) -> Option<MetricAlarm> {
    own.has_only(&[ALARM, around].concat())?;
    Some(MetricAlarm {
        alarm_name: name,
        alarm_description: own.text("AlarmDescription"),
        namespace: own.optional_text("Namespace")?,
        metric_name: own.optional_text("MetricName")?,
        dimensions: dimensions(own)?,
        statistic: own.optional_text("Statistic")?,
        extended_statistic: own.optional_text("ExtendedStatistic")?,
        period: own.optional_count("Period")?,
        unit: own.optional_text("Unit")?,
        metrics: own.blocks("Metrics")?.iter().map(data_query).collect::<Option<_>>()?,
        evaluation_periods: own.optional_count("EvaluationPeriods")??,
        datapoints_to_alarm: own.optional_count("DatapointsToAlarm")?,
        threshold: own.optional_number("Threshold")?,
        threshold_metric_id: own.optional_text("ThresholdMetricId")?,
        comparison_operator: own.text("ComparisonOperator")?,
        treat_missing_data: own.optional_text("TreatMissingData")?,
        evaluate_low_sample_count_percentile: own.optional_text("EvaluateLowSampleCountPercentile")?,
        evaluation_window: None,
        warm_up_configuration: None,
        // What is not known to be false may be true.
        actions_enabled: own.optional_flag("ActionsEnabled").flatten(),
        alarm_actions: actions(own, "AlarmActions"),
        ok_actions: actions(own, "OKActions"),
        insufficient_data_actions: actions(own, "InsufficientDataActions"),
    })
}

/// ARNs where they are known; of any other it is known only that it is there.
fn actions(own: &Members<'_>, name: &str) -> Vec<Text> {
    let action = |node: &Node| {
        let known = own.reader.text(node).filter(|text| text.starts_with("arn:"));
        known.unwrap_or_else(|| Located { value: format!("topic:{ACTION}"), span: node.span() })
    };
    match own.get(name) {
        None => Vec::new(),
        Some(Node::List(items, _)) => items.iter().map(action).collect(),
        Some(node) => vec![action(node)],
    }
}

/// Takes it that something is done when an alarm without actions goes off.
pub(super) fn tell(alarm: &mut MetricAlarm) {
    if alarm.alarm_actions.is_empty() {
        alarm.alarm_actions.push(Located { value: format!("topic:{ACTION}"), span: alarm.alarm_name.span });
    }
}

fn dimensions(own: &Members<'_>) -> Option<Vec<MetricDimension>> {
    if own.dialect == Dialect::Terraform {
        let pairs = own.pairs("Dimensions")?.into_iter();
        return Some(pairs.map(|(name, value)| MetricDimension { name, value }).collect());
    }
    let dimension = |one: &Members<'_>| {
        one.has_only(&["Name", "Value"])?;
        Some(MetricDimension { name: one.text("Name")?, value: one.text("Value")? })
    };
    own.blocks("Dimensions")?.iter().map(dimension).collect()
}

fn data_query(own: &Members<'_>) -> Option<MetricDataQuery> {
    let is_terraform = own.dialect == Dialect::Terraform;
    // A metric of another account is none of this file's filters.
    let stat = if is_terraform { "Metric" } else { "MetricStat" };
    own.has_only(&["Expression", "Id", "Label", "Period", "ReturnData", stat])?;
    let metric_stat = match own.get(stat) {
        Some(_) => Some(metric_stat(&own.block(stat)?)?),
        None => None,
    };
    let return_data = own.optional_flag("ReturnData")?;
    Some(MetricDataQuery {
        id: own.text("Id")?,
        metric_stat,
        expression: own.optional_text("Expression")?,
        label: None,
        period: own.optional_count("Period")?,
        // The provider takes the entry that says so for the result, the service any that does not say otherwise.
        return_data: return_data.or_else(|| is_terraform.then(|| Located { value: false, span: own.span() })),
        account_id: None,
    })
}

fn metric_stat(own: &Members<'_>) -> Option<MetricStat> {
    let metric = match own.dialect {
        Dialect::Terraform => {
            own.has_only(&["Dimensions", "MetricName", "Namespace", "Period", "Stat", "Unit"])?;
            *own
        }
        _ => {
            own.has_only(&["Metric", "Period", "Stat", "Unit"])?;
            let metric = own.block("Metric")?;
            metric.has_only(&["Dimensions", "MetricName", "Namespace"])?;
            metric
        }
    };
    Some(MetricStat {
        metric: StatMetric {
            namespace: metric.text("Namespace")?,
            metric_name: metric.text("MetricName")?,
            dimensions: dimensions(&metric)?,
        },
        period: own.optional_count("Period")??,
        stat: own.text("Stat")?,
        unit: own.optional_text("Unit")?,
    })
}

/// An anomaly detector, whose one metric may stand in a member of its own or not.
pub(super) fn detector(own: &Members<'_>) -> Option<AnomalyDetector> {
    const SINGLE: &[&str] = &["Dimensions", "MetricName", "Namespace", "Stat"];
    let beside = [
        "Configuration",
        "MetricCharacteristics",
        "MetricMathAnomalyDetector",
        "SingleMetricAnomalyDetector",
    ];
    own.has_only(&[SINGLE, beside.as_slice()].concat())?;
    let single = match own.get("SingleMetricAnomalyDetector") {
        Some(_) => {
            let single = own.block("SingleMetricAnomalyDetector")?;
            single.has_only(SINGLE)?;
            Some(single)
        }
        None => own.get("MetricName").map(|_| *own),
    };
    let single_metric_anomaly_detector = match single {
        Some(single) => Some(SingleMetricAnomalyDetector {
            namespace: single.text("Namespace")?,
            metric_name: single.text("MetricName")?,
            dimensions: dimensions(&single)?,
            stat: single.text("Stat")?,
            account_id: None,
        }),
        None => None,
    };
    let metric_math_anomaly_detector = match own.get("MetricMathAnomalyDetector") {
        Some(_) => {
            let math = own.block("MetricMathAnomalyDetector")?;
            let value = math.blocks("MetricDataQueries")?.iter().map(data_query).collect::<Option<_>>()?;
            Some(MetricMathAnomalyDetector { metric_data_queries: Located { value, span: math.span() } })
        }
        None => None,
    };
    let one_of_them = single_metric_anomaly_detector.is_some() || metric_math_anomaly_detector.is_some();
    one_of_them.then_some(AnomalyDetector {
        single_metric_anomaly_detector,
        metric_math_anomaly_detector,
        configuration: own.block("Configuration").and_then(|own| configuration(&own)),
        metric_characteristics: own.block("MetricCharacteristics").map(|own| MetricCharacteristics {
            periodic_spikes: own.optional_flag("PeriodicSpikes").flatten(),
        }),
    })
}

/// How a detector learns, as far as that is known.
fn configuration(own: &Members<'_>) -> Option<DetectorConfiguration> {
    let range = |own: &Members<'_>| {
        Some(ExcludedTimeRange { start_time: own.text("StartTime")?, end_time: own.text("EndTime")? })
    };
    let ranges = own.blocks("ExcludedTimeRanges").unwrap_or_default();
    Some(DetectorConfiguration {
        excluded_time_ranges: ranges.iter().filter_map(range).collect(),
        metric_timezone: own.text("MetricTimeZone"),
        adaptation_speed: None,
        outlier_filtering_strength: None,
    })
}
