//! A plan carried out: what does not wait for one another side by side, what fails told apart from what was not tried.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Mutex;

use serde_json::{Value, json};

use super::caller::{Caller, Failure, Pause};
use super::parallel::in_parallel;
use super::plan::THREADS;
use super::quota;
use super::resource::{self, Context, Kind, ResourceId};
use super::{Access, Action, Call, Cause, Change, Operation, Plan, Services};

/// What happens while a plan is carried out.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'e> {
    /// A change begins: from here on it may have been made, whatever comes.
    Started(&'e Change),
    /// It is done.
    Done(&'e Change),
    /// It failed for good; what was called before the failed call is done.
    Failed(&'e Change, &'e Failure),
}

/// What became of a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// What was done.
    pub done: Vec<ResourceId>,
    /// What failed, at which call.
    pub failed: Vec<(ResourceId, Failure)>,
    /// What was not tried, for something that it needs or follows failed.
    pub not_tried: Vec<ResourceId>,
    /// What the services said of what they took: of which dashboard, and what.
    pub remarks: Vec<(ResourceId, String)>,
}

impl Outcome {
    /// Whether everything was done.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_tried.is_empty()
    }
}

impl Plan {
    /// Carries the plan out. `tell` hears of each step, from several threads, one at a time.
    ///
    /// A plan with [`problems`](Plan::problems) is not carried out: nothing is called, and everything counts as not tried. What
    /// a failure leaves undone, a new plan contains.
    ///
    /// ```
    /// use serde_json::{Value, json};
    /// use trailql::provision::{Call, Fault, Manifest, Operation, Place, Plan, PlanOptions, Services};
    /// use trailql::stack::Stack;
    ///
    /// /// An account in which nothing is, and in which one may do nothing.
    /// struct Closed;
    /// impl Services for Closed {
    ///     fn call(&self, call: &Call) -> Result<Value, Fault> {
    ///         match call.operation {
    ///             Operation::DescribeLogGroups => Ok(json!({ "logGroups": [] })),
    ///             _ => Err(Fault::service("AccessDeniedException", "no")),
    ///         }
    ///     }
    /// }
    /// let place = Place {
    ///     account: "111122223333".into(),
    ///     partition: "aws".into(),
    ///     region: "us-east-1".into(),
    ///     organization: None,
    /// };
    /// let source = "name = 'watch'\n[logGroup]\nlogGroupName = 'trail'\n";
    /// let stack = Stack::parse(source)?.check(source).ast.unwrap();
    /// let pause = |_| ();
    /// let manifest = Manifest::new("watch", &place);
    /// let plan = Plan::apply(&stack, &place, &manifest, &Closed, &pause, &PlanOptions::default())?;
    /// let outcome = plan.run(&Closed, &pause, &|_| ());
    /// assert_eq!(outcome.failed[0].1.to_string(), "logs:CreateLogGroup: AccessDeniedException: no");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run(
        &self,
        services: &dyn Services,
        pause: Pause<'_>,
        tell: &(dyn Fn(Event<'_>) + Sync),
    ) -> Outcome {
        let mut outcome = Outcome::default();
        if !self.problems.is_empty() {
            let changes = self.changes.iter().filter(|change| change.is_change());
            outcome.not_tried = changes.map(|change| change.resource.id.clone()).collect();
            return outcome;
        }
        let context = Context { caller: Caller::new(services, pause), place: &self.place };
        let telling = Mutex::new(());
        let tell = |event: Event<'_>| {
            let _one_at_a_time = telling.lock();
            tell(event);
        };
        let carried_out = |change: &&Change| {
            tell(Event::Started(change));
            let result = carry_out(&context, &self.stack, change)
                .map_err(|failure| quota::counted(&context.caller, failure));
            tell(match &result {
                Ok(_) => Event::Done(change),
                Err(failure) => Event::Failed(change, failure),
            });
            result
        };
        for wave in self.waves() {
            let (ready, blocked): (Vec<&Change>, Vec<&Change>) =
                wave.into_iter().partition(|change| !outcome.stops(change, &self.changes));
            outcome.not_tried.extend(blocked.iter().map(|change| change.resource.id.clone()));
            let results = in_parallel(&ready, THREADS, carried_out);
            for (change, result) in ready.iter().zip(results) {
                let id = change.resource.id.clone();
                match result {
                    Ok(remarks) => {
                        outcome.remarks.extend(remarks.into_iter().map(|remark| (id.clone(), remark)));
                        outcome.done.push(id);
                    }
                    Err(failure) => outcome.failed.push((id, failure)),
                }
            }
        }
        outcome
    }

    /// The changes in groups, each of which waits for those before: first what is wanted, each behind what it needs; then what
    /// goes, by kind.
    fn waves(&self) -> Vec<Vec<&Change>> {
        let (going, mut waiting): (Vec<&Change>, Vec<&Change>) = self
            .changes
            .iter()
            .filter(|change| change.is_change())
            .partition(|change| change.action.is_at_the_end());
        let mut waves: Vec<Vec<&Change>> = Vec::new();
        while !waiting.is_empty() {
            let needs_a_waiting_one = |change: &&Change| {
                let needs = &change.resource.needs;
                needs.iter().any(|id| waiting.iter().any(|other| other.resource.id.is(id)))
            };
            let (later, now): (Vec<&Change>, Vec<&Change>) =
                waiting.iter().partition(|change| needs_a_waiting_one(change));
            // Needs never go round in a circle; were they to, the rest would go as it stands.
            if now.is_empty() {
                waves.push(later);
                break;
            }
            waves.push(now);
            waiting = later;
        }
        for change in going {
            match waves.last_mut() {
                Some(wave) if is_same_going(wave, change) => wave.push(change),
                _ => waves.push(vec![change]),
            }
        }
        waves
    }
}

