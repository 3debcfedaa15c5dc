//! Why an expression has no value.

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MathError {
    /// An id that names nothing.
    #[error("there is no result with the id `{id}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownId {
        /// The id.
        id: String,
        /// The id that was probably meant.
        near: Option<String>,
    },
    /// An argument or side of a wrong kind.
    #[error("`{what}` takes {wanted}, and `{argument}` is {found}")]
    Kind {
        /// The function or operator.
        what: String,
        /// What it takes.
        wanted: &'static str,
        /// The argument as it is written.
        argument: String,
        /// What that is.
        found: &'static str,
    },
    /// An operator between two arrays, or a comparison of one.
    #[error(
        "`{operator}` does not join `{left}` and `{right}`: an array goes with a number or a series, in arithmetic only"
    )]
    Arrays {
        /// The operator.
        operator: &'static str,
        /// The left side.
        left: String,
        /// The right side.
        right: String,
    },
    /// `PERIOD` of something that is no metric.
    #[error("`PERIOD` takes the id of a metric, and `{argument}` is none")]
    NotAMetric {
        /// The argument as it is written.
        argument: String,
    },
    /// The result is a number.
    #[error(
        "`{expression}` is a number, and a result is a series or an array; write `TIME_SERIES({expression})` for a line"
    )]
    ScalarResult {
        /// The expression.
        expression: String,
    },
    /// A number that has no value or not one that fits.
    #[error("`{what}` takes {wanted}, and `{argument}` is {found}")]
    Number {
        /// The function.
        what: &'static str,
        /// What it takes.
        wanted: &'static str,
        /// The argument as it is written.
        argument: String,
        /// The number, or that there is none.
        found: String,
    },
    /// Nobody knows the band.
    #[error("`{expression}` has no band: {reason}")]
    NoBand {
        /// The call.
        expression: String,
        /// Why.
        reason: String,
    },
    /// Too many points.
    #[error(
        "`FILL` and `TIME_SERIES` would give {points} points, and {most} are the most; take a longer period or fewer series"
    )]
    TooManyPoints {
        /// How many.
        points: i64,
        /// The limit.
        most: i64,
    },
    /// Expressions that need each other.
    #[error("the expressions {} need each other; one of them must stand on metrics alone", .ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "))]
    Cycle {
        /// Their ids.
        ids: Vec<String>,
    },
}
