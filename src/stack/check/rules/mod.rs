//! What definitions that are legal one by one say beside one another: one file a rule.

mod facts;
mod reads;

use super::Extent;
use super::widgets::Board;
use crate::check::{self, is_cloudtrail};
use crate::schema::Schema;
use crate::stack::{
    AnomalyDetector, CheckedAlarm, CheckedDetector, CheckedFilter, CheckedMetricQuery, MetricAlarm,
    MetricFilter, MetricQueryDefinition, MetricTransformationEntry, Places, Stack, Text,
};
use crate::{Diagnostic, Span};

use super::Defined;

/// A stack under examination. What is refused by itself is not among the checked definitions.
pub(super) struct Context<'a> {
    pub(super) stack: &'a Stack,
    pub(super) places: &'a dyn Places,
    /// What patterns on the stack's log group are checked against.
    pub(super) texts: &'a check::Options,
    /// What patterns on other log groups are checked against.
    pub(super) other_texts: &'a check::Options,
    pub(super) extent: Extent,
    pub(super) filters: &'a [Defined<'a, MetricFilter, CheckedFilter>],
    pub(super) detectors: &'a [Defined<'a, AnomalyDetector, CheckedDetector>],
    pub(super) alarms: &'a [Defined<'a, MetricAlarm, CheckedAlarm>],
    pub(super) metric_queries: &'a [Defined<'a, MetricQueryDefinition, CheckedMetricQuery>],
    pub(super) dashboards: &'a [Board<'a>],
}

impl<'a> Context<'a> {
    /// Whether the definitions are all there are.
    fn is_whole(&self) -> bool {
        self.extent == Extent::Whole
    }

    /// Whether a metric that a filter emits comes from these filters alone, and the trail's log group from this trail.
    fn is_joined(&self) -> bool {
        self.extent != Extent::Part
    }

    /// The fields of a record, where a filter is on CloudTrail records.
    fn schema_of(&self, written: &MetricFilter, filter: &CheckedFilter) -> Option<&'a Schema> {
        let texts = if written.log_group_name.is_none() { self.texts } else { self.other_texts };
        is_cloudtrail(&filter.pattern, texts).then_some(&texts.schema)
    }

    /// A finding at a place of a dashboard's body, as one about the file.
    fn in_body(&self, body: &Text, finding: Diagnostic) -> Diagnostic {
        self.places.lift(body, finding)
    }
}

/// The one transformation of a filter; a filter that is checked has it.
fn transformation(written: &MetricFilter) -> Option<&MetricTransformationEntry> {
    written.metric_transformations.first()
}

/// Where the value of a dimension of a filter stands.
fn dimension_span(written: &MetricFilter, name: &str) -> Option<Span> {
    let dimensions = transformation(written)?.dimensions.iter();
    dimensions.into_iter().find(|(known, _)| known.as_str() == name).map(|(_, value)| value.span)
}

crate::check::rules::family! {
    Context<'_>:
    es101_same_selector,
    es102_arn_of_another_type,
    es103_misspelt_type,
    es104_event_of_another_source,
    es105_covered_value,
    es106_both_kinds_of_calls,
    pr201_unbounded_dimension,
    pr202_dimension_not_always_there,
    pr203_value_not_always_there,
    pr204_value_is_no_number,
    pr205_unused_metric,
    pr206_counted_twice,
    pr207_same_filter,
    pr208_unknown_label,
    pr209_default_counts,
    pr210_worthless_match,
    pr211_other_unit,
    pr212_statistic_of_a_constant,
    pr213_defaults_are_counted,
    pr214_settled_threshold,
    pr215_gaps_of_a_rare_event,
    pr216_nobody_hears,
    pr217_unused_topic,
    pr218_same_alarm,
    pr219_before_the_events,
    pr220_unused_detector,
    pr221_action_not_for_this_alarm,
    pr222_math_over_more_periods,
    pr223_value_never_emitted,
    pr224_star_in_a_dimension,
    pr225_mean_over_members,
    pr226_kept_for_ever,
    pr227_one_region,
    pr228_id_not_in_widget,
    pr229_region_of_a_widget,
    pr230_same_query,
    pr231_tag_over_long_periods,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context, findings);
}
