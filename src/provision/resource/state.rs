//! States put into one form, so that what is wanted and what is there can be compared: members that count, lists in order,
//! defaults left out.

use serde_json::{Map, Value, json};

use super::{Actual, MADE_TAG, STACK_TAG};
use crate::provision::Call;
use crate::provision::difference::{Difference, is_about};

/// The members of an object that are named, without those that hold nothing.
pub(in crate::provision) fn only(value: &Value, names: &[&str]) -> Value {
    let members = names.iter().filter_map(|name| Some(((*name).to_owned(), value.get(*name)?.clone())));
    Value::Object(members.filter(|(_, value)| !is_nothing(value)).collect())
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// The object without a member that is what the service takes anyway.
pub(in crate::provision) fn without_default(value: &mut Value, member: &str, default: &Value) {
    if let Value::Object(members) = value
        && members.get(member).is_some_and(|value| super::super::difference::is_equal(value, default))
    {
        members.remove(member);
    }
}

/// A list whose order says nothing, in order.
pub(in crate::provision) fn in_order(value: &mut Value, member: &str) {
    if let Some(Value::Array(items)) = value.get_mut(member) {
        items.sort_by_key(Value::to_string);
        items.dedup();
    }
}

/// The members of an object, to be sent.
pub(in crate::provision) fn members(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// The object with further members.
pub(in crate::provision) fn with(value: &Value, further: Value) -> Value {
    let mut members = members(value);
    members.extend(self::members(&further));
    Value::Object(members)
}

/// The object without some members.
pub(in crate::provision) fn without(value: &Value, names: &[&str]) -> Value {
    Value::Object(members(value).into_iter().filter(|(name, _)| !names.contains(&name.as_str())).collect())
}

/// The tags of a state as a list of `Key` and `Value`.
pub(in crate::provision) fn tag_list(state: &Value) -> Value {
    let tags = state.get("tags").map(members).unwrap_or_default().into_iter();
    Value::Array(tags.map(|(key, value)| json!({ "Key": key, "Value": value })).collect())
}

/// Tags as an object, from a list of `Key` and `Value`.
pub(in crate::provision) fn tag_map(list: Option<&Value>) -> Map<String, Value> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    let tag = |tag: &Value| {
        Some((tag.get("Key")?.as_str()?.to_owned(), tag.get("Value").cloned().unwrap_or_else(|| json!(""))))
    };
    items.filter_map(tag).collect()
}

/// The state with its tags: those that are wanted or were wanted before, and those of trailql itself; others may tag it too.
pub(in crate::provision) fn with_own_tags(actual: &Actual, wanted: &Value) -> Value {
    let tags_of = |state: &Value| state.get("tags").map(members).unwrap_or_default();
    let (names, before) = (tags_of(wanted), actual.former.as_ref().map(tags_of).unwrap_or_default());
    let is_own = |name: &str| {
        names.contains_key(name)
            || before.contains_key(name)
            || name.starts_with(MADE_TAG)
            || name == STACK_TAG
    };
    let mut own = members(&actual.state);
    if let Some(Value::Object(tags)) = own.get_mut("tags") {
        tags.retain(|name, _| is_own(name));
    }
    if own.get("tags").is_some_and(is_nothing) {
        own.remove("tags");
    }
    Value::Object(own)
}

/// The calls that make the tags as they are wanted: `put` gives all of them, `take` takes some away by their names.
pub(in crate::provision) fn tag_calls(
    differences: &[Difference],
    put: impl FnOnce() -> Call,
    take: impl FnOnce(Vec<String>) -> Call,
) -> Vec<Call> {
    let is_gone = |one: &&Difference| one.after.is_none() && one.path.starts_with("tags");
    let gone = differences.iter().filter(is_gone).flat_map(|one| match one.path.strip_prefix("tags.") {
        Some(name) => vec![name.to_owned()],
        None => one.before.iter().flat_map(members).map(|(name, _)| name).collect(),
    });
    let gone: Vec<String> = gone.collect();
    let stays =
        differences.iter().any(|one| one.after.is_some() && is_about(std::slice::from_ref(one), "tags"));
    let put = stays.then(put);
    let take = (!gone.is_empty()).then(|| take(gone));
    put.into_iter().chain(take).collect()
}
