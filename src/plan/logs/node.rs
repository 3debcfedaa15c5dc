//! Expressions with their names resolved to registers and their functions made ready.

use std::sync::Arc;

use memchr::memmem;
use regex::Regex;

use crate::syntax::logs::BinaryOp;
use crate::values::{ScalarCall, Value};

/// The number of a value that a row carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Reg(pub(crate) usize);

/// An expression, ready to be evaluated.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Constant(Value<'static>),
    Reg(Reg),
    /// The field of this whole name if it is there, else the member of a map.
    FieldOrMember {
        field: Reg,
        base: Reg,
        path: Vec<String>,
    },
    /// What a path leads to in a map.
    Within {
        base: Reg,
        path: Vec<String>,
    },
    Member(Box<Node>, String),
    Element(Box<Node>, usize),
    Not(Box<Node>),
    Negative(Box<Node>),
    Positive(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    /// A comparison with the literal `null`, which never holds.
    Never(Box<Node>),
    Contains {
        operand: Box<Node>,
        negated: bool,
        finder: Box<memmem::Finder<'static>>,
    },
    Matches {
        operand: Box<Node>,
        negated: bool,
        regex: Arc<Regex>,
    },
    OneOf {
        operand: Box<Node>,
        negated: bool,
        values: Vec<Value<'static>>,
    },
    /// Among the rows of a nested pipeline, by its number.
    OneOfRows {
        operand: Box<Node>,
        negated: bool,
        nested: usize,
    },
    If(Box<[Node; 3]>),
    /// Conditions and values, and the value if none holds.
    Case {
        branches: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
    Coalesce(Vec<Node>),
    IsPresent(Box<Node>),
    Call(Box<ScalarCall>, Vec<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

impl Comparison {
    pub(crate) fn of(op: BinaryOp) -> Option<Self> {
        Some(match op {
            BinaryOp::Equal => Comparison::Equal,
            BinaryOp::NotEqual => Comparison::NotEqual,
            BinaryOp::Less => Comparison::Less,
            BinaryOp::LessOrEqual => Comparison::LessOrEqual,
            BinaryOp::Greater => Comparison::Greater,
            BinaryOp::GreaterOrEqual => Comparison::GreaterOrEqual,
            _ => return None,
        })
    }
}

impl Arithmetic {
    pub(crate) fn of(op: BinaryOp) -> Option<Self> {
        Some(match op {
            BinaryOp::Add => Arithmetic::Add,
            BinaryOp::Subtract => Arithmetic::Subtract,
            BinaryOp::Multiply => Arithmetic::Multiply,
            BinaryOp::Divide => Arithmetic::Divide,
            BinaryOp::Remainder => Arithmetic::Remainder,
            BinaryOp::Power => Arithmetic::Power,
            _ => return None,
        })
    }
}

impl Node {
    /// Calls `visit` for every register that the expression reads.
    pub(crate) fn reads(&self, visit: &mut dyn FnMut(Reg)) {
        match self {
            Node::Constant(_) => {}
            Node::Reg(reg) => visit(*reg),
            Node::FieldOrMember { field, base, .. } => {
                visit(*field);
                visit(*base);
            }
            Node::Within { base, .. } => visit(*base),
            Node::Member(node, _)
            | Node::Element(node, _)
            | Node::Not(node)
            | Node::Negative(node)
            | Node::Positive(node)
            | Node::Never(node)
            | Node::IsPresent(node)
            | Node::Contains { operand: node, .. }
            | Node::Matches { operand: node, .. }
            | Node::OneOf { operand: node, .. }
            | Node::OneOfRows { operand: node, .. } => node.reads(visit),
            Node::Arithmetic(_, left, right) | Node::Compare(_, left, right) => {
                left.reads(visit);
                right.reads(visit);
            }
            Node::And(nodes) | Node::Or(nodes) | Node::Coalesce(nodes) | Node::Call(_, nodes) => {
                nodes.iter().for_each(|node| node.reads(visit));
            }
            Node::If(nodes) => nodes.iter().for_each(|node| node.reads(visit)),
            Node::Case { branches, otherwise } => {
                for (condition, value) in branches {
                    condition.reads(visit);
                    value.reads(visit);
                }
                if let Some(otherwise) = otherwise {
                    otherwise.reads(visit);
                }
            }
        }
    }
}
