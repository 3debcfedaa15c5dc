//! Properties of alarms: one evaluation and whole replays against a plain evaluator, and what must hold of any.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test tells by failing")]

mod evaluation;
mod plain;
mod replay;
