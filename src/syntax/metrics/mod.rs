//! CloudWatch Metrics Insights queries: syntax tree, parser, printer (`spec/metrics-insights.md` 1).

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod ast;
pub mod codes;
mod lex;
mod parse;
mod print;
mod reserved;
mod words;

pub use ast::*;
pub(in crate::syntax) use lex::begins_with_select;
pub use parse::{Dialect, ParseOptions};
pub use print::needs_quotes;
pub use reserved::is_reserved;
