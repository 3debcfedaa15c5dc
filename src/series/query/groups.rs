//! The members of each group, and the times at which they are members: tags change.

use std::collections::BTreeMap;

use super::select::{ALWAYS, Labels, is_from, needs_account, tag_keys};
use super::{MOST_PROCESSED, QueryError, QueryNote, QueryRun, versions};
use crate::EpochMillis;
use crate::series::{MetricData, MetricStore, Statistic, TimeRange, Unit};
use crate::syntax::metrics::{AggregateFunction, MetricsQuery};

/// The metrics of a group.
#[derive(Default)]
pub(super) struct Group<'a> {
    pub(super) members: Vec<Member<'a>>,
}

/// A metric, and the buckets of which it is a member.
pub(super) struct Member<'a> {
    pub(super) data: &'a MetricData,
    pub(super) times: Times,
}

/// Ranges of the starts of buckets, apart and in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Times(Vec<TimeRange>);

impl Times {
    fn new(mut ranges: Vec<TimeRange>) -> Self {
        ranges.sort_by_key(|range| (range.start, range.end));
        let mut apart: Vec<TimeRange> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match apart.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => apart.push(range),
            }
        }
        Times(apart)
    }

    pub(super) fn contains(&self, at: EpochMillis) -> bool {
        let behind = self.0.partition_point(|range| range.start <= at);
        let last = behind.checked_sub(1).and_then(|index| self.0.get(index));
        last.is_some_and(|range| range.contains(at))
    }
}

/// The groups of a query by the values of their labels. A metric counts once in a group, whatever its tags were.
pub(super) fn of<'a>(
    query: &MetricsQuery,
    store: &'a MetricStore,
    run: &QueryRun<'_>,
    notes: &mut Vec<QueryNote>,
) -> Result<BTreeMap<Vec<Option<String>>, Group<'a>>, QueryError> {
    let keys = tag_keys(query);
    let needs_account = needs_account(query);
    let mut groups: BTreeMap<Vec<Option<String>>, Group<'a>> = BTreeMap::new();
    let mut units: Vec<Unit> = Vec::new();
    let (mut processed, mut left_out, mut versions_left_out) = (0, 0, 0);
    for (metric, data) in store.metrics().filter(|(metric, _)| is_from(query, metric)) {
        let account = metric.account.as_deref().or(run.account);
        if needs_account && account.is_none() {
            return Err(QueryError::NoAccount { metric: metric.to_string() });
        }
        let (versions, dropped) = match keys.as_slice() {
            [] => (vec![(versions::Tags::new(), ALWAYS)], 0),
            keys => versions::of(metric, run, keys),
        };
        let mut times: BTreeMap<Vec<Option<&str>>, Vec<TimeRange>> = BTreeMap::new();
        for (tags, range) in versions {
            let labels = Labels { metric, account, tags };
            if query.filter.as_ref().is_none_or(|condition| labels.fulfil(condition, run)) {
                let tuple = query.group_by.iter().map(|key| labels.get(key)).collect();
                times.entry(tuple).or_default().push(range);
            }
        }
        if times.is_empty() {
            continue;
        }
        if processed == MOST_PROCESSED {
            left_out += 1;
            continue;
        }
        processed += 1;
        if let Some(statistic) = needed(query).find(|statistic| !data.knows(statistic)) {
            return Err(QueryError::NotKnown { metric: metric.to_string(), statistic });
        }
        versions_left_out += dropped;
        units.extend(data.units());
        for (tuple, ranges) in times {
            let tuple = tuple.into_iter().map(|value| value.map(str::to_owned)).collect();
            groups.entry(tuple).or_default().members.push(Member { data, times: Times::new(ranges) });
        }
    }
    if left_out > 0 {
        notes.push(QueryNote::SeriesLeftOut(left_out));
    }
    if versions_left_out > 0 {
        notes.push(QueryNote::TagVersionsLeftOut(versions_left_out));
    }
    let mixed: Vec<Unit> = Unit::ALL.iter().copied().filter(|unit| units.contains(unit)).collect();
    if mixed.len() > 1 {
        notes.push(QueryNote::MixedUnits(mixed));
    }
    Ok(groups)
}

/// The statistics that a query makes its series of, and sorts them by.
fn needed(query: &MetricsQuery) -> impl Iterator<Item = Statistic> {
    let counts = query.order_by.as_ref().is_some_and(|order| order.function == AggregateFunction::Count);
    let selected = match query.select.function {
        AggregateFunction::Avg => Statistic::Average,
        AggregateFunction::Count => Statistic::SampleCount,
        AggregateFunction::Max => Statistic::Maximum,
        AggregateFunction::Min => Statistic::Minimum,
        AggregateFunction::Sum => Statistic::Sum,
    };
    std::iter::once(selected).chain(counts.then_some(Statistic::SampleCount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_touch_are_one() {
        let range = |start, end| TimeRange { start: EpochMillis(start), end: EpochMillis(end) };
        let times = Times::new(vec![range(5, 9), range(0, 3), range(2, 5), range(20, 21)]);
        assert_eq!(times, Times(vec![range(0, 9), range(20, 21)]));
        assert!(
            times.contains(EpochMillis(0))
                && times.contains(EpochMillis(8))
                && times.contains(EpochMillis(20))
        );
        assert!(!times.contains(EpochMillis(9)) && !times.contains(EpochMillis(-1)));
    }
}
