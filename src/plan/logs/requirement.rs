//! What must stand in the raw text of every event that passes the filters at the beginning of a pipeline.
//!
//! The same promise as that of filter patterns: the analysis may only weaken.

use super::input::{Input, InputField, JsonField};
use super::node::{Comparison, Node, Reg};
use super::op::Op;
use crate::plan::requirement::{AnyOf, Requirement, either, longest_plain_part};
use crate::values::{Value, parse_number};

/// What the filters among these steps require; `None` where nothing can be proved.
pub(super) fn of(ops: &[Op], inputs: &[Input]) -> Option<Requirement> {
    let reader = Reader { inputs };
    let clauses = ops.iter().flat_map(|op| match op {
        Op::Filter(node) => reader.holds(node),
        _ => Vec::new(),
    });
    Requirement::of_clauses(clauses.collect())
}

struct Reader<'i> {
    inputs: &'i [Input],
}

impl Reader<'_> {
    /// What stands in the text of an event for which the condition holds.
    fn holds(&self, node: &Node) -> Vec<AnyOf> {
        match node {
            Node::And(legs) => legs.iter().flat_map(|leg| self.holds(leg)).collect(),
            Node::Or(legs) => either(legs.iter().map(|leg| self.holds(leg))).into_iter().collect(),
            Node::Compare(Comparison::Equal, left, right) => {
                let mut clauses = self.present(left);
                clauses.extend(self.present(right));
                let equal = match (&**left, &**right) {
                    (Node::Reg(reg), Node::Constant(value)) | (Node::Constant(value), Node::Reg(reg)) => {
                        self.equal(*reg, value)
                    }
                    _ => None,
                };
                clauses.extend(equal);
                clauses
            }
            // True of what is missing, perhaps.
            Node::Compare(Comparison::NotEqual, ..) => Vec::new(),
            Node::Compare(_, left, right) => {
                let mut clauses = self.present(left);
                clauses.extend(self.present(right));
                clauses
            }
            Node::OneOf { operand, negated: false, values } => {
                let mut clauses = self.present(operand);
                if let Node::Reg(reg) = &**operand {
                    let needles =
                        either(values.iter().map(|value| self.equal(*reg, value).into_iter().collect()));
                    clauses.extend(needles);
                }
                clauses
            }
            Node::OneOfRows { operand, negated: false, .. } => self.present(operand),
            Node::Contains { operand, negated: false, finder } => {
                let mut clauses = self.present(operand);
                if let Node::Reg(reg) = &**operand
                    && let Ok(text) = str::from_utf8(finder.needle())
                {
                    clauses.extend(self.contains(*reg, text));
                }
                clauses
            }
            Node::Matches { operand, negated: false, .. } => self.present(operand),
            Node::IsPresent(operand) => self.present(operand),
            Node::Reg(_) => self.present(node),
            _ => Vec::new(),
        }
    }

    /// What stands in the text of an event in which this has a value.
    fn present(&self, node: &Node) -> Vec<AnyOf> {
        let Node::Reg(reg) = node else { return Vec::new() };
        let Some(field) = self.json(*reg) else { return Vec::new() };
        // Whether a dot belongs to a key or lies between two, the last segment ends a key.
        let last = field.name.rsplit('.').next().unwrap_or_default();
        if last.bytes().all(|byte| byte.is_ascii_digit()) {
            return Vec::new();
        }
        AnyOf::one(longest_plain_part(last, false, true), false).into_iter().collect()
    }

    fn equal(&self, reg: Reg, value: &Value<'_>) -> Option<AnyOf> {
        self.json(reg)?;
        match value {
            // A number may be spelled in many ways.
            Value::Text(text) if parse_number(text).is_none() => {
                // One that is too large for a number is a text, without quotes.
                let quoted = !text.bytes().all(is_of_number);
                AnyOf::one(longest_plain_part(text, quoted, quoted), true)
            }
            _ => None,
        }
    }

    fn contains(&self, reg: Reg, text: &str) -> Option<AnyOf> {
        match self.field(reg)? {
            // JSON spells numbers and truth otherwise than they are rendered, but not with letters.
            InputField::Json(_) if !text.bytes().all(is_of_number) => {
                AnyOf::one(longest_plain_part(text, false, false), true)
            }
            InputField::Message => AnyOf::one(longest_plain_part(text, false, false), true),
            _ => None,
        }
    }

    fn json(&self, reg: Reg) -> Option<&JsonField> {
        match self.field(reg)? {
            InputField::Json(field) => Some(field),
            _ => None,
        }
    }

    fn field(&self, reg: Reg) -> Option<&InputField> {
        self.inputs.iter().find(|input| input.reg == reg).map(|input| &input.field)
    }
}

/// Whether JSON spells numbers with this.
fn is_of_number(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}
