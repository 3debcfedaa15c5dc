//! The plan: what is there against what is wanted, as changes with the calls that make them.

use serde_json::{Map, Value, json};

use super::caller::{Caller, Failure, Pause};
use super::difference::{Difference, differences};
use super::documents::bucket_statements;
use super::manifest::{is_made, is_of_another_stack, made_tags};
use super::parallel::in_parallel;
use super::resource::{self, Actual, Context, Kind, Resource, ResourceId};
use super::{Call, Manifest, Operation, Place, Problem, Services, Wanted, obstacles, quota};
use crate::stack::CheckedStack;

type Tags = Map<String, Value>;

/// How many resources are read or changed at once.
pub(super) const THREADS: usize = 4;

/// What a person allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// What the stack is called where it does not say so itself.
    pub name: String,
    /// Resources that are there and were not made by the stack are changed to what it wants, and stay when it goes; so do the
    /// tags and subscriptions that it gave them, though it gives those up.
    pub adopt: bool,
    /// The trail's bucket is made where it is missing.
    pub create_bucket: bool,
    /// The bucket's policy gets the statements that it lacks.
    pub bucket_policy: bool,
    /// Log groups and buckets go too when the stack goes.
    pub delete_data: bool,
}

/// What is to be done with a resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// It is made.
    Create,
    /// It is there, and is changed in these members.
    Update(Vec<Difference>),
    /// It is made in the place of one with another key, which cannot be changed and is taken away at the end by a change of its own.
    Replace {
        /// The one that goes.
        former: Box<ResourceId>,
        /// What differs, beginning with the key.
        differences: Vec<Difference>,
    },
    /// It is taken away.
    Delete,
    /// It is there as it is wanted, and from now on counts as used by the stack, which did not make it.
    Adopt,
    /// It is there as it is wanted.
    Unchanged,
    /// It is not this stack's to take away, or holds data, and stays; why. A log group that stays tells no more what went.
    Keep(Kept),
}

/// Why something stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Kept {
    /// It is there under a name of the stack, and somebody else made it.
    #[error("this stack did not make it")]
    NotMade,
    /// Taking it away takes away what was recorded.
    #[error("it holds data; `--delete-data` takes it away too")]
    HoldsData,
    /// Which of several is the stack's is not known.
    #[error("there are several of its name")]
    OneOfSeveral,
    /// It is another account's, or may not be looked at.
    #[error(
        "it cannot be looked at from here; `trailql plan --bucket-statements` prints what its policy must hold"
    )]
    Hidden,
    /// It can be changed only where it lives.
    #[error("it lives in another region")]
    Elsewhere,
}

impl Action {
    /// Whether it comes when all that is wanted is there.
    pub(super) fn is_at_the_end(&self) -> bool {
        matches!(self, Action::Delete | Action::Keep(_))
    }
}

/// A resource and what is to be done with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The resource.
    pub resource: Resource,
    /// What is done.
    pub action: Action,
    /// The calls that do it, one after the other.
    pub calls: Vec<Call>,
    /// Whether it was there before the stack, and stays when the stack goes.
    pub adopted: bool,
}

impl Change {
    /// Whether there is anything to do.
    pub fn is_change(&self) -> bool {
        match self.action {
            Action::Unchanged => false,
            // A log group that stays may have a tag that goes.
            Action::Keep(_) => !self.calls.is_empty(),
            _ => true,
        }
    }
}

/// What is to be done so that an account has what a stack wants. Only a checked stack has one.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Where.
    pub place: Place,
    /// The name of the stack.
    pub stack: String,
    /// What is done with each resource: first what is wanted, in order, then what goes.
    pub changes: Vec<Change>,
    /// What stands in the way.
    pub problems: Vec<Problem>,
    /// What the stack holds and does not bring to an account.
    pub left_out: Vec<String>,
    /// What the manifest knows and is not there any more.
    pub lapsed: Vec<ResourceId>,
}

impl Plan {
    /// Whether an account is as the stack wants it.
    pub fn is_empty(&self) -> bool {
        !self.changes.iter().any(Change::is_change)
    }

