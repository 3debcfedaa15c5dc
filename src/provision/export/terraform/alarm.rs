//! Alarms as resources.

use super::super::outline::Outline;
use super::super::properties;
use super::super::value::Value;
use super::body::{Argument, Block, Body};
use super::resources::{cloud_control, map, tags};
use crate::stack::{MetricAlarm, MetricDataQuery, MetricDimension, Text};

/// The bytes that `aws_cloudwatch_metric_alarm` takes of an expression; the service takes more.
const LONGEST_EXPRESSION: usize = 1_024;

/// An alarm, which waits for the detectors of its band.
pub(super) fn block(outline: &Outline<'_>, name: &str, alarm: &MetricAlarm, after: Vec<String>) -> Block {
    if let Some(why) = refused(alarm) {
        let block = cloud_control("awscc_cloudwatch_alarm", name, &properties::alarm(outline, alarm))
            .says(format!("Of the Cloud Control provider, for aws_cloudwatch_metric_alarm {why}."));
        return Block { body: block.body.after(after), ..block };
    }
    let list =
        |actions: &[Text]| -> Vec<Value> { actions.iter().map(|action| outline.action(action)).collect() };
    let mut body = Body::new()
        .with("alarm_name", &alarm.alarm_name)
        .with_some("alarm_description", alarm.alarm_description.as_ref())
        .with_some("namespace", alarm.namespace.as_ref())
        .with_some("metric_name", alarm.metric_name.as_ref())
        .with_some("dimensions", dimensions(&alarm.dimensions))
        .with_some("statistic", alarm.statistic.as_ref())
        .with_some("extended_statistic", alarm.extended_statistic.as_ref())
        .with_some("period", alarm.period.as_ref())
        .with_some("unit", alarm.unit.as_ref())
        .with("comparison_operator", &alarm.comparison_operator)
        .with_some("threshold", alarm.threshold.as_ref())
        .with_some("threshold_metric_id", alarm.threshold_metric_id.as_ref())
        .with("evaluation_periods", &alarm.evaluation_periods)
        .with_some("datapoints_to_alarm", alarm.datapoints_to_alarm.as_ref())
        .with_some("treat_missing_data", alarm.treat_missing_data.as_ref())
        .with_some(
            "evaluate_low_sample_count_percentiles",
            alarm.evaluate_low_sample_count_percentile.as_ref(),
        )
        .with_some("actions_enabled", alarm.actions_enabled.as_ref())
        .with_list("alarm_actions", list(&alarm.alarm_actions))
        .with_list("ok_actions", list(&alarm.ok_actions))
        .with_list("insufficient_data_actions", list(&alarm.insufficient_data_actions))
        .with_some("tags", tags(outline))
        .with_blocks("metric_query", alarm.metrics.iter().map(metric_query));
    if let Some(warm_up) = &alarm.warm_up_configuration {
        let inner = Body::new()
            .with("warm_up_period_duration_in_minutes", &warm_up.warm_up_period_duration_in_minutes)
            .with_some(
                "only_start_evaluating_after_warm_up_period_ends",
                warm_up.only_start_evaluating_after_warm_up_period_ends.as_ref(),
            );
        body = body.with_block("warm_up_configuration", inner);
    }
    Block::resource("aws_cloudwatch_metric_alarm", name, body.after(after))
}

/// Why the classic resource does not take the alarm. A sliding window is what it has where nothing is said.
fn refused(alarm: &MetricAlarm) -> Option<&'static str> {
    let window = alarm.evaluation_window.as_ref();
    let mut expressions = alarm.metrics.iter().filter_map(|query| query.expression.as_ref());
    if window.is_some_and(|window| window.wall_clock_window.is_some()) {
        Some("has no evaluation window")
    } else if expressions.any(|text| text.len() > LONGEST_EXPRESSION) {
        Some("takes no expression of that length")
    } else {
        None
    }
}

/// An entry of `Metrics`. What it returns is written down, for the provider takes false where nothing is said, and the
/// service true.
fn metric_query(query: &MetricDataQuery) -> Body {
    let returns = query.return_data.as_ref().is_none_or(|returns| returns.value);
    let mut body = Body::new()
        .with("id", &query.id)
        .with_some("expression", query.expression.as_ref())
        .with_some("label", query.label.as_ref())
        .with_some("period", query.period.as_ref())
        .with_some("account_id", query.account_id.as_ref())
        .with_argument("return_data", Argument::Value(returns.into()));
    if let Some(stat) = &query.metric_stat {
        let metric = Body::new()
            .with("namespace", &stat.metric.namespace)
            .with("metric_name", &stat.metric.metric_name)
            .with_some("dimensions", dimensions(&stat.metric.dimensions))
            .with("period", &stat.period)
            .with("stat", &stat.stat)
            .with_some("unit", stat.unit.as_ref());
        body = body.with_block("metric", metric);
    }
    body
}

fn dimensions(dimensions: &[MetricDimension]) -> Option<super::super::value::Members> {
    map(dimensions.iter().map(|one| (one.name.as_str(), &one.value)))
}
