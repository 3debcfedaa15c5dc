//! An AWS account in memory, for tests: answers as AWS's pages and the specification say, keeps all calls, fails on demand.
//!
//! It shares no rule with `trailql::provision::constraints`: what it refuses it refuses by its own reading of the pages.
//! The language of filter patterns is the one thing it takes from the crate. Texts of refusals marked "seen" are the
//! service's own, from the specification or from public reports; the others only have the right code.
//!
//! Lists come whole, without tokens, as `Services` asks for.
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "shared by several tests, none of which uses everything; a test tells by failing"
)]

mod alarms;
mod cloudwatch;
mod dashboards;
mod detectors;
mod faults;
mod iam;
mod logs;
mod metric_filters;
mod organization;
mod policy;
mod request;
mod s3;
mod selectors;
mod sns;
mod tags;
mod trails;
mod world;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use trailql::provision::{Access, Call, Fault, Operation, Services};

pub(crate) use faults::{Failure, When};
pub(crate) use organization::Organization;
pub(crate) use world::Quotas;

use faults::Faults;
use world::World;

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "eu-central-1";

/// An account, empty at first.
pub(crate) struct Account {
    inner: Mutex<Inner>,
}

struct Inner {
    world: World,
    faults: Faults,
    calls: Vec<Recorded>,
}

/// A call that was made, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Recorded {
    pub(crate) call: Call,
    pub(crate) answer: Result<Value, Fault>,
    /// Whether the service saw it; false where a fault came instead.
    pub(crate) carried_out: bool,
}

impl Account {
    pub(crate) fn new() -> Self {
        let inner = Inner { world: World::new(), faults: Faults::default(), calls: Vec::new() };
        Account { inner: Mutex::new(inner) }
    }

    /// The management account of an organization, or another one of its accounts.
    pub(crate) fn in_organization(self, organization: Organization) -> Self {
        self.inner().world.organization = Some(organization);
        self
    }

    pub(crate) fn is_in_organization(&self) -> bool {
        self.inner().world.organization.is_some()
    }

    /// Later calls come from another Region.
    pub(crate) fn move_to(&self, region: &str) {
        self.inner().world.context.region = region.to_owned();
    }

    pub(crate) fn quotas(&self, change: impl FnOnce(&mut Quotas)) {
        change(&mut self.inner().world.quotas);
    }

    /// A bucket that somebody else owns, and the policy that its owner gave it.
    pub(crate) fn foreign_bucket(&self, name: &str, policy: Option<&Value>) {
        self.inner().world.s3.add_foreign(name, policy.map(Value::to_string));
    }

    /// CloudTrail does not see a bucket's policy, however good, the next so many times.
    pub(crate) fn bucket_visible_after(&self, refusals: usize) {
        self.inner().world.s3.refusals_of_policies = refusals;
    }

    /// Something is in the bucket from now on, so that it cannot be deleted.
    pub(crate) fn fill_bucket(&self, name: &str) {
        self.inner().world.s3.fill(name);
    }

    /// Whoever has this endpoint confirms its subscriptions.
    pub(crate) fn confirm_subscriptions(&self, endpoint: &str) {
        self.inner().world.here().sns.confirm(endpoint);
    }

    /// Whoever has this endpoint ends its subscriptions.
    pub(crate) fn end_subscriptions(&self, endpoint: &str) {
        self.inner().world.here().sns.end(endpoint);
    }

    /// A policy of the account from now on decides how long all log groups of the Region keep events.
    pub(crate) fn retention_policy(&self, name: &str, days: Option<i64>) {
        self.inner().world.here().logs.retention_policy = Some((name.to_owned(), days));
    }

    /// Descriptions name defaults that were not set, such as `AdaptationSpeed` `NORMAL`, as some services do.
    pub(crate) fn describe_defaults(&self, whether: bool) {
        self.inner().world.context.describes_defaults = whether;
    }

    /// Settings of an anomaly detector that a request does not say stay as they are.
    pub(crate) fn keep_settings(&self, whether: bool) {
        self.inner().world.context.keeps_settings = whether;
    }

    /// CloudTrail refuses a new role the first so many times.
    pub(crate) fn role_visible_after(&self, refusals: usize) {
        self.inner().world.iam.refusals_of_new_roles = refusals;
    }

    /// A fault to come.
    pub(crate) fn inject(&self, when: When, failure: Failure) {
        self.inner().faults.add(when, failure);
    }

    /// No more faults.
    pub(crate) fn heal(&self) {
        self.inner().faults = Faults::default();
    }

    /// All calls, in order.
    pub(crate) fn calls(&self) -> Vec<Recorded> {
        self.inner().calls.clone()
    }

    /// The calls that are not reads, in order.
    pub(crate) fn changes(&self) -> Vec<Recorded> {
        let mut calls = self.calls();
        calls.retain(|recorded| recorded.call.operation.access() != Access::Read);
        calls
    }

    /// The calls of one operation.
    pub(crate) fn calls_of(&self, operation: Operation) -> Vec<Call> {
        self.calls()
            .into_iter()
            .map(|recorded| recorded.call)
            .filter(|call| call.operation == operation)
            .collect()
    }

    /// Forgets the calls that were made; faults count from here.
    pub(crate) fn forget_calls(&self) {
        let mut inner = self.inner();
        inner.calls.clear();
        inner.faults.start_over();
    }

    /// Everything that there is, without ids and times: equal for accounts in the same state.
    pub(crate) fn snapshot(&self) -> Value {
        self.inner().world.snapshot()
    }

    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.snapshot() == World::new().snapshot()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Services for Account {
    fn call(&self, call: &Call) -> Result<Value, Fault> {
        let mut inner = self.inner();
        let failure = inner.faults.next(call.operation);
        let carried_out = failure
            .is_none_or(|failure| matches!(failure, Failure::NoAnswerAfter | Failure::ServerErrorAfter));
        let answer = if carried_out { inner.world.call(call) } else { Ok(Value::Null) };
        let answer = match failure {
            Some(failure) => Err(failure.fault(call.operation, &inner.world.context)),
            None => answer,
        };
        inner.calls.push(Recorded { call: call.clone(), answer: answer.clone(), carried_out });
        answer
    }
}
