//! What a stack made in an account: a file beside the stack, for what has no tags; and the digests of it that a tag of the
//! log group holds, for whoever has no such file.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::resource::{Kind, MADE_TAG, Resource, ResourceId};
use super::{Action, Cause, Change, Event, Failure, Kept, Place, Plan, without_secrets};
use crate::stack::MADE_IN_A_TAG;

/// What a stack made, and what it took over.
///
/// ```
/// use trailql::provision::Manifest;
///
/// let manifest = Manifest::parse(r#"{"version":1,"stack":"watch","account":"111122223333","region":"us-east-1","resources":[
///     {"kind":"dashboard","name":"trail","key":{"DashboardName":"trail"},"wanted":{}}]}"#).unwrap();
/// assert_eq!(manifest.entries[0].resource.id.to_string(), "dashboard `trail`");
/// assert!(Manifest::parse("{}").is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// The stack.
    pub stack: String,
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The resources.
    pub entries: Vec<Entry>,
}

/// A resource of a manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The resource as it was wanted when it was last applied.
    pub resource: Resource,
    /// Whether it was there before, and is left there by `destroy`.
    pub adopted: bool,
}

/// Why a text is no manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It is no JSON.
    #[error("not a manifest of trailql: {0}")]
    NotJson(String),
    /// It is JSON of another shape.
    #[error("not a manifest of trailql: `{0}` is missing or of another kind")]
    Shape(&'static str),
    /// It was written by a later release.
    #[error("the manifest has version {0}, and this release knows version 1")]
    Version(u64),
}

impl Manifest {
    /// An empty one for a stack at a place.
    pub fn new(stack: &str, place: &Place) -> Self {
        Manifest {
            stack: stack.to_owned(),
            account: place.account.clone(),
            region: place.region.clone(),
            entries: Vec::new(),
        }
    }

