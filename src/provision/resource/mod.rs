//! What a stack is made of in an account: each kind of resource knows how it is read, made, changed and taken away.

mod alarm;
mod bucket;
mod dashboard;
mod detector;
mod log_group;
mod metric_filter;
mod query_definition;
mod role;
pub(super) mod state;
mod topic;
mod trail;

pub(super) use alarm::{ALARM_MEMBERS, wanted as wanted_alarm};
pub(super) use bucket::{wanted_bucket, wanted_policy};
pub(super) use dashboard::wanted as wanted_dashboard;
pub(super) use detector::{name_of as name_of_detector, wanted as wanted_detector};
pub(super) use log_group::{retention_of_account, wanted as wanted_log_group};
pub(super) use metric_filter::wanted as wanted_metric_filter;
pub(super) use query_definition::wanted as wanted_query_definition;
pub(super) use role::{ROLE_DESCRIPTION, ROLE_POLICY, role_name, wanted as wanted_role};
pub(super) use topic::{going_on, wanted as wanted_topic};
pub(super) use trail::wanted as wanted_trail;

use std::fmt;

use serde_json::{Map, Value, json};

use super::caller::Caller;
use super::difference::Difference;
use super::{Call, Cause, Failure, Fault, Operation, Place};

/// The tag that says which stack made a resource.
pub const STACK_TAG: &str = "trailql:stack";
/// The tag of a log group that says which of the things without tags its stack made: a digest of their names.
pub const MADE_TAG: &str = "trailql:made";
/// The tag of a role that says in which Region the stack is that made it: a role is of all Regions, a stack of one.
pub const REGION_TAG: &str = "trailql:region";

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A log group, with its retention.
    LogGroup,
    /// The bucket of a trail.
    Bucket,
    /// The statements of a bucket's policy that let a trail write.
    BucketPolicy,
    /// The role by which a trail writes into the log group, with its policy.
    Role,
    /// A trail, with its event selectors, recording.
    Trail,
    /// A metric filter.
    MetricFilter,
    /// An anomaly detector.
    AnomalyDetector,
    /// A topic, with its subscriptions.
    Topic,
    /// An alarm.
    Alarm,
    /// A saved Logs Insights query.
    QueryDefinition,
    /// A dashboard.
    Dashboard,
}

impl Kind {
    /// All of them, in the order in which they are made.
    pub const ALL: [Kind; 11] = [
        Kind::LogGroup,
        Kind::Bucket,
        Kind::BucketPolicy,
        Kind::Role,
        Kind::Trail,
        Kind::MetricFilter,
        Kind::AnomalyDetector,
        Kind::Topic,
        Kind::Alarm,
        Kind::QueryDefinition,
        Kind::Dashboard,
    ];

    /// What people call it.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::LogGroup => "log group",
            Kind::Bucket => "bucket",
            Kind::BucketPolicy => "bucket policy",
            Kind::Role => "role",
            Kind::Trail => "trail",
            Kind::MetricFilter => "metric filter",
            Kind::AnomalyDetector => "anomaly detector",
            Kind::Topic => "topic",
            Kind::Alarm => "alarm",
            Kind::QueryDefinition => "saved query",
            Kind::Dashboard => "dashboard",
        }
    }

    /// Its name in JSON.
    pub fn tag(self) -> &'static str {
        match self {
            Kind::LogGroup => "logGroup",
            Kind::Bucket => "bucket",
            Kind::BucketPolicy => "bucketPolicy",
            Kind::Role => "role",
            Kind::Trail => "trail",
            Kind::MetricFilter => "metricFilter",
            Kind::AnomalyDetector => "anomalyDetector",
            Kind::Topic => "topic",
            Kind::Alarm => "alarm",
            Kind::QueryDefinition => "queryDefinition",
            Kind::Dashboard => "dashboard",
        }
    }

    /// The kind of a [`Kind::tag`].
    pub fn of_tag(tag: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.tag() == tag)
    }

    /// Whether a tag says which stack made it. The tags of a bucket may only be replaced all at once, and those of dashboards are too
    /// new to be counted on.
    pub fn has_tags(self) -> bool {
        matches!(self, Kind::LogGroup | Kind::Role | Kind::Trail | Kind::Topic | Kind::Alarm)
    }

    /// Whether taking it away takes away what was recorded.
    pub fn holds_data(self) -> bool {
        matches!(self, Kind::LogGroup | Kind::Bucket)
    }

    /// The kinds of which one may need one of this kind, and has to go before it.
    pub(super) fn needed_by(self) -> &'static [Kind] {
        match self {
            Kind::Bucket => &[Kind::BucketPolicy, Kind::Trail],
            Kind::BucketPolicy | Kind::Role => &[Kind::Trail],
            Kind::AnomalyDetector | Kind::Topic => &[Kind::Alarm],
            // By its tags it is known what is still to go.
            Kind::LogGroup => Kind::ALL.split_at(1).1,
            Kind::Trail | Kind::MetricFilter | Kind::Alarm | Kind::QueryDefinition | Kind::Dashboard => &[],
        }
    }

    fn manage(self) -> &'static dyn Manage {
        match self {
            Kind::LogGroup => &log_group::LogGroups,
            Kind::Bucket => &bucket::Buckets,
            Kind::BucketPolicy => &bucket::BucketPolicies,
            Kind::Role => &role::Roles,
            Kind::Trail => &trail::Trails,
            Kind::MetricFilter => &metric_filter::MetricFilters,
            Kind::AnomalyDetector => &detector::AnomalyDetectors,
            Kind::Topic => &topic::Topics,
            Kind::Alarm => &alarm::Alarms,
            Kind::QueryDefinition => &query_definition::QueryDefinitions,
            Kind::Dashboard => &dashboard::Dashboards,
        }
    }
}

