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

/// Whether the selector leads into a part of a record whose texts a caller or a service makes up: there the empty text, or
/// a blank at an end, is as good as any.
pub(super) fn is_made_up(schema: Option<&Schema>, selector: &Selector) -> bool {
    let Some(SelectorStep::Key(first)) = selector.steps().first() else { return false };
    let parts =
        ["requestParameters", "responseElements", "additionalEventData", "serviceEventDetails", "userAgent"];
    schema.is_some()
        && parts.contains(&first.as_str())
        && field(schema, selector).is_none_or(|field| field.values.is_empty())
}
