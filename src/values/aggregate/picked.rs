//! One value of a group: the first or last by sort order or by time, and the rate between two.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::super::value::Value;
use crate::EpochMillis;

/// Which end of an order is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

impl End {
    /// Whether what compares so with the best so far is better.
    fn is_better(self, order: Ordering) -> bool {
        match self {
            End::First => order.is_lt(),
            End::Last => order.is_gt(),
        }
    }
}

/// Puts a value into a slot, into the memory of a text that is there.
fn keep(slot: &mut Value<'static>, value: &Value<'_>) {
    match (slot, value) {
        (Value::Text(Cow::Owned(text)), Value::Text(new)) => {
            text.clear();
            text.push_str(new);
        }
        (slot, value) => *slot = value.clone().into_owned(),
    }
}

/// A time as milliseconds, as the service gives it for `min`, `max`, `earliest` and `latest`.
fn time_as_number(value: Value<'static>) -> Value<'static> {
    match value {
        Value::Time(time) => Value::number_of(time.0 as f64),
        other => other,
    }
}

/// The first or last value by sort order; of equal ones, the one that came first.
#[derive(Clone, Debug)]
pub(super) struct Extreme {
    end: End,
    times_as_numbers: bool,
    best: Value<'static>,
}

impl Extreme {
    pub(super) fn new(end: End, times_as_numbers: bool) -> Self {
        Extreme { end, times_as_numbers, best: Value::Missing }
    }

    pub(super) fn add(&mut self, value: &Value<'_>) {
        if self.best.is_missing() || self.end.is_better(compare(value, &self.best)) {
            keep(&mut self.best, value);
        }
    }

    pub(super) fn merge(&mut self, later: Extreme) {
        if !later.best.is_missing() {
            self.add(&later.best);
        }
    }

    pub(super) fn finish(self) -> Value<'static> {
        if self.times_as_numbers { time_as_number(self.best) } else { self.best }
    }

    pub(super) fn heap(&self) -> usize {
        self.best.footprint() - size_of::<Value<'_>>()
    }
}

/// [`Value::compare_for_sort`], without looking at the texts of different numbers.
fn compare(left: &Value<'_>, right: &Value<'_>) -> Ordering {
    let order = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.value().partial_cmp(&right.value()),
        (Value::Time(left), Value::Time(right)) => return left.cmp(right),
        _ => None,
    };
    order.filter(|order| order.is_ne()).unwrap_or_else(|| left.compare_for_sort(right))
}

/// The value of the first or last row by time; of rows at one time, of the one that came first.
#[derive(Clone, Debug)]
pub(super) struct Timed {
    end: End,
    time: Option<EpochMillis>,
    value: Value<'static>,
}

impl Timed {
    pub(super) fn new(end: End) -> Self {
        Timed { end, time: None, value: Value::Missing }
    }

    pub(super) fn add(&mut self, value: &Value<'_>, time: EpochMillis) {
        if self.time.is_none_or(|best| self.end.is_better(time.cmp(&best))) {
            self.time = Some(time);
            keep(&mut self.value, value);
        }
    }

    pub(super) fn merge(&mut self, later: Timed) {
        if let Some(time) = later.time {
            self.add(&later.value, time);
        }
    }

    pub(super) fn finish(self) -> Value<'static> {
        time_as_number(self.value)
    }

    pub(super) fn heap(&self) -> usize {
        self.value.footprint() - size_of::<Value<'_>>()
    }
}

/// The change from the first to the last number by time (`spec/logs-insights.md` 11, U27).
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    period_millis: f64,
    ends: Option<(Reading, Reading)>,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    time: EpochMillis,
    number: f64,
}

impl Rate {
    pub(super) fn new(period_millis: f64) -> Self {
        Rate { period_millis, ends: None }
    }

    pub(super) fn add(&mut self, number: f64, time: EpochMillis) {
        let reading = Reading { time, number };
        self.widen(reading, reading);
    }

    fn widen(&mut self, later_first: Reading, later_last: Reading) {
        let (first, last) = self.ends.get_or_insert((later_first, later_last));
        if later_first.time < first.time {
            *first = later_first;
        }
        if later_last.time > last.time {
            *last = later_last;
        }
    }

    pub(super) fn merge(&mut self, later: Rate) {
        if let Some((first, last)) = later.ends {
            self.widen(first, last);
        }
    }

    pub(super) fn finish(self) -> Value<'static> {
        let Some((first, last)) = self.ends else { return Value::Missing };
        let elapsed = last.time.0.abs_diff(first.time.0);
        if elapsed == 0 {
            return Value::number_of(0.0);
        }
        Value::number_of((last.number - first.number) / (elapsed as f64 / self.period_millis))
    }
}
