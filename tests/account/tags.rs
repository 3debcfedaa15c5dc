//! Tags, which services write as lists of `Key` and `Value` or as maps.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailql::provision::Fault;

pub(super) type Tags = BTreeMap<String, String>;

/// How many a resource may have.
pub(super) const MOST: usize = 50;

/// Those of a list.
pub(super) fn of_list(list: &[Value]) -> Tags {
    let pair = |tag: &Value| {
        let value = tag.get("Value").and_then(Value::as_str).unwrap_or_default();
        (tag["Key"].as_str().expect("a tag has a key").to_owned(), value.to_owned())
    };
    list.iter().map(pair).collect()
}

/// Those of a map.
pub(super) fn of_map(map: Option<&Value>) -> Tags {
    let pair = |(key, value): (&String, &Value)| (key.clone(), value.as_str().expect("a text").to_owned());
    map.and_then(Value::as_object).into_iter().flatten().map(pair).collect()
}

pub(super) fn as_list(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

/// Adds some, unless they would become too many.
pub(super) fn add(tags: &mut Tags, more: Tags, too_many: impl FnOnce() -> Fault) -> Result<(), Fault> {
    let mut all = tags.clone();
    all.extend(more);
    if all.len() > MOST {
        return Err(too_many());
    }
    *tags = all;
    Ok(())
}

/// Takes some away; those that are not there are no error.
pub(super) fn remove<'k>(tags: &mut Tags, keys: impl IntoIterator<Item = &'k Value>) {
    for key in keys {
        tags.remove(key.as_str().or_else(|| key["Key"].as_str()).expect("a tag has a key"));
    }
}
