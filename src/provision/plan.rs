//! The plan: what is there against what is wanted, as changes with the calls that make them; and what stands in the way.

use serde_json::Value;

use super::caller::{Caller, Failure, Pause};
use super::difference::Difference;
use super::documents::bucket_statements;
use super::manifest::{is_made, made_tags};
use super::parallel::in_parallel;
use super::resource::{self, Actual, Context, Kind, Resource, ResourceId};
use super::{Call, Manifest, Operation, Place, Services, Wanted};
use crate::FilterPattern;
use crate::stack::CheckedStack;

/// How many resources are read or changed at once.
pub(super) const THREADS: usize = 4;

/// What a person allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// What the stack is called where it does not say so itself.
    pub name: String,
    /// Resources that are there and were not made by the stack are changed to what it wants, and stay when it goes.
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
    /// It is taken away.
    Delete,
    /// It is there as it is wanted, and from now on counts as used by the stack, which did not make it.
    Adopt,
    /// It is there as it is wanted.
    Unchanged,
    /// It is not this stack's to take away, or holds data, and stays; why.
    Keep(&'static str),
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
        !matches!(self.action, Action::Unchanged | Action::Keep(_))
    }
}

/// What has to be done before a plan can be carried out.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The trail's bucket does not exist.
    #[error("there is no bucket `{0}` for the trail")]
    NoBucket(String),
    /// The bucket does not let the trail write.
    #[error("the policy of the bucket `{bucket}` lacks {} of the statements that the trail needs", .lacking.len())]
    BucketPolicy {
        /// The bucket.
        bucket: String,
        /// The statements that it lacks.
        lacking: Vec<Value>,
    },
    /// Something of this name is there, made by somebody else.
    #[error("{id} is there already, and {}", .owner.as_ref().map_or("this stack did not make it".to_owned(), |owner| format!("the stack `{owner}` made it")))]
    Foreign {
        /// What.
        id: Box<ResourceId>,
        /// The stack that made it, where that is known.
        owner: Option<String>,
    },
    /// A quota would be exceeded.
    #[error("{what}: {used} are in use, {more} more are wanted, and the quota is {most}")]
    Quota {
        /// Of what.
        what: &'static str,
        /// How many there are.
        used: usize,
        /// How many would be added.
        more: usize,
        /// How many there can be.
        most: usize,
    },
    /// The trail lives in another Region.
    #[error("the trail `{trail}` lives in {home}, and can be changed only there")]
    HomeRegion {
        /// The trail.
        trail: String,
        /// Its Region.
        home: String,
    },
    /// A request that the service would refuse.
    #[error("{0}")]
    Request(super::constraints::Violation),
    /// The manifest is of another account or Region.
    #[error("the manifest was written for the account {account} in {region}, and this is {}", .here)]
    OtherPlace {
        /// The account of the manifest.
        account: String,
        /// Its Region.
        region: String,
        /// Where the credentials lead to.
        here: String,
    },
}

