//! Logs Insights queries over the real CloudTrail records, against plain code over `serde_json::Value`.
//!
//! Runs where `TRAILQL_SHARED` names the folder that holds `data`; prints how many pairs of a query and a file agreed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test tells by failing and prints its count"
)]

mod queries;
mod records;
#[path = "../shared_folder/mod.rs"]
mod shared_folder;

use std::cmp::Ordering;
use std::io::Read;
use std::path::{Path, PathBuf};

use queries::{Order, QUERIES, Query};
use records::{Record, Row, compare_values};
use trailql::eval::logs::{MemoryGroups, MemoryRecord, QueryRows, QueryWindow, RunLimits};
use trailql::plan::logs::CompileOptions;
use trailql::{EpochMillis, LogsQuery};

const MOST_SHOWN: usize = 5;

#[test]
fn queries_on_real_records_give_what_plain_code_gives() {
    let Some(shared) = shared_folder::folder() else { return };
    let files = files(&shared.join("data"));
    assert!(files.len() >= 6, "only {} files", files.len());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let chunks = QUERIES.chunks(QUERIES.len().div_ceil(threads));
        let started: Vec<_> = chunks.map(|queries| scope.spawn(|| run(queries, &files))).collect();
        started.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let failures: Vec<&str> = outcomes.iter().filter_map(|outcome| outcome.failure.as_deref()).collect();
    let rows: usize = outcomes.iter().map(|outcome| outcome.rows).sum();
    let records: usize = files.iter().map(|(_, records)| records.len()).sum();
    println!(
        "{} of {} pairs of a query and a file agree, in {rows} rows, over {records} records",
        outcomes.len() - failures.len(),
        outcomes.len()
    );
    assert!(failures.is_empty(), "{} disagreements:\n{}", failures.len(), failures.join("\n"));
    for query in QUERIES {
        let shows = outcomes.iter().any(|outcome| outcome.query == query.text && outcome.rows > 0);
        assert!(shows, "no file has a row for {}", query.text);
    }
}

/// What a query gave on a file.
struct Outcome {
    query: &'static str,
    rows: usize,
    failure: Option<String>,
}

fn run(queries: &'static [Query], files: &[(String, Vec<Record>)]) -> Vec<Outcome> {
    let pairs = queries.iter().flat_map(|query| files.iter().map(move |file| (query, file)));
    let outcome = |(query, (name, records)): (&'static Query, &(String, Vec<Record>))| {
        let expected = (query.expected)(records);
        let failure = disagreement(query, records, &expected);
        let failure = failure.map(|failure| format!("{name}: {}\n    {failure}", query.text));
        Outcome { query: query.text, rows: expected.len(), failure }
    };
    pairs.map(outcome).collect()
}

fn files(data: &Path) -> Vec<(String, Vec<Record>)> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(data.join("cloudtrail")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "ndjson"));
    paths.sort();
    paths.push(data.join("synthetic-2weeks.ndjson.gz"));
    let read = |path: PathBuf| {
        let mut text = String::new();
        let mut file = std::fs::File::open(&path).unwrap();
        if path.extension().is_some_and(|ending| ending == "gz") {
            flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
        } else {
            file.read_to_string(&mut text).unwrap();
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, text.lines().map(Record::new).collect())
    };
    paths.into_iter().map(read).collect()
}

/// What the query shows otherwise than plain code, taking the records whole and in parts.
fn disagreement(query: &Query, records: &[Record], expected: &[Row]) -> Option<String> {
    let parsed: LogsQuery = query.text.parse().unwrap_or_else(|error| panic!("{}: {error}", query.text));
    let plan =
        parsed.compile(&CompileOptions::default()).unwrap_or_else(|error| panic!("{}: {error}", query.text));
    for part_events in [usize::MAX, 100] {
        let events = records
            .iter()
            .map(|record| MemoryRecord { message: record.text.clone(), ..MemoryRecord::default() });
        let mut groups = MemoryGroups::of_events(events.collect()).in_parts_of(part_events);
        let window = QueryWindow::everything(EpochMillis(0));
        let failure = match plan.run(&window, &RunLimits::default(), &mut groups) {
            Ok(found) => compare(query.order, expected, &shown(&found)),
            Err(error) => Some(error.to_string()),
        };
        if let Some(failure) = failure {
            let how = if part_events == usize::MAX { "whole" } else { "in parts" };
            return Some(format!("{how}: {failure}"));
        }
    }
    None
}

fn shown(found: &QueryRows) -> Vec<Row> {
    let row = |values: &Vec<trailql::values::Value<'static>>| {
        let cells = found.columns.iter().zip(values).filter(|(name, _)| *name != "@ptr");
        cells
            .filter_map(|(name, value)| Some((name.clone(), list_in_order(value.render()?.into_owned()))))
            .collect()
    };
    found.rows.iter().map(row).collect()
}

/// The elements of `values` have no order of their own.
fn list_in_order(text: String) -> String {
    match serde_json::from_str::<Vec<String>>(&text) {
        Ok(mut elements) => {
            elements.sort();
            serde_json::Value::from(elements).to_string()
        }
        Err(_) => text,
    }
}

fn compare(order: Order, expected: &[Row], found: &[Row]) -> Option<String> {
    let (mut expected, mut found) = (expected.to_vec(), found.to_vec());
    if let Order::By(keys) = order {
        let misplaced = found.windows(2).find(|pair| {
            let mut orders = keys.iter().map(|key| {
                let (name, descending) = key.strip_prefix('-').map_or((*key, false), |name| (name, true));
                let order = compare_values(
                    pair[0].get(name).map(String::as_str),
                    pair[1].get(name).map(String::as_str),
                );
                if descending { order.reverse() } else { order }
            });
            orders.find(|order| *order != Ordering::Equal) == Some(Ordering::Greater)
        });
        if let Some(pair) = misplaced {
            return Some(format!("not in the order of {keys:?}: {pair:?}"));
        }
    }
    if order != Order::Exact {
        expected.sort();
        found.sort();
    }
    if expected == found {
        return None;
    }
    let differing: Vec<String> = expected
        .iter()
        .map(Some)
        .chain(std::iter::repeat(None))
        .zip(found.iter().map(Some).chain(std::iter::repeat(None)))
        .take(expected.len().max(found.len()))
        .filter(|(expected, found)| expected != found)
        .take(MOST_SHOWN)
        .map(|(expected, found)| format!("\n      expected {expected:?}\n      found    {found:?}"))
        .collect();
    Some(format!("{} rows expected, {} found{}", expected.len(), found.len(), differing.concat()))
}
