//! Metrics Insights queries that run, but probably select something else than was meant.

use crate::syntax::metrics::{Comparison, Condition, LabelKey, Predicate};
use crate::{Diagnostic, MetricsQuery};

/// A query under examination.
pub(in crate::check) struct Context<'a> {
    /// The same, parsed.
    pub(in crate::check) query: &'a MetricsQuery,
}

impl<'a> Context<'a> {
    /// The comparisons, as they stand in the text.
    fn predicates(&self) -> impl Iterator<Item = &'a Predicate> {
        self.query.filter.iter().flat_map(Condition::predicates)
    }

    /// The comparisons that must hold whatever else does.
    fn required(&self) -> impl Iterator<Item = &'a Predicate> {
        self.query.filter.iter().flat_map(Condition::required)
    }

    /// The comparison that leaves one value of a label.
    fn fixing(&self, key: &LabelKey) -> Option<&'a Predicate> {
        self.required().find(|predicate| predicate.key == *key && predicate.comparison == Comparison::Equal)
    }

    /// Whether `WHERE` leaves one value of a label.
    fn is_fixed(&self, key: &LabelKey) -> bool {
        self.fixing(key).is_some()
    }
}

super::family! {
    Context<'_>:
    mi301_too_many_dimensions,
    mi302_not_ascii,
    mi303_unbounded_groups,
    mi304_group_of_one,
    mi305_passes_without_label,
    mi306_implied,
    mi307_no_account,
    mi308_outer_blanks,
    mi309_other_is_no_value,
    mi310_namespace_case,
}

pub(in crate::check) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context, findings);
}

#[cfg(test)]
mod tests {
    use super::super::examples;
    use crate::check::Language;

    #[test]
    fn the_bad_example_of_each_rule_raises_it_alone_and_the_good_one_nothing() {
        examples::hold(super::RULES, Language::MetricsInsights);
    }
}
