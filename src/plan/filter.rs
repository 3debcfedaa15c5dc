//! A filter pattern resolved: paths numbered as slots, values typed, regexes compiled.

use regex::{Regex, RegexBuilder};

use crate::Limits;
use crate::json::Step;
use crate::syntax::filter::{
    Comparison, Condition, Entry, Expr, FieldTest, FilterPattern, ItemAtom, NumberLiteral, Ordering, Prefix,
    RegexLiteral, Selector, SelectorStep, SpacePattern, Terms, Value,
};

use super::glob::Glob;

/// Why a parsed pattern cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// A regex takes more memory than [`Limits::regex_bytes`].
    #[error("the regex `%{regex}%` needs more than {limit} bytes; use smaller repetition bounds")]
    RegexTooLarge {
        /// The text between the percent signs.
        regex: String,
        /// The limit in force.
        limit: usize,
    },
}

/// A filter pattern, ready to be evaluated.
#[derive(Clone, Debug)]
pub enum FilterPlan {
    /// Every event.
    All,
    /// Substrings and regexes on the raw message.
    Terms(TermsPlan),
    /// Conditions on slots filled from a JSON object.
    Json(JsonPlan),
    /// Conditions on the fields of a line.
    Space(SpacePlan),
}

/// A terms pattern: what must occur, and what must not.
#[derive(Clone, Debug, Default)]
pub struct TermsPlan {
    /// Each must occur.
    pub required: Vec<Term>,
    /// Where not empty, one must occur; empty where the pattern has an item without `?`.
    pub alternatives: Vec<Term>,
    /// None may occur.
    pub excluded: Vec<Term>,
}

/// Something looked for in a message.
#[derive(Clone, Debug)]
pub enum Term {
    /// A substring.
    Text(Box<str>),
    /// A regex.
    Regex(Regex),
}

/// A JSON pattern over numbered slots.
#[derive(Clone, Debug)]
pub struct JsonPlan {
    /// The paths whose values fill the slots, in slot order; no path stands twice.
    pub paths: Vec<Vec<Step>>,
    /// The condition of the whole pattern.
    pub root: Expr<SlotTest>,
}

/// A test of one slot.
#[derive(Clone, Debug)]
pub struct SlotTest {
    /// Which of [`JsonPlan::paths`].
    pub slot: usize,
    /// Where the selector has a wildcard: the slot holds the container, and these steps go on from each child.
    pub wildcard: Option<Vec<SelectorStep>>,
    /// What the value must fulfil.
    pub predicate: Predicate,
}

/// What a JSON value must fulfil.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// `=`
    Equal(Operand),
    /// `!=`
    NotEqual(Operand),
    /// An order with a number.
    Order(Ordering, NumberLiteral),
    /// `IS NULL`
    IsNull,
    /// `IS TRUE`, `IS FALSE`
    IsBool(bool),
    /// `NOT EXISTS`
    NotExists,
}

/// The right side of `=` and `!=`.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A text with wildcards at its ends.
    Text(Glob),
    /// An unquoted number.
    Number(NumberLiteral),
    /// A regex.
    Regex(Regex),
}

/// A space-delimited pattern: how tokens bind to entries, and what they must fulfil.
#[derive(Clone, Debug)]
pub struct SpacePlan {
    /// The entries before the ellipsis, or all of them.
    pub head: Vec<FieldPlan>,
    /// The entries behind the ellipsis; `None` without one.
    pub tail: Option<Vec<FieldPlan>>,
}

/// One field of a space-delimited pattern.
#[derive(Clone, Debug)]
pub struct FieldPlan {
    /// Its name, where it has one.
    pub name: Option<Box<str>>,
    /// What its text must fulfil.
    pub test: Option<Expr<FieldPredicate>>,
}

/// What the text of a field must fulfil.
#[derive(Clone, Debug)]
pub enum FieldPredicate {
    /// `=`
    Equal(FieldOperand),
    /// `!=`
    NotEqual(FieldOperand),
    /// An order with a number.
    Order(Ordering, NumberLiteral),
}

