//! Which events a pattern waits for: the name and source that a matching event must have.

use crate::syntax::filter::{Comparison, Condition, Expr, SelectorStep, Value};

/// Alternatives beyond which a pattern is taken to wait for anything.
const MOST_ALTERNATIVES: usize = 256;

/// What an event must have to match by one way through a pattern.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Demand<'p> {
    /// `eventName`, where there is one only.
    pub(super) name: Option<&'p str>,
    /// `eventSource`, where there is one only.
    pub(super) source: Option<&'p str>,
}

impl<'p> Demand<'p> {
    /// What both ask for; nothing where no event has both.
    fn and(self, other: Demand<'p>) -> Option<Demand<'p>> {
        Some(Demand { name: joined(self.name, other.name)?, source: joined(self.source, other.source)? })
    }
}

fn joined<'p>(one: Option<&'p str>, other: Option<&'p str>) -> Option<Option<&'p str>> {
    match (one, other) {
        (Some(one), Some(other)) => (one == other).then_some(Some(one)),
        (one, other) => Some(one.or(other)),
    }
}

/// Each way to match a pattern. It asks for nothing at all where there are too many.
pub(super) fn of<'p>(expr: &'p Expr<Condition>) -> Vec<Demand<'p>> {
    alternatives(expr).unwrap_or_else(|| vec![Demand::default()])
}

fn alternatives<'p>(expr: &'p Expr<Condition>) -> Option<Vec<Demand<'p>>> {
    let found = match expr {
        Expr::Leaf(condition) => vec![of_condition(condition)],
        Expr::Or(legs) => {
            let mut found = Vec::new();
            for leg in legs.legs() {
                found.extend(alternatives(leg)?);
            }
            found
        }
        Expr::And(legs) => {
            let mut found = vec![Demand::default()];
            for leg in legs.legs() {
                let further = alternatives(leg)?;
                if found.len() * further.len() > MOST_ALTERNATIVES {
                    return None;
                }
                found =
                    found.iter().flat_map(|one| further.iter().filter_map(|other| one.and(*other))).collect();
            }
            found
        }
    };
    (found.len() <= MOST_ALTERNATIVES).then_some(found)
}

fn of_condition(condition: &Condition) -> Demand<'_> {
    let ([SelectorStep::Key(key)], Comparison::Equal(Value::Text(text))) =
        (condition.selector.steps(), &condition.test)
    else {
        return Demand::default();
    };
    let value = Some(text.text.as_str()).filter(|value| !value.contains('*'));
    match key.as_str() {
        "eventName" => Demand { name: value, source: None },
        "eventSource" => Demand { name: None, source: value },
        _ => Demand::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FilterPattern;

    fn demands(pattern: &str) -> Vec<(Option<String>, Option<String>)> {
        let FilterPattern::Json(expr) = pattern.parse().unwrap() else { panic!("no JSON pattern") };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        of(&expr).into_iter().map(|demand| (owned(demand.name), owned(demand.source))).collect()
    }

    #[test]
    fn names_go_with_the_sources_of_their_own_leg() {
        let some = |text: &str| Some(text.to_owned());
        let found =
            demands("{ ($.eventName = A && $.eventSource = x) || ($.eventName = B && $.eventSource = y) }");
        assert_eq!(found, [(some("A"), some("x")), (some("B"), some("y"))]);
        let found = demands("{ ($.eventName = A || $.eventName = B) && $.eventSource = x && $.c = 1 }");
        assert_eq!(found, [(some("A"), some("x")), (some("B"), some("x"))]);
    }

    #[test]
    fn a_wildcard_or_another_test_asks_for_nothing() {
        assert_eq!(demands("{ $.eventName = Get* || $.eventName != A }"), [(None, None), (None, None)]);
        assert_eq!(demands("{ $.eventName = A && $.eventName = B }"), []);
    }
}
