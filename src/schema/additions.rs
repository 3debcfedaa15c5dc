//! What a user adds to the schema.

use super::{Field, Kind, Occurrence};

/// Event names and fields of a user's own, beside what the crate knows.
///
/// ```
/// use trailql::schema::{Additions, Key, Kind, Lookup, Occurrence, Schema};
///
/// let additions = Additions::new()
///     .events("orders.example.com", ["PlaceOrder"])
///     .field("tenant.id", Kind::Number, Occurrence::Always);
/// let schema = Schema::with(additions);
/// assert!(schema.is_event_name("PlaceOrder"));
/// assert!(matches!(schema.lookup(&[Key::Name("tenant"), Key::Name("id")]), Lookup::Known(_)));
/// ```
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

    /// The same with event names of a source. A source that is new and has no names may have any.
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

    /// The same with a field. Its path is joined by dots, and elements of an array are `[]`: `tags[].key`. What the path
    /// leads through is added too, and an object of which no member is added may have any.
    #[must_use]
    pub fn field(self, path: impl Into<String>, kind: Kind, occurrence: Occurrence) -> Self {
        self.described_field(Field {
            path: path.into(),
            kind,
            occurrence,
            since: None,
            values: &[],
            note: "",
        })
    }

    /// The same with a field of which more is known.
    #[must_use]
    pub fn described_field(mut self, field: Field) -> Self {
        let ends = field.path.match_indices(['.', '[']).map(|(at, _)| at);
        let parents: Vec<(String, Kind)> = ends
            .filter_map(|end| {
                let (parent, rest) = field.path.split_at_checked(end)?;
                let kind = if rest.starts_with('[') { Kind::Array } else { Kind::Object };
                (!parent.is_empty()).then(|| (parent.to_owned(), kind))
            })
            .collect();
        for (path, kind) in parents {
            if !self.fields.iter().any(|known| known.path == path) {
                let occurrence = Occurrence::Sometimes;
                self.fields.push(Field { path, kind, occurrence, since: None, values: &[], note: "" });
            }
        }
        match self.fields.iter_mut().find(|known| known.path == field.path) {
            Some(known) => *known = field,
            None => self.fields.push(field),
        }
        self
    }
}