fn is_same_going(wave: &[&Change], change: &Change) -> bool {
    wave.iter().all(|other| other.action.is_at_the_end() && other.resource.id.kind == change.resource.id.kind)
}

impl Outcome {
    /// Whether a change needs something that failed. Nothing goes before all that is wanted is there, for it may be what something
    /// new takes the place of, and nothing before what needs it.
    fn stops(&self, change: &Change, all: &[Change]) -> bool {
        let is_undone = |id: &ResourceId| {
            self.failed.iter().any(|(failed, _)| failed.is(id))
                || self.not_tried.iter().any(|other| other.is(id))
        };
        if !change.action.is_at_the_end() {
            return change.resource.needs.iter().any(is_undone);
        }
        let needed_by = change.resource.id.kind.needed_by();
        let is_before =
            |other: &&Change| !other.action.is_at_the_end() || needed_by.contains(&other.resource.id.kind);
        all.iter().filter(is_before).any(|other| is_undone(&other.resource.id))
    }
}

/// Makes the calls of a change, one after the other. What the services say of what they took is returned.
fn carry_out(context: &Context<'_>, stack: &str, change: &Change) -> Result<Vec<String>, Failure> {
    let mut remarks = Vec::new();
    for call in calls(context, change)?.iter() {
        let call = &*with_token(call);
        match context.caller.call(call) {
            Ok(answer) => remarks.extend(remarks_of(&answer)),
            Err(failure) if is_done_anyway(context, stack, change, call, &failure)? => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(remarks)
}

/// What CloudWatch finds in a dashboard that it takes all the same.
fn remarks_of(answer: &Value) -> Vec<String> {
    let found = answer.get("DashboardValidationMessages").and_then(Value::as_array).into_iter().flatten();
    let text = |one: &Value, member: &str| one.get(member).and_then(Value::as_str).map(str::to_owned);
    let remark = |one: &Value| match (text(one, "DataPath"), text(one, "Message")) {
        (Some(path), Some(message)) if !path.is_empty() => Some(format!("{path}: {message}")),
        (_, message) => message,
    };
    found.filter_map(remark).collect()
}

/// A new saved query with a token, by which the service knows the second try for the first.
fn with_token(call: &Call) -> Cow<'_, Call> {
    if call.operation != Operation::PutQueryDefinition || call.access() != Access::Create {
        return Cow::Borrowed(call);
    }
    let half = || RandomState::new().build_hasher().finish();
    let token = json!(format!("trailql-{:016x}{:016x}", half(), half()));
    let mut call = call.clone();
    call.input.insert("clientToken".to_owned(), token);
    Cow::Owned(call)
}

/// The calls of a change. A policy is written as a whole, and others may have changed it since the plan was read: it is read
/// again right before.
fn calls<'c>(context: &Context<'_>, change: &'c Change) -> Result<Cow<'c, [Call]>, Failure> {
    let resource = &change.resource;
    if resource.id.kind != Kind::BucketPolicy {
        return Ok(Cow::Borrowed(&change.calls));
    }
    let goes = change.action == Action::Delete;
    Ok(Cow::Owned(match resource::read(context, &resource.id)? {
        None if goes => Vec::new(),
        None => resource::create(context.place, resource),
        Some(actual) if goes => resource::delete(context.place, resource, &actual),
        Some(actual) => match resource::differences(resource, &actual) {
            differences if differences.is_empty() => Vec::new(),
            differences => resource::update(context.place, resource, &actual, &differences),
        },
    }))
}

/// Whether what a failed call was to do is done: something to be taken away is gone, something to be made is there. A call
/// without an answer may have been carried out, and a throttled one may have been at an earlier try.
fn is_done_anyway(
    context: &Context<'_>,
    stack: &str,
    change: &Change,
    call: &Call,
    failure: &Failure,
) -> Result<bool, Failure> {
    match (call.access(), failure.fault.cause()) {
        (Access::Delete, Cause::Missing) => Ok(true),
        (Access::Create, Cause::Exists | Cause::Unknown) => {
            let Some(actual) = resource::read(context, &change.resource.id)? else {
                return retried(context, call, failure);
            };
            // Tags come with what is made; without tags, what is there has to be what was to be made.
            Ok(if actual.is_elsewhere(context.place) {
                false
            } else if change.resource.id.kind.has_tags() && !change.adopted {
                actual.stack() == Some(stack)
            } else {
                resource::differences(&change.resource, &actual).is_empty()
            })
        }
        _ => Ok(false),
    }
}

/// One more try of a call that had no answer and, as can be seen, was not carried out.
fn retried(context: &Context<'_>, call: &Call, failure: &Failure) -> Result<bool, Failure> {
    if failure.fault.cause() != Cause::Unknown {
        return Ok(false);
    }
    context.caller.call(call).map(|_| true)
}
