//! What an alarm asks of whoever holds the data.

use crate::series::TimeRange;

/// What a period is worth to an alarm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Datapoint {
    /// The value; `None` without data. What is not a number counts as none.
    pub value: Option<f64>,
    /// The band's edges at that time; `None` where it has none yet. Asked of alarms on a band only.
    pub band: Option<BandEdges>,
    /// How many samples the value stands on, where that is known.
    pub sample_count: Option<f64>,
}

/// Where a band begins and ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandEdges {
    /// The lower edge.
    pub lower: f64,
    /// The upper edge.
    pub upper: f64,
}

impl Datapoint {
    /// No data.
    pub const MISSING: Datapoint = Datapoint { value: None, band: None, sample_count: None };

    /// A value alone.
    pub fn of(value: f64) -> Self {
        Datapoint { value: Some(value), ..Datapoint::MISSING }
    }
}

/// The metric, or the one series of an expression, that an alarm watches.
pub trait AlarmData {
    /// What a period is worth. Alarms that slide ask for periods that begin anywhere; the answer for one period must
    /// always be the same.
    fn datapoint(&self, bucket: TimeRange) -> Datapoint;
}

/// A function from a period to its datapoint.
impl<F: Fn(TimeRange) -> Datapoint> AlarmData for F {
    fn datapoint(&self, bucket: TimeRange) -> Datapoint {
        self(bucket)
    }
}

/// What tells one series of a grouped query from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ContributorIdentity {
    /// Names and values of the group, in the order of `GROUP BY`.
    pub attributes: Vec<(String, String)>,
    /// What a legend calls the series.
    pub label: String,
}

/// One series of a grouped query, over the periods that were asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributor {
    /// Which one.
    pub identity: ContributorIdentity,
    /// A point for each period, oldest first; what is not there is missing.
    pub datapoints: Vec<Datapoint>,
}

/// What a grouped query returns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContributorSet {
    /// The series, each identity once.
    pub contributors: Vec<Contributor>,
    /// Whether the query matched or would have returned more series than it may.
    pub is_partial: bool,
}

/// A Metrics Insights query with `GROUP BY`.
pub trait ContributorData {
    /// The query's series over these periods, oldest first, none between them left out. They span 3 hours at most.
    fn contributors(&self, buckets: &[TimeRange]) -> ContributorSet;
}

/// A function from periods to series.
impl<F: Fn(&[TimeRange]) -> ContributorSet> ContributorData for F {
    fn contributors(&self, buckets: &[TimeRange]) -> ContributorSet {
        self(buckets)
    }
}