    /// What is to be done so that the account has what the stack wants, and no longer has what the stack made before and does
    /// not want any more.
    ///
    /// # Errors
    /// The first call that failed for good: without knowing what is there nothing is planned.
    pub fn apply(
        stack: &CheckedStack,
        place: &Place,
        manifest: &Manifest,
        services: &dyn Services,
        pause: Pause<'_>,
        options: &PlanOptions,
    ) -> Result<Plan, Failure> {
        let mut wanted = Wanted::of(stack, place, &options.name);
        let context = Context { caller: Caller::new(services, pause), place };
        let mut actual = read_all(&context, wanted.resources.iter().map(|resource| &resource.id))?;
        for (resource, actual) in wanted.resources.iter().zip(&mut actual) {
            let Some(actual) = actual else { continue };
            // What was there before the stack keeps what it had before.
            let own = manifest.get(&resource.id).filter(|entry| !entry.adopted);
            actual.former = own.map(|entry| entry.resource.wanted.clone());
            without_tags_of_others(&wanted.stack, actual);
        }
        let name = wanted.stack.clone();
        let owners = Owners { stack: &name, place, manifest, tags: log_group_tags(&wanted, &actual) };
        let adopted: Vec<bool> = wanted
            .resources
            .iter()
            .zip(&actual)
            .map(|(resource, actual)| {
                actual.as_ref().is_some_and(|actual| owners.has_other(resource, actual))
            })
            .collect();
        let mut problems = obstacles::other_manifest(manifest, &name, place);
        problems.extend(obstacles::foreign(&wanted, &actual, &adopted, &owners, (place, options)));
        problems.extend(obstacles::log_group_class(&wanted, &actual));
        problems.extend(obstacles::home_region(&wanted, &actual, place));
        problems.extend(obstacles::key_alias(&wanted));
        problems.extend(obstacles::trusted_access(&context, &wanted)?);
        let known = manifest.entries.iter().map(|entry| &entry.resource);
        let gone: Vec<Resource> = known.filter(|known| wanted.get(&known.id).is_none()).cloned().collect();
        let mut lapsed = Vec::new();
        let there = read_all(&context, gone.iter().map(|resource| &resource.id))?;
        let gone = deletions(&gone, &there, &owners, options, &mut lapsed);
        tag_what_is_made(&mut wanted, &adopted, &gone);

        let mut changes = Vec::new();
        for ((resource, actual), adopted) in wanted.resources.iter().zip(&actual).zip(&adopted) {
            let mut change = change(place, resource, actual.as_ref(), *adopted);
            wanted.left_out.extend(actual.as_ref().and_then(|actual| resource::left_out(resource, actual)));
            wanted
                .left_out
                .extend(actual.as_ref().and_then(|actual| stays_given(resource, actual, manifest)));
            if change.action == Action::Unchanged && *adopted && !owners.knows(resource) {
                change.action = Action::Adopt;
            }
            changes.push(change);
        }
        problems.extend(obstacles::bucket_problems(&changes, options));
        problems.extend(obstacles::several(&changes));

        replace(&mut changes, &gone);
        changes.extend(gone);
        problems.extend(quota::filter_quotas(&context, &changes)?);
        problems.extend(obstacles::refused_requests(&changes));
        Ok(Plan {
            place: place.clone(),
            stack: wanted.stack,
            changes,
            problems,
            left_out: wanted.left_out,
            lapsed,
        })
    }

    /// What is to be done so that nothing is left that the stack made: alarms first, the log group last, and that and the
    /// bucket only with [`PlanOptions::delete_data`].
    ///
    /// # Errors
    /// The first call that failed for good.
    pub fn destroy(
        stack: &CheckedStack,
        place: &Place,
        manifest: &Manifest,
        services: &dyn Services,
        pause: Pause<'_>,
        options: &PlanOptions,
    ) -> Result<Plan, Failure> {
        let wanted = Wanted::of(stack, place, &options.name);
        let context = Context { caller: Caller::new(services, pause), place };
        // What was made is what goes, though the stack may want something else by now.
        let made = |resource: &Resource| match manifest.get(&resource.id) {
            Some(entry) => Resource { wanted: entry.resource.wanted.clone(), ..resource.clone() },
            None => resource.clone(),
        };
        let mut resources: Vec<Resource> = wanted.resources.iter().map(made).collect();
        let further = manifest.entries.iter().map(|entry| &entry.resource);
        resources.extend(further.filter(|known| wanted.get(&known.id).is_none()).cloned());
        let actual = read_all(&context, resources.iter().map(|resource| &resource.id))?;
        // What is wanted comes first in both.
        let tags = log_group_tags(&wanted, &actual);
        let owners = Owners { stack: &wanted.stack, place, manifest, tags };
        let mut lapsed = Vec::new();
        let changes = deletions(&resources, &actual, &owners, options, &mut lapsed);
        let problems = obstacles::other_manifest(manifest, &wanted.stack, place);
        Ok(Plan {
            place: place.clone(),
            stack: wanted.stack.clone(),
            changes,
            problems,
            left_out: Vec::new(),
            lapsed,
        })
    }
}

/// What is there of each resource, in their order.
fn read_all<'r>(
    context: &Context<'_>,
    ids: impl Iterator<Item = &'r ResourceId>,
) -> Result<Vec<Option<Actual>>, Failure> {
    let ids: Vec<&ResourceId> = ids.collect();
    in_parallel(&ids, THREADS, |id| resource::look(context, id)).into_iter().collect()
}

