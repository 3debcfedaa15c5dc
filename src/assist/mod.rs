//! What an editor shows at a place of a text: what may stand there, and what is known of what does.

mod complete;
mod cursor;
mod help;
mod hover;

pub use complete::{Completion, CompletionKind, complete};
pub use hover::{Hover, hover};
