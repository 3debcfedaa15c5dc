//! The names that a stage can use, and what they stand for (`spec/logs-insights.md` 2 and 10).

use super::node::{Node, Reg};
use crate::syntax::logs::Period;

/// The names of one point of a pipeline.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// Names the query defined, a later one before an earlier one of the same name.
    pub(super) names: Vec<(String, Reg)>,
    /// Whether the events' own fields can be named.
    pub(super) raw: bool,
    /// The bins that `@timestamp` stands for once groups have taken the place of events.
    pub(super) bins: Option<Bins>,
}

/// A group key that is `bin(…)`.
#[derive(Clone, Debug)]
pub(super) struct Bins {
    pub(super) reg: Reg,
    pub(super) period: Period,
    pub(super) offset_millis: i64,
    pub(super) other_keys: Vec<Reg>,
}

impl Scope {
    pub(super) fn of_events() -> Self {
        Scope { raw: true, ..Scope::default() }
    }

    pub(super) fn define(&mut self, name: &str, reg: Reg) {
        self.names.retain(|(known, _)| known != name);
        self.names.push((name.to_owned(), reg));
    }

    pub(super) fn get(&self, name: &str) -> Option<Reg> {
        self.names.iter().find(|(known, _)| known == name).map(|&(_, reg)| reg)
    }

    pub(super) fn known(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(name, _)| name.as_str())
    }

    /// The defined name that is the longest beginning of a dotted name, and the rest of it.
    pub(super) fn container<'n>(&self, name: &'n str) -> Option<(Reg, Vec<String>)> {
        let ends = name.rmatch_indices('.').map(|(at, _)| at);
        ends.filter_map(|at| Some((name.get(..at)?, name.get(at + 1..)?))).find_map(
            |(head, rest): (&'n str, &'n str)| {
                let reg = self.get(head)?;
                Some((reg, rest.split('.').map(str::to_owned).collect()))
            },
        )
    }

    /// What a name stands for where the events' fields are gone.
    pub(super) fn resolve_defined(&self, name: &str) -> Option<Node> {
        if let Some(reg) = self.get(name) {
            return Some(Node::Reg(reg));
        }
        if let Some((base, path)) = self.container(name) {
            return Some(Node::Within { base, path });
        }
        let bins = self.bins.as_ref().filter(|_| name == "@timestamp")?;
        Some(Node::Reg(bins.reg))
    }
}
