//! Patterns and queries inside other files: where they are, what they say, and which byte of theirs is which of the file.

mod embedded;
mod span_map;

pub use embedded::{Embedded, Extracted, Hole};
pub use span_map::{Escaping, SpanMap};
