//! The functions of metric math: those of one argument, and those that are not evaluated here.

/// A function of one argument that is an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[non_exhaustive]
pub enum PlainFunction {
    /// The value without its sign.
    Abs,
    /// The mean: of a series a number, of an array a series.
    Avg,
    /// The next whole number upwards.
    Ceil,
    /// How many points there are: of a series a number, of an array a series.
    DatapointCount,
    /// The value less the one before it.
    Diff,
    /// The seconds since the point before.
    DiffTime,
    /// The first series of an array.
    First,
    /// The next whole number downwards.
    Floor,
    /// The last series of an array.
    Last,
    /// The natural logarithm.
    Log,
    /// The logarithm to base 10.
    Log10,
    /// The largest: of a series a number, of an array a series.
    Max,
    /// How many series an array has.
    MetricCount,
    /// The smallest: of a series a number, of an array a series.
    Min,
    /// The period of a metric in seconds.
    Period,
    /// The change a second since the point before.
    Rate,
    /// An array without its series that have no point.
    RemoveEmpty,
    /// The sum up to each point.
    RunningSum,
    /// The standard deviation: of a series a number, of an array a series.
    Stddev,
    /// The sum: of a series a number, of an array a series.
    Sum,
    /// A series of one number throughout.
    TimeSeries,
}

impl PlainFunction {
    /// All of them, by name.
    pub const ALL: [(&'static str, PlainFunction); 21] = [
        ("ABS", PlainFunction::Abs),
        ("AVG", PlainFunction::Avg),
        ("CEIL", PlainFunction::Ceil),
        ("DATAPOINT_COUNT", PlainFunction::DatapointCount),
        ("DIFF", PlainFunction::Diff),
        ("DIFF_TIME", PlainFunction::DiffTime),
        ("FIRST", PlainFunction::First),
        ("FLOOR", PlainFunction::Floor),
        ("LAST", PlainFunction::Last),
        ("LOG", PlainFunction::Log),
        ("LOG10", PlainFunction::Log10),
        ("MAX", PlainFunction::Max),
        ("METRIC_COUNT", PlainFunction::MetricCount),
        ("MIN", PlainFunction::Min),
        ("PERIOD", PlainFunction::Period),
        ("RATE", PlainFunction::Rate),
        ("REMOVE_EMPTY", PlainFunction::RemoveEmpty),
        ("RUNNING_SUM", PlainFunction::RunningSum),
        ("STDDEV", PlainFunction::Stddev),
        ("SUM", PlainFunction::Sum),
        ("TIME_SERIES", PlainFunction::TimeSeries),
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, function)| *function == self).map(|(name, _)| *name).unwrap_or_default()
    }

    /// The function of this name, in upper case as the language has it.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
    }
}

/// The functions with arguments of their own kinds.
pub(super) const SPECIAL: [&str; 6] = ["ANOMALY_DETECTION_BAND", "FILL", "IF", "METRICS", "SLICE", "SORT"];

/// The functions that the service has and that need more than series: they are refused by name.
pub const NOT_EVALUATED: [&str; 12] = [
    "DATE",
    "DAY",
    "DB_PERF_INSIGHTS",
    "EPOCH",
    "HOUR",
    "INSIGHT_RULE_METRIC",
    "LAMBDA",
    "MINUTE",
    "MONTH",
    "SEARCH",
    "SERVICE_QUOTA",
    "YEAR",
];

/// Whether the service has a function of this name, in upper case.
pub(super) fn is_function(name: &str) -> bool {
    PlainFunction::find(name).is_some() || SPECIAL.contains(&name) || NOT_EVALUATED.contains(&name)
}

/// The function that was probably meant: one or two slips away.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let upper = name.to_ascii_uppercase();
    let all = PlainFunction::ALL.iter().map(|(name, _)| *name).chain(SPECIAL).chain(NOT_EVALUATED);
    let most = if upper.len() > 5 { 2 } else { 1 };
    all.map(|known| (strsim::damerau_levenshtein(known, &upper), known))
        .min()
        .filter(|(distance, _)| *distance <= most)
        .map(|(_, known)| known)
}
