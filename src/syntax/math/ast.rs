//! The syntax tree of a metric math expression.
//!
//! Trees are equal when they mean the same; spans are [`Trivia`].

use std::fmt;

use crate::Span;
use crate::syntax::Trivia;

use super::functions::PlainFunction;

/// A metric math expression, parsed (`spec/metrics-insights.md` 2.10).
///
/// ```
/// use trailql::syntax::math::MathExpression;
///
/// let expression: MathExpression = "100*( errors / requests )".parse()?;
/// assert_eq!(expression.to_string(), "100 * (errors / requests)");
/// assert_eq!(expression.ids(), ["errors", "requests"]);
/// # Ok::<(), trailql::ParseErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct MathExpression {
    /// The whole of it.
    pub root: MathNode,
}

impl MathExpression {
    /// The ids that the expression names, each once, in order of the letters. `METRICS()` names none.
    pub fn ids(&self) -> Vec<&str> {
        let mut found = std::collections::BTreeSet::new();
        self.root.walk(&mut |node| {
            if let MathKind::Id(id) = &node.kind {
                found.insert(id.as_str());
            }
        });
        found.into_iter().collect()
    }

    /// The bands that the expression asks for.
    pub fn bands(&self) -> Vec<&Band> {
        let mut found = Vec::new();
        self.root.walk(&mut |node| {
            if let MathKind::Call(MathCall::Band(band)) = &node.kind {
                found.push(band);
            }
        });
        found
    }

    /// Whether the expression asks for `METRICS()`.
    pub fn uses_metrics(&self) -> bool {
        let mut found = false;
        self.root.walk(&mut |node| found |= matches!(&node.kind, MathKind::Call(MathCall::Metrics(_))));
        found
    }
}

/// A part of an expression and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MathNode {
    /// What it is.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub kind: MathKind,
    /// Where it stands.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub span: Trivia<Span>,
}

impl MathNode {
    /// A part that stands nowhere yet.
    pub fn new(kind: MathKind) -> Self {
        MathNode { kind, span: Trivia::default() }
    }

    /// Shows each part, from the outside in.
    pub(crate) fn walk<'a>(&'a self, see: &mut impl FnMut(&'a MathNode)) {
        see(self);
        match &self.kind {
            MathKind::Number(_) | MathKind::Id(_) => {}
            MathKind::List(parts) => parts.iter().for_each(|part| part.walk(see)),
            MathKind::Negate(inner) => inner.walk(see),
            MathKind::Binary { left, right, .. } => {
                left.walk(see);
                right.walk(see);
            }
            MathKind::Call(call) => call.arguments().into_iter().for_each(|argument| argument.walk(see)),
        }
    }
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum MathKind {
    /// `100`, `0.5`, `1e3`
    Number(NumberText),
    /// `m1`: the result of that id.
    Id(String),
    /// `[m1, m2]`: series as an array.
    List(Vec<MathNode>),
    /// `-m1`
    Negate(Box<MathNode>),
    /// `m1 + m2`
    Binary {
        /// What joins the sides.
        operator: MathOperator,
        /// The left side.
        left: Box<MathNode>,
        /// The right side.
        right: Box<MathNode>,
    },
    /// `SUM(m1)`
    Call(MathCall),
}

/// A number as it is written, without a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct NumberText(String);

impl NumberText {
    /// `digits [. digits] [e [+-] digits]`; `None` for anything else, and for what is too large for a double.
    pub fn new(text: &str) -> Option<Self> {
        let is_number = super::lex::number(text).is_ok_and(|(rest, _)| rest.is_empty());
        let value: f64 = text.parse().ok()?;
        (is_number && value.is_finite()).then(|| NumberText(text.to_owned()))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest double.
    pub fn value(&self) -> f64 {
        self.0.parse().unwrap_or_default()
    }
}

/// What joins two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum MathOperator {
    /// `OR`, `||`
    Or,
    /// `AND`, `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
}

impl MathOperator {
    /// All of them, the loosest first.
    pub const ALL: [MathOperator; 13] = [
        MathOperator::Or,
        MathOperator::And,
        MathOperator::Equal,
        MathOperator::NotEqual,
        MathOperator::Less,
        MathOperator::LessOrEqual,
        MathOperator::Greater,
        MathOperator::GreaterOrEqual,
        MathOperator::Add,
        MathOperator::Subtract,
        MathOperator::Multiply,
        MathOperator::Divide,
        MathOperator::Power,
    ];

