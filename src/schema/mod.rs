//! What a CloudTrail record can hold: fields and their types, event sources, event names, request and response members.

mod additions;
#[cfg(feature = "stack")]
mod additions_file;
#[cfg(feature = "stack")]
pub mod codes;
mod event;
mod field;
mod infer;
mod lookup;
mod record;
mod spelling;
mod suggest;
mod table;

use std::sync::Arc;

pub use additions::Additions;
pub use event::{EventSource, Operation};
pub use field::{Field, Key, Kind, Lookup, Occurrence};
pub use infer::Inference;
pub use suggest::{Reason, Suggestion};

/// The CloudTrail record and the AWS API model, with what a user added.
///
/// Cheap to clone.
///
/// ```
/// use trailql::schema::{Key, Kind, Lookup, Schema};
///
/// let schema = Schema::cloudtrail();
/// let Lookup::Known(field) = schema.lookup(&[Key::Name("readOnly")]) else { panic!("a field") };
/// assert_eq!(field.kind, Kind::Boolean);
///
/// let s3 = schema.event_source("s3.amazonaws.com").expect("a source");
/// let get_object = s3.operation("GetObject").expect("one of its events");
/// assert_eq!(get_object.has_request_member("bucketName"), Some(true));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Schema {
    added: Option<Arc<Additions>>,
}

impl Schema {
    /// The record and the model as this release knows them.
    pub fn cloudtrail() -> Self {
        Schema::default()
    }

    /// A schema with what a user added.
    pub fn with(additions: Additions) -> Self {
        Schema { added: Some(Arc::new(additions)) }
    }

    /// What the path from the root of a record leads to.
    pub fn lookup(&self, path: &[Key<'_>]) -> Lookup {
        lookup::lookup(path, self.added.as_deref())
    }

    /// Every field that is known by name, a parent before its members, with `[0]` for the elements of an array.
    ///
    /// ```
    /// use trailql::schema::Schema;
    ///
    /// assert!(Schema::cloudtrail().fields().any(|field| field.path == "resources[0].ARN"));
    /// ```
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        lookup::fields(self.added.as_deref())
    }

    /// The fields that are directly in what the path leads to, or in its elements where that is an array. Those of a
    /// record itself for an empty path; none where members depend on the call.
    ///
    /// ```
    /// use trailql::schema::{Key, Schema};
    ///
    /// let members = Schema::cloudtrail().members(&[Key::Name("resources")]);
    /// assert_eq!(members[0].path, "resources[0].ARN");
    /// ```
    pub fn members(&self, path: &[Key<'_>]) -> Vec<Field> {
        lookup::members(path, self.added.as_deref())
    }

    /// The event source with this full name, such as `s3.amazonaws.com`; there is none for a bare `s3`.
    pub fn event_source(&self, name: &str) -> Option<EventSource<'_>> {
        let row = table::find_source(name);
        let added = self.added_events().iter().find(|added| added.source == name);
        let name = row.map(|row| row.name).or(added.map(|added| added.source.as_str()))?;
        Some(EventSource { row, added, name })
    }

    /// Every event source, in alphabetical order.
    pub fn event_sources(&self) -> impl Iterator<Item = EventSource<'_>> {
        let mut sources: Vec<EventSource<'_>> = (0..table::source_count())
            .filter_map(table::source)
            .map(|row| EventSource {
                row: Some(row),
                added: self.added_events().iter().find(|added| added.source == row.name),
                name: row.name,
            })
            .collect();
        let new = self.added_events().iter().filter(|added| table::find_source(&added.source).is_none());
        sources.extend(new.map(|added| EventSource { row: None, added: Some(added), name: &added.source }));
        sources.sort_by_key(EventSource::name);
        sources.into_iter()
    }

    /// Whether some event source has an event of this name.
    pub fn is_event_name(&self, name: &str) -> bool {
        let id = table::find(name.as_bytes());
        id.is_some_and(table::is_event_name)
            || event::DATED
                .iter()
                .filter_map(|source| self.event_source(source))
                .any(|source| source.lists(name, id))
            || self.added_events().iter().any(|added| added.names.iter().any(|one| one == name))
    }

    /// The event sources that have an event of this name, in alphabetical order.
    ///
    /// A source that no API model lists is among them only if this name is known of it.
    pub fn sources_of(&self, event_name: &str) -> Vec<EventSource<'_>> {
        let id = table::find(event_name.as_bytes());
        self.event_sources().filter(|source| source.lists(event_name, id)).collect()
    }

    /// What may have been meant by an unknown event source, likeliest first: at most three full names.
    pub fn suggest_source(&self, name: &str) -> Vec<String> {
        suggest::source(self, name)
    }

    /// What may have been meant by an unknown event name, likeliest first, at most three. `sources` narrows where to
    /// look; without any, or if none of them is known, it is everywhere.
    pub fn suggest_event(&self, name: &str, sources: &[&str]) -> Vec<Suggestion> {
        suggest::event(self, name, sources)
    }

    fn added_events(&self) -> &[additions::AddedEvents] {
        self.added.as_ref().map(|added| added.events.as_slice()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