/// The right side of `=` and `!=` for a field, which is always a text.
#[derive(Clone, Debug)]
pub enum FieldOperand {
    /// A text with wildcards at its ends; also a number, by its spelling.
    Text(Glob),
    /// A regex.
    Regex(Regex),
}

impl FilterPlan {
    /// The plan of `pattern`.
    ///
    /// # Errors
    /// A regex that outgrows `limits`; a pattern parsed within the same limits has none.
    pub fn new(pattern: &FilterPattern, limits: &Limits) -> Result<Self, CompileError> {
        let compile = Compile { limits };
        Ok(match pattern {
            FilterPattern::All => FilterPlan::All,
            FilterPattern::Terms(terms) => FilterPlan::Terms(compile.terms(terms)?),
            FilterPattern::Json(expr) => FilterPlan::Json(compile.json(expr)?),
            FilterPattern::Space(space) => FilterPlan::Space(compile.space(space)?),
        })
    }
}

struct Compile<'a> {
    limits: &'a Limits,
}

impl Compile<'_> {
    fn terms(&self, terms: &Terms) -> Result<TermsPlan, CompileError> {
        let mut plan = TermsPlan::default();
        for item in terms.items() {
            let term = match &item.atom {
                ItemAtom::Text(text) => Term::Text(text.text.as_str().into()),
                ItemAtom::Regex(literal) => Term::Regex(self.regex(literal)?),
            };
            match item.prefix {
                Prefix::Required => plan.required.push(term),
                Prefix::Optional => plan.alternatives.push(term),
                Prefix::Excluded => plan.excluded.push(term),
            }
        }
        if !plan.required.is_empty() || !plan.excluded.is_empty() {
            plan.alternatives.clear();
        }
        Ok(plan)
    }

    fn json(&self, expr: &Expr<Condition>) -> Result<JsonPlan, CompileError> {
        let mut paths = Vec::new();
        let root = map_leaves(expr, &mut |condition| self.condition(condition, &mut paths))?;
        Ok(JsonPlan { paths, root: cheapest_first(root) })
    }

    fn condition(&self, condition: &Condition, paths: &mut Vec<Vec<Step>>) -> Result<SlotTest, CompileError> {
        let (path, wildcard) = split_at_wildcard(&condition.selector);
        let slot = paths.iter().position(|known| *known == path).unwrap_or(paths.len());
        if slot == paths.len() {
            paths.push(path);
        }
        let predicate = match &condition.test {
            Comparison::Equal(value) => Predicate::Equal(self.operand(value)?),
            Comparison::NotEqual(value) => Predicate::NotEqual(self.operand(value)?),
            Comparison::Order(ordering, number) => Predicate::Order(*ordering, number.clone()),
            Comparison::IsNull => Predicate::IsNull,
            Comparison::IsBool(value) => Predicate::IsBool(*value),
            Comparison::NotExists => Predicate::NotExists,
        };
        Ok(SlotTest { slot, wildcard, predicate })
    }

    fn operand(&self, value: &Value) -> Result<Operand, CompileError> {
        Ok(match value {
            Value::Text(text) => Operand::Text(Glob::new(&text.text)),
            Value::Number(number) => Operand::Number(number.clone()),
            Value::Regex(literal) => Operand::Regex(self.regex(literal)?),
        })
    }

    fn space(&self, space: &SpacePattern) -> Result<SpacePlan, CompileError> {
        let mut plan = SpacePlan { head: Vec::new(), tail: None };
        for entry in space.entries() {
            let field = match entry {
                Entry::Ellipsis => {
                    plan.tail = Some(Vec::new());
                    continue;
                }
                Entry::Unnamed => FieldPlan { name: None, test: None },
                Entry::Field { name, test } => FieldPlan {
                    name: Some(name.as_str().into()),
                    test: match test {
                        Some(test) => Some(map_leaves(test, &mut |test| self.field_predicate(test))?),
                        None => None,
                    },
                },
            };
            plan.tail.as_mut().unwrap_or(&mut plan.head).push(field);
        }
        Ok(plan)
    }

    fn field_predicate(&self, test: &FieldTest) -> Result<FieldPredicate, CompileError> {
        Ok(match test {
            FieldTest::Equal(value) => FieldPredicate::Equal(self.field_operand(value)?),
            FieldTest::NotEqual(value) => FieldPredicate::NotEqual(self.field_operand(value)?),
            FieldTest::Order(ordering, number) => FieldPredicate::Order(*ordering, number.clone()),
        })
    }

    fn field_operand(&self, value: &Value) -> Result<FieldOperand, CompileError> {
        Ok(match value {
            Value::Text(text) => FieldOperand::Text(Glob::new(&text.text)),
            Value::Number(number) => FieldOperand::Text(Glob::Exact(number.as_str().into())),
            Value::Regex(literal) => FieldOperand::Regex(self.regex(literal)?),
        })
    }

    fn regex(&self, literal: &RegexLiteral) -> Result<Regex, CompileError> {
        let limit = self.limits.regex_bytes;
        RegexBuilder::new(literal.rust_pattern())
            .size_limit(limit)
            .build()
            .map_err(|_| CompileError::RegexTooLarge { regex: literal.as_str().to_owned(), limit })
    }
}

