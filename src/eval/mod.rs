//! Plans on events: does a filter pattern match, why, and which values does it extract.
//!
//! Nothing here knows of files. The fast path fills numbered slots from the raw text in one pass; `plain`
//! is the reference that every faster path must equal.

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod explain;
mod json;
pub mod logs;
mod matcher;
#[cfg(feature = "reference")]
pub mod plain;
mod prefilter;
mod space;
mod terms;

#[cfg(feature = "arbitrary")]
pub use arbitrary::ArbitraryMessage;
pub use explain::{ClauseReport, Explanation, Outcome, Seen};
pub use matcher::{Extracted, Matcher, Scratch};
pub(crate) use matcher::{FieldKey, node_at};
pub use prefilter::{Prefilter, PrefilterState};
pub use space::Tokens;
