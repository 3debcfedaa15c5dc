//! From a checked stack to AWS: what is wanted, what is there, the difference, and the calls that close it.
//!
//! Nothing here talks to a network. [`Services`] is the boundary: the feature `aws` brings one over the AWS SDK, and an
//! embedder may bring its own.

mod advice;
#[cfg(feature = "aws")]
mod aws;
mod call;
mod caller;
pub mod constraints;
mod difference;
mod documents;
mod export;
mod fault;
mod import;
mod manifest;
mod obstacles;
mod parallel;
mod place;
mod plan;
mod policy;
mod problem;
mod query_source;
mod quota;
mod resource;
mod run;
mod secret;
mod verify;
mod wanted;

pub use advice::Advice;
#[cfg(feature = "aws")]
pub use aws::{AwsOptions, AwsServices};
pub use call::{Access, Call, Operation, Service, Services};
pub use caller::{Failure, Pause};
pub use difference::Difference;
pub use documents::{bucket_statements, role_policy, role_trust};
pub use export::{Export, ExportFormat, ExportOptions, Note, NoteKind, export};
pub use fault::{Cause, Fault};
pub use import::{Imported, import};
pub use manifest::{Entry, Manifest, ManifestError};
pub use place::{Organization, Place};
pub use plan::{Action, Change, Kept, Plan, PlanOptions, needed_bucket_statements};
pub use problem::Problem;
pub use quota::Usage;
pub use resource::{Kind, MADE_TAG, REGION_TAG, Resource, ResourceId, STACK_TAG};
pub use run::{Event, Outcome};
pub use secret::masked;
pub(crate) use secret::without_secrets;
pub use verify::{Disagreement, verify_remote};
pub use wanted::Wanted;
