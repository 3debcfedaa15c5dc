//! CloudWatch metric math: syntax tree, parser, printer (`spec/metrics-insights.md` 2.10).

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod ast;
pub mod codes;
mod functions;
mod lex;
mod parse;
mod print;

pub use ast::*;
pub use functions::{NOT_EVALUATED, PlainFunction};
pub use parse::MathParseOptions;
