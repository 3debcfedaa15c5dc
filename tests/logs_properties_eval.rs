//! Properties of Logs Insights runs: the plan equals the plain evaluator, whole and in parts; the prefilter is sound.
#![cfg(all(feature = "arbitrary", feature = "reference"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test tells by failing and prints its counts"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arbitrary::{Arbitrary, Unstructured};
use proptest::prelude::*;
use serde::Deserialize;
use trailql::eval::logs::plain::{self, PlainError, PlainRows};
use trailql::eval::logs::{
    ArbitraryRun, LogGroups, MemoryRecord, Part, Pass, QueryRows, QueryWindow, RunError, RunLimits,
};
use trailql::eval::{Prefilter, PrefilterState};
use trailql::plan::logs::{CompileOptions, LogsPlan, MissingNegation};
use trailql::plan::requirement::Requirement;
use trailql::syntax::logs::{ParseOptions, SavedQueries, SavedQuery, Source};
use trailql::values::{LookupTable, Number, Value};
use trailql::{EpochMillis, LogsQuery};

/// The plan's rows as the plain evaluator gives them.
fn rendered(found: &QueryRows) -> PlainRows {
    let row = |row: &Vec<Value<'static>>| {
        let cells = found.columns.iter().zip(row);
        cells.filter_map(|(name, value)| Some((name.clone(), value.render()?.into_owned()))).collect()
    };
    PlainRows { columns: found.columns.clone(), rows: found.rows.iter().map(row).collect() }
}

/// What does not hold of a run; `None` for one that is not judged.
fn disagreement(run: &ArbitraryRun, query: &LogsQuery, plan: &LogsPlan) -> Option<Result<(), String>> {
    let expected = match plain::run(query, &run.options, &run.window, &run.groups) {
        Ok(rows) => Ok(rows),
        Err(PlainError::Run(error)) => Err(error.to_string()),
        Err(_) => return None,
    };
    for part_events in [usize::MAX, 1, 3] {
        let found = plan.run(&run.window, &RunLimits::default(), &mut run.memory(part_events));
        let found = match found {
            Ok(found) => Ok(rendered(&found)),
            Err(RunError::NoWindow { .. }) => return None,
            Err(error) => Err(error.to_string()),
        };
        // Which of several errors is met first is not told.
        if found != expected && (found.is_ok() || expected.is_ok()) {
            return Some(Err(told(run, part_events, &expected, &found)));
        }
    }
    Some(Ok(()))
}

fn told(
    run: &ArbitraryRun,
    part_events: usize,
    expected: &Result<PlainRows, String>,
    found: &Result<PlainRows, String>,
) -> String {
    let rows = |rows: &Result<PlainRows, String>| match rows {
        Err(error) => format!("    {error}"),
        Ok(rows) => {
            let lines = rows.rows.iter().map(|row| format!("\n    {row:?}"));
            format!("    {:?}{}", rows.columns, lines.collect::<String>())
        }
    };
    format!("{run:?}\n  in parts of {part_events}\n  plain\n{}\n  plan\n{}", rows(expected), rows(found))
}

/// Groups of which only those events are read that a search in their raw text leaves over.
struct Sieved<'r> {
    run: &'r ArbitraryRun,
    spelling: Spelling,
    /// Which of the clauses of a requirement is searched for.
    clause: usize,
    left_out: usize,
}

/// How the raw text spells a message.
#[derive(Clone, Copy, Debug)]
enum Spelling {
    AsItIs,
    InString,
    Escaped,
}

impl Spelling {
    fn of(self, message: &str) -> String {
        match self {
            Spelling::AsItIs => message.to_owned(),
            Spelling::InString => serde_json::to_string(message).unwrap(),
            Spelling::Escaped => message.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect(),
        }
    }
}

impl LogGroups for Sieved<'_> {
    fn scan(&mut self, source: Option<&Source>, pass: &Pass<'_>) -> Result<Part, RunError> {
        let requirement = match self.spelling {
            Spelling::AsItIs => pass.requirement().cloned(),
            Spelling::InString | Spelling::Escaped => pass.requirement().and_then(Requirement::inside_string),
        };
        let prefilter = requirement.map(Prefilter::new);
        let mut state = PrefilterState::default();
        (0..self.clause).for_each(|_| state.observe(1, 1));
        let mut may_match = |record: &MemoryRecord| {
            let raw = self.spelling.of(&record.message);
            let candidates =
                prefilter.as_ref().and_then(|prefilter| prefilter.candidates(&state, &raw, true));
            let found = candidates.is_none_or(|mut candidates| candidates.next_from(0).is_some());
            self.left_out += usize::from(!found);
            found
        };
        let mut run = self.run.clone();
        run.groups.iter_mut().for_each(|(_, records)| records.retain(&mut may_match));
        run.memory(usize::MAX).scan(source, pass)
    }
}

/// The same but for the places of events.
fn without_places(mut rows: PlainRows) -> PlainRows {
    rows.columns.retain(|name| name != "@ptr");
    rows.rows.iter_mut().for_each(|row| drop(row.remove("@ptr")));
    rows
}

