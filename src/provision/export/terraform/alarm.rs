//! Alarms as resources.

use super::super::outline::Outline;
use super::super::properties;
use super::super::value::Value;
use super::body::{Argument, Block, Body};
use super::resources::{cloud_control, map, tags};
use crate::stack::{MetricAlarm, MetricDataQuery, MetricDimension, Text};

/// The bytes that `aws_cloudwatch_metric_alarm` takes of a name; the service counts characters.
const LONGEST_NAME: usize = 255;
/// The same of a description.
const LONGEST_DESCRIPTION: usize = 1_024;
/// The same of an expression; the service takes more.
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
    let window = alarm.evaluation_window.as_ref().and_then(|window| window.wall_clock_window.as_ref());
    if let Some(clock) = window {
        let clock = Body::new().with_some("timezone", clock.timezone.as_ref());
        body = body.with_block("evaluation_window", Body::new().with_block("wall_clock_window", clock));
    }
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

/// Why the classic resource does not take the alarm.
fn refused(alarm: &MetricAlarm) -> Option<&'static str> {
    let is_longer = |text: Option<&Text>, most: usize| text.is_some_and(|text| text.len() > most);
    let expressions = || alarm.metrics.iter().map(|query| query.expression.as_ref());
    let metrics = alarm.metrics.iter().filter_map(|query| query.metric_stat.as_ref());
    let mut statistics = metrics.map(|metric| &metric.stat).chain(&alarm.extended_statistic);
    if is_longer(Some(&alarm.alarm_name), LONGEST_NAME) {
        Some("takes no name of that length")
    } else if is_longer(alarm.alarm_description.as_ref(), LONGEST_DESCRIPTION) {
        Some("takes no description of that length")
    } else if expressions().any(|text| is_longer(text, LONGEST_EXPRESSION)) {
        Some("takes no expression of that length")
    } else if statistics.any(|stat| !takes_statistic(stat)) {
        Some("takes no statistic with so many decimals")
    } else {
        None
    }
}

/// Whether the classic resource takes a statistic: behind `p`, `tm`, `wm`, `tc` or `ts` two digits and two decimals, or 100.
fn takes_statistic(stat: &str) -> bool {
    let number = ["p", "tm", "wm", "tc", "ts"].iter().find_map(|form| stat.strip_prefix(form));
    let Some(number) = number else { return true };
    let (whole, decimals) =
        number.split_once('.').map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    let has_digits = |digits: &str| matches!(digits.len(), 1 | 2);
    number == "100" || (has_digits(whole) && decimals.is_none_or(has_digits))
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
