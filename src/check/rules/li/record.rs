//! What the schema says of a field by its name in a query.

use crate::schema::{Field, Key, Kind, Lookup, Occurrence, Schema};

/// The field with this dotted name, where it is known.
pub(super) fn field(schema: &Schema, name: &str) -> Option<Field> {
    let steps = name.split('.').enumerate().map(|(place, segment)| match segment.parse::<usize>() {
        Ok(index) if place > 0 && index.to_string() == segment => Key::Index(index),
        _ => Key::Name(segment),
    });
    match schema.lookup(&steps.collect::<Vec<_>>()) {
        Lookup::Known(field) => Some(field),
        _ => None,
    }
}

/// Whether the field is known to be in some records only.
pub(super) fn may_be_missing(schema: &Schema, name: &str) -> bool {
    field(schema, name).is_some_and(|field| field.occurrence == Occurrence::Sometimes && is_value(&field))
}

/// Whether the field is known to hold one value, and not an object or list.
fn is_value(field: &Field) -> bool {
    matches!(field.kind, Kind::String | Kind::Boolean | Kind::Number)
}

/// Fields of a record whose texts are names or addresses: never with a wildcard, never a number, never empty.
pub(super) const NAMES: &[&str] = &[
    "awsRegion",
    "errorCode",
    "eventCategory",
    "eventID",
    "eventName",
    "eventSource",
    "eventType",
    "sourceIPAddress",
    "userIdentity.arn",
    "userIdentity.invokedBy",
    "userIdentity.type",
    "userIdentity.userName",
];
