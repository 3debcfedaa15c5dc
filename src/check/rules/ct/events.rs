//! Event names and event sources that a text tests together.

use super::Context;
use super::facts::{FieldUse, Literal};

/// The event sources that are tested beside a condition.
pub(super) enum Named<'a> {
    /// None.
    Any,
    /// These, all of them known.
    These(Vec<&'a str>),
    /// One that is not known, about which nothing can be said.
    Unknown,
}

impl<'a> Named<'a> {
    pub(super) fn names(&self) -> &[&'a str] {
        match self {
            Named::These(names) => names,
            Named::Any | Named::Unknown => &[],
        }
    }
}

/// The event sources one of which must be that of the event where `one` matters.
pub(super) fn named_sources<'a>(context: &Context<'a>, one: &'a FieldUse<'a>) -> Named<'a> {
    let Some(sources) = &one.beside.event_sources else { return Named::Any };
    let mut names = Vec::new();
    for source in sources.iter() {
        match context.schema.event_source(&source.text) {
            Some(known) if known.has_known_events() => names.push(&*source.text),
            _ => return Named::Unknown,
        }
    }
    Named::These(names)
}

/// Each whole event name that a text compares with, and where.
pub(super) fn names_of<'c>(
    context: &'c Context<'_>,
) -> impl Iterator<Item = (&'c FieldUse<'c>, &'c Literal<'c>, &'c str)> {
    let uses = context.facts.uses.iter().filter(|one| one.is(&["eventName"]));
    uses.flat_map(|one| one.texts().filter_map(move |value| Some((one, value, value.exact()?))))
}