impl Problem {
    /// The way out.
    pub fn help(&self) -> String {
        match self {
            Problem::NoBucket(_) => "make it, or let `--create-bucket` make it".to_owned(),
            Problem::BucketPolicy { .. } => {
                "add them (`trailql plan --bucket-statements` prints them), or let `--bucket-policy` add them; what else the \
                 policy says stays"
                    .to_owned()
            }
            Problem::Foreign { owner: Some(_), .. } => {
                "give it another name, or take it out of one of the stacks".to_owned()
            }
            Problem::Foreign { owner: None, .. } => {
                "give it another name, or take it over with `--adopt`: it is changed to what the stack wants, and stays when \
                 the stack is destroyed"
                    .to_owned()
            }
            Problem::Quota { .. } => "take some away, or use another log group".to_owned(),
            Problem::Request(_) => "change the stack: nothing is sent before all of it is legal".to_owned(),
            Problem::HomeRegion { home, .. } => format!("write `region = \"{home}\"` into the stack"),
            Problem::OtherPlace { .. } => {
                "use the credentials and the region of that account, or another manifest (`--manifest`)".to_owned()
            }
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
        let actual = read_all(&context, wanted.resources.iter().map(|resource| &resource.id))?;
        let name = wanted.stack.clone();
        let owners = Owners { stack: &name, manifest, tags: log_group_tags(&wanted, &actual) };
        let adopted: Vec<bool> = wanted
            .resources
            .iter()
            .zip(&actual)
            .map(|(resource, actual)| {
                actual.as_ref().is_some_and(|actual| owners.has_other(resource, actual))
            })
            .collect();
        let mut problems = other_place(manifest, place);
        problems.extend(foreign(&wanted, &actual, &adopted, &owners, options));
        tag_what_is_made(&mut wanted, &adopted);

        let mut changes = Vec::new();
        for ((resource, actual), adopted) in wanted.resources.iter().zip(&actual).zip(&adopted) {
            let mut change = change(place, resource, actual.as_ref(), *adopted);
            if change.action == Action::Unchanged && *adopted && !owners.knows(resource) {
                change.action = Action::Adopt;
            }
            changes.push(change);
        }
        problems.extend(bucket_problems(&changes, options));
        problems.extend(home_region(&wanted, &actual, place));
        problems.extend(filter_quotas(&context, &wanted, &changes)?);

        let gone = manifest
            .entries
            .iter()
            .filter(|entry| !entry.adopted && wanted.get(&entry.resource.id).is_none());
        let gone: Vec<Resource> = gone.map(|entry| entry.resource.clone()).collect();
        changes.extend(deletions(&context, &gone, &Owners { tags: None, ..owners }, options)?);
        problems.extend(refused_requests(&changes));
        Ok(Plan { place: place.clone(), stack: wanted.stack, changes, problems, left_out: wanted.left_out })
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
        let group = wanted.resources.iter().find(|resource| resource.id.kind == Kind::LogGroup);
        let tags = match group {
            Some(group) => resource::read(&context, &group.id)?.map(|actual| actual.tags),
            None => None,
        };
        let owners = Owners { stack: &wanted.stack, manifest, tags: tags.as_ref() };
        let changes = deletions(&context, &resources, &owners, options)?;
        let problems = other_place(manifest, place);
        Ok(Plan {
            place: place.clone(),
            stack: wanted.stack.clone(),
            changes,
            problems,
            left_out: Vec::new(),
        })
    }
}

/// What is there of each resource, in their order.
fn read_all<'r>(
    context: &Context<'_>,
    ids: impl Iterator<Item = &'r ResourceId>,
) -> Result<Vec<Option<Actual>>, Failure> {
    let ids: Vec<&ResourceId> = ids.collect();
    in_parallel(&ids, THREADS, |id| resource::read(context, id)).into_iter().collect()
}

/// Who tells what the stack made.
#[derive(Clone, Copy)]
struct Owners<'o> {
    stack: &'o str,
    manifest: &'o Manifest,
    /// The tags of the log group.
    tags: Option<&'o serde_json::Map<String, Value>>,
}

impl Owners<'_> {
    /// Whether the stack made what is there.
    fn made(&self, id: &ResourceId, actual: &Actual) -> bool {
        match self.manifest.get(id) {
            Some(entry) => !entry.adopted && actual.stack().is_none_or(|stack| stack == self.stack),
            None if id.kind.has_tags() => actual.stack() == Some(self.stack),
            None => self.tags.is_some_and(|tags| is_made(tags, id)),
        }
    }

    /// Whether a resource that the stack did not make may be used by it without asking: one that was taken over before, and the
    /// bucket of a trail, which is there before the trail and whose policy is only added to.
    fn knows(&self, resource: &Resource) -> bool {
        matches!(resource.id.kind, Kind::Bucket | Kind::BucketPolicy)
            || self.manifest.get(&resource.id).is_some_and(|entry| entry.adopted)
    }

    /// Whether what is there was there before the stack. Of a bucket's policy only the statements count: those that are added
    /// are the stack's own.
    fn has_other(&self, resource: &Resource, actual: &Actual) -> bool {
        let is_added_to =
            resource.id.kind == Kind::BucketPolicy && !resource::differences(resource, actual).is_empty();
        !is_added_to && !self.made(&resource.id, actual)
    }
}

