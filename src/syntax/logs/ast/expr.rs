//! Expressions of a query, and its smallest pieces: names, texts, numbers, periods.

use super::LogsQuery;
use crate::Span;
use crate::syntax::Trivia;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, parentheses included.
    pub span: Trivia<Span>,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A field or alias by its name.
    Field(Field),
    /// A function with its arguments.
    Call(Call),
    /// `x.name` of something that is no field.
    Member(Box<Expr>, String),
    /// `x[0]`
    Index(Box<Expr>, u64),
    /// `not x`, `-x`, `+x`
    Unary(UnaryOp, Box<Expr>),
    /// `x + y`, `x = y`, `x and y`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `x like …`, `x =~ …`
    Like {
        /// What is looked at.
        operand: Box<Expr>,
        /// `not like`
        negated: bool,
        /// What is looked for.
        pattern: LikePattern,
    },
    /// `x in [ … ]`
    In {
        /// What is looked at.
        operand: Box<Expr>,
        /// `not in`
        negated: bool,
        /// Among what.
        set: InSet,
    },
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum UnaryOp {
    /// `not`, `!`
    Not,
    /// `-`
    Minus,
    /// `+`
    Plus,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `=` (also `==`)
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
    /// `%`
    Remainder,
    /// `^`
    Power,
}

/// What `like` and `=~` look for.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum LikePattern {
    /// A substring: `like "…"`.
    Substring(Text),
    /// A regex between slashes: `like /…/` and `=~ /…/` are the same.
    Regex(RegexText),
    /// A regex in quotes: `=~ "…"`.
    RegexInQuotes(Text),
}

/// Among what `in` looks.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum InSet {
    /// A list of literals.
    List(Vec<Literal>),
    /// The rows of a pipeline of one column.
    Pipeline(LogsQuery),
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Call {
    /// The function's name as written; case and `_` do not count.
    pub function: FunctionName,
    /// `f(*)`, or the arguments.
    pub arguments: Arguments,
}

/// The name of a function: equal without case and `_`.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FunctionName {
    /// As written.
    pub text: String,
    /// Where.
    pub span: Trivia<Span>,
}

impl FunctionName {
    /// The name by which it is looked up: lower case, no `_`.
    pub fn key(&self) -> String {
        self.text.chars().filter(|&c| c != '_').map(|c| c.to_ascii_lowercase()).collect()
    }
}

impl PartialEq for FunctionName {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

/// What stands between the parentheses of a call.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub enum Arguments {
    /// `*`
    Star,
    /// Expressions and periods.
    List(Vec<Argument>),
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub enum Argument {
    /// An expression.
    Expr(Expr),
    /// A length of time: `5m`.
    Period(Period),
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Literal {
    /// What it is.
    pub kind: LiteralKind,
    /// Where it stands.
    pub span: Trivia<Span>,
}

/// What a literal is.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub enum LiteralKind {
    /// A text, escapes undone.
    Text(String),
    /// A number, spelled as written; a sign belongs to it in lists only.
    Number(String),
    /// `true`, `false`
    Bool(bool),
    /// `null`
    Null,
}

/// The name of a field or alias: segments joined by dots, backticks removed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Field {
    /// `userIdentity.userName`
    pub name: String,
    /// As written, backticks included; empty where it was not.
    pub spelled: Trivia<String>,
    /// Where it stands.
    pub span: Trivia<Span>,
}

/// A new name, of a column, table, parameter or side of a join.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Name {
    /// Without backticks.
    pub text: String,
    /// Where it stands.
    pub span: Trivia<Span>,
}

/// A text in quotes, escapes undone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Text {
    /// What was meant.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Trivia<Span>,
}

/// A regex between slashes, as written, without the slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RegexText {
    /// Its source; a slash in it is `\/`.
    pub source: String,
    /// Where it stands, slashes included.
    pub span: Trivia<Span>,
}

/// A number of rows or steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Count {
    /// How many; a number too large to be told is the largest.
    pub value: u64,
    /// Where it stands.
    pub span: Trivia<Span>,
}

/// A number as written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NumberText {
    /// Its spelling.
    pub text: String,
    /// Where it stands.
    pub span: Trivia<Span>,
}

/// A length of time: a number and a unit (`spec/logs-insights.md` 3.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Period {
    /// How many, as written; the service lowers it to the unit's cap.
    pub count: u64,
    /// Of what.
    pub unit: PeriodUnit,
    /// Where it stands.
    pub span: Trivia<Span>,
}

/// The unit of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum PeriodUnit {
    /// `ms`
    Millisecond,
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
    /// `w`
    Week,
    /// `mo`
    Month,
    /// `q`
    Quarter,
    /// `y`
    Year,
}

impl PeriodUnit {
    /// The unit with this spelling: short or long, singular or plural, lower case.
    ///
    /// ```
    /// use trailql::syntax::logs::PeriodUnit;
    ///
    /// assert_eq!(PeriodUnit::from_spelling("minutes"), Some(PeriodUnit::Minute));
    /// assert_eq!(PeriodUnit::from_spelling("M"), None);
    /// ```
    pub fn from_spelling(word: &str) -> Option<Self> {
        let singular = if word.len() > 2 { word.strip_suffix('s').unwrap_or(word) } else { word };
        let unit = match singular {
            "ms" | "msec" | "millisecond" => PeriodUnit::Millisecond,
            "s" | "sec" | "second" => PeriodUnit::Second,
            "m" | "min" | "minute" => PeriodUnit::Minute,
            "h" | "hr" | "hour" => PeriodUnit::Hour,
            "d" | "day" => PeriodUnit::Day,
            "w" | "week" => PeriodUnit::Week,
            "mo" | "mon" | "month" => PeriodUnit::Month,
            "q" | "qtr" | "quarter" => PeriodUnit::Quarter,
            "y" | "yr" | "year" => PeriodUnit::Year,
            _ => return None,
        };
        Some(unit)
    }

    /// The shortest spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            PeriodUnit::Millisecond => "ms",
            PeriodUnit::Second => "s",
            PeriodUnit::Minute => "m",
            PeriodUnit::Hour => "h",
            PeriodUnit::Day => "d",
            PeriodUnit::Week => "w",
            PeriodUnit::Month => "mo",
            PeriodUnit::Quarter => "q",
            PeriodUnit::Year => "y",
        }
    }

    /// The largest number that the service takes; a larger one it silently lowers to this.
    pub fn cap(self) -> Option<u64> {
        match self {
            PeriodUnit::Millisecond => Some(1000),
            PeriodUnit::Second | PeriodUnit::Minute => Some(60),
            PeriodUnit::Hour => Some(24),
            _ => None,
        }
    }
}

impl Period {
    /// How many units the service reckons with: at most the unit's cap.
    pub fn capped_count(&self) -> u64 {
        self.unit.cap().map_or(self.count, |cap| self.count.min(cap))
    }
}
