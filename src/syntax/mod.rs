//! Text to syntax tree and back, and nothing else: no schema, no evaluation.

pub mod filter;
