//! `sessionize`: which rows of one actor belong together in time.

use std::collections::HashMap;

use super::{Row, cell, key, set};
use crate::EpochMillis;
use crate::values::Value;

/// Writes to the column `to` the identifier of each row's session: the values of `keys` and a running number. Rows with
/// the same values are of one session while no two that follow each other in time are more than `maxspan_millis` apart.
/// Rows stay where they are; one without a time or without one of the keys is of no session.
pub(crate) fn sessionize(rows: &mut [Row], keys: &[usize], time: usize, maxspan_millis: i64, to: usize) {
    let mut numbers: HashMap<String, u64> = HashMap::new();
    for (label, mut series) in actors(rows, keys, time) {
        series.sort_by_key(|&(time, _)| time);
        // Different values may join to the same label; their numbers run on.
        let number = numbers.entry(label.clone()).or_default();
        let mut last: Option<EpochMillis> = None;
        for (time, at) in series {
            let pause = last.map(|last| time.0.saturating_sub(last.0));
            if pause.is_none_or(|pause| pause > maxspan_millis) {
                *number += 1;
            }
            last = Some(time);
            if let Some(row) = rows.get_mut(at) {
                set(row, to, Value::text_of(format!("{label}-{number}")));
            }
        }
    }
}

type Series = Vec<(EpochMillis, usize)>;

/// The rows of each combination of keys, with their times, and what the combination is called; in first-seen order.
/// Other rows lose their place in no session.
fn actors(rows: &[Row], keys: &[usize], time: usize) -> Vec<(String, Series)> {
    let mut places: HashMap<Box<[u8]>, usize> = HashMap::new();
    let mut actors: Vec<(String, Series)> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let Some(time) = cell(row, time).time() else { continue };
        let texts: Option<Vec<_>> = keys.iter().map(|&column| cell(row, column).render()).collect();
        let Some(texts) = texts else { continue };
        let place = *places.entry(key(row, keys)).or_insert_with(|| {
            actors.push((texts.join("-"), Vec::new()));
            actors.len() - 1
        });
        if let Some((_, series)) = actors.get_mut(place) {
            series.push((time, at));
        }
    }
    actors
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lines, table};
    use super::*;

    #[test]
    fn a_longer_pause_starts_a_session_and_rows_stay_in_place() {
        let mut rows = table("alice @100\n bob @0\n alice @0\n alice @10\n - @5\n alice -\n alice @101");
        sessionize(&mut rows, &[0], 1, 50, 2);
        let expected = [
            "alice @100 alice-2",
            "bob @0 bob-1",
            "alice @0 alice-1",
            "alice @10 alice-1",
            "- @5",
            "alice -",
        ];
        assert_eq!(lines(&rows[..6]), expected);
        assert_eq!(lines(&rows[6..]), ["alice @101 alice-2"]);
    }

    #[test]
    fn the_longest_pause_still_belongs() {
        let mut rows = table("a @0\n a @50\n a @101");
        sessionize(&mut rows, &[0], 1, 50, 2);
        assert_eq!(lines(&rows), ["a @0 a-1", "a @50 a-1", "a @101 a-2"]);
    }

    #[test]
    fn no_two_actors_share_an_identifier() {
        let mut rows = table("a-b c @0\n a b-c @0");
        sessionize(&mut rows, &[0, 1], 2, 50, 3);
        assert_eq!(lines(&rows), ["a-b c @0 a-b-c-1", "a b-c @0 a-b-c-2"]);
    }
}
