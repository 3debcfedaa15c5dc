//! CloudWatch Logs Insights queries: syntax tree, functions, levels (`spec/logs-insights.md` 1 to 3).

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod ast;
pub mod codes;
mod functions;
mod level;
mod lex;
mod mentions;
mod parse;
pub(crate) mod print;
mod saved;
mod words;

pub use ast::*;
pub use functions::{ArgumentKind, FUNCTIONS, Function, Signature};
pub use level::{Level, NoSuchLevel};
pub use parse::ParseOptions;
pub use saved::{Parameter, SavedError, SavedQueries, SavedQuery};
