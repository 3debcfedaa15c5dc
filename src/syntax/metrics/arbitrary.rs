//! Random Metrics Insights queries, for property tests and fuzzing.
//!
//! Every tree that comes out can be printed and parsed again, in the dialect of Grafana where it has an `OR`.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::ast::{
    AggregateFunction, Comparison, Condition, Direction, Identifier, LabelKey, LabelValue, Limit,
    MetricsQuery, OrderBy, Predicate, Select, Source,
};
use crate::syntax::Trivia;

/// Deeper junctions are not made.
const DEEPEST: usize = 3;

/// Names that random metrics have too, and names that need quotes.
const NAMES: &[&str] = &[
    "App",
    "Errors",
    "userName",
    "eventSource",
    "a",
    "b",
    "_",
    "AWS/EC2",
    "presigned-URL",
    "Type",
    "select",
    "LIMIT",
    "SCHEMA",
    "tag",
    "AWS",
    "tag.env",
    "CURRENT_ACCOUNT_ID",
    "4xxErrors",
    "two words",
    "a\"b",
    "it's",
    "a\\b",
    "é",
    "@aws.account",
    "--",
    "#",
    "/*",
    ";",
    "${x}",
    "AWS.AccountId",
    "END-EXEC",
    "*",
];

const VALUES: &[&str] = &[
    "alice",
    "bob",
    "",
    " ",
    "it's",
    "a\"b",
    "a\\",
    "\\'",
    "%",
    "*",
    "LOCAL",
    "444455556666",
    "é",
    "--",
    "# x",
    "x' OR '1",
    "s3.amazonaws.com",
];

impl<'a> Arbitrary<'a> for MetricsQuery {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(MetricsQuery {
            select: Select { function: function(u)?, metric: identifier(u)? },
            from: source(u)?,
            filter: if u.arbitrary()? { Some(condition(u, 0, false, false)?) } else { None },
            group_by: distinct(u, label_key)?,
            order_by: if u.arbitrary()? { Some(order_by(u)?) } else { None },
            limit: if u.arbitrary()? {
                Some(Limit { series: u.int_in_range(1..=500)?, span: Trivia::default() })
            } else {
                None
            },
        })
    }
}

fn function(u: &mut Unstructured<'_>) -> Result<AggregateFunction> {
    u.choose(&AggregateFunction::ALL).copied()
}

fn identifier(u: &mut Unstructured<'_>) -> Result<Identifier> {
    Ok(Identifier::new(*u.choose(NAMES)?))
}

fn source(u: &mut Unstructured<'_>) -> Result<Source> {
    let namespace = identifier(u)?;
    let schema = if u.arbitrary()? { Some(distinct(u, identifier)?) } else { None };
    Ok(Source { namespace, schema, span: Trivia::default() })
}

/// Up to three, each once.
fn distinct<'a, T: PartialEq>(
    u: &mut Unstructured<'a>,
    one: impl Fn(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut found = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let made = one(u)?;
        if !found.contains(&made) {
            found.push(made);
        }
    }
    Ok(found)
}

fn label_key(u: &mut Unstructured<'_>) -> Result<LabelKey> {
    Ok(match u.int_in_range(0..=5)? {
        0 => LabelKey::Tag(identifier(u)?),
        1 => LabelKey::Account { span: Trivia::default() },
        _ => LabelKey::Dimension(identifier(u)?),
    })
}

/// A condition that is no junction of the kind around it.
fn condition(u: &mut Unstructured<'_>, depth: usize, in_all: bool, in_any: bool) -> Result<Condition> {
    let legs = |u: &mut Unstructured<'_>, is_all: bool| -> Result<Vec<Condition>> {
        (0..u.int_in_range(2..=3)?).map(|_| condition(u, depth + 1, is_all, !is_all)).collect()
    };
    Ok(match u.int_in_range(0..=4)? {
        0 if depth < DEEPEST && !in_any => Condition::Any(legs(u, false)?),
        1 | 2 if depth < DEEPEST && !in_all => Condition::All(legs(u, true)?),
        _ => Condition::Test(predicate(u)?),
    })
}

fn predicate(u: &mut Unstructured<'_>) -> Result<Predicate> {
    let key = label_key(u)?;
    let is_account = matches!(key, LabelKey::Account { .. });
    let text = *u.choose(VALUES)?;
    // `'LOCAL'` as an account is refused.
    let value = if is_account && (u.arbitrary()? || text == "LOCAL") {
        LabelValue::CurrentAccount
    } else {
        LabelValue::text(text)
    };
    let comparison = if u.arbitrary()? { Comparison::Equal } else { Comparison::NotEqual };
    Ok(Predicate { key, comparison, value, span: Trivia::default() })
}

fn order_by(u: &mut Unstructured<'_>) -> Result<OrderBy> {
    let direction = if u.arbitrary()? { Direction::Asc } else { Direction::Desc };
    Ok(OrderBy {
        function: function(u)?,
        direction,
        is_explicit: Trivia(u.arbitrary()?),
        span: Trivia::default(),
    })
}