/// Who tells what the stack made.
#[derive(Clone, Copy)]
pub(super) struct Owners<'o> {
    stack: &'o str,
    place: &'o Place,
    manifest: &'o Manifest,
    /// The tags of the log group.
    tags: Option<&'o Tags>,
}

impl Owners<'_> {
    /// Whether the stack made what is there.
    fn made(&self, id: &ResourceId, actual: &Actual) -> bool {
        if actual.is_elsewhere(self.place) {
            return false;
        }
        match self.manifest.get(id) {
            Some(entry) if entry.adopted => false,
            _ if id.kind.has_tags() => actual.stack() == Some(self.stack),
            Some(_) => true,
            None => self.tags.is_some_and(|tags| is_made(tags, self.stack, id)),
        }
    }

    /// Whether a resource that the stack did not make may be used by it without asking: one that was taken over before, and the
    /// bucket of a trail, which is there before the trail and whose policy is only added to.
    pub(super) fn knows(&self, resource: &Resource) -> bool {
        matches!(resource.id.kind, Kind::Bucket | Kind::BucketPolicy)
            || self.manifest.get(&resource.id).is_some_and(|entry| entry.adopted)
    }

    /// Whether what is there was there before the stack. Of a bucket's policy only the statements count: those that are added
    /// are the stack's own.
    fn has_other(&self, resource: &Resource, actual: &Actual) -> bool {
        let is_added_to = resource.id.kind == Kind::BucketPolicy
            && !actual.is_hidden
            && !resource::differences(resource, actual).is_empty();
        !is_added_to && !self.made(&resource.id, actual)
    }
}

fn log_group_tags<'a>(wanted: &Wanted, actual: &'a [Option<Actual>]) -> Option<&'a Tags> {
    let index = wanted.resources.iter().position(|resource| resource.id.kind == Kind::LogGroup)?;
    actual.get(index)?.as_ref().map(|actual| &actual.tags)
}

/// Gives the log group the tags that tell what is made, and takes the stack's tag from what is not.
fn tag_what_is_made(wanted: &mut Wanted, adopted: &[bool], gone: &[Change]) {
    let own = wanted.resources.iter().zip(adopted).filter(|(_, adopted)| !**adopted);
    let own = own.map(|(resource, _)| &resource.id).chain(made_and_kept(gone));
    let made = made_tags(&wanted.stack, own.filter(|id| !id.kind.has_tags()));
    for (resource, adopted) in wanted.resources.iter_mut().zip(adopted) {
        let Some(members) = resource.wanted.as_object_mut() else { continue };
        let Some(tags) = members.get_mut("tags").and_then(Value::as_object_mut) else { continue };
        if *adopted {
            tags.remove(resource::STACK_TAG);
            tags.remove(resource::REGION_TAG);
        }
        if resource.id.kind == Kind::LogGroup {
            tags.extend(made.clone());
        }
        if tags.is_empty() {
            members.remove("tags");
        }
    }
}

/// A log group as if other stacks told nothing in its tags of what they made.
fn without_tags_of_others(stack: &str, actual: &mut Actual) {
    if let Some(Value::Object(tags)) = actual.state.get_mut("tags") {
        tags.retain(|name, _| !is_of_another_stack(name, stack));
    }
}

/// What a stack once gave to something that was there before it: that stays, for nobody knows any more what was there too.
fn stays_given(resource: &Resource, actual: &Actual, manifest: &Manifest) -> Option<String> {
    let entry = manifest.get(&resource.id).filter(|entry| entry.adopted)?;
    let as_if_its_own = Actual { former: Some(entry.resource.wanted.clone()), ..actual.clone() };
    let is_more = resource::differences(resource, &as_if_its_own) != resource::differences(resource, actual);
    is_more.then(|| {
        format!("what the stack no longer gives to the {}: it was there before, and keeps it", resource.id)
    })
}

/// What the stack made and does not take away.
fn made_and_kept(gone: &[Change]) -> impl Iterator<Item = &ResourceId> {
    let stays = |change: &&Change| matches!(change.action, Action::Keep(reason) if reason != Kept::NotMade);
    gone.iter().filter(stays).map(|change| &change.resource.id)
}

