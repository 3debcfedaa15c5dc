//! What may be wrong with an import, and where.

use std::fmt;

use super::super::period::BadPeriod;
use super::super::statistic::StatisticError;
use super::super::unit::UnknownUnit;

/// A fault of a text that should hold series.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct ImportError {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub fault: ImportFault,
}

/// A place in an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line, counted from one.
    Line(u64),
    /// A member of a JSON document, as `MetricDataResults[0].Values[3]`.
    Member(String),
    /// All of it.
    Whole,
}

/// `line 3`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Line(line) => write!(f, "line {line}"),
            Place::Member(path) => write!(f, "`{path}`"),
            Place::Whole => f.write_str("the input"),
        }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportFault {
    /// No JSON.
    #[error("no valid JSON: {0}")]
    Json(String),
    /// No CSV.
    #[error("no valid CSV: {0}")]
    Csv(String),
    /// A member of another kind.
    #[error("{0} is expected here")]
    Kind(&'static str),
    /// A member that must be there.
    #[error("the member `{0}` is missing")]
    Missing(&'static str),
    /// No finite number.
    #[error("`{0}` is no finite number")]
    Number(String),
    /// No time.
    #[error(
        "`{0}` is no time; write it as `2024-09-02T00:00:00Z`, as `2024-09-02 00:00:00` in UTC, or as seconds since 1970"
    )]
    Time(String),
    /// More times than values, or fewer.
    #[error("there are {timestamps} timestamps, but {values} values")]
    Lengths {
        /// How many timestamps.
        timestamps: usize,
        /// How many values.
        values: usize,
    },
    /// Two values at one time.
    #[error("the series has two values at {0}; keep one, or tell the series apart")]
    Repeated(String),
    /// No statistic.
    #[error(transparent)]
    Statistic(#[from] StatisticError),
    /// No unit.
    #[error(transparent)]
    Unit(#[from] UnknownUnit),
    /// No period.
    #[error(transparent)]
    Period(#[from] BadPeriod),
    /// A period that is no number.
    #[error("`{0}` is no period; write a number of seconds, as `300`")]
    PeriodText(String),
    /// No status code.
    #[error("`{0}` is no status code; it is `Complete`, `PartialData`, `InternalError` or `Forbidden`")]
    Status(String),
    /// A column that is not known.
    #[error(
        "the column `{0}` is not known; the columns are `timestamp`, `value`, and, as far as needed, `namespace`, `metric`, `dimensions`, `account`, `statistic`, `period`, `unit`, `label`"
    )]
    Column(String),
    /// A column that stands twice.
    #[error("the column `{0}` stands twice")]
    RepeatedColumn(String),
    /// A column that must be there.
    #[error("the column `{0}` is missing; the first line names the columns, as `timestamp,value`")]
    NoColumn(&'static str),
    /// A row of another length.
    #[error("the row has {found} fields, the first line names {expected}")]
    Fields {
        /// How many it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// No dimensions.
    #[error("`{0}` are no dimensions; write a JSON object of texts, as `{{\"userName\":\"alice\"}}`")]
    Dimensions(String),
    /// Only one half of a metric's name.
    #[error("a metric has a `namespace` and a `metric`; fill in both or neither")]
    HalfMetric,
    /// Dimensions or an account of no metric.
    #[error("dimensions and account belong to a metric; fill in `namespace` and `metric` too")]
    NoMetric,
    /// Nothing at all.
    #[error("there is no series")]
    Empty,
}

impl ImportFault {
    pub(super) fn at_line(self, line: u64) -> ImportError {
        ImportError { place: Place::Line(line), fault: self }
    }

    pub(super) fn at_member(self, path: impl Into<String>) -> ImportError {
        ImportError { place: Place::Member(path.into()), fault: self }
    }

    pub(super) fn of_whole(self) -> ImportError {
        ImportError { place: Place::Whole, fault: self }
    }
}
