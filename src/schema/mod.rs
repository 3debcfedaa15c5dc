//! What a CloudTrail record can hold: fields and their types, event sources, event names, request and response members.

mod field;

pub use field::{Field, Key, Kind, Lookup, Occurrence};

/// The CloudTrail record and the AWS API model, with what a user added.
///
/// Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Schema {}

impl Schema {
    /// The record and the model as this release knows them.
    pub fn cloudtrail() -> Self {
        Schema::default()
    }

    /// What the path from the root of a record leads to.
    pub fn lookup(&self, _path: &[Key<'_>]) -> Lookup {
        Lookup::Open
    }
}
