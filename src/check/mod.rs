//! What a service refuses or misreads in a text that parses, and what the CloudTrail record makes of it.
//!
//! [`check`] runs everything that is known about a text in one of the languages: the parser, the checks of the tree, the
//! rules of [`rules`](registry::rules) and the schema.

mod language;
pub(in crate::check) mod logs;
mod metrics;
pub mod registry;
pub(crate) mod rules;
pub mod suppression;
mod text;

pub use language::Language;
#[cfg(feature = "stack")]
pub(crate) use text::is_cloudtrail;
pub use text::{Options, Records, check, check_selector};
