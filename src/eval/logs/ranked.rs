//! Rows in an order: all of them, the first few, or the first of each kind.

use std::cmp::Ordering;

use hashbrown::HashMap;

use super::budget::{Budget, Share};
use super::evaluate::Context;
use super::groups::write_key;
use super::rows::Row;
use super::run::RunError;
use crate::plan::logs::{Node, SortKey};
use crate::values::Value;

const WHAT: &str = "the rows of `sort`";

/// Which rows are kept.
#[derive(Clone, Debug)]
pub(crate) enum Keep<'p> {
    All,
    First(usize),
    /// The first of those that are alike in these values; what lacks one of them is like no other.
    FirstOfEach(&'p [Node]),
}

/// The rows kept of a part of the input; parts are merged in the order of the input.
#[derive(Debug, Default)]
pub(crate) struct Ranked {
    entries: Vec<Entry>,
    /// For [`Keep::FirstOfEach`].
    by_kind: HashMap<Box<[u8]>, usize>,
    sequence: u64,
    /// For [`Keep::First`]: what does not come before this is not kept.
    worst: Option<(Vec<Value<'static>>, u64)>,
    bytes: usize,
    share: Share,
    scratch: Vec<u8>,
}

#[derive(Debug)]
struct Entry {
    keys: Vec<Value<'static>>,
    sequence: u64,
    row: Row,
    kind: Option<Box<[u8]>>,
}

impl Entry {
    fn bytes(&self) -> usize {
        let values: usize = self.keys.iter().chain(&self.row).map(Value::footprint).sum();
        size_of::<Entry>() + values + self.kind.as_ref().map_or(0, |kind| 2 * kind.len() + 48)
    }
}

impl Ranked {
    /// Takes a row, of which `own` makes a copy to keep.
    pub(crate) fn add(
        &mut self,
        sort: &[SortKey],
        keep: &Keep<'_>,
        context: &Context,
        row: &[Value<'_>],
        own: impl FnOnce() -> Row,
        budget: &Budget,
    ) -> Result<(), RunError> {
        let sequence = self.sequence;
        self.sequence += 1;
        let keys: Vec<Value<'_>> = sort.iter().map(|key| context.value(&key.node, row)).collect();
        if let Some((worst, last)) = &self.worst
            && compare(sort, (&keys, sequence), (worst, *last)) != Ordering::Less
        {
            return Ok(());
        }
        let mut kind = None;
        if let Keep::FirstOfEach(nodes) = keep {
            self.scratch.clear();
            let values = nodes.iter().map(|node| context.value(node, row));
            let mut all_there = true;
            for value in values {
                all_there &= !value.is_missing() && !value.is_container();
                write_key(&value, &mut self.scratch);
            }
            if all_there {
                let known = self.by_kind.get(self.scratch.as_slice()).and_then(|&at| self.entries.get(at));
                if known.is_some_and(|known| {
                    compare(sort, (&keys, sequence), (&known.keys, known.sequence)) != Ordering::Less
                }) {
                    return Ok(());
                }
                kind = Some(self.scratch.as_slice().into());
            }
        }
        let keys = keys.into_iter().map(Value::into_owned).collect();
        self.insert(Entry { keys, sequence, row: own(), kind }, sort, keep, budget)
    }

    fn insert(
        &mut self,
        entry: Entry,
        sort: &[SortKey],
        keep: &Keep<'_>,
        budget: &Budget,
    ) -> Result<(), RunError> {
        self.bytes += entry.bytes();
        let known = entry.kind.as_ref().and_then(|kind| self.by_kind.get(kind).copied());
        match known.and_then(|at| self.entries.get_mut(at)) {
            Some(place) => {
                let before = std::mem::replace(place, entry);
                self.bytes = self.bytes.saturating_sub(before.bytes());
            }
            None => {
                if let Some(kind) = &entry.kind {
                    self.by_kind.insert(kind.clone(), self.entries.len());
                }
                self.entries.push(entry);
            }
        }
        if let Keep::First(rows) = *keep
            && self.entries.len() >= rows.saturating_mul(2).max(rows.saturating_add(64))
        {
            self.cut(rows, sort);
        }
        budget.set(&mut self.share, self.bytes, WHAT)
    }

    /// Drops what does not belong to the first rows.
    fn cut(&mut self, rows: usize, sort: &[SortKey]) {
        if self.entries.len() <= rows {
            return;
        }
        let Some(last) = rows.checked_sub(1) else {
            (self.entries, self.bytes) = (Vec::new(), 0);
            return;
        };
        self.entries.select_nth_unstable_by(last, |left, right| order(sort, left, right));
        for entry in self.entries.drain(rows..) {
            self.bytes = self.bytes.saturating_sub(entry.bytes());
        }
        self.worst = self.entries.get(last).map(|entry| (entry.keys.clone(), entry.sequence));
    }

    /// Adds what was kept of what came later in the input.
    pub(crate) fn merge(
        &mut self,
        mut later: Ranked,
        sort: &[SortKey],
        keep: &Keep<'_>,
        budget: &Budget,
    ) -> Result<(), RunError> {
        budget.set(&mut later.share, 0, WHAT)?;
        let before = self.sequence;
        self.sequence += later.sequence;
        for mut entry in later.entries {
            entry.sequence += before;
            let is_late = |(worst, last): &(Vec<Value<'static>>, u64)| {
                compare(sort, (&entry.keys, entry.sequence), (worst, *last)) != Ordering::Less
            };
            if self.worst.as_ref().is_some_and(is_late) {
                continue;
            }
            let known = entry.kind.as_ref().and_then(|kind| self.by_kind.get(kind));
            if known
                .and_then(|&at| self.entries.get(at))
                .is_some_and(|known| order(sort, &entry, known).is_ge())
            {
                continue;
            }
            self.insert(entry, sort, keep, budget)?;
        }
        Ok(())
    }

    /// The rows kept, in order.
    pub(crate) fn finish(
        mut self,
        sort: &[SortKey],
        keep: &Keep<'_>,
        budget: &Budget,
    ) -> Result<Vec<Row>, RunError> {
        if let Keep::First(rows) = *keep {
            self.cut(rows, sort);
        }
        budget.set(&mut self.share, 0, WHAT)?;
        self.entries.sort_by(|left, right| order(sort, left, right));
        Ok(self.entries.into_iter().map(|entry| entry.row).collect())
    }
}

fn order(sort: &[SortKey], left: &Entry, right: &Entry) -> Ordering {
    compare(sort, (&left.keys, left.sequence), (&right.keys, right.sequence))
}

fn compare(
    sort: &[SortKey],
    (left, before): (&[Value<'_>], u64),
    (right, behind): (&[Value<'_>], u64),
) -> Ordering {
    for (key, (left, right)) in sort.iter().zip(left.iter().zip(right)) {
        let order = left.compare_for_sort(right);
        let order = if key.descending { order.reverse() } else { order };
        if order.is_ne() {
            return order;
        }
    }
    before.cmp(&behind)
}
