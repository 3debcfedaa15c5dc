//! From a checked stack to AWS: what is wanted, what is there, the difference, and the calls that close it.
//!
//! Nothing here talks to a network. [`Services`] is the boundary: the feature `aws` brings one over the AWS SDK, and an
//! embedder may bring its own.

#[cfg(feature = "aws")]
mod aws;
mod call;
mod fault;

#[cfg(feature = "aws")]
pub use aws::{AwsOptions, AwsServices};
pub use call::{Access, Call, Operation, Service, Services};
pub use fault::{Cause, Fault};
