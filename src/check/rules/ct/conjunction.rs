//! What must hold together: which event sources, event names and identity types stand beside a test under `and`.

use std::rc::Rc;

use super::facts::{Beside, Exact, FieldUse, LiteralKind, Test};

/// How tests are joined, negations pushed down to them.
pub(super) enum Tree {
    /// The test of the use with this number.
    Use(usize),
    /// All hold.
    All(Vec<Tree>),
    /// Some hold.
    Any(Vec<Tree>),
    /// A condition of which nothing is known.
    Other,
}

/// What a condition demands of one field: that it be one of these.
type Demand<'a> = Option<Rc<[Exact<'a>]>>;

/// What a condition demands of the event source, the event name and the identity type.
type Demands<'a> = [Demand<'a>; 3];

const SUBJECTS: [&[&str]; 3] = [&["eventSource"], &["eventName"], &["userIdentity", "type"]];

/// What holds wherever the tree does.
pub(super) fn implied<'a>(tree: &Tree, uses: &[FieldUse<'a>]) -> Beside<'a> {
    beside(demands(tree, uses))
}

/// Notes beside each use in the tree what must hold together with it, given what holds around the tree.
pub(super) fn note<'a>(tree: &Tree, around: &Beside<'a>, uses: &mut [FieldUse<'a>]) {
    match tree {
        Tree::Other => {}
        Tree::Use(index) => {
            if let Some(found) = uses.get_mut(*index) {
                found.beside = around.clone();
            }
        }
        Tree::Any(legs) => legs.iter().for_each(|leg| note(leg, around, uses)),
        Tree::All(legs) => {
            let of_legs: Vec<Demands<'a>> = legs.iter().map(|leg| demands(leg, uses)).collect();
            let outer = [&around.event_sources, &around.event_names, &around.identity_types];
            for (index, leg) in legs.iter().enumerate() {
                let others = || of_legs.iter().enumerate().filter(move |(other, _)| *other != index);
                let together = std::array::from_fn(|subject| {
                    let of_others = others().filter_map(|(_, demands)| demands.get(subject)?.as_ref());
                    let outer = outer.get(subject).and_then(|demand| demand.as_ref());
                    of_others.chain(outer).min_by_key(|demand| demand.len()).cloned()
                });
                note(leg, &beside(together), uses);
            }
        }
    }
}

fn beside(demands: Demands<'_>) -> Beside<'_> {
    let [event_sources, event_names, identity_types] = demands;
    Beside { event_sources, event_names, identity_types }
}

fn demands<'a>(tree: &Tree, uses: &[FieldUse<'a>]) -> Demands<'a> {
    match tree {
        Tree::Other => Demands::default(),
        Tree::Use(index) => uses.get(*index).map(of_test).unwrap_or_default(),
        Tree::All(legs) => {
            let of_legs: Vec<_> = legs.iter().map(|leg| demands(leg, uses)).collect();
            std::array::from_fn(|subject| {
                let found = of_legs.iter().filter_map(|demands| demands.get(subject)?.as_ref());
                found.min_by_key(|demand| demand.len()).cloned()
            })
        }
        Tree::Any(legs) => {
            let of_legs: Vec<_> = legs.iter().map(|leg| demands(leg, uses)).collect();
            std::array::from_fn(|subject| {
                let each = of_legs.iter().map(|demands| demands.get(subject)?.as_deref());
                let all: Vec<&[Exact<'a>]> = each.collect::<Option<_>>()?;
                (!all.is_empty()).then(|| all.concat().into())
            })
        }
    }
}

fn of_test<'a>(tested: &FieldUse<'a>) -> Demands<'a> {
    let Test::Equal { negated: false, values } = &tested.test else { return Demands::default() };
    SUBJECTS.map(|subject| {
        let is_exact = |value: &super::facts::Literal<'a>| {
            (value.kind == LiteralKind::Text && value.exact().is_some())
                .then(|| Exact { text: value.text.clone(), span: value.span })
        };
        if tested.is(subject) { values.iter().map(is_exact).collect::<Option<Rc<[_]>>>() } else { None }
    })
}
