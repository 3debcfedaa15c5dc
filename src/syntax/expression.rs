//! The `Expression` of a metric data query: a Metrics Insights query, or metric math, never both
//! (`spec/metrics-insights.md` 2.10).

use std::fmt;
use std::str::FromStr;

use super::ParseErrors;
use super::math::MathExpression;
use super::metrics::MetricsQuery;

/// What an `Expression` holds.
///
/// ```
/// use trailql::syntax::Expression;
///
/// assert!(matches!("SELECT SUM(m) FROM n".parse()?, Expression::Query(_)));
/// assert!(matches!("ANOMALY_DETECTION_BAND(m1, 2)".parse()?, Expression::Math(_)));
/// # Ok::<(), trailql::ParseErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum Expression {
    /// `SELECT …`
    Query(Box<MetricsQuery>),
    /// Anything else.
    Math(MathExpression),
}

impl Expression {
    /// Whether a text is to be read as a query: it begins with the word `SELECT`, perhaps behind comments.
    ///
    /// ```
    /// use trailql::syntax::Expression;
    ///
    /// assert!(Expression::is_query("-- errors\nselect SUM(m) FROM n"));
    /// assert!(!Expression::is_query("selected + 1"));
    /// ```
    pub fn is_query(text: &str) -> bool {
        super::metrics::begins_with_select(text)
    }

    /// Parses an expression in the language it is in.
    ///
    /// # Errors
    /// Every fault of the text, as [`MetricsQuery::parse`] and [`MathExpression::parse`] give them.
    pub fn parse(text: &str) -> Result<Self, ParseErrors> {
        if Self::is_query(text) {
            MetricsQuery::parse(text).map(|query| Expression::Query(Box::new(query)))
        } else {
            MathExpression::parse(text).map(Expression::Math)
        }
    }
}

impl FromStr for Expression {
    type Err = ParseErrors;

    fn from_str(text: &str) -> Result<Self, ParseErrors> {
        Self::parse(text)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Query(query) => query.fmt(f),
            Expression::Math(math) => math.fmt(f),
        }
    }
}
