//! What stands in the way of a plan: found before anything is changed.

use serde_json::{Value, json};

use super::plan::Owners;
use super::resource::{Actual, Context, Kind, Resource};
use super::{
    Action, Call, Cause, Change, Failure, Kept, Manifest, Operation, Place, PlanOptions, Problem, Wanted,
};

/// A manifest that was written elsewhere, or for another stack.
pub(super) fn other_manifest(manifest: &Manifest, stack: &str, place: &Place) -> Vec<Problem> {
    let mut found = Vec::new();
    if manifest.entries.is_empty() {
        return found;
    }
    if manifest.account != place.account || manifest.region != place.region {
        found.push(Problem::OtherPlace {
            account: manifest.account.clone(),
            region: manifest.region.clone(),
            here: format!("{} in {}", place.account, place.region),
        });
    }
    if manifest.stack != stack {
        found.push(Problem::OtherStack { manifest: manifest.stack.clone(), stack: stack.to_owned() });
    }
    found
}

/// What is there of the stack's names and is somebody else's.
pub(super) fn foreign(
    wanted: &Wanted,
    actual: &[Option<Actual>],
    adopted: &[bool],
    owners: &Owners<'_>,
    (place, options): (&Place, &PlanOptions),
) -> Vec<Problem> {
    let mut found = Vec::new();
    for ((resource, actual), adopted) in wanted.resources.iter().zip(actual).zip(adopted) {
        let Some(actual) = actual.as_ref().filter(|_| *adopted) else { continue };
        // A trail that lives elsewhere is told as such.
        let is_elsewhere = actual.is_elsewhere(place);
        if is_elsewhere && resource.id.kind == Kind::Trail {
            continue;
        }
        let owner = actual.stack().filter(|owner| is_elsewhere || *owner != wanted.stack).map(str::to_owned);
        let region = actual.region.clone().filter(|_| is_elsewhere);
        let is_in_the_way = owner.is_some() || !(owners.knows(resource) || options.adopt);
        if is_in_the_way {
            found.push(Problem::Foreign { id: Box::new(resource.id.clone()), owner, region });
        }
    }
    found
}

/// A bucket that is not there, and a policy that lacks statements, where nobody asked that it be made.
pub(super) fn bucket_problems(changes: &[Change], options: &PlanOptions) -> Vec<Problem> {
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
            Kind::BucketPolicy if options.bucket_policy && change.action == Action::Keep(Kept::Hidden) => {
                // Of a bucket that is hidden too nothing can be asked.
                let is_seen = |other: &Change| {
                    other.resource.id.kind == Kind::Bucket && other.action != Action::Keep(Kept::Hidden)
                };
                if changes.iter().any(is_seen) {
                    found.push(Problem::HiddenPolicy(bucket));
                }
            }
            _ => {}
        }
    }
    found
}

/// Things of one name, of which none can be told from the others.
pub(super) fn several(changes: &[Change]) -> impl Iterator<Item = Problem> {
    let kept = changes.iter().filter(|change| change.action == Action::Keep(Kept::OneOfSeveral));
    kept.map(|change| Problem::Several(Box::new(change.resource.id.clone())))
}

pub(super) fn home_region(wanted: &Wanted, actual: &[Option<Actual>], place: &Place) -> Option<Problem> {
    let found = wanted.resources.iter().zip(actual).find(|(resource, _)| resource.id.kind == Kind::Trail)?;
    let (trail, Some(actual)) = found else { return None };
    let home = actual.region.as_ref().filter(|_| actual.is_elsewhere(place))?;
    Some(Problem::HomeRegion { trail: trail.id.name.clone(), home: home.clone() })
}

/// A key whose name the service does not give back, so that no plan would ever be empty.
pub(super) fn key_alias(wanted: &Wanted) -> Option<Problem> {
    let trail = wanted.resources.iter().find(|resource| resource.id.kind == Kind::Trail)?;
    let key = trail.wanted.get("KmsKeyId").and_then(Value::as_str)?;
    (key.starts_with("alias/") || key.contains(":alias/"))
        .then(|| Problem::KeyAlias { trail: trail.id.name.clone(), alias: key.to_owned() })
}

/// What the services' models and pages have against the requests, before one of them is sent.
pub(super) fn refused_requests(changes: &[Change]) -> impl Iterator<Item = Problem> {
    changes.iter().flat_map(|change| &change.calls).flat_map(super::constraints::check).map(Problem::Request)
}

/// Filters on a log group of a class that has none
/// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html>).
pub(super) fn log_group_class(wanted: &Wanted, actual: &[Option<Actual>]) -> Option<Problem> {
    wanted.resources.iter().find(|resource| resource.id.kind == Kind::MetricFilter)?;
    let found =
        wanted.resources.iter().zip(actual).find(|(resource, _)| resource.id.kind == Kind::LogGroup)?;
    let (group, Some(actual)) = found else { return None };
    let class = actual.state.get("logGroupClass").and_then(Value::as_str)?;
    matches!(class, "INFREQUENT_ACCESS" | "DELIVERY")
        .then(|| Problem::LogGroupClass { group: group.id.name.clone(), class: class.to_owned() })
}

/// An account that may not make organization trails, or an organization that does not let CloudTrail act in it. In the
/// management account, who may not ask learns it from CloudTrail; elsewhere only a delegated administrator may ask.
pub(super) fn trusted_access(context: &Context<'_>, wanted: &Wanted) -> Result<Option<Problem>, Failure> {
    const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";
    if !wanted.resources.iter().any(Resource::is_organization_trail) {
        return Ok(None);
    }
    let answer = match context.caller.call(&Call::new(Operation::ListOrganizationAccess, json!({}))) {
        Ok(answer) => answer,
        Err(failure) if matches!(failure.fault.cause(), Cause::Denied | Cause::Organization) => {
            let management_account = context.place.trail_owner(true).to_owned();
            let account = context.place.account.clone();
            let is_member = management_account != account;
            return Ok(is_member.then_some(Problem::NotManaging { account, management_account }));
        }
        Err(failure) => return Err(failure),
    };
    let trusted = answer.get("EnabledServicePrincipals").and_then(Value::as_array).into_iter().flatten();
    let mut trusted = trusted.filter_map(|one| one.get("ServicePrincipal").and_then(Value::as_str));
    let is_trusted = trusted.any(|principal| principal == CLOUDTRAIL);
    Ok((!is_trusted).then(|| {
        let id = context.place.organization.as_ref().map(|organization| organization.id.clone());
        Problem::NoTrustedAccess(id)
    }))
}
