//! The different values of a group, told apart by their texts, and how often each occurs.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::super::value::Value;

/// The different values, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    texts: HashSet<Box<str>>,
    values: Vec<Value<'static>>,
    heap: usize,
}

impl Seen {
    pub(super) fn add(&mut self, value: &Value<'_>) {
        let Some(text) = value.text() else { return };
        if !self.texts.contains(&*text) {
            let value = value.clone().into_owned();
            self.heap += text.len() + 2 * size_of::<Box<str>>() + value.footprint();
            self.texts.insert(text.into());
            self.values.push(value);
        }
    }

    pub(super) fn merge(&mut self, later: Seen) {
        for value in &later.values {
            self.add(value);
        }
    }

    /// The values as a list; missing if there are none.
    pub(super) fn finish(self) -> Value<'static> {
        if self.values.is_empty() { Value::Missing } else { Value::List(self.values.into()) }
    }

    pub(super) fn heap(&self) -> usize {
        self.heap
    }
}

/// How often each text occurs, and the first value that was rendered so.
#[derive(Clone, Debug, Default)]
pub(super) struct Frequencies {
    counts: HashMap<Box<str>, (Value<'static>, u64)>,
    heap: usize,
}

impl Frequencies {
    pub(super) fn add(&mut self, value: &Value<'_>) {
        let Some(text) = value.text() else { return };
        match self.counts.get_mut(&*text) {
            Some((_, count)) => *count += 1,
            None => self.insert((&*text).into(), value.clone().into_owned(), 1),
        }
    }

    fn insert(&mut self, text: Box<str>, value: Value<'static>, count: u64) {
        let length = text.len();
        match self.counts.entry(text) {
            Entry::Occupied(mut present) => present.get_mut().1 += count,
            Entry::Vacant(place) => {
                self.heap += length + 2 * size_of::<(Box<str>, u64)>() + value.footprint();
                place.insert((value, count));
            }
        }
    }

    pub(super) fn merge(&mut self, later: Frequencies) {
        for (text, (value, count)) in later.counts {
            self.insert(text, value, count);
        }
    }

    /// The values that occur most often, at most so many, as a list; of equally frequent ones the first by sort order.
    pub(super) fn most_frequent(self, most: usize) -> Value<'static> {
        let mut counts: Vec<(Box<str>, (Value<'static>, u64))> = self.counts.into_iter().collect();
        counts.sort_unstable_by(|(left_text, (left, left_count)), (right_text, (right, right_count))| {
            // Values that are sorted as equal may still have different texts.
            right_count
                .cmp(left_count)
                .then_with(|| left.compare_for_sort(right))
                .then_with(|| left_text.cmp(right_text))
        });
        let values: Vec<_> = counts.into_iter().map(|(_, (value, _))| value).take(most).collect();
        if values.is_empty() { Value::Missing } else { Value::List(values.into()) }
    }

    pub(super) fn heap(&self) -> usize {
        self.heap
    }
}
