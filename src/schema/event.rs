//! Event sources and their events.

use super::additions::AddedEvents;
use super::spelling;
use super::table::{self, EntryKind, EntryRow, List, SourceRow, StringId};

/// The sources that put a date at the end of some event names.
pub(super) const DATED: [&str; 2] = [LAMBDA, CLOUDFRONT];
const LAMBDA: &str = "lambda.amazonaws.com";
const CLOUDFRONT: &str = "cloudfront.amazonaws.com";

/// An event source, such as `s3.amazonaws.com`, and the names of its events.
#[derive(Clone, Copy, Debug)]
pub struct EventSource<'s> {
    pub(super) row: Option<SourceRow>,
    pub(super) added: Option<&'s AddedEvents>,
    pub(super) name: &'s str,
}

/// An event name of one source and the members that its requests and responses can have.
#[derive(Clone, Debug)]
pub struct Operation<'s> {
    source: EventSource<'s>,
    name: String,
    event_type: Option<&'static str>,
    request: Option<List>,
    response: Option<List>,
}

impl<'s> EventSource<'s> {
    /// Its full name, as `eventSource` has it: `s3.amazonaws.com`.
    pub fn name(&self) -> &'s str {
        self.name
    }

    /// Whether the names of its events are known. Where they are not, any name is taken for one of them.
    pub fn has_known_events(&self) -> bool {
        match self.row {
            Some(row) => !row.open,
            None => self.added.is_some_and(|added| !added.names.is_empty()),
        }
    }

    /// The names of its events, in alphabetical order.
    pub fn event_names(&self) -> impl Iterator<Item = String> + use<'s> {
        let built_in = self.row.into_iter().flat_map(SourceRow::entries);
        let mut names: Vec<String> =
            built_in.filter(EntryRow::is_event).map(|row| table::text(row.name)).collect();
        names.extend(self.added.into_iter().flat_map(|added| added.names.iter().cloned()));
        names.sort_unstable();
        names.dedup();
        names.into_iter()
    }

    /// The event with this name; `None` where the source has no such event.
    ///
    /// The date at the end of a Lambda event name may be left out where no document shows it, and may be any date.
    pub fn operation(&self, event_name: &str) -> Option<Operation<'s>> {
        if let Some(operation) = self.modelled(event_name) {
            return Some(operation);
        }
        let is_free = !self.has_known_events() && is_event_name(event_name);
        (self.adds(event_name) || is_free).then(|| Operation {
            source: *self,
            name: event_name.to_owned(),
            event_type: None,
            request: None,
            response: None,
        })
    }

    /// Whether this is one of the names that are known of it, which is the string of this number.
    pub(super) fn lists(&self, event_name: &str, id: Option<StringId>) -> bool {
        let has = |row: SourceRow| id.and_then(|id| row.find(id)).is_some_and(|entry| entry.is_event());
        self.row.is_some_and(has)
            || self.adds(event_name)
            || (DATED.contains(&self.name) && self.modelled(event_name).is_some())
    }

    fn adds(&self, event_name: &str) -> bool {
        self.added.is_some_and(|added| added.names.iter().any(|name| name == event_name))
    }

    fn modelled(&self, event_name: &str) -> Option<Operation<'s>> {
        let row = self.row?;
        let mut kind = None;
        if let Some(id) = table::find(event_name.as_bytes()) {
            kind = row.find(id).map(|entry| entry.kind);
        }
        if kind.is_none()
            && let Some(bare) = without_date(self.name, event_name)
        {
            kind = row.find(table::find(bare.as_bytes())?).map(|entry| entry.kind);
            if let Some(EntryKind::Suffixed(logged)) = kind {
                kind = row.find(logged).map(|entry| entry.kind);
            }
        }
        match kind? {
            EntryKind::Event { event_type, request, response } => Some(Operation {
                source: *self,
                name: event_name.to_owned(),
                event_type: Some(event_type),
                request,
                response,
            }),
            _ => None,
        }
    }
}

impl EntryRow {
    pub(super) fn is_event(&self) -> bool {
        matches!(self.kind, EntryKind::Event { .. })
    }
}

