//! Syntax trees resolved to what an evaluator needs, the only input of evaluation.

pub mod filter;
pub mod glob;
pub mod logs;
pub mod requirement;
