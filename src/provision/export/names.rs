//! Names of resources inside a template: made of the names in the stack, unique, and the same whatever else is in it.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

/// Longer names are cut.
const LONGEST: usize = 100;

/// What is to be named: a kind such as `Filter`, the name that it has in the stack, and what tells it from all others.
#[derive(Clone)]
pub(super) struct Named {
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) identity: String,
}

impl Named {
    /// Something whose name tells it from all others of its kind.
    pub(super) fn by_name(kind: &'static str, name: &str) -> Self {
        Named { kind, name: name.to_owned(), identity: name.to_owned() }
    }
}

/// Logical ids of CloudFormation, unique among all that is in a template: letters and digits, the kind at the end, or before a digit
/// at the start.
pub(super) fn logical_ids(named: &[Named]) -> Vec<String> {
    let wanted = named.iter().map(|one| {
        let words: String = words(&one.name, false).iter().map(|word| capitalized(word)).collect();
        let says_kind = words.to_ascii_lowercase().ends_with(&one.kind.to_ascii_lowercase());
        let begins_with_digit = words.starts_with(|c: char| c.is_ascii_digit());
        let id = match (begins_with_digit, says_kind) {
            (true, _) => format!("{}{words}", one.kind),
            (false, true) => words.clone(),
            (false, false) => format!("{words}{}", one.kind),
        };
        Wanted { name: id, is_certain: !words.is_empty(), identity: &one.identity }
    });
    distinct(wanted.collect(), "", |digest| digest.to_ascii_uppercase())
}

/// Names of resources in Terraform, unique among those of a type: small letters, digits and `_`.
pub(super) fn labels(named: &[Named]) -> Vec<String> {
    let wanted = named.iter().map(|one| {
        let words = words(&one.name, true);
        let label = words.join("_").to_ascii_lowercase();
        let kind = one.kind.to_ascii_lowercase();
        let name = match label.bytes().next() {
            None => kind,
            Some(first) if first.is_ascii_digit() => format!("{kind}_{label}"),
            Some(_) => label,
        };
        Wanted { name, is_certain: !words.is_empty(), identity: &one.identity }
    });
    distinct(wanted.collect(), "_", |digest| digest)
}

struct Wanted<'n> {
    name: String,
    /// Whether the name says anything of what it names.
    is_certain: bool,
    identity: &'n str,
}

/// The names as they are wanted; all of those that are wanted twice, or cut, with a digest of what they name, so that
/// their order does not matter.
fn distinct(wanted: Vec<Wanted<'_>>, separator: &str, spelled: fn(String) -> String) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for one in &wanted {
        *counts.entry(one.name.to_ascii_lowercase()).or_default() += 1;
    }
    let mut taken = BTreeSet::new();
    let name = |one: Wanted<'_>| {
        let is_twice = counts.get(&one.name.to_ascii_lowercase()).is_some_and(|count| *count > 1);
        let mut name: String = one.name.chars().take(LONGEST).collect();
        if is_twice || !one.is_certain || name.len() < one.name.len() {
            name = format!("{name}{separator}{}", spelled(digest(one.identity)));
        }
        let mut free = name.clone();
        let mut number = 2;
        while !taken.insert(free.to_ascii_lowercase()) {
            free = format!("{name}{separator}{number}");
            number += 1;
        }
        free
    };
    wanted.into_iter().map(name).collect()
}

fn digest(identity: &str) -> String {
    let hash = Sha256::digest(identity.as_bytes());
    hash.iter().take(3).map(|byte| format!("{byte:02x}")).collect()
}

/// The runs of ASCII letters and digits; on demand also cut before a capital that follows a small letter.
fn words(name: &str, at_capitals: bool) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            let is_cut = at_capitals && c.is_ascii_uppercase() && before.is_ascii_lowercase();
            match words.last_mut().filter(|_| before.is_ascii_alphanumeric() && !is_cut) {
                Some(word) => word.push(c),
                None => words.push(c.to_string()),
            }
        }
        before = c;
    }
    words
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// `MetricTimeZone` as `metric_time_zone`, `OKActions` as `ok_actions`: how a member of CloudFormation is called in Terraform's
/// Cloud Control provider.
pub(super) fn snake_case(member: &str) -> String {
    let chars: Vec<char> = member.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or(' ');
    let mut name = String::new();
    for (index, c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).map_or(' ', at);
        let begins = c.is_ascii_uppercase()
            && (before.is_ascii_lowercase() || before.is_ascii_digit() || at(index + 1).is_ascii_lowercase());
        if begins && index > 0 {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(kind: &'static str, names: &[&str]) -> Vec<String> {
        logical_ids(&names.iter().map(|name| Named::by_name(kind, name)).collect::<Vec<_>>())
    }

    fn of_terraform(kind: &'static str, names: &[&str]) -> Vec<String> {
        labels(&names.iter().map(|name| Named::by_name(kind, name)).collect::<Vec<_>>())
    }

    #[test]
    fn names_say_what_they_name() {
        assert_eq!(ids("Filter", &["presigned-URL-userName-filter"]), ["PresignedURLUserNameFilter"]);
        assert_eq!(ids("Alarm", &["presigned-URL-anomaly"]), ["PresignedURLAnomalyAlarm"]);
        assert_eq!(
            of_terraform("Filter", &["presigned-URL-userName-filter"]),
            ["presigned_url_user_name_filter"]
        );
        assert_eq!(ids("Filter", &["404s"]), ["Filter404s"]);
        assert_eq!(of_terraform("Filter", &["404s"]), ["filter_404s"]);
    }

    #[test]
    fn the_order_does_not_matter() {
        let [first, second] = ids("Alarm", &["a b", "a-b"]).try_into().unwrap_or_default();
        assert_ne!(first, second);
        assert_eq!(ids("Alarm", &["a-b", "a b"]), [second, first], "in any order");
        let [only] = ids("Alarm", &["日本"]).try_into().unwrap_or_default();
        assert!(only.starts_with("Alarm") && only.len() > "Alarm".len(), "{only}");
    }

    #[test]
    fn members_are_called_as_the_cloud_control_provider_calls_them() {
        // The provider's own names of these members, see `tests/terraform_arguments.toml`.
        for (member, name) in [
            ("SingleMetricAnomalyDetector", "single_metric_anomaly_detector"),
            ("MetricTimeZone", "metric_time_zone"),
            ("OKActions", "ok_actions"),
            ("Id", "id"),
        ] {
            assert_eq!(snake_case(member), name);
        }
    }
}
