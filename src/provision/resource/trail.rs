//! Trails: where they deliver, what they record, and that they do.

use serde_json::{Value, json};

use super::state::{in_order, only, tag_calls, tag_list, tag_map, with, with_own_tags, without_default};
use super::{Actual, Context, Kind, Manage, Resource, ResourceId, role_name};
use crate::provision::difference::{Difference, is_about};
use crate::provision::{Call, Failure, Operation, Place};
use crate::stack::Trail;

/// What `CreateTrail` and `UpdateTrail` take, without the name.
const SETTINGS: &[&str] = &[
    "S3BucketName",
    "S3KeyPrefix",
    "IncludeGlobalServiceEvents",
    "IsMultiRegionTrail",
    "EnableLogFileValidation",
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
    "KmsKeyId",
    "IsOrganizationTrail",
];

/// What the service takes where nothing is said.
fn defaults() -> Value {
    json!({
        "IncludeGlobalServiceEvents": true,
        "IsMultiRegionTrail": false,
        "EnableLogFileValidation": false,
        "IsOrganizationTrail": false,
    })
}

/// The trail of a stack, delivering to its log group, recording.
pub(in crate::provision) fn wanted(
    place: &Place,
    trail: &Trail,
    log_group: Option<&ResourceId>,
    needs: Vec<ResourceId>,
    tags: &Value,
) -> Resource {
    let written = serde_json::to_value(trail).unwrap_or_default();
    let mut state = with(&defaults(), only(&written, SETTINGS));
    if let Some(group) = log_group {
        let delivery = json!({
            "CloudWatchLogsLogGroupArn": format!("{}:*", place.log_group_arn(&group.name)),
            "CloudWatchLogsRoleArn": place.role_arn(&role_name(&trail.name)),
        });
        state = with(&state, delivery);
    }
    state = with(&state, only(&written, &["AdvancedEventSelectors"]));
    Resource {
        id: ResourceId::named(Kind::Trail, "Name", &trail.name),
        wanted: with(&selectors_in_order(state), json!({ "IsLogging": true, "tags": tags })),
        needs,
    }
}

/// The values of a selector are a set, and so are its field selectors.
fn selectors_in_order(mut state: Value) -> Value {
    const OPERATORS: &[&str] =
        &["Field", "Equals", "NotEquals", "StartsWith", "NotStartsWith", "EndsWith", "NotEndsWith"];
    for selector in
        state.get_mut("AdvancedEventSelectors").and_then(Value::as_array_mut).into_iter().flatten()
    {
        *selector = only(selector, &["Name", "FieldSelectors"]);
        without_default(selector, "Name", &json!(""));
        for field in selector.get_mut("FieldSelectors").and_then(Value::as_array_mut).into_iter().flatten() {
            *field = only(field, OPERATORS);
            OPERATORS.iter().for_each(|operator| in_order(field, operator));
        }
        in_order(selector, "FieldSelectors");
    }
    state
}

pub(super) struct Trails;

