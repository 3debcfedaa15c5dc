//! Tree to text: the canonical spelling of an expression. `parse(print(tree)) == tree`.

use std::fmt::{self, Display, Formatter, Write};

use super::ast::{Band, Filler, MathCall, MathExpression, MathKind, MathNode, MathOperator};
use super::parse::SIGN;

impl Display for MathExpression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl Display for MathNode {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            MathKind::Number(number) => f.write_str(number.as_str()),
            MathKind::Id(id) => f.write_str(id),
            MathKind::List(parts) => {
                f.write_char('[')?;
                listed(f, parts.iter())?;
                f.write_char(']')
            }
            MathKind::Negate(inner) => {
                f.write_char('-')?;
                within(f, inner, strength(inner) < SIGN)
            }
            MathKind::Binary { operator, left, right } => {
                let own = operator.strength();
                let is_power = *operator == MathOperator::Power;
                // A sign on the left would reach over a power; on the right nothing is in its way.
                let left_needs = strength(left) < own || is_power && strength(left) == own;
                let is_sign = matches!(right.kind, MathKind::Negate(_));
                let right_needs = !is_sign && (strength(right) < own || !is_power && strength(right) == own);
                within(f, left, left_needs || ends_in_sign_over(left, own))?;
                write!(f, " {operator} ")?;
                within(f, right, right_needs)
            }
            MathKind::Call(call) => call.fmt(f),
        }
    }
}

/// Whether a part ends with a sign that would take an operator of this strength, standing behind it, for its own.
fn ends_in_sign_over(node: &MathNode, own: u8) -> bool {
    match &node.kind {
        MathKind::Negate(inner) => own >= SIGN || ends_in_sign_over(inner, own),
        MathKind::Binary { right, operator, .. } => {
            let is_bare = matches!(right.kind, MathKind::Negate(_)) || strength(right) >= operator.strength();
            is_bare && ends_in_sign_over(right, own)
        }
        _ => false,
    }
}

fn strength(node: &MathNode) -> u8 {
    match &node.kind {
        MathKind::Negate(_) => SIGN,
        MathKind::Binary { operator, .. } => operator.strength(),
        MathKind::Number(_) | MathKind::Id(_) | MathKind::List(_) | MathKind::Call(_) => u8::MAX,
    }
}

fn within(f: &mut Formatter<'_>, node: &MathNode, parentheses: bool) -> fmt::Result {
    if parentheses { write!(f, "({node})") } else { node.fmt(f) }
}

fn listed<'a>(f: &mut Formatter<'_>, parts: impl Iterator<Item = &'a MathNode>) -> fmt::Result {
    for (index, part) in parts.enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        part.fmt(f)?;
    }
    Ok(())
}

impl Display for MathCall {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            MathCall::Band(Band { series, width }) => {
                call(f, "ANOMALY_DETECTION_BAND", [Some(series.as_ref()), width.as_deref()])
            }
            MathCall::Fill { series, with } => match with {
                Filler::Repeat => write!(f, "FILL({series}, REPEAT)"),
                Filler::Linear => write!(f, "FILL({series}, LINEAR)"),
                Filler::Value(value) => write!(f, "FILL({series}, {value})"),
            },
            MathCall::If { condition, then, otherwise } => {
                call(f, "IF", [Some(condition.as_ref()), Some(then.as_ref()), otherwise.as_deref()])
            }
            MathCall::Metrics(None) => f.write_str("METRICS()"),
            MathCall::Metrics(Some(text)) if text.contains('"') => write!(f, "METRICS('{text}')"),
            MathCall::Metrics(Some(text)) => write!(f, "METRICS(\"{text}\")"),
            MathCall::Slice { array, start, end } => {
                call(f, "SLICE", [Some(array.as_ref()), Some(start.as_ref()), end.as_deref()])
            }
            MathCall::Sort { array, by, descending, most } => {
                write!(f, "SORT({array}, {}, {}", by.as_str(), if *descending { "DESC" } else { "ASC" })?;
                most.iter().try_for_each(|most| write!(f, ", {most}"))?;
                f.write_char(')')
            }
            MathCall::Plain { function, argument } => call(f, function.as_str(), [Some(argument.as_ref())]),
        }
    }
}

fn call<const N: usize>(f: &mut Formatter<'_>, name: &str, arguments: [Option<&MathNode>; N]) -> fmt::Result {
    write!(f, "{name}(")?;
    listed(f, arguments.into_iter().flatten())?;
    f.write_char(')')
}