    /// The manifest of a text.
    ///
    /// # Errors
    /// What is missing in it.
    pub fn parse(text: &str) -> Result<Manifest, ManifestError> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| ManifestError::NotJson(error.to_string()))?;
        match value.get("version").and_then(Value::as_u64) {
            Some(1) => {}
            Some(version) => return Err(ManifestError::Version(version)),
            None => return Err(ManifestError::Shape("version")),
        }
        let text = |member: &'static str| {
            value.get(member).and_then(Value::as_str).map(str::to_owned).ok_or(ManifestError::Shape(member))
        };
        let entries =
            value.get("resources").and_then(Value::as_array).ok_or(ManifestError::Shape("resources"))?;
        Ok(Manifest {
            stack: text("stack")?,
            account: text("account")?,
            region: text("region")?,
            entries: entries
                .iter()
                .map(|entry| self::entry(entry).ok_or(ManifestError::Shape("resources")))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Its text: JSON, a resource a line, so that a change of one is a change of one line.
    pub fn print(&self) -> String {
        let lines: Vec<String> =
            self.entries.iter().map(|entry| format!("\n    {}", written(entry))).collect();
        let head = |member: &str, value: &str| format!("  \"{member}\": {},\n", json!(value));
        format!(
            "{{\n  \"version\": 1,\n{}{}{}  \"resources\": [{}\n  ]\n}}\n",
            head("stack", &self.stack),
            head("account", &self.account),
            head("region", &self.region),
            lines.join(",")
        )
    }

    /// The entry of a resource.
    pub fn get(&self, id: &ResourceId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.resource.id.is(id))
    }

    /// Follows a plan as it is carried out: what may be made is written down before it is, what is taken away is struck out after.
    /// Until a change is done, what was wanted before stays known, so that what it leaves undone can be done later.
    ///
    /// ```
    /// use trailql::provision::{Event, Manifest, Plan};
    ///
    /// /// Events come from several threads, one at a time.
    /// fn heard(manifest: &std::sync::Mutex<Manifest>, event: Event<'_>) {
    ///     manifest.lock().unwrap().follow(&event);
    /// }
    /// ```
    pub fn follow(&mut self, event: &Event<'_>) {
        match event {
            // Statements are either all added or none.
            Event::Started(change)
                if change.action.is_at_the_end() || change.resource.id.kind == Kind::BucketPolicy => {}
            Event::Started(change) => match self.entry_of(&change.resource.id) {
                Some(known) => known.adopted = change.adopted,
                None => self.record(&change.resource, change.adopted),
            },
            Event::Done(change) if change.action == Action::Delete => self.forget(&change.resource.id),
            Event::Done(change) if change.action.is_at_the_end() => {}
            Event::Done(change) => self.record(&change.resource, change.adopted),
            Event::Failed(change, failure) if was_never_made(change, failure) => {
                self.forget(&change.resource.id);
            }
            Event::Failed(change, failure)
                if change.resource.id.kind == Kind::BucketPolicy
                    && failure.fault.cause() == Cause::Unknown
                    && !change.action.is_at_the_end() =>
            {
                self.record(&change.resource, change.adopted);
            }
            Event::Failed(..) => {}
        }
    }

    /// Writes down what a plan found there as the stack made it, for whoever lost the manifest, or never had it; and strikes out
    /// what is no longer there.
    pub fn remember(&mut self, plan: &Plan) {
        let there =
            plan.changes.iter().filter(|change| change.action == Action::Unchanged && !change.adopted);
        there.for_each(|change| self.record(&change.resource, false));
        plan.lapsed.iter().for_each(|id| self.forget(id));
    }

    /// Strikes out what a plan that is done to the end left to others.
    pub fn conclude(&mut self, plan: &Plan) {
        let others = plan.changes.iter().filter(|change| change.action == Action::Keep(Kept::NotMade));
        others.for_each(|change| self.forget(&change.resource.id));
    }

    /// Writes down a resource, in the place of what was known of it.
    pub fn record(&mut self, resource: &Resource, adopted: bool) {
        let mut entry = Entry { resource: Resource { needs: Vec::new(), ..resource.clone() }, adopted };
        if resource.id.kind == Kind::Topic {
            entry.resource.wanted = without_secrets(&resource.wanted);
        }
        if let Some(known) = self.get(&resource.id).filter(|_| resource.id.kind == Kind::BucketPolicy) {
            keep_statements(&known.resource.wanted, &mut entry.resource.wanted);
        }
        match self.entry_of(&resource.id) {
            Some(known) => *known = entry,
            None => {
                self.entries.push(entry);
                self.entries.sort_by_key(|entry| (entry.resource.id.kind, entry.resource.id.name.clone()));
            }
        }
    }

    fn entry_of(&mut self, id: &ResourceId) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.resource.id.is(id))
    }

    /// Strikes out a resource.
    pub fn forget(&mut self, id: &ResourceId) {
        self.entries.retain(|entry| !entry.resource.id.is(id));
    }
}

/// Whether the first call of what was to be made was refused, so that nothing is there.
fn was_never_made(change: &Change, failure: &Failure) -> bool {
    let is_first = change.calls.first().is_some_and(|call| call.operation == failure.call.operation)
        && failure.tries == 1;
    let is_new = matches!(change.action, Action::Create | Action::Replace { .. });
    is_new && is_first && !matches!(failure.fault.cause(), Cause::Unknown | Cause::Throttled)
}

/// Statements that a bucket's policy was given stay in it when the trail changes, and go when the stack goes.
fn keep_statements(before: &Value, now: &mut Value) {
    let former = before.get("Statement").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(Value::Array(statements)) = now.get_mut("Statement") {
        for statement in former {
            if !statements.contains(&statement) {
                statements.push(statement);
            }
        }
    }
}

fn entry(entry: &Value) -> Option<Entry> {
    let id = ResourceId {
        kind: Kind::of_tag(entry.get("kind")?.as_str()?)?,
        name: entry.get("name")?.as_str()?.to_owned(),
        key: entry.get("key")?.clone(),
    };
    Some(Entry {
        resource: Resource { id, wanted: entry.get("wanted")?.clone(), needs: Vec::new() },
        adopted: entry.get("adopted").and_then(Value::as_bool).unwrap_or(false),
    })
}

