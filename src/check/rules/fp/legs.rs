//! The operands of a junction, whichever way they are nested.

use crate::Span;
use crate::diagnostic::Fix;
use crate::syntax::filter::{Expr, Legs};

use super::clause::Clause;
use super::layout;

/// An operand of a junction.
#[derive(Clone, Copy)]
pub(super) struct Leg<'t, 'a> {
    pub(super) expr: &'t Expr<Clause<'a>>,
    /// Which operand of its own junction it is.
    index: usize,
}

impl<'t, 'a> Leg<'t, 'a> {
    /// The condition, where it is a single one.
    pub(super) fn clause(&self) -> Option<&'t Clause<'a>> {
        match self.expr {
            Expr::Leaf(clause) => Some(clause),
            _ => None,
        }
    }

    /// From its first to its last condition.
    pub(super) fn span(&self) -> Span {
        extent(self.expr)
    }

    /// What takes it away.
    pub(super) fn removal(&self, text: &str) -> Option<Fix> {
        let gone = layout::removal(text, self.span(), self.index)?;
        Some(Fix::replace("remove it", gone, ""))
    }
}

/// From the first to the last condition of a tree.
pub(super) fn extent(expr: &Expr<Clause<'_>>) -> Span {
    match expr {
        Expr::Leaf(clause) => clause.span(),
        Expr::And(legs) | Expr::Or(legs) => match legs.legs() {
            [first, .., last] => extent(first).to(extent(last)),
            _ => Span::default(),
        },
    }
}

/// A junction: whether all of its operands must hold, or one, and these, those of a like junction inside it included.
pub(super) struct Junction<'t, 'a> {
    pub(super) all: bool,
    pub(super) legs: Vec<Leg<'t, 'a>>,
}

/// Every junction of the trees that is no operand of a like one, outer ones first.
pub(super) fn junctions<'t, 'a>(trees: &'t [Expr<Clause<'a>>]) -> Vec<Junction<'t, 'a>> {
    let mut found = Vec::new();
    trees.iter().for_each(|tree| collect(tree, &mut found));
    found
}

fn collect<'t, 'a>(expr: &'t Expr<Clause<'a>>, found: &mut Vec<Junction<'t, 'a>>) {
    let (all, operands) = match expr {
        Expr::Leaf(_) => return,
        Expr::And(operands) => (true, operands),
        Expr::Or(operands) => (false, operands),
    };
    let mut legs = Vec::new();
    flatten(operands, all, &mut legs);
    found.push(Junction { all, legs: legs.clone() });
    legs.iter().for_each(|leg| collect(leg.expr, found));
}

fn flatten<'t, 'a>(operands: &'t Legs<Clause<'a>>, all: bool, into: &mut Vec<Leg<'t, 'a>>) {
    for (index, expr) in operands.legs().iter().enumerate() {
        match expr {
            Expr::And(inner) if all => flatten(inner, all, into),
            Expr::Or(inner) if !all => flatten(inner, all, into),
            _ => into.push(Leg { expr, index }),
        }
    }
}
