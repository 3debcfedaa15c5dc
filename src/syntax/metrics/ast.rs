//! The syntax tree of a Metrics Insights query.
//!
//! Trees are equal when they mean the same: spans and the spelling of a default are [`Trivia`].

use std::fmt;

use crate::Span;
use crate::syntax::Trivia;

/// A Metrics Insights query, parsed (`spec/metrics-insights.md` 1.2).
///
/// ```
/// use trailql::MetricsQuery;
///
/// let query: MetricsQuery = "select sum(\"presigned-URL\")\nfrom \"CloudTrailMetrics\" limit 5".parse()?;
/// assert_eq!(query.to_string(), "SELECT SUM(\"presigned-URL\") FROM CloudTrailMetrics LIMIT 5");
/// # Ok::<(), trailql::ParseErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
pub struct MetricsQuery {
    /// What is computed.
    pub select: Select,
    /// Which metrics are read.
    pub from: Source,
    /// What their labels must be.
    #[cfg_attr(feature = "serde", serde(rename = "where", skip_serializing_if = "Option::is_none"))]
    pub filter: Option<Condition>,
    /// The labels that tell one series of the result from another; each key once, none for one series.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    pub group_by: Vec<LabelKey>,
    /// What the series are sorted by.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub order_by: Option<OrderBy>,
    /// How many series are given.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub limit: Option<Limit>,
}

/// `SELECT SUM(metric)`
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Select {
    /// The function.
    pub function: AggregateFunction,
    /// The name of the metric.
    pub metric: Identifier,
}

/// One of the five functions of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "UPPERCASE"))]
pub enum AggregateFunction {
    /// The mean of the observations.
    Avg,
    /// How many observations there are.
    Count,
    /// The largest observation.
    Max,
    /// The smallest observation.
    Min,
    /// The sum of the observations.
    Sum,
}

impl AggregateFunction {
    /// All of them, by name.
    pub const ALL: [AggregateFunction; 5] = [
        AggregateFunction::Avg,
        AggregateFunction::Count,
        AggregateFunction::Max,
        AggregateFunction::Min,
        AggregateFunction::Sum,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            AggregateFunction::Avg => "AVG",
            AggregateFunction::Count => "COUNT",
            AggregateFunction::Max => "MAX",
            AggregateFunction::Min => "MIN",
            AggregateFunction::Sum => "SUM",
        }
    }

    /// The function of this name, whatever its case of letters.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.as_str().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for AggregateFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A namespace, a metric's name or the key of a label, without its quotes; case counts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Identifier {
    /// The name.
    pub name: String,
    /// Where it stands, with its quotes.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub span: Trivia<Span>,
}

impl Identifier {
    /// A name that stands nowhere yet.
    pub fn new(name: impl Into<String>) -> Self {
        Identifier { name: name.into(), span: Trivia::default() }
    }
}

/// `FROM "AWS/EC2"` or `FROM SCHEMA("AWS/EC2", InstanceId)`
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Source {
    /// The namespace.
    pub namespace: Identifier,
    /// The names of the dimensions that a metric must have exactly, each once; any dimensions without it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub schema: Option<Vec<Identifier>>,
    /// Where it stands, without `FROM`.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub span: Trivia<Span>,
}

/// What the labels of a metric must be.
///
/// The parser gives junctions of two legs or more, and none directly within one of its own kind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum Condition {
    /// One comparison.
    Test(Predicate),
    /// All of them: `AND`.
    All(Vec<Condition>),
    /// One of them at least: `OR`, in the dialect of Grafana only.
    Any(Vec<Condition>),
}

impl Condition {
    /// The comparisons, as they stand in the text.
    pub fn predicates(&self) -> Vec<&Predicate> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Predicate>) {
        match self {
            Condition::Test(predicate) => found.push(predicate),
            Condition::All(legs) | Condition::Any(legs) => legs.iter().for_each(|leg| leg.collect(found)),
        }
    }

    /// The comparisons that must hold whatever else does.
    pub fn required(&self) -> Vec<&Predicate> {
        match self {
            Condition::Test(predicate) => vec![predicate],
            Condition::All(legs) => legs.iter().flat_map(Condition::required).collect(),
            Condition::Any(_) => Vec::new(),
        }
    }
}

/// `userName = 'alice'`
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Predicate {
    /// The label.
    pub key: LabelKey,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what.
    pub value: LabelValue,
    /// Where it stands.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub span: Trivia<Span>,
}

/// How a label is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Comparison {
    /// `=`
    #[cfg_attr(feature = "serde", serde(rename = "="))]
    Equal,
    /// `!=`
    #[cfg_attr(feature = "serde", serde(rename = "!="))]
    NotEqual,
}

/// What a label is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum LabelValue {
    /// `'alice'`, without its quotes.
    Text {
        /// The text; case counts.
        text: String,
        /// Where it stands, with its quotes.
        #[cfg_attr(feature = "serde", serde(skip))]
        span: Trivia<Span>,
    },
    /// `CURRENT_ACCOUNT_ID()`: the account that asks.
    CurrentAccount,
}

impl LabelValue {
    /// A text that stands nowhere yet.
    pub fn text(text: impl Into<String>) -> Self {
        LabelValue::Text { text: text.into(), span: Trivia::default() }
    }
}

/// The key of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum LabelKey {
    /// `userName`: a dimension.
    Dimension(Identifier),
    /// `tag.env`: a tag of the resource; the name is that of the tag.
    Tag(Identifier),
    /// `AWS.AccountId`: the account that owns the metric.
    Account {
        /// Where it stands.
        #[cfg_attr(feature = "serde", serde(skip))]
        span: Trivia<Span>,
    },
}

impl LabelKey {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            LabelKey::Dimension(name) | LabelKey::Tag(name) => name.span.0,
            LabelKey::Account { span } => span.0,
        }
    }

    /// The name of the dimension, if it is one.
    pub fn dimension(&self) -> Option<&str> {
        match self {
            LabelKey::Dimension(name) => Some(&name.name),
            LabelKey::Tag(_) | LabelKey::Account { .. } => None,
        }
    }
}

/// `ORDER BY SUM() DESC`
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct OrderBy {
    /// What each series is worth.
    pub function: AggregateFunction,
    /// Which way.
    pub direction: Direction,
    /// Whether the direction is written; ascending where it is not.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub is_explicit: Trivia<bool>,
    /// Where it stands, without `ORDER BY`.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub span: Trivia<Span>,
}

/// Which way series are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "UPPERCASE"))]
pub enum Direction {
    /// The smallest first.
    #[default]
    Asc,
    /// The largest first.
    Desc,
}

/// `LIMIT 10`
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Limit {
    /// How many series at most; the parser gives 1 to 500.
    pub series: u16,
    /// Where the number stands.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub span: Trivia<Span>,
}
