//! What a user adds to the schema.

use super::{Field, Kind, Occurrence};

/// Event names and fields of a user's own, beside what the crate knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Additions {
    pub(super) events: Vec<AddedEvents>,
    pub(super) fields: Vec<Field>,
}

/// The names that were added to one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AddedEvents {
    /// The full name of the source.
    pub(super) source: String,
    pub(super) names: Vec<String>,
}

impl Additions {
    /// Nothing.
    pub fn new() -> Self {
        Additions::default()
    }

    /// The same with event names of a source; without names the source may have any.
    #[must_use]
    pub fn events<N: Into<String>>(
        mut self,
        source: impl Into<String>,
        names: impl IntoIterator<Item = N>,
    ) -> Self {
        let source = source.into();
        let names = names.into_iter().map(Into::into);
        match self.events.iter_mut().find(|one| one.source == source) {
            Some(known) => known.names.extend(names),
            None => self.events.push(AddedEvents { source, names: names.collect() }),
        }
        self.events.sort_by(|one, other| one.source.cmp(&other.source));
        self
    }

    /// The same with a field.
    #[must_use]
    pub fn field(mut self, path: impl Into<String>, kind: Kind, occurrence: Occurrence) -> Self {
        let path = path.into();
        self.fields.push(Field { path, kind, occurrence, since: None, values: &[], note: "" });
        self
    }
}
