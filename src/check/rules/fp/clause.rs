//! One condition of a JSON pattern or one test of a field of a line, in one form: what is tested, how, and where it stands.

use std::convert::Infallible;
use std::fmt;

use crate::Span;
use crate::syntax::filter::{
    Comparison, Condition, Entry, Expr, FieldTest, FilterPattern, NumberLiteral, Ordering, Selector, Value,
};

use super::layout::{Place, places};

/// A condition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clause<'a> {
    /// What is tested.
    pub(super) subject: Subject<'a>,
    /// What it must fulfil.
    pub(super) test: Test<'a>,
    /// Where the parts stand.
    pub(super) place: Place,
}

/// Clauses are equal when they say the same, wherever they stand.
impl PartialEq for Clause<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.subject == other.subject && self.test == other.test
    }
}

/// What a condition tests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Subject<'a> {
    /// A member of a JSON object.
    Member(&'a Selector),
    /// A field of a line.
    Field(&'a str),
}

impl Subject<'_> {
    /// Whether it stands for several values, each of which may fulfil a condition.
    pub(super) fn has_wildcard(&self) -> bool {
        matches!(self, Subject::Member(selector) if selector.wildcards() > 0)
    }
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Member(selector) => selector.fmt(f),
            Subject::Field(name) => f.write_str(name),
        }
    }
}

/// What a condition asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Test<'a> {
    /// `=`
    Equal(&'a Value),
    /// `!=`
    NotEqual(&'a Value),
    /// An order with a number.
    Order(Ordering, &'a NumberLiteral),
    /// `IS NULL`
    IsNull,
    /// `IS TRUE`, `IS FALSE`
    IsBool(bool),
    /// `NOT EXISTS`
    NotExists,
}

impl<'a> Clause<'a> {
    fn of_condition(condition: &'a Condition, text: &str) -> Self {
        let test = match &condition.test {
            Comparison::Equal(value) => Test::Equal(value),
            Comparison::NotEqual(value) => Test::NotEqual(value),
            Comparison::Order(ordering, number) => Test::Order(*ordering, number),
            Comparison::IsNull => Test::IsNull,
            Comparison::IsBool(value) => Test::IsBool(*value),
            Comparison::NotExists => Test::NotExists,
        };
        let place = Place::of_condition(condition, text);
        Clause { subject: Subject::Member(&condition.selector), test, place }
    }

    fn of_field(name: &'a str, test: &'a FieldTest, place: Place) -> Self {
        let test = match test {
            FieldTest::Equal(value) => Test::Equal(value),
            FieldTest::NotEqual(value) => Test::NotEqual(value),
            FieldTest::Order(ordering, number) => Test::Order(*ordering, number),
        };
        Clause { subject: Subject::Field(name), test, place }
    }

    /// The selector of a JSON condition.
    pub(super) fn selector(&self) -> Option<&'a Selector> {
        match self.subject {
            Subject::Member(selector) => Some(selector),
            Subject::Field(_) => None,
        }
    }

    /// The right side of `=` or `!=`.
    pub(super) fn value(&self) -> Option<&'a Value> {
        match self.test {
            Test::Equal(value) | Test::NotEqual(value) => Some(value),
            _ => None,
        }
    }

    /// The right side of `=` or `!=` where it is a text.
    pub(super) fn text_value(&self) -> Option<&'a str> {
        match self.value() {
            Some(Value::Text(text)) => Some(&text.text),
            _ => None,
        }
    }

    /// The whole condition.
    pub(super) fn span(&self) -> Span {
        self.place.whole
    }
}

/// The conditions of a pattern: one tree of a JSON pattern, one for each tested field of a line, all of which must hold.
pub(super) fn trees<'a>(pattern: &'a FilterPattern, text: &str) -> Vec<Expr<Clause<'a>>> {
    match pattern {
        FilterPattern::Json(expr) => {
            vec![map(expr, &mut |condition| Clause::of_condition(condition, text))]
        }
        FilterPattern::Space(space) => {
            let mut trees = Vec::new();
            for (entry, places) in space.entries().iter().zip(places(text)) {
                let Entry::Field { name, test: Some(test) } = entry else { continue };
                let mut places = places.tests.into_iter();
                trees.push(map(test, &mut |test| {
                    Clause::of_field(name.as_str(), test, places.next().unwrap_or_default())
                }));
            }
            trees
        }
        _ => Vec::new(),
    }
}

fn map<'a, A, B>(expr: &'a Expr<A>, leaf: &mut dyn FnMut(&'a A) -> B) -> Expr<B> {
    match expr {
        Expr::Leaf(one) => Expr::Leaf(leaf(one)),
        Expr::And(legs) => {
            let Ok(mapped) = legs.try_map(|leg| Ok::<_, Infallible>(map(leg, leaf)));
            Expr::And(mapped)
        }
        Expr::Or(legs) => {
            let Ok(mapped) = legs.try_map(|leg| Ok::<_, Infallible>(map(leg, leaf)));
            Expr::Or(mapped)
        }
    }
}
