//! What may have been meant by an unknown event source or event name.

use std::sync::OnceLock;

use super::event::{EventSource, without_date};
use super::spelling::Dictionary;
use super::table::{self, EntryKind};
use super::{Schema, spelling};

const MOST: usize = 3;

/// An event that may have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The event name.
    pub event_name: String,
    /// The source that has it; `None` where several have.
    pub event_source: Option<String>,
    /// Why it is likely.
    pub reason: Reason,
}

/// Why a name is taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// A few letters differ.
    Spelling,
    /// The letters are the same in another case.
    LetterCase,
    /// The name is that of a permission, and the call it permits has another.
    IamAction,
    /// The service puts a date at the end of the name.
    DateSuffix,
    /// CloudTrail logs the call under the name of another.
    LoggedAs,
}

pub(super) fn source(schema: &Schema, name: &str) -> Vec<String> {
    const DOMAIN: &str = ".amazonaws.com";
    let lower = name.trim().to_ascii_lowercase();
    let service = lower.split('.').next().unwrap_or_default();
    let full = format!("{service}{DOMAIN}");
    let mut found: Vec<String> = Vec::new();
    let known: Vec<&str> = schema.event_sources().map(|source| source.name()).collect();
    if known.contains(&full.as_str()) {
        found.push(full);
    } else if known.contains(&format!("{lower}{DOMAIN}").as_str()) {
        found.push(format!("{lower}{DOMAIN}"));
    }
    let services = known.iter().map(|name| name.strip_suffix(DOMAIN).unwrap_or(name));
    for near in spelling::nearest(lower.strip_suffix(DOMAIN).unwrap_or(service), services, MOST) {
        let full = format!("{near}{DOMAIN}");
        if !found.contains(&full) {
            found.push(full);
        }
    }
    found.truncate(MOST);
    found
}

pub(super) fn event(schema: &Schema, name: &str, sources: &[&str]) -> Vec<Suggestion> {
    let named: Vec<EventSource<'_>> = sources.iter().filter_map(|name| schema.event_source(name)).collect();
    let is_anywhere = named.is_empty();
    let pool: Vec<EventSource<'_>> = if is_anywhere { schema.event_sources().collect() } else { named };
    let instead = instead(&pool, name);
    if !instead.is_empty() {
        return instead;
    }

    let misspelt = spelling::Misspelt::new(name);
    let mut near: Vec<(usize, String)> = Vec::new();
    if is_anywhere {
        near.extend(event_names().near(&misspelt).map(|(distance, name)| (distance, name.to_owned())));
    }
    let mut offer =
        |name: &str| near.extend(misspelt.distance(name).map(|distance| (distance, name.to_owned())));
    if is_anywhere {
        pool.iter()
            .filter_map(|source| source.added)
            .flat_map(|added| &added.names)
            .for_each(|name| offer(name));
    } else {
        pool.iter().flat_map(EventSource::event_names).for_each(|name| offer(&name));
    }
    near.sort_unstable();
    near.dedup();
    near.truncate(MOST);
    // With the right letters there is no need to guess.
    if near.first().is_some_and(|(distance, _)| *distance == 0) {
        near.retain(|(distance, _)| *distance == 0);
    }
    let suggestion = |(distance, near): (usize, String)| Suggestion {
        event_source: only_source(&pool, &near),
        event_name: near,
        reason: if distance == 0 { Reason::LetterCase } else { Reason::Spelling },
    };
    near.into_iter().map(suggestion).collect()
}

/// Every event name of the table, read once: there are tens of thousands.
fn event_names() -> &'static Dictionary {
    static NAMES: OnceLock<Dictionary> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names = Dictionary::default();
        table::each_event_name(&mut |name| names.add(name));
        names
    })
}

/// What is logged instead of exactly this name.
fn instead(pool: &[EventSource<'_>], name: &str) -> Vec<Suggestion> {
    let id = table::find(name.as_bytes());
    let mut found = Vec::new();
    for source in pool {
        let Some(row) = source.row else { continue };
        let id = match without_date(source.name(), name) {
            Some(bare) => table::find(bare.as_bytes()),
            None => id,
        };
        let Some(entry) = id.and_then(|id| row.find(id)) else { continue };
        let (logged, reason) = match entry.kind {
            EntryKind::Suffixed(logged) => (logged, Reason::DateSuffix),
            EntryKind::LoggedAs(logged) => (logged, Reason::LoggedAs),
            EntryKind::IamAction(logged) => (logged, Reason::IamAction),
            EntryKind::Event { .. } => continue,
        };
        found.push(Suggestion {
            event_name: table::text(logged),
            event_source: Some(source.name().to_owned()),
            reason,
        });
    }
    found.truncate(MOST);
    found
}

fn only_source(pool: &[EventSource<'_>], event_name: &str) -> Option<String> {
    let id = table::find(event_name.as_bytes());
    let mut having = pool.iter().filter(|source| source.lists(event_name, id));
    let first = having.next()?;
    having.next().is_none().then(|| first.name().to_owned())
}
