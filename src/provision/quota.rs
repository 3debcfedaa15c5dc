//! Quotas: how many of a thing there are and can be, counted before filters are made, and where a service refuses another one.

use std::fmt;

use serde_json::{Value, json};

use super::caller::{Caller, Failure};
use super::difference::Difference;
use super::resource::{Context, Kind};
use super::{Action, Call, Cause, Change, Operation, Problem};
use crate::FilterPattern;

/// How much of a quota is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// What is counted.
    pub what: &'static str,
    /// How many there are.
    pub used: usize,
    /// How many there can be; none where an account may have a quota of its own.
    pub most: Option<usize>,
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            Some(most) => write!(f, "{} of {most} {}", self.used, self.what),
            None => write!(f, "{} {}", self.used, self.what),
        }
    }
}

const FILTERS: (&str, usize) = ("metric filters of the log group", 100);
const REGEX_FILTERS: (&str, usize) = ("metric filters with a regex of the log group", 5);

/// Filters beyond what a log group can have (`spec/filter-pattern.md` 4.4). What is taken away is so only behind what is made.
pub(super) fn filter_quotas(context: &Context<'_>, changes: &[Change]) -> Result<Vec<Problem>, Failure> {
    let mut groups: Vec<(Value, [usize; 2])> = Vec::new();
    for change in changes.iter().filter(|change| change.resource.id.kind == Kind::MetricFilter) {
        let Some(group) = change.resource.id.key.get("logGroupName") else { continue };
        let more = [is_new(change), gets_a_regex(change)].map(usize::from);
        match groups.iter_mut().find(|(known, _)| known == group) {
            Some((_, counts)) => counts.iter_mut().zip(more).for_each(|(count, more)| *count += more),
            None => groups.push((group.clone(), more)),
        }
    }
    let mut found = Vec::new();
    for (group, more) in groups.iter().filter(|(_, more)| more.iter().any(|count| *count > 0)) {
        for (usage, more) in filters_in_use(&context.caller, group)?.into_iter().zip(*more) {
            let Usage { what, used, most: Some(most) } = usage else { continue };
            if more > 0 && used + more > most {
                found.push(Problem::Quota { what, used, more, most });
            }
        }
    }
    Ok(found)
}

fn is_new(change: &Change) -> bool {
    matches!(change.action, Action::Create | Action::Replace { .. })
}

/// Whether a filter has a regex when the change is done and had none before.
fn gets_a_regex(change: &Change) -> bool {
    let is_changed = |differences: &[Difference]| {
        let pattern = differences.iter().find(|one| one.path == "filterPattern");
        pattern.is_some_and(|one| !one.before.as_ref().and_then(Value::as_str).is_some_and(is_with_regex))
    };
    has_regex(&change.resource.wanted)
        && match &change.action {
            Action::Update(differences) => is_changed(differences),
            _ => is_new(change),
        }
}

/// The filters of a log group, and those of them with a regex.
fn filters_in_use(caller: &Caller<'_>, group: &Value) -> Result<[Usage; 2], Failure> {
    let look = Call::new(Operation::DescribeMetricFilters, json!({ "logGroupName": group }));
    let answer = caller.look(&look)?.unwrap_or_default();
    let there = answer.get("metricFilters").and_then(Value::as_array).cloned().unwrap_or_default();
    let regexes = there.iter().filter(|filter| has_regex(filter)).count();
    let usage = |(what, most), used| Usage { what, used, most: Some(most) };
    Ok([usage(FILTERS, there.len()), usage(REGEX_FILTERS, regexes)])
}

fn has_regex(filter: &Value) -> bool {
    filter.get("filterPattern").and_then(Value::as_str).is_some_and(is_with_regex)
}

fn is_with_regex(pattern: &str) -> bool {
    FilterPattern::parse(pattern).is_ok_and(|pattern| pattern.has_regex())
}

/// A failure with how much of the quota is used that it ran into, where that can be counted.
pub(super) fn counted(caller: &Caller<'_>, mut failure: Failure) -> Failure {
    if failure.fault.cause() == Cause::Quota {
        // Who may make a thing may not always look for others; the refusal is told all the same.
        failure.in_use = in_use(caller, &failure.call).unwrap_or_default();
    }
    failure
}

fn in_use(caller: &Caller<'_>, call: &Call) -> Result<Vec<Usage>, Failure> {
    let (operation, input, list, what, most) = match call.operation {
        Operation::PutMetricFilter => {
            let group = call.input.get("logGroupName").cloned().unwrap_or_default();
            return Ok(filters_in_use(caller, &group)?.into());
        }
        // A trail for all Regions counts in each of them.
        Operation::CreateTrail => {
            (Operation::DescribeTrails, json!({}), "trailList", "trails of the region", Some(5))
        }
        Operation::PutAnomalyDetector => (
            Operation::DescribeAnomalyDetectors,
            json!({ "AnomalyDetectorTypes": ["SINGLE_METRIC", "METRIC_MATH"] }),
            "AnomalyDetectors",
            "anomaly detectors of the region",
            None,
        ),
        Operation::PutMetricAlarm => (
            Operation::DescribeAlarms,
            json!({ "AlarmTypes": ["MetricAlarm"] }),
            "MetricAlarms",
            "alarms of the region",
            None,
        ),
        Operation::PutQueryDefinition => (
            Operation::DescribeQueryDefinitions,
            json!({}),
            "queryDefinitions",
            "saved queries of the region",
            None,
        ),
        Operation::PutDashboard => {
            (Operation::ListDashboards, json!({}), "DashboardEntries", "dashboards of the account", None)
        }
        Operation::CreateBucket => {
            (Operation::ListBuckets, json!({}), "Buckets", "buckets of the account", None)
        }
        Operation::CreateTopic => (Operation::ListTopics, json!({}), "Topics", "topics of the region", None),
        Operation::CreateRole => return Ok(roles_in_use(caller)?.into_iter().collect()),
        // A million log groups are 20,000 pages: that takes longer than anybody waits for a refusal.
        _ => return Ok(Vec::new()),
    };
    let answer = caller.call(&Call::new(operation, input))?;
    let used = answer.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    Ok(vec![Usage { what, used, most }])
}

/// The roles of the account, which IAM itself counts.
fn roles_in_use(caller: &Caller<'_>) -> Result<Option<Usage>, Failure> {
    let answer = caller.call(&Call::new(Operation::GetAccountSummary, json!({})))?;
    let count = |member: &str| {
        let count = answer.get("SummaryMap")?.get(member)?.as_u64()?;
        usize::try_from(count).ok()
    };
    Ok(count("Roles").map(|used| Usage { what: "roles of the account", used, most: count("RolesQuota") }))
}