/// The steps up to the first wildcard, and those behind it, which may hold further ones.
fn split_at_wildcard(selector: &Selector) -> (Vec<Step>, Option<Vec<SelectorStep>>) {
    let mut path = Vec::new();
    let mut steps = selector.steps().iter();
    for step in steps.by_ref() {
        match step {
            SelectorStep::Key(key) => path.push(Step::Key(key.as_str().into())),
            SelectorStep::Index(index) => {
                path.push(Step::Index(usize::try_from(*index).unwrap_or(usize::MAX)))
            }
            SelectorStep::AnyMember | SelectorStep::AnyElement => {
                return (path, Some(steps.cloned().collect()));
            }
        }
    }
    (path, None)
}

/// The same condition with the legs of each junction in the order of their cost: the result is the same, for a
/// condition has no effect, and the cheap legs decide first.
fn cheapest_first(expr: Expr<SlotTest>) -> Expr<SlotTest> {
    match expr {
        Expr::Leaf(leaf) => Expr::Leaf(leaf),
        Expr::And(legs) => Expr::And(legs.map(cheapest_first).sorted_by_key(cost)),
        Expr::Or(legs) => Expr::Or(legs.map(cheapest_first).sorted_by_key(cost)),
    }
}

fn cost(expr: &Expr<SlotTest>) -> u32 {
    match expr {
        Expr::And(legs) | Expr::Or(legs) => legs.legs().iter().map(cost).sum(),
        Expr::Leaf(test) => {
            let comparison = match &test.predicate {
                Predicate::IsNull | Predicate::IsBool(_) | Predicate::NotExists => 1,
                Predicate::Equal(operand) | Predicate::NotEqual(operand) => match operand {
                    Operand::Text(Glob::Exact(_) | Glob::Prefix(_) | Glob::Suffix(_) | Glob::Any) => 2,
                    Operand::Number(_) => 3,
                    Operand::Text(Glob::Contains(_)) => 4,
                    Operand::Regex(_) => 20,
                },
                Predicate::Order(..) => 3,
            };
            comparison + if test.wildcard.is_some() { 50 } else { 0 }
        }
    }
}

fn map_leaves<A, B>(
    expr: &Expr<A>,
    map: &mut dyn FnMut(&A) -> Result<B, CompileError>,
) -> Result<Expr<B>, CompileError> {
    Ok(match expr {
        Expr::Leaf(leaf) => Expr::Leaf(map(leaf)?),
        Expr::And(legs) => Expr::And(legs.try_map(|leg| map_leaves(leg, map))?),
        Expr::Or(legs) => Expr::Or(legs.try_map(|leg| map_leaves(leg, map))?),
    })
}