impl Manage for Trails {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let Some(trail) = find(context, id.text("Name"))? else { return Ok(None) };
        let text = |member: &str| trail.get(member).and_then(Value::as_str).map(str::to_owned);
        let arn = text("TrailARN").unwrap_or_else(|| context.place.trail_arn(id.text("Name"), false));
        let found = Actual { region: text("HomeRegion"), ..Actual::of(json!({})) };
        // Elsewhere it can be neither changed nor asked for its tags.
        if found.is_elsewhere(context.place) {
            return Ok(Some(Actual { is_hidden: true, ..found }));
        }
        let name = known_as(context.place, id, &arn);
        let mut settings = only(&trail, SETTINGS);
        // What was told to be nothing is nothing.
        SETTINGS.iter().for_each(|member| without_default(&mut settings, member, &json!("")));
        let mut state = with(&defaults(), settings);
        if let Some(validated) = trail.get("LogFileValidationEnabled") {
            state = with(&state, json!({ "EnableLogFileValidation": validated }));
        }
        let look = Call::new(Operation::GetEventSelectors, json!({ "TrailName": name }));
        let selectors = context.caller.look(&look)?.unwrap_or_default();
        state = selectors_in_order(with(&state, only(&selectors, &["AdvancedEventSelectors"])));
        let look = Call::new(Operation::GetTrailStatus, json!({ "Name": name }));
        let status = context.caller.look(&look)?.unwrap_or_default();
        let look = Call::new(Operation::ListTrailTags, json!({ "ResourceIdList": [arn] }));
        let tagged = context.caller.look(&look)?.unwrap_or_default();
        let tags = tag_map(tagged.pointer("/ResourceTagList/0/TagsList"));
        let is_logging = status.get("IsLogging").and_then(Value::as_bool).unwrap_or(false);
        let state = with(&state, json!({ "IsLogging": is_logging, "tags": tags }));
        Ok(Some(Actual { state, handle: Some(arn), tags, ..found }))
    }

    /// The service tells a key by its ARN, however it was named.
    fn same(&self, path: &str, before: &Value, after: &Value) -> bool {
        let id = |key: &Value| key.as_str().and_then(|key| key.rsplit('/').next()).map(str::to_owned);
        path == "KmsKeyId" && id(before).is_some() && id(before) == id(after)
    }

    fn own_part(&self, actual: &Actual, wanted: &Value) -> Value {
        let mut own = with_own_tags(actual, wanted);
        // Without selectors, now and before, a stack does not say what is recorded.
        let says = |state: &Value| state.get("AdvancedEventSelectors").is_some();
        if !says(wanted) && !actual.former.as_ref().is_some_and(says) {
            own = super::state::without(&own, &["AdvancedEventSelectors"]);
        }
        own
    }

    fn create(&self, place: &Place, resource: &Resource) -> Vec<Call> {
        let wanted = &resource.wanted;
        let tags = tag_list(wanted);
        let input = with(&resource.id.key, json!({ "TagsList": tags }));
        let arn = place.trail_arn(&resource.id.name, resource.is_organization_trail());
        let name = known_as(place, &resource.id, &arn);
        let mut calls = vec![Call::new(Operation::CreateTrail, with(&input, only(wanted, SETTINGS)))];
        calls.extend(put_selectors(&name, resource));
        calls.push(Call::new(Operation::StartLogging, json!({ "Name": name })));
        calls
    }

    fn update(
        &self,
        place: &Place,
        resource: &Resource,
        actual: &Actual,
        differences: &[Difference],
    ) -> Vec<Call> {
        let arn = arn_of(place, resource, actual);
        let name = known_as(place, &resource.id, &arn);
        let mut calls = Vec::new();
        if SETTINGS.iter().any(|member| is_about(differences, member)) {
            let settings = with(&what_goes(differences), only(&resource.wanted, SETTINGS));
            calls.push(Call::new(Operation::UpdateTrail, with(&settings, json!({ "Name": name }))));
        }
        if is_about(differences, "AdvancedEventSelectors") {
            let put = put_selectors(&name, resource).unwrap_or_else(|| put_default_selectors(&name));
            calls.push(put);
        }
        if is_about(differences, "IsLogging") {
            calls.push(Call::new(Operation::StartLogging, json!({ "Name": name })));
        }
        let tags = |list: Value| json!({ "ResourceId": arn, "TagsList": list });
        calls.extend(tag_calls(
            differences,
            || Call::new(Operation::TagTrail, tags(tag_list(&resource.wanted))),
            |names| {
                let names = names.iter().map(|name| json!({ "Key": name })).collect();
                Call::new(Operation::UntagTrail, tags(names))
            },
        ));
        calls
    }

    fn delete(&self, place: &Place, resource: &Resource, actual: &Actual) -> Vec<Call> {
        let name = json!({ "Name": known_as(place, &resource.id, &arn_of(place, resource, actual)) });
        let is_logging = actual.state.get("IsLogging").and_then(Value::as_bool).unwrap_or(false);
        let stop = is_logging.then(|| Call::new(Operation::StopLogging, name.clone()));
        stop.into_iter().chain([Call::new(Operation::DeleteTrail, name)]).collect()
    }

    fn arn(&self, place: &Place, id: &ResourceId) -> String {
        place.trail_arn(id.text("Name"), false)
    }

    fn operations(&self) -> &'static [Operation] {
        &[
            Operation::GetTrail,
            Operation::DescribeTrails,
            Operation::GetEventSelectors,
            Operation::GetTrailStatus,
            Operation::ListTrailTags,
            Operation::CreateTrail,
            Operation::UpdateTrail,
            Operation::PutEventSelectors,
            Operation::StartLogging,
            Operation::StopLogging,
            Operation::TagTrail,
            Operation::UntagTrail,
            Operation::DeleteTrail,
        ]
    }
}

