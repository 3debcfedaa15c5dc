//! trailql compiles the query languages of Amazon CloudWatch over AWS CloudTrail events.

mod event;
#[cfg(feature = "events")]
pub mod events;
pub mod json;
mod span;

pub use event::{EpochMillis, LogEvent};
pub use span::Span;