impl<'s> Operation<'s> {
    /// The event name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its source.
    pub fn event_source(&self) -> EventSource<'s> {
        self.source
    }

    /// The `eventType` of its records, where it is known.
    pub fn event_type(&self) -> Option<&'static str> {
        self.event_type
    }

    /// What `requestParameters` can have, in alphabetical order; empty also where that is not known.
    pub fn request_members(&self) -> impl Iterator<Item = String> + use<> {
        members(self.request, self.source.row.map(|row| row.request))
    }

    /// What `responseElements` can have, in alphabetical order; empty also where that is not known.
    pub fn response_members(&self) -> impl Iterator<Item = String> + use<> {
        members(self.response, self.source.row.map(|row| row.response))
    }

    /// Whether `requestParameters` can have this member; `None` where the members are not known.
    ///
    /// The case of the first letter does not matter: which one a service writes is in no model.
    pub fn has_request_member(&self, key: &str) -> Option<bool> {
        let own = self.request?;
        Some(is_free_s3_key(self.source.name, key) || has(own, self.source.row?.request, key))
    }

    /// Whether `responseElements` can have this member; `None` where the members are not known.
    pub fn has_response_member(&self, key: &str) -> Option<bool> {
        let own = self.response?;
        Some(is_free_s3_key(self.source.name, key) || has(own, self.source.row?.response, key))
    }

    /// The members of `requestParameters` that an unknown one may have been meant for, likeliest first, at most three.
    pub fn suggest_request_member(&self, key: &str) -> Vec<String> {
        nearest_of(key, self.request_members())
    }

    /// The members of `responseElements` that an unknown one may have been meant for, likeliest first, at most three.
    pub fn suggest_response_member(&self, key: &str) -> Vec<String> {
        nearest_of(key, self.response_members())
    }
}

fn nearest_of(key: &str, members: impl Iterator<Item = String>) -> Vec<String> {
    let members: Vec<String> = members.collect();
    let near = spelling::nearest(key, members.iter().map(String::as_str), 3);
    near.into_iter().map(str::to_owned).collect()
}

fn members(own: Option<List>, common: Option<List>) -> impl Iterator<Item = String> + use<> {
    let common = own.and(common);
    let mut ids: Vec<_> = own.into_iter().chain(common).flat_map(List::ids).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(table::text)
}

fn has(own: List, common: List, key: &str) -> bool {
    let mut folded = [0; 128];
    let Some(folded) = folded.get_mut(..key.len()) else { return false };
    folded.copy_from_slice(key.as_bytes());
    let exact = table::find(folded);
    if let Some(first) = folded.first_mut() {
        *first =
            if first.is_ascii_lowercase() { first.to_ascii_uppercase() } else { first.to_ascii_lowercase() };
    }
    let other = table::find(folded);
    exact.into_iter().chain(other).any(|id| own.contains(id) || common.contains(id))
}

/// S3 logs every header and query parameter it is sent, also those of presigned URLs and of a user's own metadata.
fn is_free_s3_key(source: &str, key: &str) -> bool {
    let starts = |start: &str| key.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    source.starts_with("s3") && (starts("x-") || starts("response-"))
}

/// The name without the date that some services put at its end.
pub(super) fn without_date<'n>(source: &str, event_name: &'n str) -> Option<&'n str> {
    let is_digit = |character: char| character.is_ascii_digit();
    let bare = match source {
        LAMBDA => {
            let dated = match event_name.trim_end_matches(is_digit).strip_suffix('v') {
                Some(dated) if !event_name.ends_with('v') => dated,
                _ => event_name,
            };
            let bare = dated.trim_end_matches(is_digit);
            (dated.len() - bare.len() == 8).then_some(bare)
        }
        CLOUDFRONT => {
            let bare = event_name.trim_end_matches(|one: char| is_digit(one) || one == '_');
            (event_name.len() - bare.len() == 10).then_some(bare)
        }
        _ => None,
    };
    bare.filter(|bare| !bare.is_empty())
}

/// Whether a text has the form of an event name.
fn is_event_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b':' | b'.'))
}