/// How many events the search leaves out; an error where the result is not the same without them.
fn left_out(run: &ArbitraryRun, plan: &LogsPlan) -> Result<usize, String> {
    let limits = RunLimits::default();
    let Ok(expected) = plan.run(&run.window, &limits, &mut run.memory(usize::MAX)) else { return Ok(0) };
    let expected = without_places(rendered(&expected));
    let mut left_out = 0;
    for spelling in [Spelling::AsItIs, Spelling::InString, Spelling::Escaped] {
        for clause in 0..4 {
            let mut groups = Sieved { run, spelling, clause, left_out: 0 };
            let found = plan.run(&run.window, &limits, &mut groups).map_err(|error| error.to_string())?;
            left_out += groups.left_out;
            let found = without_places(rendered(&found));
            if found != expected {
                return Err(format!("{run:?}\n  {spelling:?}, clause {clause}\n  {expected:?}\n  {found:?}"));
            }
        }
    }
    Ok(left_out)
}

fn generated() -> impl Strategy<Value = ArbitraryRun> {
    prop::collection::vec(any::<u8>(), 0..1500).prop_filter_map("the bytes spell nothing", |bytes| {
        ArbitraryRun::arbitrary(&mut Unstructured::new(&bytes)).ok()
    })
}

fn cases(default: u32) -> u32 {
    std::env::var("LOGS_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(default)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(2000), failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn streaming_equals_plain(run in generated()) {
        let Ok(query) = run.query.parse::<LogsQuery>() else { return Ok(()) };
        let Ok(plan) = query.compile(&run.options) else { return Ok(()) };
        if let Some(Err(told)) = disagreement(&run, &query, &plan) {
            prop_assert!(false, "{}", told);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(800), failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn the_prefilter_leaves_out_nothing_that_matters(run in generated()) {
        let Ok(query) = run.query.parse::<LogsQuery>() else { return Ok(()) };
        let Ok(plan) = query.compile(&run.options) else { return Ok(()) };
        if let Err(told) = left_out(&run, &plan) {
            prop_assert!(false, "{}", told);
        }
    }
}

#[test]
fn what_is_no_number_may_be_spelled_without_quotes() {
    let messages = [r#"{"abc":1e999}"#, r#"{"abc":"1e999"}"#, r#"{"abc":"1E999"}"#];
    let mut run = ArbitraryRun::of_text("filter abc = \"1e999\" | stats count(*) as n", &messages);
    run.window.range = None;
    let plan = LogsQuery::parse(&run.query).unwrap().compile(&run.options).unwrap();
    assert!(left_out(&run, &plan).unwrap() > 0);
}

/// A subquery runs first and alone (`spec/logs-insights.md` 2.3).
#[test]
fn a_subquery_of_an_unknown_group_fails_whether_a_row_asks_for_it_or_not() {
    for messages in [&[][..], &[r#"{"b":1}"#], &[r#"{"a":1}"#]] {
        let run = ArbitraryRun::of_text("filter a in (SOURCE 'f' | fields n) | addtotals col=true", messages);
        let query = LogsQuery::parse(&run.query).unwrap();
        let plan = query.compile(&run.options).unwrap();
        assert!(plan.run(&run.window, &RunLimits::default(), &mut run.memory(1)).is_err());
        assert_eq!(disagreement(&run, &query, &plan), Some(Ok(())));
    }
}

/// A generator of texts that are all refused would prove nothing.
#[test]
fn most_generated_queries_compile_and_give_rows() {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let (mut all, mut compiled, mut with_rows, mut sieved) = (0, 0, 0, 0);
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..600 {
        let bytes: Vec<u8> = (0..1500)
            .map(|_| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                (random >> 32) as u8
            })
            .collect();
        let Ok(run) = ArbitraryRun::arbitrary(&mut Unstructured::new(&bytes)) else { continue };
        all += 1;
        let plan = match LogsQuery::parse(&run.query).and_then(|query| query.compile(&run.options)) {
            Ok(plan) => plan,
            Err(errors) => {
                let first = errors.diagnostics().iter().find(|finding| finding.is_error()).unwrap();
                *refused.entry(first.code.to_string()).or_default() += 1;
                if std::env::var("LOGS_TELL").is_ok() {
                    println!("{}\n   {errors}", run.query);
                }
                continue;
            }
        };
        compiled += 1;
        let found = plan.run(&run.window, &RunLimits::default(), &mut run.memory(usize::MAX));
        with_rows += usize::from(found.is_ok_and(|found| !found.rows.is_empty()));
        sieved += usize::from(left_out(&run, &plan).unwrap() > 0);
    }
    println!(
        "{all} queries, {compiled} compile, {with_rows} give rows, {sieved} leave events out; refused {refused:?}"
    );
    assert!(compiled * 2 > all && with_rows * 4 > all, "{compiled} of {all} compile, {with_rows} give rows");
    assert!(sieved * 50 > all, "only {sieved} of {all} leave events out");
}

#[derive(Deserialize)]
struct Corpus {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    query: String,
    input: Option<String>,
    events: Option<Vec<Event>>,
    rows: Option<toml::Value>,
    level: Option<String>,
    start: Option<String>,
    end: Option<String>,
    now: Option<String>,
    missing_negation: Option<String>,
    #[serde(default)]
    groups: BTreeMap<String, Vec<Event>>,
    #[serde(default)]
    group_input: BTreeMap<String, String>,
    #[serde(default)]
    lookups: BTreeMap<String, String>,
    #[serde(default)]
    saved: BTreeMap<String, String>,
    #[serde(default)]
    lenient: bool,
}

#[derive(Clone, Deserialize)]
struct Event {
    at: Option<String>,
    json: Option<String>,
    text: Option<String>,
    stream: Option<String>,
    log: Option<String>,
    ingested: Option<String>,
    #[serde(default)]
    fields: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
struct Input {
    events: Vec<Event>,
}

#[test]
fn plain_agrees_on_every_case_of_the_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/logs");
    let read = |file: &Path| std::fs::read_to_string(file).unwrap();
    let inputs: BTreeMap<String, Input> = toml::from_str(&read(&folder.join("inputs.toml"))).unwrap();
    let (mut judged, mut failures) = (0, Vec::new());
    for entry in std::fs::read_dir(&folder).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|ending| ending != "toml") || file.ends_with("inputs.toml") {
            continue;
        }
        let corpus: Corpus = toml::from_str(&read(&file)).unwrap();
        for case in corpus.case.iter().filter(|case| case.rows.is_some()) {
            let parse = ParseOptions { lenient_newline: case.lenient, ..ParseOptions::default() };
            let run = run_of(case, &inputs, &parse);
            let Some(query) = LogsQuery::parse_lossy(&run.query, &parse).ast else { continue };
            let Some(plan) = query.compile_lossy(&run.options).0 else { continue };
            match disagreement(&run, &query, &plan) {
                None => {}
                Some(Ok(())) => judged += 1,
                Some(Err(told)) => failures.push(format!("{}: {}: {told}", file.display(), case.name)),
            }
        }
    }
    println!("{judged} cases");
    assert!(judged >= 500, "only {judged} cases are judged");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

fn run_of(case: &Case, inputs: &BTreeMap<String, Input>, parse: &ParseOptions) -> ArbitraryRun {
    let mut query = case.query.clone();
    if !case.saved.is_empty() {
        let mut saved = SavedQueries::default();
        for (name, query) in &case.saved {
            saved.insert(name.as_str(), SavedQuery::new(query.as_str())).unwrap();
        }
        let tree = LogsQuery::parse_lossy(&query, parse).ast.unwrap();
        query = saved.expand_calls(&query, &tree).unwrap();
    }
    let of_input = |name: &String| records(&inputs[name].events);
    let unnamed = match (&case.input, &case.events) {
        (Some(name), _) => of_input(name),
        (None, events) => records(events.as_deref().unwrap_or_default()),
    };
    let mut groups = vec![(None, unnamed)];
    groups.extend(case.groups.iter().map(|(name, events)| (Some(name.clone()), records(events))));
    groups.extend(case.group_input.iter().map(|(name, input)| (Some(name.clone()), of_input(input))));
    let table = |csv: &String| Arc::new(LookupTable::from_csv(csv.as_bytes()).unwrap());
    ArbitraryRun {
        query,
        options: CompileOptions {
            level: case.level.as_deref().unwrap_or("L3").parse().unwrap(),
            missing_negation: match case.missing_negation.as_deref() {
                Some("NoMatch") => MissingNegation::NoMatch,
                _ => MissingNegation::Match,
            },
            tables: case.lookups.iter().map(|(name, csv)| (name.clone(), table(csv))).collect(),
            groups: None,
        },
        window: QueryWindow {
            now: case.now.as_deref().map_or(EpochMillis(0), time),
            range: case.start.as_deref().map(time).zip(case.end.as_deref().map(time)),
        },
        groups,
    }
}

fn records(events: &[Event]) -> Vec<MemoryRecord> {
    let system = |value: &toml::Value| match value {
        toml::Value::String(text) => Value::text_of(text.clone()),
        number => Value::Number(Number::spelled(number.to_string()).expect("a number")),
    };
    let record = |event: &Event| MemoryRecord {
        message: event.json.clone().or_else(|| event.text.clone()).expect("an event has a text"),
        timestamp: event.at.as_deref().map(time),
        ingestion_time: event.ingested.as_deref().map(time),
        log_stream: event.stream.clone(),
        log: event.log.clone(),
        system: event.fields.iter().map(|(name, value)| (name.clone(), system(value))).collect(),
    };
    events.iter().map(record).collect()
}

fn time(text: &str) -> EpochMillis {
    let full = if text.contains('T') { text.to_owned() } else { format!("2026-03-01T{text}Z") };
    EpochMillis(full.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}
