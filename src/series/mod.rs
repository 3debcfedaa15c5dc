//! From matches to metric samples: what a metric filter publishes.

mod sample;
mod transformation;
mod unit;

pub use sample::{NoSample, NotANumber, Sample};
pub use transformation::{
    Dimension, FieldReference, MetricTransformation, MetricValue, TransformationError, TransformationSpec,
};
pub use unit::{Unit, UnknownUnit};
