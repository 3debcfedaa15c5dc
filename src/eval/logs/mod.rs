//! Logs Insights on log events: fields, groups, commands, and the run that ties them together.
//!
//! A run has two parts. The streaming part takes one event after the other, on any number of threads, up to the first
//! command that must see all rows; what each thread gathers is merged in the order of the input. The rest works on the
//! rows that are left, in memory. Nothing here knows of files.

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod budget;
mod evaluate;
mod groups;
mod lambda;
mod memory;
mod pass;
mod patterns;
#[cfg(feature = "reference")]
pub mod plain;
mod ranked;
mod record;
mod relevance;
mod rows;
mod run;
mod serial;
mod text;

#[cfg(feature = "arbitrary")]
pub use arbitrary::ArbitraryRun;
pub use memory::{MemoryGroups, MemoryRecord, Selection, select};
pub use pass::{Part, Pass, Worker};
pub use patterns::{
    Anomaly, DiffRow, PatternBuilder, PatternRow, PatternToken, Patterns, TokenValue, anomaly, diff,
};
pub use record::{LogRecord, RecordTime};
pub use relevance::{RelevanceBuilder, RelevanceRow};
pub use run::{LogGroups, QueryRows, QueryWindow, RunError, RunLimits};
