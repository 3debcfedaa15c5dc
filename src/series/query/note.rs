//! What is to be known about the result of a query.

use std::fmt;

use super::{MOST_PROCESSED, MOST_RETURNED};
use crate::series::{Period, Unit};

/// Something to know about the result of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub enum QueryNote {
    /// So many series match beyond those that are processed.
    SeriesLeftOut(usize),
    /// So many series are there beyond those that are given.
    RowsLeftOut(usize),
    /// So many older versions of the tags of a metric are not looked at.
    TagVersionsLeftOut(usize),
    /// Metrics of different units are taken together.
    MixedUnits(Vec<Unit>),
    /// The period asked for is shorter than the one taken.
    PeriodRaised(Period),
}

impl QueryNote {
    /// Whether a quota leaves something out.
    pub fn is_partial(&self) -> bool {
        matches!(self, QueryNote::SeriesLeftOut(_) | QueryNote::RowsLeftOut(_))
    }
}

impl fmt::Display for QueryNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QueryNote::SeriesLeftOut(more) => write!(
                f,
                "{more} matching metrics are left out: a query reads {MOST_PROCESSED}, and the service does not say which"
            ),
            QueryNote::RowsLeftOut(more) => {
                write!(f, "{more} series are left out: a query gives {MOST_RETURNED}")
            }
            QueryNote::TagVersionsLeftOut(more) => {
                write!(f, "{more} older versions of tags are left out: the newest 10 of a metric count")
            }
            QueryNote::MixedUnits(units) => {
                let names: Vec<String> = units.iter().map(ToString::to_string).collect();
                write!(f, "values of different units are taken together: {}", names.join(", "))
            }
            QueryNote::PeriodRaised(period) => {
                write!(f, "a period of {period} is taken for 60 s, the finest that a query has")
            }
        }
    }
}
