//! What the rest of a file may bring to the resources of one account and Region: two providers may be set up for the same.

use std::collections::BTreeMap;

use super::filter::Emission;
use super::group::Key;

/// What may be emitted and delivered anywhere in a file, and by which of its scopes.
#[derive(Debug, Default)]
pub(super) struct Beyond {
    emissions: BTreeMap<Emission, Owners>,
    deliveries: BTreeMap<Key, Owners>,
    /// Whether there are alarms over other alarms, which may tell of them.
    pub(super) has_composites: bool,
}

/// The scopes that have something.
#[derive(Clone, Copy, Debug)]
enum Owners {
    /// This one, where all is known of it.
    One(usize),
    Any,
}

impl Owners {
    fn are_others_than(self, scope: usize) -> bool {
        match self {
            Owners::One(own) => own != scope,
            Owners::Any => true,
        }
    }
}

fn add<K: Ord>(map: &mut BTreeMap<K, Owners>, key: K, scope: usize) {
    let owners = map.entry(key).or_insert(Owners::One(scope));
    if owners.are_others_than(scope) {
        *owners = Owners::Any;
    }
}

impl Beyond {
    /// A metric that a filter emits.
    pub(super) fn emitted(&mut self, scope: usize, namespace: &str, name: &str) {
        let emission = Emission { namespace: Some(namespace.to_owned()), name: Some(name.to_owned()) };
        add(&mut self.emissions, emission, scope);
    }

    /// Metrics of which not everything is known.
    pub(super) fn may_be_emitted(&mut self, emission: Emission) {
        self.emissions.insert(emission, Owners::Any);
    }

    /// A log group that a trail delivers to.
    pub(super) fn delivered(&mut self, scope: usize, group: Key) {
        add(&mut self.deliveries, group, scope);
    }

    /// Whether something else than the filters of a scope that are known may emit a metric.
    pub(super) fn may_emit(&self, scope: usize, namespace: &str, name: &str) -> bool {
        let choices = |known: &str| [None, Some(known.to_owned())];
        choices(namespace).into_iter().any(|namespace| {
            choices(name).into_iter().any(|name| {
                let found = self.emissions.get(&Emission { namespace: namespace.clone(), name });
                found.is_some_and(|owners| owners.are_others_than(scope))
            })
        })
    }

    /// Whether a trail of another scope may deliver to a log group.
    pub(super) fn may_deliver(&self, scope: usize, group: &Key) -> bool {
        self.deliveries.iter().any(|(other, owners)| owners.are_others_than(scope) && other.may_be(group))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_scope_has_is_news_to_the_others_only() {
        let mut beyond = Beyond::default();
        beyond.emitted(0, "Trail", "Logins");
        assert!(!beyond.may_emit(0, "Trail", "Logins"));
        assert!(beyond.may_emit(1, "Trail", "Logins"));
        assert!(!beyond.may_emit(1, "Trail", "Downloads"));
        beyond.emitted(1, "Trail", "Logins");
        assert!(beyond.may_emit(0, "Trail", "Logins"));
    }

    #[test]
    fn what_is_known_in_part_may_be_any_that_has_that_part() {
        let mut beyond = Beyond::default();
        beyond.may_be_emitted(Emission { namespace: Some("Trail".to_owned()), name: None });
        assert!(beyond.may_emit(0, "Trail", "Logins"));
        assert!(!beyond.may_emit(0, "App", "Logins"));
        beyond.may_be_emitted(Emission::default());
        assert!(beyond.may_emit(0, "App", "Logins"));
    }
}
