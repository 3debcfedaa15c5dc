//! What differs between what is there and what is wanted, member by member.

use serde_json::Value;

/// A member that is not as it is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its path, such as `metricTransformations[0].unit`.
    pub path: String,
    /// What is there; none where nothing is.
    pub before: Option<Value>,
    /// What is wanted; none where nothing is.
    pub after: Option<Value>,
}

/// Whether something differs in a member, or inside of it.
pub(super) fn is_about(differences: &[Difference], member: &str) -> bool {
    differences.iter().any(|one| one.path.starts_with(member))
}

/// What differs, in order of the members; `same` tells of two values at a path whether they mean the same.
pub(super) fn differences(
    before: &Value,
    after: &Value,
    same: &dyn Fn(&str, &Value, &Value) -> bool,
) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), Some(before), Some(after), same, &mut found);
    found
}

fn compare(
    path: String,
    before: Option<&Value>,
    after: Option<&Value>,
    same: &dyn Fn(&str, &Value, &Value) -> bool,
    found: &mut Vec<Difference>,
) {
    match (before, after) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let gone = old.keys().filter(|name| !new.contains_key(*name));
            for name in new.keys().chain(gone) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                compare(path, old.get(name), new.get(name), same, found);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new)))
            if old.len() == new.len() && new.iter().all(Value::is_object) =>
        {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                compare(format!("{path}[{index}]"), Some(old), Some(new), same, found);
            }
        }
        (Some(old), Some(new)) if is_equal(old, new) || same(&path, old, new) => {}
        (None, None) => {}
        (before, after) => {
            found.push(Difference { path, before: before.cloned(), after: after.cloned() });
        }
    }
}

/// Whether two values are the same, numbers by their value.
pub(super) fn is_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| is_equal(value, other)))
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_member_is_told_by_its_path() {
        let before = json!({ "a": 1, "b": [{ "c": "x" }], "d": true });
        let after = json!({ "a": 1.0, "b": [{ "c": "y" }], "e": [1] });
        let found = differences(&before, &after, &|_, _, _| false);
        let paths: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(paths, ["b[0].c", "e", "d"]);
        assert_eq!((found[0].before.clone(), found[0].after.clone()), (Some(json!("x")), Some(json!("y"))));
    }

    #[test]
    fn a_meaning_may_be_the_same() {
        let same = |path: &str, _: &Value, _: &Value| path == "pattern";
        assert!(differences(&json!({ "pattern": "a" }), &json!({ "pattern": " a" }), &same).is_empty());
    }
}
