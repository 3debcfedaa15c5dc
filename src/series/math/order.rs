//! The order in which expressions that name each other are evaluated.

use std::collections::BTreeMap;

use super::MathError;
use crate::syntax::math::MathExpression;

/// The ids in an order in which each stands behind those it names. Ids of other results are no matter.
///
/// ```
/// use trailql::series::math::in_order;
///
/// let expressions = [("e1", "e2 + m1".parse()?), ("e2", "m1 * 2".parse()?)];
/// assert_eq!(in_order(expressions.iter().map(|(id, expression)| (*id, expression)))?, ["e2", "e1"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Expressions that need each other, or themselves.
pub fn in_order<'a>(
    expressions: impl IntoIterator<Item = (&'a str, &'a MathExpression)>,
) -> Result<Vec<&'a str>, MathError> {
    let mut waiting: BTreeMap<&str, Vec<&str>> =
        expressions.into_iter().map(|(id, expression)| (id, expression.ids())).collect();
    let mut order = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_ready = |needs: &Vec<&str>| !needs.iter().any(|id| waiting.contains_key(id));
        let ready: Vec<&str> =
            waiting.iter().filter(|(_, needs)| is_ready(needs)).map(|(id, _)| *id).collect();
        if ready.is_empty() {
            return Err(MathError::Cycle { ids: waiting.keys().map(|id| (*id).to_owned()).collect() });
        }
        waiting.retain(|id, _| !ready.contains(id));
        order.extend(ready);
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_that_need_each_other_have_no_order() {
        let parsed = |text: &str| text.parse::<MathExpression>().unwrap();
        let (one, other, plain) = (parsed("e2 + 1"), parsed("e1 + 1"), parsed("m1"));
        let error = in_order([("e1", &one), ("e2", &other), ("e3", &plain)]).unwrap_err();
        assert_eq!(error, MathError::Cycle { ids: vec!["e1".to_owned(), "e2".to_owned()] });
        let itself = parsed("e1 * 2");
        assert!(in_order([("e1", &itself)]).is_err());
    }
}
