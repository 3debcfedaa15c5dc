//! Tree to text: the canonical spelling of a query (`spec/metrics-insights.md` 1.3).
//!
//! Keywords in upper case, double quotes where a name needs them only. `parse(print(tree)) == tree`.

use std::fmt::{self, Display, Formatter, Write};

use super::ast::{
    Comparison, Condition, Direction, Identifier, LabelKey, LabelValue, Limit, MetricsQuery, OrderBy,
    Predicate, Select, Source,
};
use super::lex;
use super::reserved::is_reserved;

/// Whether a name must stand in double quotes: it holds other characters than ASCII letters, digits and `_`, begins with
/// a digit, or is reserved.
///
/// ```
/// use trailql::syntax::metrics::needs_quotes;
///
/// assert!(needs_quotes("presigned-URL") && needs_quotes("type") && needs_quotes("4xxErrors"));
/// assert!(!needs_quotes("CloudTrailMetrics"));
/// ```
pub fn needs_quotes(name: &str) -> bool {
    !lex::is_bare(name) || is_reserved(name)
}

/// One line; with `{:#}` a clause a line.
impl Display for MetricsQuery {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let between = if f.alternate() { '\n' } else { ' ' };
        for (index, clause) in self.clauses().iter().enumerate() {
            if index > 0 {
                f.write_char(between)?;
            }
            clause.fmt(f)?;
        }
        Ok(())
    }
}

impl MetricsQuery {
    /// The text of each clause, in order.
    pub(super) fn clauses(&self) -> Vec<String> {
        let mut clauses = vec![format!("SELECT {}", self.select), format!("FROM {}", self.from)];
        clauses.extend(self.filter.as_ref().map(|condition| format!("WHERE {condition}")));
        if !self.group_by.is_empty() {
            let keys: Vec<String> = self.group_by.iter().map(ToString::to_string).collect();
            clauses.push(format!("GROUP BY {}", keys.join(", ")));
        }
        clauses.extend(self.order_by.as_ref().map(|order| format!("ORDER BY {order}")));
        clauses.extend(self.limit.as_ref().map(|limit| format!("LIMIT {limit}")));
        clauses
    }
}

/// `SUM(Errors)`
impl Display for Select {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.function, self.metric)
    }
}

/// In double quotes where it needs them.
impl Display for Identifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if needs_quotes(&self.name) {
            f.write_str(&name_in_quotes(&self.name))
        } else {
            f.write_str(&self.name)
        }
    }
}

/// A name in double quotes.
pub(super) fn name_in_quotes(name: &str) -> String {
    in_quotes('"', name, &['"', '\'', '\\'])
}

/// A value in single quotes.
pub(super) fn value_in_quotes(text: &str) -> String {
    in_quotes('\'', text, &['\'', '\\'])
}

fn in_quotes(quote: char, text: &str, hidden: &[char]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        if hidden.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out.push(quote);
    out
}

/// `SCHEMA(CloudTrailMetrics, userName)`, or the namespace alone
impl Display for Source {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(keys) = &self.schema else { return self.namespace.fmt(f) };
        write!(f, "SCHEMA({}", self.namespace)?;
        keys.iter().try_for_each(|key| write!(f, ", {key}"))?;
        f.write_char(')')
    }
}

/// Parentheses where an `OR` stands within an `AND`.
impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (legs, word) = match self {
            Condition::Test(predicate) => return predicate.fmt(f),
            Condition::All(legs) => (legs, " AND "),
            Condition::Any(legs) => (legs, " OR "),
        };
        for (index, leg) in legs.iter().enumerate() {
            if index > 0 {
                f.write_str(word)?;
            }
            match leg {
                Condition::Any(_) => write!(f, "({leg})")?,
                Condition::Test(_) | Condition::All(_) => leg.fmt(f)?,
            }
        }
        Ok(())
    }
}

/// `userName = 'alice'`
impl Display for Predicate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let comparison = match self.comparison {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
        };
        write!(f, "{} {comparison} {}", self.key, self.value)
    }
}

/// `userName`, `tag.env`, `AWS.AccountId`
impl Display for LabelKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            LabelKey::Dimension(name) => name.fmt(f),
            LabelKey::Tag(name) => write!(f, "tag.{name}"),
            LabelKey::Account { .. } => f.write_str("AWS.AccountId"),
        }
    }
}

/// `'alice'`, `CURRENT_ACCOUNT_ID()`
impl Display for LabelValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            LabelValue::Text { text, .. } => f.write_str(&value_in_quotes(text)),
            LabelValue::CurrentAccount => f.write_str("CURRENT_ACCOUNT_ID()"),
        }
    }
}

/// `SUM() DESC`; a direction that is the default stands where it was written.
impl Display for OrderBy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}()", self.function)?;
        match self.direction {
            Direction::Desc => f.write_str(" DESC"),
            Direction::Asc if self.is_explicit.0 => f.write_str(" ASC"),
            Direction::Asc => Ok(()),
        }
    }
}

impl Display for Limit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.series.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_domain_are_quoted_as_the_specification_lists() {
        let quoted = "Type Resource Class Operation User Role Action Source State Value Key Path Rule Request Error \
                      Method Result Account Domain Session Filter Cluster Level Query presigned-URL-userName \
                      AWS/CloudTrail LogMetrics/IAM userIdentity.type";
        let bare = "CloudTrailMetrics Service Region EventName EventSource UserName ErrorCode Errors Requests Status \
                    Event Name Policy Principal Tag Namespace Metric Dimension Unit Host Environment Version";
        assert!(quoted.split_whitespace().all(needs_quotes));
        assert!(!bare.split_whitespace().any(needs_quotes));
        assert!(needs_quotes("") && needs_quotes("größe") && needs_quotes("two words"));
    }

    #[test]
    fn quotes_and_backslashes_within_a_name_are_hidden() {
        assert_eq!(Identifier::new("Bytes\"Input\"").to_string(), r#""Bytes\"Input\"""#);
        assert_eq!(Identifier::new(r"it's a\b").to_string(), r#""it\'s a\\b""#);
        assert_eq!(LabelValue::text(r#"it's "a""#).to_string(), r#"'it\'s "a"'"#);
    }
}
