//! What is wrong with a member of a request, in words.

use std::fmt;

use crate::listing::listed_names;
use crate::provision::Operation;

/// A member of a request that the service would refuse.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{operation}: {} {wrong}", place(path))]
#[non_exhaustive]
pub struct Violation {
    /// The operation that is called.
    pub operation: Operation,
    /// Where, such as `metricTransformations[0].dimensions{IP}`; a key of a map is `tags{key IP}`; empty for the request as
    /// a whole.
    pub path: String,
    /// What.
    pub wrong: Wrong,
}

fn place(path: &str) -> &str {
    if path.is_empty() { "the request" } else { path }
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Wrong {
    /// No request of the operation has such a member.
    #[error("is not a member that the service knows{}", meant(near.as_deref()))]
    Unknown {
        /// A member with a name much like it.
        near: Option<String>,
    },
    /// It has to be there.
    #[error("is missing, and the service requires it")]
    Missing,
    /// It is of another type.
    #[error("is {found}, and the service takes {expected}")]
    Type {
        /// What the model says, with an article.
        expected: &'static str,
        /// What there is, with an article.
        found: &'static str,
    },
    /// Less of it than there has to be.
    #[error("has {}, and the service takes at least {least}", unit.counted(*has))]
    TooShort {
        /// How many there are.
        has: usize,
        /// How many there have to be.
        least: i64,
        /// Of what.
        unit: Unit,
    },
    /// More of it than there may be.
    #[error("has {}, and the service takes at most {most}", unit.counted(*has))]
    TooLong {
        /// How many there are.
        has: usize,
        /// How many there may be.
        most: i64,
        /// Of what.
        unit: Unit,
    },
    /// A number below the bound.
    #[error("is {value}, and the service takes at least {least}")]
    TooSmall {
        /// The number.
        value: i64,
        /// The bound.
        least: i64,
    },
    /// A number above the bound.
    #[error("is {value}, and the service takes at most {most}")]
    TooLarge {
        /// The number.
        value: i64,
        /// The bound.
        most: i64,
    },
    /// Not one of the values that there are.
    #[error("is `{}`, and the service takes only {}", short(value), listed_names(allowed.iter().copied(), "or"))]
    NotOneOf {
        /// The value.
        value: String,
        /// Those that there are.
        allowed: Vec<&'static str>,
    },
    /// It does not have the form.
    #[error("is `{}`, and the service takes only what matches `{pattern}` as a whole", short(value))]
    Pattern {
        /// The value.
        value: String,
        /// The model's pattern.
        pattern: &'static str,
    },
    /// It does not have the form that a page describes.
    #[error("is `{}`, and the service takes {words}", short(value))]
    Form {
        /// The value.
        value: String,
        /// What it takes.
        words: &'static str,
    },
    /// It excludes another member.
    #[error("is there together with `{other}`, and the service takes only one of them")]
    Beside {
        /// The other member.
        other: &'static str,
    },
    /// It is false where another member is true.
    #[error("is false while `{other}` is true, and the service takes only both")]
    FalseBeside {
        /// The other member.
        other: &'static str,
    },
    /// It needs another member.
    #[error("is there without `{other}`, and the service takes it only together with that")]
    Alone {
        /// The other member.
        other: &'static str,
    },
    /// None or several of members of which there has to be exactly one.
    #[error("has {}, and the service takes exactly one of {}", some_of(has), listed_names(of.iter().copied(), "and"))]
    NotExactlyOne {
        /// Those that there are.
        has: Vec<&'static str>,
        /// Of which.
        of: Vec<&'static str>,
    },
    /// A number that is not a period of metrics.
    #[error("is {value}, and the service takes 10, 20, 30 or a multiple of 60")]
    Period {
        /// The number.
        value: i64,
    },
    /// A number above that of another member.
    #[error("is {value}, and the service takes at most as many as `{other}`, which is {most}")]
    MoreThan {
        /// The number.
        value: i64,
        /// The other member.
        other: &'static str,
        /// Its number.
        most: i64,
    },
    /// More dimensions than a metric filter may have, with those of the system.
    #[error(
        "has {has} dimensions together with `emitSystemFieldDimensions`, and the service takes at most {most}"
    )]
    Dimensions {
        /// How many there are.
        has: usize,
        /// How many there may be.
        most: usize,
    },
    /// The table of constraints cannot be read, so nothing is known of it.
    #[error("cannot be checked: {reason}")]
    Unchecked {
        /// Why.
        reason: String,
    },
}

/// What a length counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// Characters of a text.
    Characters,
    /// Items of a list.
    Items,
    /// Entries of a map.
    Entries,
}

impl Unit {
    fn counted(self, number: usize) -> Counted {
        Counted { number, unit: self }
    }
}

struct Counted {
    number: usize,
    unit: Unit,
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, many) = match self.unit {
            Unit::Characters => ("character", "characters"),
            Unit::Items => ("item", "items"),
            Unit::Entries => ("entry", "entries"),
        };
        write!(f, "{} {}", self.number, if self.number == 1 { one } else { many })
    }
}

fn meant(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

fn some_of(has: &[&'static str]) -> String {
    if has.is_empty() { "none".to_owned() } else { listed_names(has.iter().copied(), "and") }
}

/// A value as a message shows it: its beginning, if it is long.
fn short(value: &str) -> String {
    const MOST: usize = 60;
    match value.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or(value)),
        None => value.to_owned(),
    }
}
