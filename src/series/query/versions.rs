//! The versions of the tags of one metric over time (`spec/metrics-insights.md` 2.7).

use std::collections::BTreeMap;

use super::QueryRun;
use crate::EpochMillis;
use crate::series::{MetricIdentity, Period, TimeRange};

/// Tags by their keys.
pub(super) type Tags<'a> = BTreeMap<&'a str, &'a str>;

/// How many versions of the tags of a metric count.
const MOST_VERSIONS: usize = 10;

/// The tags of a metric with the bucket starts at which they count, and how many older versions are left out.
///
/// A version counts from one period before its start up to its end, that instant included: only so the example of the
/// guide comes out, in which two tags that share 180 minutes have 91 each. Where none counts there are no tags. All tags
/// of the resource make the versions, whether or not the query asks for them.
pub(super) fn of<'a>(
    metric: &MetricIdentity,
    run: &QueryRun<'a>,
    keys: &[&str],
) -> (Vec<(Tags<'a>, TimeRange)>, usize) {
    let records: Vec<_> = run.tags.of(metric).collect();
    let mut bounds: Vec<EpochMillis> =
        records.iter().flat_map(|record| [record.valid.start, record.valid.end]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut versions: Vec<(Tags<'a>, TimeRange)> = Vec::new();
    for (start, end) in bounds.iter().zip(bounds.iter().skip(1)) {
        let in_force = records.iter().filter(|record| record.valid.contains(*start));
        let tags: Tags<'a> = in_force.map(|record| (record.key.as_str(), record.value.as_str())).collect();
        match versions.last_mut() {
            Some((last, range)) if *last == tags => range.end = *end,
            _ => versions.push((tags, TimeRange { start: *start, end: *end })),
        }
    }
    versions.retain(|(tags, _)| !tags.is_empty());
    let dropped = versions.len().saturating_sub(MOST_VERSIONS);
    versions.drain(..dropped);
    let early = run.period.max(Period::MINUTE).millis();
    for (tags, range) in &mut versions {
        tags.retain(|key, _| keys.contains(key));
        range.start = EpochMillis(range.start.0.saturating_sub(early));
        range.end = EpochMillis(range.end.0.saturating_add(1));
    }
    let untagged = between(versions.iter().map(|(_, range)| *range));
    versions.extend(untagged.into_iter().map(|range| (Tags::new(), range)));
    (versions, dropped)
}

/// The times outside of ranges that are in order of their starts.
fn between(ranges: impl Iterator<Item = TimeRange>) -> Vec<TimeRange> {
    let mut found = Vec::new();
    let mut from = EpochMillis(i64::MIN);
    for range in ranges {
        if from < range.start {
            found.push(TimeRange { start: from, end: range.start });
        }
        from = from.max(range.end);
    }
    found.push(TimeRange { start: from, end: EpochMillis(i64::MAX) });
    found
}