/// What makes a log group that stays tell no more than what else stays of a stack and has no tags.
fn retag(place: &Place, stack: &str, group: &Change, tags: &Tags, changes: &[Change]) -> Vec<Call> {
    if group.resource.id.kind != Kind::LogGroup || !matches!(group.action, Action::Keep(_)) {
        return Vec::new();
    }
    let told = made_tags(stack, made_and_kept(changes).filter(|id| !id.kind.has_tags()));
    let is_own = |name: &str| name.starts_with(resource::MADE_TAG) && !is_of_another_stack(name, stack);
    let gone: Vec<&String> =
        tags.keys().filter(|name| is_own(name.as_str()) && !told.contains_key(*name)).collect();
    let arn = place.log_group_arn(&group.resource.id.name);
    let is_told = told.iter().all(|(name, value)| tags.get(name) == Some(value));
    // A group that never told anything is not begun with.
    let tells = tags.keys().any(|name| is_own(name.as_str()));
    let tag = (tells && !is_told)
        .then(|| Call::new(Operation::TagLogGroup, json!({ "resourceArn": arn, "tags": told })));
    let untag = (!gone.is_empty())
        .then(|| Call::new(Operation::UntagLogGroup, json!({ "resourceArn": arn, "tagKeys": gone })));
    tag.into_iter().chain(untag).collect()
}

/// Why what is known only to be there is left as it is.
fn why_hidden(kind: Kind) -> Kept {
    match kind {
        Kind::Trail => Kept::Elsewhere,
        _ => Kept::Hidden,
    }
}

fn change(place: &Place, resource: &Resource, actual: Option<&Actual>, adopted: bool) -> Change {
    let (action, calls) = match actual {
        None => (Action::Create, resource::create(place, resource)),
        Some(actual) if actual.is_one_of_several => (Action::Keep(Kept::OneOfSeveral), Vec::new()),
        Some(actual) if actual.is_hidden => (Action::Keep(why_hidden(resource.id.kind)), Vec::new()),
        Some(actual) => {
            let differences = resource::differences(resource, actual);
            let calls = resource::update(place, resource, actual, &differences);
            if differences.is_empty() {
                (Action::Unchanged, Vec::new())
            } else {
                (Action::Update(differences), calls)
            }
        }
    };
    Change { resource: resource.clone(), action, calls, adopted }
}

/// Sees in what is new what takes the place of something that goes. Where it could be more than one, or more than one could take
/// it, nothing does.
fn replace(changes: &mut [Change], gone: &[Change]) {
    let takes_the_place = |new: &Change, old: &Change| {
        new.action == Action::Create
            && old.action == Action::Delete
            && resource::takes_the_place(&new.resource.id, &old.resource.id)
    };
    let former_of = |new: &Change| {
        let mut former = gone.iter().filter(|old| takes_the_place(new, old));
        let (former, None) = (former.next()?, former.next()) else { return None };
        let successors = changes.iter().filter(|other| takes_the_place(other, former));
        (successors.count() == 1).then_some(former)
    };
    let formers: Vec<Option<&Change>> = changes.iter().map(former_of).collect();
    for (change, former) in changes.iter_mut().zip(formers) {
        let Some(former) = former else { continue };
        // The key first, then what else is wanted otherwise than it was.
        let (before, after) = (&former.resource, &change.resource);
        let mut found = differences(&before.id.key, &after.id.key, &|_, _, _| false);
        found.extend(differences(&before.wanted, &after.wanted, &|_, _, _| false));
        change.action = Action::Replace { former: Box::new(before.id.clone()), differences: found };
    }
}

/// What goes, in an order in which nothing goes before what needs it; what is not there any more has lapsed.
fn deletions(
    resources: &[Resource],
    actual: &[Option<Actual>],
    owners: &Owners<'_>,
    options: &PlanOptions,
    lapsed: &mut Vec<ResourceId>,
) -> Vec<Change> {
    let (mut changes, mut tags) = (Vec::new(), Vec::new());
    for (resource, actual) in resources.iter().zip(actual) {
        let Some(actual) = actual else {
            lapsed.push(resource.id.clone());
            continue;
        };
        let action = if !owners.made(&resource.id, actual) {
            Action::Keep(Kept::NotMade)
        } else if actual.is_one_of_several {
            Action::Keep(Kept::OneOfSeveral)
        } else if actual.is_hidden {
            Action::Keep(why_hidden(resource.id.kind))
        } else if resource.id.kind.holds_data() && !options.delete_data {
            Action::Keep(Kept::HoldsData)
        } else {
            Action::Delete
        };
        let calls = match action {
            Action::Delete => resource::delete(owners.place, resource, actual),
            _ => Vec::new(),
        };
        changes.push(Change { resource: resource.clone(), action, calls, adopted: false });
        tags.push(&actual.tags);
    }
    let retagged: Vec<Vec<Call>> = { changes.iter().zip(tags) }
        .map(|(change, tags)| retag(owners.place, owners.stack, change, tags, &changes))
        .collect();
    for (change, calls) in changes.iter_mut().zip(retagged) {
        change.calls.extend(calls);
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.resource.id.kind));
    changes
}

/// The statements that the bucket of a stack's trail needs; none without a trail.
pub fn needed_bucket_statements(stack: &CheckedStack, place: &Place) -> Vec<Value> {
    stack.definition().trail.as_ref().map(|trail| bucket_statements(place, trail)).unwrap_or_default()
}