/// The trail of a name. A name stands for a trail of this account and Region only; what else goes by it, a trail of all
/// Regions that lives in another one or that of an organization which another account manages, is found among all.
fn find(context: &Context<'_>, name: &str) -> Result<Option<Value>, Failure> {
    if let Some(answer) = context.caller.look(&Call::new(Operation::GetTrail, json!({ "Name": name })))? {
        return Ok(answer.get("Trail").cloned());
    }
    let place = context.place;
    let answer = context.caller.call(&Call::new(Operation::DescribeTrails, json!({})))?;
    let all = answer.get("trailList").and_then(Value::as_array).into_iter().flatten();
    let is_it = |trail: &&Value| {
        let text = |member: &str| trail.get(member).and_then(Value::as_str).unwrap_or_default();
        let owner = text("TrailARN").split(':').nth(4).unwrap_or_default();
        text("Name") == name && (owner == place.account || owner == place.trail_owner(true))
    };
    Ok({ all }.find(is_it).cloned())
}

fn arn_of(place: &Place, resource: &Resource, actual: &Actual) -> String {
    let own = || place.trail_arn(&resource.id.name, resource.is_organization_trail());
    actual.handle.clone().unwrap_or_else(own)
}

/// What calls name a trail by: its name, or its ARN where it belongs to another account, the management account.
fn known_as(place: &Place, id: &ResourceId, arn: &str) -> String {
    let is_own = arn.split(':').nth(4) == Some(&place.account);
    if is_own { id.name.clone() } else { arn.to_owned() }
}

/// The settings that are no longer wanted: what `UpdateTrail` is not told stays, and what it is told to be nothing goes.
fn what_goes(differences: &[Difference]) -> Value {
    let gone = differences.iter().filter(|one| one.after.is_none() && SETTINGS.contains(&one.path.as_str()));
    gone.map(|one| (one.path.clone(), json!(""))).collect()
}

fn put_selectors(name: &str, resource: &Resource) -> Option<Call> {
    let selectors = resource.wanted.get("AdvancedEventSelectors")?;
    let input = json!({ "TrailName": name, "AdvancedEventSelectors": selectors });
    Some(Call::new(Operation::PutEventSelectors, input))
}

/// What a new trail records by itself: all management events.
fn put_default_selectors(name: &str) -> Call {
    let selectors = json!([{ "ReadWriteType": "All", "IncludeManagementEvents": true }]);
    Call::new(Operation::PutEventSelectors, json!({ "TrailName": name, "EventSelectors": selectors }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_by_its_id_and_by_its_arn() {
        let arn = json!("arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab");
        assert!(Trails.same("KmsKeyId", &arn, &json!("1234abcd-12ab-34cd-56ef-1234567890ab")));
        assert!(!Trails.same("KmsKeyId", &arn, &json!("4321abcd-12ab-34cd-56ef-1234567890ab")));
        assert!(!Trails.same("S3BucketName", &json!("a/b"), &json!("b")), "of keys only");
    }
}