    /// As it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            MathOperator::Or => "OR",
            MathOperator::And => "AND",
            MathOperator::Equal => "==",
            MathOperator::NotEqual => "!=",
            MathOperator::Less => "<",
            MathOperator::LessOrEqual => "<=",
            MathOperator::Greater => ">",
            MathOperator::GreaterOrEqual => ">=",
            MathOperator::Add => "+",
            MathOperator::Subtract => "-",
            MathOperator::Multiply => "*",
            MathOperator::Divide => "/",
            MathOperator::Power => "^",
        }
    }

    /// How tightly it binds.
    pub(super) fn strength(self) -> u8 {
        match self {
            MathOperator::Or => 1,
            MathOperator::And => 2,
            MathOperator::Equal
            | MathOperator::NotEqual
            | MathOperator::Less
            | MathOperator::LessOrEqual
            | MathOperator::Greater
            | MathOperator::GreaterOrEqual => 3,
            MathOperator::Add | MathOperator::Subtract => 4,
            MathOperator::Multiply | MathOperator::Divide => 5,
            MathOperator::Power => 7,
        }
    }

    /// Whether it compares or joins comparisons, so that the outcome is 0 or 1.
    pub fn is_logical(self) -> bool {
        self.strength() <= 3
    }
}

impl fmt::Display for MathOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The call of a function with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum MathCall {
    /// `ANOMALY_DETECTION_BAND(m1, 3)`
    Band(Band),
    /// `FILL(m1, 0)`
    Fill {
        /// What has gaps.
        series: Box<MathNode>,
        /// What stands in them.
        with: Filler,
    },
    /// `IF(condition, then, otherwise)`
    If {
        /// Where it is 0 it is false.
        condition: Box<MathNode>,
        /// What it gives where it is true.
        then: Box<MathNode>,
        /// What it gives where it is false; nothing without.
        otherwise: Option<Box<MathNode>>,
    },
    /// `METRICS()`, or `METRICS("errors")` for those whose id holds the text.
    Metrics(Option<String>),
    /// `SLICE(array, 0, 10)`
    Slice {
        /// The array.
        array: Box<MathNode>,
        /// The index of the first series, from 0.
        start: Box<MathNode>,
        /// The index behind the last one; all of them without.
        end: Option<Box<MathNode>>,
    },
    /// `SORT(array, AVG, DESC, 10)`
    Sort {
        /// The array.
        array: Box<MathNode>,
        /// What a series is worth.
        by: SortFunction,
        /// Whether the largest comes first.
        descending: bool,
        /// How many are left; all of them without.
        most: Option<Box<MathNode>>,
    },
    /// A function of one argument.
    Plain {
        /// Which.
        function: PlainFunction,
        /// The argument.
        argument: Box<MathNode>,
    },
}

impl MathCall {
    /// The arguments that are expressions, in order.
    pub(crate) fn arguments(&self) -> Vec<&MathNode> {
        match self {
            MathCall::Band(Band { series, width }) => {
                std::iter::once(series.as_ref()).chain(width.as_deref()).collect()
            }
            MathCall::Fill { series, with: Filler::Value(value) } => vec![series, value],
            MathCall::Fill { series, .. } => vec![series],
            MathCall::If { condition, then, otherwise } => {
                [condition, then].into_iter().map(AsRef::as_ref).chain(otherwise.as_deref()).collect()
            }
            MathCall::Metrics(_) => Vec::new(),
            MathCall::Slice { array, start, end } => {
                [array, start].into_iter().map(AsRef::as_ref).chain(end.as_deref()).collect()
            }
            MathCall::Sort { array, most, .. } => {
                std::iter::once(array.as_ref()).chain(most.as_deref()).collect()
            }
            MathCall::Plain { argument, .. } => vec![argument],
        }
    }
}

/// `ANOMALY_DETECTION_BAND(m1, 3)`
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Band {
    /// What the band is of.
    pub series: Box<MathNode>,
    /// How many standard deviations it is wide to each side; 2 without.
    pub width: Option<Box<MathNode>>,
}

/// What `FILL` puts into gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum Filler {
    /// `REPEAT`: the value before the gap.
    Repeat,
    /// `LINEAR`: a line from the value before the gap to the one behind it.
    Linear,
    /// A number, or the value of a series at that time.
    Value(Box<MathNode>),
}

/// What `SORT` sorts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "UPPERCASE"))]
pub enum SortFunction {
    /// The mean of the points.
    Avg,
    /// The largest point.
    Max,
    /// The smallest point.
    Min,
    /// The sum of the points.
    Sum,
}

impl SortFunction {
    /// All of them, by name.
    pub const ALL: [SortFunction; 4] =
        [SortFunction::Avg, SortFunction::Max, SortFunction::Min, SortFunction::Sum];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            SortFunction::Avg => "AVG",
            SortFunction::Max => "MAX",
            SortFunction::Min => "MIN",
            SortFunction::Sum => "SUM",
        }
    }
}
