//! Any query on any events: no panic, and the plan equals the plain evaluator, whole and in parts.
//!
//! Input is a text of a query, a line of three hyphens and a message a line; or bytes that a query is made of.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use trailql::LogsQuery;
use trailql::eval::logs::plain::{self, PlainError, PlainRows};
use trailql::eval::logs::{ArbitraryRun, QueryRows, RunError, RunLimits};

const MOST_MESSAGES: usize = 20;
/// A query that multiplies rows without end is stopped early.
const LIMITS: RunLimits = RunLimits { memory_bytes: 32 << 20 };

fuzz_target!(|bytes: &[u8]| {
    let written = std::str::from_utf8(bytes).ok().and_then(|text| text.split_once("\n---\n"));
    let run = match written {
        Some((query, messages)) => {
            let messages: Vec<&str> = messages.lines().take(MOST_MESSAGES).collect();
            ArbitraryRun::of_text(query, &messages)
        }
        None => match ArbitraryRun::arbitrary(&mut Unstructured::new(bytes)) {
            Ok(run) => run,
            Err(_) => return,
        },
    };
    let Ok(query) = run.query.parse::<LogsQuery>() else { return };
    let Ok(plan) = query.compile(&run.options) else { return };
    // The plain evaluator goes first: it does not judge a query that multiplies rows, which the plan would go through one by one.
    let expected = match plain::run(&query, &run.options, &run.window, &run.groups) {
        Ok(rows) => Some(rows),
        Err(PlainError::Run(_)) => None,
        Err(_) => return,
    };
    let mut results = Vec::new();
    for part_events in [usize::MAX, 1, 3] {
        match plan.run(&run.window, &LIMITS, &mut run.memory(part_events)) {
            Ok(found) => results.push(Ok(rendered(&found))),
            Err(RunError::NoWindow { .. } | RunError::Memory { .. }) => return,
            Err(error) => results.push(Err(error)),
        }
    }
    for found in results {
        assert_eq!(found.ok(), expected, "{run:?}");
    }
});

fn rendered(found: &QueryRows) -> PlainRows {
    let rows = found.rows.iter().map(|row| {
        let cells = found.columns.iter().zip(row);
        cells.filter_map(|(name, value)| Some((name.clone(), value.render()?.into_owned()))).collect()
    });
    PlainRows { columns: found.columns.clone(), rows: rows.collect() }
}
