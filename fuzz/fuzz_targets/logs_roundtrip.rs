//! Any tree: prints as text that parses to the same tree, and printing again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::LogsQuery;
use trailql::syntax::logs::ParseOptions;

fuzz_target!(|query: LogsQuery| {
    let room = ParseOptions { max_chars: usize::MAX, nesting: 128, ..ParseOptions::default() };
    let printed = query.to_string();
    let parsed = LogsQuery::parse_lossy(&printed, &room);
    assert!(parsed.ast.as_ref() == Some(&query), "{printed} {:?}", parsed.diagnostics);
    assert_eq!(parsed.ast.map(|again| again.to_string()), Some(printed));
});
