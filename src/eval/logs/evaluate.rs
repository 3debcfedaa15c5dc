//! Expressions on the values of a row.

use std::cmp::Ordering;
use std::sync::OnceLock;

use super::budget::{Budget, Share};
use super::rows::partners::Partners;
use super::rows::{Row, footprint};
use super::run::RunError;
use crate::plan::logs::{Arithmetic, Comparison, MissingNegation, Node, Reg};
use crate::values::{Clock, Value};

/// What does not change while a pipeline runs.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) clock: Clock,
    pub(crate) missing_negation: MissingNegation,
    /// The rows of the nested pipelines, by their numbers.
    pub(crate) nested: Vec<NestedRows>,
}

/// What a nested pipeline gave: rows of its columns.
#[derive(Debug)]
pub(crate) struct NestedRows {
    pub(crate) rows: Vec<Row>,
    /// By the first column, once that is asked for.
    by_first: OnceLock<Partners>,
}

impl NestedRows {
    pub(crate) fn new(rows: Vec<Row>, budget: &Budget) -> Result<Self, RunError> {
        // They are held until the run ends, and so is their share.
        budget.set(
            &mut Share::default(),
            rows.iter().map(footprint).sum(),
            "the rows of a nested pipeline",
        )?;
        Ok(NestedRows { rows, by_first: OnceLock::new() })
    }

    /// Whether the first column of any row equals the value.
    fn has_first(&self, value: &Value<'_>) -> bool {
        self.by_first.get_or_init(|| Partners::of(&self.rows, 0)).contains(value)
    }
}

/// Whether a condition holds; `Unknown` where a field is missing and negation shall not turn that into a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    Yes,
    No,
    Unknown,
}

impl Truth {
    fn of(holds: bool) -> Self {
        if holds { Truth::Yes } else { Truth::No }
    }