fn log_group_tags<'a>(
    wanted: &Wanted,
    actual: &'a [Option<Actual>],
) -> Option<&'a serde_json::Map<String, Value>> {
    let index = wanted.resources.iter().position(|resource| resource.id.kind == Kind::LogGroup)?;
    actual.get(index)?.as_ref().map(|actual| &actual.tags)
}

/// Gives the log group the tags that tell what is made, and takes the stack's tag from what is not.
fn tag_what_is_made(wanted: &mut Wanted, adopted: &[bool]) {
    let own = wanted
        .resources
        .iter()
        .zip(adopted)
        .filter(|(resource, adopted)| !**adopted && !resource.id.kind.has_tags());
    let made = made_tags(own.map(|(resource, _)| &resource.id));
    for (resource, adopted) in wanted.resources.iter_mut().zip(adopted) {
        let Some(members) = resource.wanted.as_object_mut() else { continue };
        let Some(tags) = members.get_mut("tags").and_then(Value::as_object_mut) else { continue };
        if *adopted {
            tags.remove(resource::STACK_TAG);
        }
        if resource.id.kind == Kind::LogGroup {
            tags.extend(made.clone());
        }
        if tags.is_empty() {
            members.remove("tags");
        }
    }
}

fn change(place: &Place, resource: &Resource, actual: Option<&Actual>, adopted: bool) -> Change {
    let (action, calls) = match actual {
        None => (Action::Create, resource::create(place, resource)),
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

/// What goes, in an order in which nothing goes before what needs it.
fn deletions(
    context: &Context<'_>,
    resources: &[Resource],
    owners: &Owners<'_>,
    options: &PlanOptions,
) -> Result<Vec<Change>, Failure> {
    let actual = read_all(context, resources.iter().map(|resource| &resource.id))?;
    let mut changes = Vec::new();
    for (resource, actual) in resources.iter().zip(&actual) {
        let Some(actual) = actual else { continue };
        let action = if !owners.made(&resource.id, actual) {
            Action::Keep("this stack did not make it")
        } else if resource.id.kind.holds_data() && !options.delete_data {
            Action::Keep("it holds data; `--delete-data` takes it away too")
        } else {
            Action::Delete
        };
        let calls = match action {
            Action::Delete => resource::delete(context.place, resource, actual),
            _ => Vec::new(),
        };
        changes.push(Change { resource: resource.clone(), action, calls, adopted: false });
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.resource.id.kind));
    Ok(changes)
}

fn other_place(manifest: &Manifest, place: &Place) -> Vec<Problem> {
    let is_here =
        manifest.entries.is_empty() || (manifest.account == place.account && manifest.region == place.region);
    let problem = || Problem::OtherPlace {
        account: manifest.account.clone(),
        region: manifest.region.clone(),
        here: format!("{} in {}", place.account, place.region),
    };
    if is_here { Vec::new() } else { vec![problem()] }
}

/// What is there of the stack's names and is somebody else's.
fn foreign(
    wanted: &Wanted,
    actual: &[Option<Actual>],
    adopted: &[bool],
    owners: &Owners<'_>,
    options: &PlanOptions,
) -> Vec<Problem> {
    let mut found = Vec::new();
    for ((resource, actual), adopted) in wanted.resources.iter().zip(actual).zip(adopted) {
        let Some(actual) = actual.as_ref().filter(|_| *adopted) else { continue };
        let owner = actual.stack().filter(|owner| *owner != wanted.stack).map(str::to_owned);
        let is_in_the_way = owner.is_some() || !(owners.knows(resource) || options.adopt);
        if is_in_the_way {
            found.push(Problem::Foreign { id: Box::new(resource.id.clone()), owner });
        }
    }
    found
}

/// A bucket that is not there, and a policy that lacks statements, where nobody asked that it be made.
fn bucket_problems(changes: &[Change], options: &PlanOptions) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut is_missing = false;
    for change in changes {
        let bucket = change.resource.id.name.clone();
        match change.resource.id.kind {
            Kind::Bucket if change.action == Action::Create && !options.create_bucket => {
                is_missing = true;
                found.push(Problem::NoBucket(bucket));
            }
            Kind::BucketPolicy if change.is_change() && !options.bucket_policy && !is_missing => {
                let statements = change.resource.wanted.get("Statement").and_then(Value::as_array);
                let held = match &change.action {
                    Action::Update(differences) => {
                        let before = differences.first().and_then(|one| one.before.as_ref());
                        before.and_then(Value::as_array).cloned().unwrap_or_default()
                    }
                    _ => Vec::new(),
                };
                let lacking = statements.into_iter().flatten().filter(|one| !held.contains(one)).cloned();
                found.push(Problem::BucketPolicy { bucket, lacking: lacking.collect() });
            }
            _ => {}
        }
    }
    found
}

