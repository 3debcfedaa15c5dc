//! What the schema knows of a selector.

use crate::schema::{Field, Key, Lookup, Schema};
use crate::syntax::filter::{Selector, SelectorStep};

/// What the selector leads to in a record.
pub(super) fn lookup(schema: &Schema, selector: &Selector) -> Lookup {
    let path: Vec<Key<'_>> = selector
        .steps()
        .iter()
        .map(|step| match step {
            SelectorStep::Key(key) => Key::Name(key.as_str()),
            SelectorStep::Index(index) => Key::Index(usize::try_from(*index).unwrap_or(usize::MAX)),
            SelectorStep::AnyMember => Key::AnyMember,
            SelectorStep::AnyElement => Key::AnyElement,
        })
        .collect();
    schema.lookup(&path)
}

/// The field that the selector leads to, where the schema knows it.
pub(super) fn field(schema: Option<&Schema>, selector: &Selector) -> Option<Field> {
    match lookup(schema?, selector) {
        Lookup::Known(field) => Some(field),
        _ => None,
    }
}
