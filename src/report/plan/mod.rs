//! A plan, and what became of one, as text for people and as JSON for programs.

mod json;
mod text;

pub use json::{outcome_json, plan_json};
pub use text::{PlanText, outcome, plan};
