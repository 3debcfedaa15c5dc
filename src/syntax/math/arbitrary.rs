//! Random metric math expressions, for property tests and fuzzing. Every tree can be printed and parsed again.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::ast::{
    Band, Filler, MathCall, MathExpression, MathKind, MathNode, MathOperator, NumberText, SortFunction,
};
use super::functions::PlainFunction;

/// Deeper expressions are not made.
const DEEPEST: usize = 4;

const IDS: &[&str] = &["m1", "m2", "q1", "e1", "error_rate", "sum", "and1", "aB_9"];
const NUMBERS: &[&str] = &["0", "1", "2", "0.5", "100", "1e3", "12.50E-1", "007"];
const TEXTS: &[&str] = &["", "m", "4xx", "it's", "a\"b", ") + ("];

impl<'a> Arbitrary<'a> for MathExpression {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(MathExpression { root: node(u, 0)? })
    }
}

fn boxed(u: &mut Unstructured<'_>, depth: usize) -> Result<Box<MathNode>> {
    node(u, depth).map(Box::new)
}

fn perhaps(u: &mut Unstructured<'_>, depth: usize) -> Result<Option<Box<MathNode>>> {
    if u.arbitrary()? { boxed(u, depth).map(Some) } else { Ok(None) }
}

fn node(u: &mut Unstructured<'_>, depth: usize) -> Result<MathNode> {
    let least = if depth >= DEEPEST { 8 } else { 0 };
    let inside = depth + 1;
    Ok(MathNode::new(match u.int_in_range(least..=10)? {
        0..=2 => MathKind::Binary {
            operator: *u.choose(&MathOperator::ALL)?,
            left: boxed(u, inside)?,
            right: boxed(u, inside)?,
        },
        3 => MathKind::Negate(boxed(u, inside)?),
        4 => MathKind::List((0..u.int_in_range(1..=3)?).map(|_| node(u, inside)).collect::<Result<_>>()?),
        5..=7 => MathKind::Call(call(u, inside)?),
        8 => MathKind::Number(NumberText::new(u.choose(NUMBERS)?).ok_or(arbitrary::Error::IncorrectFormat)?),
        _ => MathKind::Id((*u.choose(IDS)?).to_owned()),
    }))
}

fn call(u: &mut Unstructured<'_>, depth: usize) -> Result<MathCall> {
    Ok(match u.int_in_range(0..=8)? {
        0 => MathCall::Band(Band { series: boxed(u, depth)?, width: perhaps(u, depth)? }),
        1 => MathCall::Fill {
            series: boxed(u, depth)?,
            with: match u.int_in_range(0..=2)? {
                0 => Filler::Repeat,
                1 => Filler::Linear,
                _ => Filler::Value(boxed(u, depth)?),
            },
        },
        2 => MathCall::If {
            condition: boxed(u, depth)?,
            then: boxed(u, depth)?,
            otherwise: perhaps(u, depth)?,
        },
        3 => MathCall::Metrics(if u.arbitrary()? { Some((*u.choose(TEXTS)?).to_owned()) } else { None }),
        4 => MathCall::Slice { array: boxed(u, depth)?, start: boxed(u, depth)?, end: perhaps(u, depth)? },
        5 => MathCall::Sort {
            array: boxed(u, depth)?,
            by: *u.choose(&SortFunction::ALL)?,
            descending: u.arbitrary()?,
            most: perhaps(u, depth)?,
        },
        _ => MathCall::Plain { function: u.choose(&PlainFunction::ALL)?.1, argument: boxed(u, depth)? },
    })
}
