//! One record of a metric: how often each value occurs in a minute or a second.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::super::statistic::{Basics, ValueCount};

/// What one more value of a record takes, in bytes: key and count, and what a tree has beside them.
pub(super) const BYTES_PER_VALUE: usize = 32;

/// What a record of single values is turned into where it may no longer keep them.
pub(super) const BYTES_PER_SUM: usize = 96;

/// The values of one record.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    values: Values,
    /// What is known only as a sum.
    summed: Option<Box<Summed>>,
}

#[derive(Clone, Debug, Default)]
enum Values {
    #[default]
    None,
    /// One value, so many times: a filter that counts takes no more.
    One(f64, u64),
    Many(BTreeMap<Ordered, u64>),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Summed {
    basics: Basics,
    /// Whether statistic sets are part of it.
    has_sets: bool,
    /// Whether there were too many different values.
    has_overflow: bool,
}

/// Why a record does not know its single values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoValues {
    Sets,
    Overflow,
}

/// A finite number in its order.
#[derive(Clone, Copy, Debug)]
struct Ordered(f64);

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Record {
    /// Takes in a value; gives the bytes taken and set free. The result depends on the values alone, not on their
    /// order: single values are given up if, and only if, there are more than `most` different ones.
    pub(super) fn put(&mut self, value: f64, count: u64, most: usize) -> (usize, usize) {
        if let Some(summed) = &mut self.summed
            && summed.has_overflow
        {
            summed.basics.add(value, count);
            return (0, 0);
        }
        match &mut self.values {
            Values::None => {
                self.values = Values::One(value, count);
                self.give_up_beyond(most, 1, 0)
            }
            Values::One(known, known_count) if *known == value => {
                *known_count = known_count.saturating_add(count);
                (0, 0)
            }
            Values::One(known, known_count) => {
                let both = [(Ordered(*known), *known_count), (Ordered(value), count)];
                self.values = Values::Many(both.into());
                self.give_up_beyond(most, 2, 2 * BYTES_PER_VALUE)
            }
            Values::Many(values) => match values.get_mut(&Ordered(value)) {
                Some(known_count) => {
                    *known_count = known_count.saturating_add(count);
                    (0, 0)
                }
                None => {
                    values.insert(Ordered(value), count);
                    let held = values.len();
                    self.give_up_beyond(most, held, BYTES_PER_VALUE)
                }
            },
        }
    }

    fn give_up_beyond(&mut self, most: usize, held: usize, taken: usize) -> (usize, usize) {
        if held <= most {
            return (taken, 0);
        }
        let sum_taken = if self.summed.is_none() { BYTES_PER_SUM } else { 0 };
        let freed = if held > 1 { held * BYTES_PER_VALUE } else { 0 };
        let summed = self.summed.get_or_insert_default();
        summed.has_overflow = true;
        std::mem::take(&mut self.values).each(|value, count| summed.basics.add(value, count));
        (taken + sum_taken, freed)
    }

    /// Takes in a statistic set; gives the bytes taken.
    pub(super) fn put_summed(&mut self, count: u64, sum: f64, minimum: f64, maximum: f64) -> usize {
        let taken = if self.summed.is_none() { BYTES_PER_SUM } else { 0 };
        let summed = self.summed.get_or_insert_default();
        summed.has_sets = true;
        summed.basics.total.add_sum(sum, count);
        summed.basics.minimum = summed.basics.minimum.min(minimum);
        summed.basics.maximum = summed.basics.maximum.max(maximum);
        taken
    }

    /// Adds its values to the basic statistics of a longer time.
    pub(super) fn add_to(&self, basics: &mut Basics) {
        self.values.each(|value, count| basics.add(value, count));
        if let Some(summed) = &self.summed {
            basics.total.merge(summed.basics.total.clone());
            basics.minimum = basics.minimum.min(summed.basics.minimum);
            basics.maximum = basics.maximum.max(summed.basics.maximum);
        }
    }

    /// Adds its values to those of a longer time, in no order.
    pub(super) fn append_to(&self, values: &mut Vec<ValueCount>) -> Result<(), NoValues> {
        match &self.summed {
            Some(summed) if summed.has_sets => return Err(NoValues::Sets),
            Some(_) => return Err(NoValues::Overflow),
            None => self.values.each(|value, count| values.push((value, count))),
        }
        Ok(())
    }
}

impl Values {
    fn each(&self, mut take: impl FnMut(f64, u64)) {
        match self {
            Values::None => {}
            Values::One(value, count) => take(*value, *count),
            Values::Many(values) => values.iter().for_each(|(value, count)| take(value.0, *count)),
        }
    }
}
