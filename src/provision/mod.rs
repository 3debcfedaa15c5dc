//! From a checked stack to AWS: what is wanted, what is there, the difference, and the calls that close it.
//!
//! Nothing here talks to a network. [`Services`] is the boundary: the feature `aws` brings one over the AWS SDK, and an
//! embedder may bring its own.

mod call;
mod export;
mod fault;

pub use call::{Access, Call, Operation, Service, Services};
pub use export::{Export, ExportFormat, ExportOptions, Note, NoteKind, export};
pub use fault::{Cause, Fault};