/// Which resource: its kind and what the service knows it by.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceId {
    /// Its kind.
    pub kind: Kind,
    /// What a person calls it.
    pub name: String,
    /// The members by which the service knows it.
    pub key: Value,
}

impl ResourceId {
    fn named(kind: Kind, member: &str, name: &str) -> Self {
        ResourceId { kind, name: name.to_owned(), key: json!({ member: name }) }
    }

    fn text(&self, member: &str) -> &str {
        self.key.get(member).and_then(Value::as_str).unwrap_or_default()
    }

    /// The same thing, whatever it is called.
    pub(super) fn is(&self, other: &ResourceId) -> bool {
        self.kind == other.kind && self.key == other.key
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind.noun(), self.name)
    }
}

/// A resource as the stack wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Which.
    pub id: ResourceId,
    /// How it is to be, under the names of the service's requests, without what is the default anyway.
    pub wanted: Value,
    /// What has to be there before.
    pub needs: Vec<ResourceId>,
}

impl Resource {
    /// Whether it is a trail that records an organization.
    pub(super) fn is_organization_trail(&self) -> bool {
        self.wanted.get("IsOrganizationTrail").and_then(Value::as_bool).unwrap_or(false)
    }
}

/// A resource as it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Actual {
    /// How it is, in the same members as it is wanted.
    pub(super) state: Value,
    /// What later calls name it by, where that is not its key: an id.
    pub(super) handle: Option<String>,
    /// Its tags; empty of what has none.
    pub(super) tags: Map<String, Value>,
    /// The Region that it lives in, or that the stack which made it lives in, where that may be another one.
    pub(super) region: Option<String>,
    /// Whether others have the same name, so that it is not known which of them is the stack's.
    pub(super) is_one_of_several: bool,
    /// Whether all that is known is that it is there: it is another account's or Region's, or may not be looked at.
    pub(super) is_hidden: bool,
    /// How the stack wanted it when it was last applied, where that is known.
    pub(super) former: Option<Value>,
}

impl Actual {
    fn of(state: Value) -> Self {
        Actual {
            state,
            handle: None,
            tags: Map::new(),
            region: None,
            is_one_of_several: false,
            is_hidden: false,
            former: None,
        }
    }

    /// What is there and cannot be looked at.
    pub(super) fn hidden() -> Self {
        Actual { is_hidden: true, ..Actual::of(json!({})) }
    }

    /// Whether it is of another Region.
    pub(super) fn is_elsewhere(&self, place: &Place) -> bool {
        self.region.as_ref().is_some_and(|region| *region != place.region)
    }

    /// The stack that made it, where a tag says so.
    pub(super) fn stack(&self) -> Option<&str> {
        self.tags.get(STACK_TAG).and_then(Value::as_str)
    }
}

