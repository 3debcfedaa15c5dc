//! The expected band of a metric, learnt from its own past, and how surprising each new value is.

pub mod score;
