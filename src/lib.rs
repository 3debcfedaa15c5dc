//! trailql compiles the query languages of Amazon CloudWatch over AWS CloudTrail events.

#[cfg(feature = "cli")]
pub mod cli;
mod diagnostic;
pub mod eval;
mod event;
#[cfg(feature = "events")]
pub mod events;
pub mod json;
mod limits;
pub mod plan;
#[cfg(feature = "cli")]
pub mod report;
pub mod series;
mod span;
pub mod syntax;

pub use diagnostic::{Code, Diagnostic, Edit, Fix, Label, Severity};
pub use eval::{Explanation, Matcher, Scratch};
pub use event::{EpochMillis, LogEvent};
pub use limits::Limits;
pub use plan::filter::CompileError;
pub use span::Span;
pub use syntax::filter::{FilterPattern, ParseErrors, Parsed};