/// What a kind of resource stands in.
pub(super) struct Context<'c> {
    pub(super) caller: Caller<'c>,
    pub(super) place: &'c Place,
}

/// How a kind of resource is handled. Calls of one resource are made one after the other.
trait Manage: Sync {
    /// What is there under a key.
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure>;

    /// Whether two values of a member mean the same, though they are written otherwise.
    fn same(&self, _path: &str, _before: &Value, _after: &Value) -> bool {
        false
    }

    /// What is there, in those members that are this stack's to decide: those that it wants, and those that it wanted when it was
    /// last applied, where that is known.
    fn own_part(&self, actual: &Actual, _wanted: &Value) -> Value {
        actual.state.clone()
    }

    /// What is wanted of it and is not the stack's to decide.
    fn left_out(&self, _resource: &Resource, _actual: &Actual) -> Option<String> {
        None
    }

    /// Whether one thing takes the place of another: the same to a person, with another key.
    fn takes_the_place(&self, _new: &ResourceId, _old: &ResourceId) -> bool {
        false
    }

    /// What makes it.
    fn create(&self, place: &Place, resource: &Resource) -> Vec<Call>;

    /// What makes it as it is wanted, where it is otherwise.
    fn update(
        &self,
        place: &Place,
        resource: &Resource,
        actual: &Actual,
        differences: &[Difference],
    ) -> Vec<Call>;

    /// What takes it away.
    fn delete(&self, place: &Place, resource: &Resource, actual: &Actual) -> Vec<Call>;

    /// Its ARN, or the closest that a policy can name it by.
    fn arn(&self, place: &Place, id: &ResourceId) -> String;

    /// What a policy must allow for it to be read, made, changed and taken away.
    fn operations(&self) -> &'static [Operation];
}

/// What is there of a resource.
pub(super) fn read(context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
    id.kind.manage().read(context, id)
}

/// The same, where what may not be looked at and may be another account's counts as there.
pub(super) fn look(context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
    match read(context, id) {
        Err(failure) if is_hidden(id.kind, &failure.fault) => Ok(Some(Actual::hidden())),
        answer => answer,
    }
}

/// A bucket of another account, such as a log archive, shows itself or its policy to nobody else, and S3 says so in two ways.
fn is_hidden(kind: Kind, fault: &Fault) -> bool {
    let is_of_a_bucket = matches!(kind, Kind::Bucket | Kind::BucketPolicy);
    let is_not_allowed = matches!(fault, Fault::Service { code, .. } if code == "MethodNotAllowed");
    is_of_a_bucket && (is_not_allowed || fault.cause() == Cause::Denied)
}

/// What differs between what is there and what is wanted.
pub(super) fn differences(resource: &Resource, actual: &Actual) -> Vec<Difference> {
    let manage = resource.id.kind.manage();
    let own = manage.own_part(actual, &resource.wanted);
    super::difference::differences(&own, &resource.wanted, &|path, before, after| {
        manage.same(path, before, after)
    })
}

/// What is wanted of a resource and is not the stack's to decide.
pub(super) fn left_out(resource: &Resource, actual: &Actual) -> Option<String> {
    resource.id.kind.manage().left_out(resource, actual)
}

/// Whether one thing takes the place of another of its kind.
pub(super) fn takes_the_place(new: &ResourceId, old: &ResourceId) -> bool {
    new.kind == old.kind && !new.is(old) && new.kind.manage().takes_the_place(new, old)
}

/// The calls that make a resource.
pub(super) fn create(place: &Place, resource: &Resource) -> Vec<Call> {
    resource.id.kind.manage().create(place, resource)
}

/// The calls that change it.
pub(super) fn update(
    place: &Place,
    resource: &Resource,
    actual: &Actual,
    differences: &[Difference],
) -> Vec<Call> {
    resource.id.kind.manage().update(place, resource, actual, differences)
}

/// The calls that take it away.
pub(super) fn delete(place: &Place, resource: &Resource, actual: &Actual) -> Vec<Call> {
    resource.id.kind.manage().delete(place, resource, actual)
}

/// The ARN of a resource, or the closest that a policy can name it by.
pub(super) fn arn(place: &Place, id: &ResourceId) -> String {
    id.kind.manage().arn(place, id)
}

/// The operations on a kind of resource.
pub(super) fn operations(kind: Kind) -> &'static [Operation] {
    kind.manage().operations()
}
