//! The groups of a `stats`: found by the text of their keys, in the order in which they were first seen.

use hashbrown::HashMap;

use super::budget::{Budget, Share};
use super::evaluate::Context;
use super::rows::Row;
use super::run::RunError;
use crate::plan::logs::Stats;
use crate::values::{Accumulator, Value};

const WHAT: &str = "the groups of `stats`";
/// What is held is counted anew after so many rows, or as many as there are groups.
const COUNT_EVERY: usize = 16_384;

/// Groups of a part of the input; parts are merged in the order of the input.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    by_key: HashMap<Box<[u8]>, usize>,
    groups: Vec<Group>,
    key_bytes: usize,
    since_count: usize,
    share: Share,
    scratch: Vec<u8>,
}

#[derive(Debug)]
struct Group {
    keys: Vec<Value<'static>>,
    accumulators: Vec<Accumulator>,
}

impl Groups {
    pub(crate) fn add(
        &mut self,
        stats: &Stats,
        context: &Context,
        row: &[Value<'_>],
        budget: &Budget,
    ) -> Result<(), RunError> {
        self.scratch.clear();
        for (node, _) in &stats.keys {
            match context.value_at_hand(node, row) {
                Some(value) => write_key(value, &mut self.scratch),
                None => write_key(&context.value(node, row), &mut self.scratch),
            }
        }
        let index = match self.by_key.get(self.scratch.as_slice()) {
            Some(&index) => index,
            None => {
                let keys = stats
                    .keys
                    .iter()
                    .map(|(node, _)| key_of(context.value(node, row)).into_owned())
                    .collect();
                let accumulators = stats.aggregates.iter().map(|aggregate| aggregate.spec.start()).collect();
                self.insert(Group { keys, accumulators })
            }
        };
        let time = stats.time.and_then(|reg| row.get(reg.0)?.time());
        if let Some(group) = self.groups.get_mut(index) {
            for (aggregate, accumulator) in stats.aggregates.iter().zip(&mut group.accumulators) {
                match context.value_at_hand(&aggregate.input, row) {
                    Some(value) => accumulator.add(value, time),
                    None => accumulator.add(&context.value(&aggregate.input, row), time),
                }
            }
        }
        self.since_count += 1;
        if self.since_count >= COUNT_EVERY.max(self.groups.len()) {
            self.count(budget)?;
        }
        Ok(())
    }

    /// Under the key that was written last.
    fn insert(&mut self, group: Group) -> usize {
        let index = self.groups.len();
        self.key_bytes += 2 * self.scratch.len() + size_of::<Group>() + 64;
        self.by_key.insert(self.scratch.as_slice().into(), index);
        self.groups.push(group);
        index
    }

    pub(crate) fn count(&mut self, budget: &Budget) -> Result<(), RunError> {
        self.since_count = 0;
        let accumulators: usize =
            self.groups.iter().flat_map(|group| &group.accumulators).map(Accumulator::footprint).sum();
        budget.set(&mut self.share, self.key_bytes + accumulators, WHAT)
    }

    /// Adds the groups of what came later in the input.
    pub(crate) fn merge(&mut self, mut later: Groups, budget: &Budget) -> Result<(), RunError> {
        budget.set(&mut later.share, 0, WHAT)?;
        self.since_count += later.groups.len();
        for group in later.groups {
            self.scratch.clear();
            for key in &group.keys {
                write_key(key, &mut self.scratch);
            }
            match self.by_key.get(self.scratch.as_slice()) {
                None => {
                    self.insert(group);
                }
                Some(&index) => {
                    let known = self.groups.get_mut(index).map(|group| group.accumulators.as_mut_slice());
                    for (known, more) in known.unwrap_or_default().iter_mut().zip(group.accumulators) {
                        known.merge(more);
                    }
                }
            }
        }
        if self.since_count >= COUNT_EVERY.max(self.groups.len()) { self.count(budget) } else { Ok(()) }
    }

    /// A row for each group.
    pub(crate) fn finish(
        mut self,
        stats: &Stats,
        registers: usize,
        budget: &Budget,
    ) -> Result<Vec<Row>, RunError> {
        self.count(budget)?;
        budget.set(&mut self.share, 0, WHAT)?;
        let mut rows: Vec<Row> = Vec::with_capacity(self.groups.len());
        for group in self.groups {
            let mut row = vec![Value::Missing; registers];
            let mut set = |at: usize, value: Value<'static>| {
                if let Some(place) = row.get_mut(at) {
                    *place = value;
                }
            };
            for ((_, to), key) in stats.keys.iter().zip(group.keys) {
                set(to.0, key);
            }
            for (aggregate, accumulator) in stats.aggregates.iter().zip(group.accumulators) {
                set(aggregate.to.0, accumulator.finish());
            }
            rows.push(row);
        }
        if stats.ascending
            && let Some((_, key)) = stats.keys.first()
        {
            let time = |row: &Row| row.get(key.0).and_then(Value::time);
            rows.sort_by_key(|row| time(row));
        }
        Ok(rows)
    }
}

/// A value as a key: maps and lists cannot be one, and count as nothing.
fn key_of(value: Value<'_>) -> Value<'_> {
    if value.is_container() { Value::Missing } else { value }
}

/// Writes what tells one key from another: whether it is there, and its text.
pub(crate) fn write_key(value: &Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Missing | Value::Map(_) | Value::List(_) => out.push(0),
        Value::Time(time) => {
            out.push(1);
            out.extend_from_slice(&time.0.to_be_bytes());
        }
        other => {
            let text = other.text().unwrap_or_default();
            // Keys are hashed and compared for every row: the length of a common text takes one byte.
            match u8::try_from(text.len()) {
                Ok(length) if length < u8::MAX => out.extend_from_slice(&[2, length]),
                _ => {
                    out.extend_from_slice(&[2, u8::MAX]);
                    out.extend_from_slice(&(text.len() as u64).to_be_bytes());
                }
            }
            out.extend_from_slice(text.as_bytes());
        }
    }
}
