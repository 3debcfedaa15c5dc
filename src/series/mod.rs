//! Metric data: what a metric filter publishes for a match, and values over time.

mod cardinality;
mod emission;
pub mod exchange;
mod identity;
pub mod math;
mod period;
mod points;
pub mod query;
mod sample;
mod statistic;
mod store;
mod transformation;
mod unit;

pub use cardinality::{BusiestHour, Cardinality, CardinalityWarning, DimensionCardinality};
pub use emission::{Dropped, Emission, MetricFilterRun};
pub use identity::{Dimensions, MetricIdentity};
pub use period::{BadPeriod, Period};
pub use points::{Point, TimeRange, TimeSeries};
pub use sample::{NoSample, NotANumber, Sample};
pub use statistic::{AbsoluteRange, Percent, PercentRange, Statistic, StatisticError, ValueRange};
pub use store::{
    KnownStatistics, MetricData, MetricStore, RefusedValue, StatisticSet, StorageResolution, StoreLimits,
    Unavailable,
};
pub use transformation::{
    Dimension, FieldReference, MetricTransformation, MetricValue, TransformationError, TransformationSpec,
};
pub use unit::{Unit, UnknownUnit};
