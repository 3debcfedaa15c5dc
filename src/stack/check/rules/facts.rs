//! What is certain of every event that a pattern matches.

use crate::json::Step;
use crate::syntax::filter::{Comparison, Condition, Expr, FilterPattern, Selector, SelectorStep, Value};

/// Whether every matching event has a value at a path that is not null.
pub(super) fn guarantees(pattern: &FilterPattern, path: &[Step]) -> bool {
    let FilterPattern::Json(expr) = pattern else { return false };
    holds_always(expr, &|condition| {
        is_at(&condition.selector, path)
            && !matches!(condition.test, Comparison::NotExists | Comparison::IsNull)
    })
}

/// The texts one of which every matching event has at a path; none where there may be others.
pub(super) fn values<'p>(pattern: &'p FilterPattern, path: &[Step]) -> Option<Vec<&'p str>> {
    let FilterPattern::Json(expr) = pattern else { return None };
    values_in(expr, path)
}

fn values_in<'p>(expr: &'p Expr<Condition>, path: &[Step]) -> Option<Vec<&'p str>> {
    match expr {
        Expr::And(legs) => legs.legs().iter().find_map(|leg| values_in(leg, path)),
        Expr::Or(legs) => {
            let found: Option<Vec<Vec<&str>>> = legs.legs().iter().map(|leg| values_in(leg, path)).collect();
            found.map(|found| found.concat())
        }
        Expr::Leaf(condition) => match &condition.test {
            Comparison::Equal(Value::Text(text))
                if is_at(&condition.selector, path) && !text.text.contains('*') =>
            {
                Some(vec![&text.text])
            }
            _ => None,
        },
    }
}

/// Whether some condition of this kind holds for every matching event.
fn holds_always(expr: &Expr<Condition>, is_of_kind: &impl Fn(&Condition) -> bool) -> bool {
    match expr {
        Expr::Leaf(condition) => is_of_kind(condition),
        Expr::And(legs) => legs.legs().iter().any(|leg| holds_always(leg, is_of_kind)),
        Expr::Or(legs) => legs.legs().iter().all(|leg| holds_always(leg, is_of_kind)),
    }
}

fn is_at(selector: &Selector, path: &[Step]) -> bool {
    let is_step = |(step, at): (&SelectorStep, &Step)| match (step, at) {
        (SelectorStep::Key(key), Step::Key(known)) => key.as_str() == &**known,
        (SelectorStep::Index(index), Step::Index(known)) => usize::try_from(*index) == Ok(*known),
        _ => false,
    };
    selector.steps().len() == path.len() && selector.steps().iter().zip(path).all(is_step)
}

/// The path `userIdentity.type` and so on, of members alone.
pub(super) fn path_of(members: &[&str]) -> Vec<Step> {
    members.iter().map(|member| Step::Key((*member).into())).collect()
}

/// A path as documents spell it: `userIdentity.type`.
pub(super) fn dotted(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => {
                text.push('.');
                text.push_str(key);
            }
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> FilterPattern {
        text.parse().unwrap()
    }

    #[test]
    fn a_value_is_there_where_every_way_through_the_pattern_tests_it() {
        let user = path_of(&["u", "name"]);
        assert!(guarantees(&pattern("{ $.u.name = * }"), &user));
        assert!(guarantees(&pattern("{ $.a = 1 && $.u.name != x }"), &user));
        assert!(guarantees(&pattern("{ $.u.name = x || $.u.name = y }"), &user));
        assert!(!guarantees(&pattern("{ $.u.name = x || $.a = 1 }"), &user));
        assert!(!guarantees(&pattern("{ $.u.name NOT EXISTS }"), &user));
        assert!(!guarantees(&pattern("{ $.u.name IS NULL }"), &user));
        assert!(!guarantees(&pattern("{ $.u = * }"), &user));
    }

    #[test]
    fn values_are_all_that_a_matching_event_may_have() {
        let kind = path_of(&["type"]);
        assert_eq!(
            values(&pattern("{ ($.type = A || $.type = B) && $.c = 1 }"), &kind),
            Some(vec!["A", "B"])
        );
        assert_eq!(values(&pattern("{ $.type = A || $.c = 1 }"), &kind), None);
        assert_eq!(values(&pattern("{ $.type = A* }"), &kind), None);
    }
}
