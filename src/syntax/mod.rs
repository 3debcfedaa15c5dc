//! Text to syntax tree and back, and nothing else: no schema, no evaluation.

mod expression;
pub mod filter;
pub mod logs;
pub mod math;
pub mod metrics;
mod parsed;
pub(crate) mod rule;
mod trivia;

pub use expression::Expression;
pub use parsed::{ParseErrors, Parsed};
pub use rule::Rule;
pub use trivia::Trivia;