fn written(entry: &Entry) -> Value {
    let Resource { id, wanted, .. } = &entry.resource;
    let mut value = json!({ "kind": id.kind.tag(), "name": id.name, "key": id.key, "wanted": wanted });
    if entry.adopted
        && let Some(members) = value.as_object_mut()
    {
        members.insert("adopted".to_owned(), json!(true));
    }
    value
}

/// Eight digits that stand for a resource of a stack in a tag.
fn digest(stack: &str, id: &ResourceId) -> String {
    short_digest(&format!("{stack} {} {}", id.kind.tag(), id.key))
}

fn short_digest(text: &str) -> String {
    data_encoding::HEXLOWER.encode(Sha256::digest(text.as_bytes()).get(..4).unwrap_or_default())
}

/// The tags of a log group that tell which resources without tags a stack made: digests of them, as many to a tag as it holds.
/// Several stacks may use one group.
pub(super) fn made_tags<'r>(
    stack: &str,
    made: impl IntoIterator<Item = &'r ResourceId>,
) -> Map<String, Value> {
    let digests: BTreeSet<String> = made.into_iter().map(|id| digest(stack, id)).collect();
    let digests: Vec<String> = digests.into_iter().collect();
    let tags = digests.chunks(MADE_IN_A_TAG).enumerate();
    tags.map(|(index, some)| (format!("{}{index}", tag_prefix(stack)), json!(some.join(" ")))).collect()
}

/// Not every character of a stack's name may stand in the name of a tag.
fn tag_prefix(stack: &str) -> String {
    format!("{MADE_TAG}:{}:", short_digest(stack))
}

/// Whether a tag of a log group tells what some other stack made.
pub(super) fn is_of_another_stack(tag: &str, stack: &str) -> bool {
    tag.starts_with(MADE_TAG) && !tag.starts_with(&tag_prefix(stack))
}

/// Whether the tags of a log group say that a stack made a resource.
pub(super) fn is_made(tags: &Map<String, Value>, stack: &str, id: &ResourceId) -> bool {
    let digest = digest(stack, id);
    let made = tags.iter().filter(|(name, _)| name.starts_with(&tag_prefix(stack)));
    { made }
        .filter_map(|(_, value)| value.as_str())
        .any(|value| value.split(' ').any(|known| known == digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dashboard(name: &str) -> Resource {
        let id =
            ResourceId { kind: Kind::Dashboard, name: name.into(), key: json!({ "DashboardName": name }) };
        Resource { id, wanted: json!({ "DashboardBody": { "widgets": [] } }), needs: Vec::new() }
    }

    #[test]
    fn a_manifest_is_read_as_it_is_written() {
        let mut manifest = Manifest {
            stack: "a \"b\"".into(),
            account: "1".into(),
            region: "r".into(),
            ..Default::default()
        };
        manifest.record(&dashboard("two"), false);
        manifest.record(&dashboard("one"), true);
        manifest.record(&dashboard("two"), false);
        assert_eq!(Manifest::parse(&manifest.print()), Ok(manifest.clone()));
        assert_eq!(manifest.entries.len(), 2);
        manifest.forget(&dashboard("two").id);
        assert_eq!(manifest.entries.len(), 1);
        assert_eq!(Manifest::parse(&manifest.print()), Ok(manifest));
    }

    #[test]
    fn tags_tell_what_was_made_however_much_it_is() {
        let all: Vec<Resource> = (0..100).map(|index| dashboard(&format!("dashboard-{index}"))).collect();
        let tags = made_tags("watch", all.iter().map(|resource| &resource.id));
        assert_eq!(tags.len(), 4);
        assert!(tags.values().all(|value| value.as_str().unwrap().len() <= 256));
        assert!(all.iter().all(|resource| is_made(&tags, "watch", &resource.id)));
        assert!(!is_made(&tags, "watch", &dashboard("another").id));
        assert!(!is_made(&tags, "another", &dashboard("dashboard-1").id), "each stack has its own");
        assert!(
            tags.keys().all(|tag| is_of_another_stack(tag, "another") && !is_of_another_stack(tag, "watch"))
        );
    }
}