    fn not(self) -> Self {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl Context {
    /// Whether the condition holds for the row.
    pub(crate) fn holds(&self, node: &Node, row: &[Value<'_>]) -> bool {
        self.truth(node, row) == Truth::Yes
    }

    fn truth(&self, node: &Node, row: &[Value<'_>]) -> Truth {
        match node {
            Node::Not(inner) => self.truth(inner, row).not(),
            Node::And(legs) => {
                let mut all = Truth::Yes;
                for leg in legs {
                    match self.truth(leg, row) {
                        Truth::No => return Truth::No,
                        Truth::Unknown => all = Truth::Unknown,
                        Truth::Yes => {}
                    }
                }
                all
            }
            Node::Or(legs) => {
                let mut any = Truth::No;
                for leg in legs {
                    match self.truth(leg, row) {
                        Truth::Yes => return Truth::Yes,
                        Truth::Unknown => any = Truth::Unknown,
                        Truth::No => {}
                    }
                }
                any
            }
            Node::Never(_) => Truth::No,
            Node::Compare(comparison, left, right) => {
                let (left, right) = (self.value(left, row), self.value(right, row));
                if left.is_container() || right.is_container() {
                    return Truth::No;
                }
                if left.is_missing() || right.is_missing() {
                    return self.of_missing(*comparison == Comparison::NotEqual);
                }
                Truth::of(compare(*comparison, &left, &right))
            }
            Node::Contains { operand, negated, finder } => self.test(operand, *negated, row, |value| {
                value.text().is_some_and(|text| finder.find(text.as_bytes()).is_some())
            }),
            Node::Matches { operand, negated, regex } => self
                .test(operand, *negated, row, |value| value.text().is_some_and(|text| regex.is_match(&text))),
            Node::OneOf { operand, negated, values } => {
                self.test(operand, *negated, row, |value| values.iter().any(|other| value.equals(other)))
            }
            Node::OneOfRows { operand, negated, nested } => self.test(operand, *negated, row, |value| {
                self.nested.get(*nested).is_some_and(|nested| nested.has_first(value))
            }),
            _ => match self.value(node, row) {
                Value::Missing => self.of_missing(false),
                value => Truth::of(value.truthy()),
            },
        }
    }

    /// A test of one operand, false of maps and lists whether negated or not.
    fn test(
        &self,
        operand: &Node,
        negated: bool,
        row: &[Value<'_>],
        holds: impl FnOnce(&Value<'_>) -> bool,
    ) -> Truth {
        let value = self.value(operand, row);
        if value.is_missing() {
            return self.of_missing(negated);
        }
        if value.is_container() {
            return Truth::No;
        }
        Truth::of(holds(&value) != negated)
    }

    fn of_missing(&self, negated: bool) -> Truth {
        match self.missing_negation {
            MissingNegation::Match => Truth::of(negated),
            MissingNegation::NoMatch => Truth::Unknown,
        }
    }

    /// The value of an expression that is there already: most keys and inputs of `stats` are, and every row has them.
    pub(crate) fn value_at_hand<'r, 'e>(
        &self,
        node: &'r Node,
        row: &'r [Value<'e>],
    ) -> Option<&'r Value<'e>> {
        match node {
            Node::Constant(value) => Some(value),
            Node::Reg(reg) => row.get(reg.0),
            _ => None,
        }
    }

    /// The value of an expression for the row.
    pub(crate) fn value<'r>(&'r self, node: &'r Node, row: &'r [Value<'_>]) -> Value<'r> {
        let get = |reg: &Reg| row.get(reg.0).map_or(Value::Missing, Value::borrowed);
        match node {
            Node::Constant(value) => value.borrowed(),
            Node::Reg(reg) => get(reg),
            Node::FieldOrMember { field, base, path } => match get(field) {
                Value::Missing => get(base).within(path),
                value => value,
            },
            Node::Within { base, path } => get(base).within(path),
            Node::Member(node, key) => self.value(node, row).member(key),
            Node::Element(node, index) => self.value(node, row).element(*index),
            Node::Negative(node) => number(self.value(node, row).number().map(|value| -value)),
            Node::Positive(node) => number(self.value(node, row).number()),
            Node::Arithmetic(op, left, right) => {
                let (left, right) = (self.value(left, row).number(), self.value(right, row).number());
                number(left.zip(right).and_then(|(left, right)| arithmetic(*op, left, right)))
            }
            Node::If(nodes) => {
                let [condition, yes, no] = &**nodes;
                self.value(if self.holds(condition, row) { yes } else { no }, row)
            }
            Node::Case { branches, otherwise } => {
                match branches.iter().find(|(condition, _)| self.holds(condition, row)) {
                    Some((_, value)) => self.value(value, row),
                    None => otherwise.as_ref().map_or(Value::Missing, |node| self.value(node, row)),
                }
            }
            Node::Coalesce(nodes) => nodes
                .iter()
                .map(|node| self.value(node, row))
                .find(|value| !value.is_missing())
                .unwrap_or_default(),
            Node::IsPresent(node) => Value::bool(!self.value(node, row).is_missing()),
            Node::Call(call, nodes) => {
                let arguments: Vec<Value<'r>> = nodes.iter().map(|node| self.value(node, row)).collect();
                call.call(&arguments, &self.clock)
            }
            Node::Not(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::Never(_)
            | Node::Compare(..)
            | Node::Contains { .. }
            | Node::Matches { .. }
            | Node::OneOf { .. }
            | Node::OneOfRows { .. } => Value::bool(self.holds(node, row)),
        }
    }
}

fn number(value: Option<f64>) -> Value<'static> {
    value.map_or(Value::Missing, Value::number_of)
}

/// Compares two values that are there and no maps or lists.
fn compare(comparison: Comparison, left: &Value<'_>, right: &Value<'_>) -> bool {
    match comparison {
        Comparison::Equal => left.equals(right),
        Comparison::NotEqual => !left.equals(right),
        _ => left.compare(right).is_some_and(|order| match comparison {
            Comparison::Less => order == Ordering::Less,
            Comparison::LessOrEqual => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            _ => order != Ordering::Less,
        }),
    }
}

fn arithmetic(op: Arithmetic, left: f64, right: f64) -> Option<f64> {
    match op {
        Arithmetic::Add => Some(left + right),
        Arithmetic::Subtract => Some(left - right),
        Arithmetic::Multiply => Some(left * right),
        Arithmetic::Divide => (right != 0.0).then(|| left / right),
        Arithmetic::Remainder => (right != 0.0).then(|| left % right),
        Arithmetic::Power => Some(left.powf(right)),
    }
}
