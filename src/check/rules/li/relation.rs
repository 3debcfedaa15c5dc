//! How two tests of the same thing stand to one another.

use crate::syntax::logs::{BinaryOp, Expr, LikePattern};

use super::condition::{Compiled, Says, Test, Value, is_like, stands, test};

/// Two conditions of which one rules the other out.
pub(super) struct Exclusion<'q> {
    pub(super) earlier: &'q Expr,
    pub(super) later: &'q Expr,
    of_values: bool,
}

impl Exclusion<'_> {
    /// Whether both want a value, and not the same.
    pub(super) fn is_of_values(&self) -> bool {
        self.of_values
    }
}

/// The conditions that an earlier one rules out, each with that one.
pub(super) fn exclusions<'q>(legs: &[&'q Expr]) -> impl Iterator<Item = Exclusion<'q>> {
    let tests: Vec<(&'q Expr, Test<'q>)> = legs.iter().filter_map(|leg| Some((*leg, test(leg)?))).collect();
    let wants = |said: &Test<'_>| matches!(said.says, Says::Equal { negated: false, .. });
    let mut found = Vec::new();
    for (place, (later, said)) in tests.iter().enumerate() {
        if let Some((earlier, before)) = tests.iter().take(place).find(|(_, before)| before.excludes(said)) {
            found.push(Exclusion { earlier, later, of_values: wants(before) && wants(said) });
        }
    }
    found.into_iter()
}

impl Test<'_> {
    /// Whether nothing passes both.
    pub(super) fn excludes(&self, other: &Test<'_>) -> bool {
        self.subject == other.subject
            && (contradict(&self.says, &other.says) || contradict(&other.says, &self.says))
    }

    /// Whether what passes this one passes the other, but not the other way round.
    pub(super) fn implies(&self, other: &Test<'_>) -> bool {
        self.subject == other.subject && implied(&self.says, &other.says)
    }

    /// Whether everything passes one of the two, what is missing included.
    pub(super) fn exhausts(&self, other: &Test<'_>) -> bool {
        self.subject == other.subject
            && match (&self.says, &other.says) {
                (Says::Equal { negated: true, values: one }, Says::Equal { negated: true, values: two }) => {
                    all_differ(one, two)
                }
                (Says::Equal { negated, values: one }, Says::Equal { negated: other, values: two })
                    if negated != other =>
                {
                    let (positive, negative) = if *negated { (two, one) } else { (one, two) };
                    negative.iter().all(|value| positive.iter().any(|known| known.is_same(value)))
                }
                (
                    Says::Like { negated, pattern: one, .. },
                    Says::Like { negated: other, pattern: two, .. },
                ) => negated != other && one == two,
                (Says::Present { negated }, Says::Present { negated: other }) => negated != other,
                _ => false,
            }
    }

    /// Whether what is missing fails it.
    pub(super) fn needs_presence(&self) -> bool {
        match &self.says {
            Says::Equal { negated, .. } | Says::Like { negated, .. } | Says::Present { negated } => !negated,
            Says::Order(..) => true,
        }
    }
}

fn all_differ(one: &[Value<'_>], two: &[Value<'_>]) -> bool {
    one.iter().all(|value| two.iter().all(|other| value.differs(other)))
}

/// Whether each of the values, taken as a text, is like the pattern (or is not). Numbers are not tried: how one is
/// spelled in the event is not known.
fn all_like(values: &[Value<'_>], pattern: &LikePattern, regex: &Compiled, wanted: bool) -> bool {
    values.iter().all(|value| value.number.is_none() && is_like(value.text, pattern, regex) == Some(wanted))
}

fn contradict(one: &Says<'_>, two: &Says<'_>) -> bool {
    match (one, two) {
        (Says::Equal { negated: false, values }, Says::Equal { negated: false, values: others }) => {
            all_differ(values, others)
        }
        (Says::Equal { negated: false, values }, Says::Equal { negated: true, values: others }) => {
            values.iter().all(|value| others.iter().any(|other| value.is_same(other)))
        }
        (Says::Equal { negated: false, values }, Says::Like { negated, pattern, regex }) => {
            all_like(values, pattern, regex, *negated)
        }
        (Says::Equal { negated: false, values }, Says::Order(op, bound)) => {
            values.iter().all(|value| value.number.is_some_and(|number| !stands(number, *op, *bound)))
        }
        (Says::Order(up, low), Says::Order(down, high)) => {
            let rises = matches!(up, BinaryOp::Greater | BinaryOp::GreaterOrEqual);
            let falls = matches!(down, BinaryOp::Less | BinaryOp::LessOrEqual);
            let closed = *up == BinaryOp::GreaterOrEqual && *down == BinaryOp::LessOrEqual;
            rises && falls && (low > high || (low == high && !closed))
        }
        (Says::Like { negated: false, pattern: one, .. }, Says::Like { negated: true, pattern: two, .. }) => {
            one == two
        }
        (
            Says::Equal { negated: false, .. }
            | Says::Like { negated: false, .. }
            | Says::Order(..)
            | Says::Present { negated: false },
            Says::Present { negated: true },
        ) => true,
        _ => false,
    }
}

fn implied(one: &Says<'_>, two: &Says<'_>) -> bool {
    match (one, two) {
        (Says::Equal { negated: false, values }, Says::Equal { negated: false, values: others }) => {
            values.len() < others.len()
                && values.iter().all(|value| others.iter().any(|other| other.is_same(value)))
        }
        (Says::Equal { negated: false, values }, Says::Equal { negated: true, values: others }) => {
            all_differ(values, others)
        }
        (Says::Equal { negated: true, values }, Says::Equal { negated: true, values: others }) => {
            values.len() > others.len()
                && others.iter().all(|other| values.iter().any(|value| value.is_same(other)))
        }
        (Says::Equal { negated: false, values }, Says::Like { negated, pattern, regex }) => {
            all_like(values, pattern, regex, !*negated)
        }
        (Says::Equal { negated: false, values }, Says::Order(op, bound)) => {
            values.iter().all(|value| value.number.is_some_and(|number| stands(number, *op, *bound)))
        }
        (Says::Order(one, narrow), Says::Order(two, wide)) => {
            let rises = |op: &BinaryOp| matches!(op, BinaryOp::Greater | BinaryOp::GreaterOrEqual);
            rises(one) == rises(two) && narrow != wide && stands(*narrow, *two, *wide)
        }
        (
            Says::Like { negated: false, pattern: LikePattern::Substring(long), .. },
            Says::Like { negated: false, pattern: LikePattern::Substring(short), .. },
        ) => long.text != short.text && long.text.contains(&short.text),
        (
            Says::Like { negated: true, pattern: LikePattern::Substring(short), .. },
            Says::Like { negated: true, pattern: LikePattern::Substring(long), .. },
        ) => long.text != short.text && long.text.contains(&short.text),
        _ => false,
    }
}
