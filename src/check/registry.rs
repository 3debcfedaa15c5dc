//! Every rule there is, by its code.

use crate::syntax::{Rule, filter, logs, math, metrics};

use super::rules;

/// Every rule, family by family, in order of code.
///
/// ```
/// use trailql::check::registry;
///
/// assert!(registry::rules().any(|rule| rule.code.0 == "FP007"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let families: &[&'static [Rule]] = &[
        filter::codes::RULES,
        rules::fp::RULES,
        logs::codes::RULES,
        rules::li::RULES,
        metrics::codes::RULES,
        rules::mi::RULES,
        math::codes::RULES,
        rules::mm::RULES,
        rules::ct::RULES,
        #[cfg(feature = "stack")]
        crate::stack::codes::RULES,
        #[cfg(feature = "stack")]
        crate::stack::check::RULES,
    ];
    let mut all: Vec<&'static Rule> = families.iter().flat_map(|family| family.iter()).collect();
    all.sort_by_key(|rule| rule.code);
    all.into_iter()
}

/// The rule with this code, whatever its case of letters.
pub fn find(code: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.code.0.eq_ignore_ascii_case(code))
}
