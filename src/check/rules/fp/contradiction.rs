//! Conditions that never hold together.

use crate::syntax::filter::{Expr, SelectorStep};

use super::clause::{Clause, Subject, Test};
use super::domain::{self, Kinds, Literal};

/// The fewest of `clauses` found that never hold together; `None` where they may.
pub(super) fn contradiction<'a>(clauses: &[Clause<'a>]) -> Option<Vec<Clause<'a>>> {
    if may_hold(clauses) {
        return None;
    }
    for (index, later) in clauses.iter().enumerate() {
        for earlier in clauses.iter().take(index) {
            if !may_hold(&[*earlier, *later]) {
                return Some(vec![*earlier, *later]);
            }
        }
    }
    let mut needed = clauses.to_vec();
    let mut index = 0;
    while index < needed.len() {
        let without: Vec<Clause<'a>> =
            needed.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, clause)| *clause).collect();
        if may_hold(&without) {
            index += 1;
        } else {
            needed = without;
        }
    }
    Some(needed)
}

/// Whether a condition never holds by itself, as `!= "*"`.
pub(super) fn is_void(clause: &Clause<'_>) -> bool {
    !clause.subject.has_wildcard()
        && domain::possible(clause.subject, &[Literal::holds(clause)]) == Kinds::NONE
}

/// Whether an event may fulfil all of these.
fn may_hold(clauses: &[Clause<'_>]) -> bool {
    let mut fields: Vec<(Subject<'_>, Kinds)> = Vec::new();
    for clause in clauses.iter().filter(|clause| !clause.subject.has_wildcard()) {
        if fields.iter().any(|(known, _)| *known == clause.subject) {
            continue;
        }
        let literals: Vec<Literal<'_>> =
            clauses.iter().filter(|other| other.subject == clause.subject).map(Literal::holds).collect();
        let kinds = domain::possible(clause.subject, &literals);
        if kinds == Kinds::NONE {
            return false;
        }
        fields.push((clause.subject, kinds));
    }
    clauses.iter().filter(|clause| asks_for_a_value(clause)).all(|clause| {
        fields.iter().all(|(container, kinds)| match container_of(*container, clause.subject) {
            Some(needed) => kinds.overlaps(needed),
            None => true,
        })
    })
}

fn asks_for_a_value(clause: &Clause<'_>) -> bool {
    clause.test != Test::NotExists
}

/// What `container` must be for a value at `member` to be there; `None` where the one does not hold the other.
fn container_of(container: Subject<'_>, member: Subject<'_>) -> Option<Kinds> {
    let (Subject::Member(container), Subject::Member(member)) = (container, member) else { return None };
    let next = member.steps().strip_prefix(container.steps())?.first()?;
    let arrays = Kinds::ARRAY.or(Kinds::ARRAY_WITH_NULL);
    Some(match next {
        SelectorStep::Key(_) => Kinds::OBJECT,
        SelectorStep::Index(_) => arrays,
        _ => Kinds::OBJECT.or(arrays),
    })
}

/// An operand of `||`, or a whole tree, that never holds.
pub(super) struct Dead<'a> {
    /// The conditions that contradict each other.
    pub(super) clauses: Vec<Clause<'a>>,
}

/// What is dead in a conjunction of trees: all of it (`true`), or operands of some `||`.
pub(super) fn dead<'a>(trees: &[Expr<Clause<'a>>]) -> (bool, Vec<Dead<'a>>) {
    let mut found = Vec::new();
    let whole = !conjunction(trees, &[], &mut found);
    (whole, found)
}

/// Whether all of `operands` may hold where `given` holds too. What does not goes to `found`.
fn conjunction<'a>(operands: &[Expr<Clause<'a>>], given: &[Clause<'a>], found: &mut Vec<Dead<'a>>) -> bool {
    let mut known = given.to_vec();
    let mut alternatives = Vec::new();
    operands.iter().for_each(|operand| gather(operand, &mut known, &mut alternatives));
    if let Some(clauses) = contradiction(&known) {
        found.push(Dead { clauses });
        return false;
    }
    alternatives.into_iter().all(|legs| {
        let mut inside = Vec::new();
        let alive =
            legs.iter().filter(|leg| conjunction(std::slice::from_ref(leg), &known, &mut inside)).count();
        found.append(&mut inside);
        alive > 0
    })
}

/// The conditions of a conjunction, and the operands of each `||` in it.
fn gather<'t, 'a>(
    expr: &'t Expr<Clause<'a>>,
    clauses: &mut Vec<Clause<'a>>,
    alternatives: &mut Vec<&'t [Expr<Clause<'a>>]>,
) {
    match expr {
        // What never holds by itself has a rule of its own.
        Expr::Leaf(clause) if is_void(clause) => {}
        Expr::Leaf(clause) => clauses.push(*clause),
        Expr::And(legs) => legs.legs().iter().for_each(|leg| gather(leg, clauses, alternatives)),
        Expr::Or(legs) => alternatives.push(legs.legs()),
    }
}
