//! Any tree: prints as text that parses to the same tree, and printing again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailql::MetricsQuery;
use trailql::syntax::metrics::{Dialect, ParseOptions};

fuzz_target!(|query: MetricsQuery| {
    let room = ParseOptions { dialect: Dialect::Grafana, max_chars: usize::MAX };
    let printed = query.to_string();
    let parsed = MetricsQuery::parse_lossy(&printed, &room);
    assert!(parsed.ast.as_ref() == Some(&query), "{printed} {:?}", parsed.diagnostics);
    assert_eq!(parsed.ast.map(|again| again.to_string()), Some(printed));
});
