//! Metric math that the service takes and that gives nothing, always the same, or something else than it seems to.

use crate::Diagnostic;
use crate::syntax::math::{MathCall, MathExpression, MathKind, MathNode, PlainFunction};

/// An expression under examination.
pub(in crate::check) struct Context<'a> {
    /// The same, parsed.
    pub(in crate::check) expression: &'a MathExpression,
}

impl<'a> Context<'a> {
    /// Shows each part, from the outside in.
    fn each_part(&self, mut see: impl FnMut(&'a MathNode)) {
        self.expression.root.walk(&mut see);
    }
}

super::family! {
    Context<'_>:
    mm301_divided_by_zero,
    mm302_comparison_chain,
    mm303_settled_condition,
    mm304_band_width,
    mm305_with_itself,
    mm306_no_series,
    mm307_filled_twice,
    mm308_same_branches,
    mm309_empty_slice,
    mm310_edge_by_place,
}

pub(in crate::check) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    each(context, findings);
}

/// The number that a part always is.
fn constant(node: &MathNode) -> Option<f64> {
    match &node.kind {
        MathKind::Number(number) => Some(number.value()),
        MathKind::Negate(inner) => constant(inner).map(|number| -number),
        _ => None,
    }
}

/// Whether a part is made of numbers alone, without any series.
fn is_number(node: &MathNode) -> bool {
    match &node.kind {
        MathKind::Number(_) => true,
        MathKind::Negate(inner) => is_number(inner),
        MathKind::Binary { left, right, .. } => is_number(left) && is_number(right),
        MathKind::Call(MathCall::Plain { function, argument }) => {
            *function != PlainFunction::TimeSeries && is_number(argument)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples;
    use crate::check::Language;

    #[test]
    fn the_bad_example_of_each_rule_raises_it_alone_and_the_good_one_nothing() {
        examples::hold(super::RULES, Language::MetricMath);
    }
}
