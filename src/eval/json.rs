//! JSON patterns on slots (`spec/filter-pattern.md` 3.3).

use crate::json::{Decimal, Node, Slots, members};
use crate::plan::filter::{Operand, Predicate, SlotTest};
use crate::syntax::filter::{Expr, SelectorStep};

/// Whether the slots that were filled from `text` fulfil the plan.
pub(super) fn holds(expr: &Expr<SlotTest>, text: &str, slots: &Slots) -> bool {
    match expr {
        Expr::Leaf(test) => slot_test(test, slots.node(text, test.slot)),
        Expr::And(legs) => legs.legs().iter().all(|leg| holds(leg, text, slots)),
        Expr::Or(legs) => legs.legs().iter().any(|leg| holds(leg, text, slots)),
    }
}

/// Whether the value at a path fulfils a test; with a wildcard, whether some value below it does.
pub(super) fn slot_test(test: &SlotTest, node: Node<'_>) -> bool {
    let Some(behind) = &test.wildcard else { return predicate(&test.predicate, node) };
    match test.predicate {
        Predicate::NotExists => !any_child(node, behind, &mut |_| true),
        _ => any_child(node, behind, &mut |value| predicate(&test.predicate, value)),
    }
}

/// Whether a child of `container`, followed along `behind`, is there and accepted.
pub(super) fn any_child(
    container: Node<'_>,
    behind: &[SelectorStep],
    accept: &mut dyn FnMut(Node<'_>) -> bool,
) -> bool {
    let (Node::Array(text) | Node::Object(text)) = container else { return false };
    members(text).any(|member| follow(member.value, behind, accept))
}

fn follow(node: Node<'_>, steps: &[SelectorStep], accept: &mut dyn FnMut(Node<'_>) -> bool) -> bool {
    let Some((step, behind)) = steps.split_first() else { return accept(node) };
    let found = match (step, node) {
        (SelectorStep::Key(key), Node::Object(text)) => {
            members(text).find(|member| member.key.is_some_and(|found| found.eq_str(key.as_str())))
        }
        (SelectorStep::Index(index), Node::Array(text)) => {
            usize::try_from(*index).ok().and_then(|index| members(text).nth(index))
        }
        (SelectorStep::AnyMember | SelectorStep::AnyElement, _) => return any_child(node, behind, accept),
        _ => None,
    };
    found.is_some_and(|member| follow(member.value, behind, accept))
}

pub(super) fn predicate(predicate: &Predicate, node: Node<'_>) -> bool {
    match predicate {
        Predicate::Equal(operand) => equals(operand, node) == Some(true),
        Predicate::NotEqual(operand) => equals(operand, node) == Some(false),
        Predicate::Order(ordering, number) => match node {
            Node::Number(lexeme) => match (Decimal::parse(lexeme), Decimal::parse(number.as_str())) {
                (Some(left), Some(right)) => ordering.holds(left.cmp(&right)),
                _ => false,
            },
            _ => false,
        },
        Predicate::IsNull => match node {
            Node::Null => true,
            Node::Array(text) => members(text).any(|element| element.value == Node::Null),
            _ => false,
        },
        Predicate::IsBool(value) => node == Node::Bool(*value),
        Predicate::NotExists => node == Node::Absent,
    }
}

/// Whether the value equals the operand; `None` where the two cannot be compared, and neither `=` nor `!=` holds.
fn equals(operand: &Operand, node: Node<'_>) -> Option<bool> {
    match (operand, node) {
        (Operand::Number(number), Node::Number(lexeme)) => {
            Some(Decimal::parse(lexeme)? == Decimal::parse(number.as_str())?)
        }
        (Operand::Text(glob), Node::Number(lexeme)) => Some(glob.matches(lexeme)),
        (Operand::Regex(regex), Node::Number(lexeme)) => Some(regex.is_match(lexeme)),
        (operand, Node::String(string)) => {
            let text = string.decode();
            Some(match operand {
                Operand::Number(number) => text == number.as_str(),
                Operand::Text(glob) => glob.matches(&text),
                Operand::Regex(regex) => regex.is_match(&text),
            })
        }
        (_, Node::Absent | Node::Null | Node::Bool(_) | Node::Array(_) | Node::Object(_)) => None,
    }
}