fn home_region(wanted: &Wanted, actual: &[Option<Actual>], place: &Place) -> Option<Problem> {
    let found = wanted.resources.iter().zip(actual).find(|(resource, _)| resource.id.kind == Kind::Trail)?;
    let (trail, Some(actual)) = found else { return None };
    let home = actual.region.as_ref().filter(|home| **home != place.region)?;
    Some(Problem::HomeRegion { trail: trail.id.name.clone(), home: home.clone() })
}

/// What the services' models and pages have against the requests, before one of them is sent.
fn refused_requests(changes: &[Change]) -> impl Iterator<Item = Problem> {
    changes.iter().flat_map(|change| &change.calls).flat_map(super::constraints::check).map(Problem::Request)
}

/// Filters beyond what a log group can have (`spec/filter-pattern.md` 4.4).
fn filter_quotas(
    context: &Context<'_>,
    wanted: &Wanted,
    changes: &[Change],
) -> Result<Vec<Problem>, Failure> {
    const FILTERS: usize = 100;
    const WITH_REGEX: usize = 5;
    let new = changes
        .iter()
        .filter(|change| change.resource.id.kind == Kind::MetricFilter && change.action == Action::Create);
    let new: Vec<&Change> = new.collect();
    let group = wanted.resources.iter().find(|resource| resource.id.kind == Kind::LogGroup);
    let Some(group) = group.filter(|_| !new.is_empty()) else { return Ok(Vec::new()) };
    let look = Call::new(Operation::DescribeMetricFilters, group.id.key.clone());
    let answer = context.caller.look(&look)?.unwrap_or_default();
    let there = answer.get("metricFilters").and_then(Value::as_array).cloned().unwrap_or_default();
    let has_regex = |filter: &Value| {
        let pattern = filter.get("filterPattern").and_then(Value::as_str).unwrap_or_default();
        FilterPattern::parse(pattern).is_ok_and(|pattern| pattern.has_regex())
    };
    let count = |what, used: usize, more: usize, most| {
        (more > 0 && used + more > most).then_some(Problem::Quota { what, used, more, most })
    };
    let regexes = there.iter().filter(|filter| has_regex(filter)).count();
    let new_regexes = new.iter().filter(|change| has_regex(&change.resource.wanted)).count();
    let found = [
        count("metric filters of the log group", there.len(), new.len(), FILTERS),
        count("metric filters with a regex of the log group", regexes, new_regexes, WITH_REGEX),
    ];
    Ok(found.into_iter().flatten().collect())
}

/// The statements that the bucket of a stack's trail needs; none without a trail.
pub fn needed_bucket_statements(stack: &CheckedStack, place: &Place) -> Vec<Value> {
    stack.definition().trail.as_ref().map(|trail| bucket_statements(place, trail)).unwrap_or_default()
}
